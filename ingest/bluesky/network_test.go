package bluesky_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"reflect"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"outcry/ingest"
	"outcry/ingest/bluesky"
	"outcry/ingest/bus"
)

// path is the way to a server. Attempts from the first on, so many, go another.
type path struct {
	good, bad   http.RoundTripper
	first, many int32
	attempts    atomic.Int32
}

// RoundTrip implements http.RoundTripper.
func (p *path) RoundTrip(r *http.Request) (*http.Response, error) {
	if n := p.attempts.Add(1) - 1; n >= p.first && n < p.first+p.many {
		return p.bad.RoundTrip(r)
	}
	return p.good.RoundTrip(r)
}

// secured is a server before the same stream that speaks TLS, and the ways to it: of
// a client that knows who signed its certificate, and of one that does not.
func secured(t *testing.T, s *jetstream) (host string, good, bad http.RoundTripper) {
	t.Helper()
	plain, err := url.Parse(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	front := httptest.NewUnstartedServer(httputil.NewSingleHostReverseProxy(plain))
	front.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	front.StartTLS()
	t.Cleanup(front.Close)
	strangers := &tls.Config{RootCAs: x509.NewCertPool(), MinVersion: tls.VersionTLS12}
	return "wss://" + front.Listener.Addr().String(), front.Client().Transport, &http.Transport{TLSClientConfig: strangers}
}

// named is the server by a name that DNS knows, and does not know.
func named(_ *testing.T, s *jetstream) (host string, good, bad http.RoundTripper) {
	var dialer net.Dialer
	known := func(ctx context.Context, network, _ string) (net.Conn, error) {
		return dialer.DialContext(ctx, network, s.host())
	}
	gone := func(context.Context, string, string) (net.Conn, error) {
		return nil, &net.DNSError{Err: "no such host", Name: "jetstream.example", IsNotFound: true}
	}
	return "ws://jetstream.example", &http.Transport{DialContext: known}, &http.Transport{DialContext: gone}
}

// once is a queue that minds when what comes twice is not the same: it would count
// twice.
type once struct {
	*queue
	t     *testing.T
	mu    sync.Mutex
	known map[string]ingest.Post
}

// Write implements ingest.Queue.
func (o *once) Write(ctx context.Context, messages []bus.Message) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	var posts []bus.Message
	for _, m := range messages {
		if m.Topic == ingest.CoverageTopic {
			continue
		}
		posts = append(posts, m)
		var p ingest.Post
		if err := json.Unmarshal(m.Value, &p); m.Topic != ingest.PostsTopic || err != nil {
			o.t.Errorf("in %s: %s", m.Topic, m.Value)
		}
		if before, ok := o.known[p.ID]; ok && !reflect.DeepEqual(before, p) {
			o.t.Errorf("counts twice: %+v and %+v", before, p)
		}
		o.known[p.ID] = p
	}
	return o.queue.Write(ctx, posts)
}

// The way to the server breaks, at the start or after some posts, and is there again:
// no post that the server still has is missing, and the log says what was wrong.
func TestTheWayBreaks(t *testing.T) {
	ways := map[string]struct {
		make func(*testing.T, *jetstream) (string, http.RoundTripper, http.RoundTripper)
		says []string
	}{
		"a certificate that fails": {secured, []string{"127.0.0.1", "failed to verify certificate", "signed by unknown authority"}},
		"DNS gone":                 {named, []string{"lookup jetstream.example: no such host"}},
	}
	for name, way := range ways {
		for _, v2 := range []bool{false, true} {
			for _, first := range []int32{0, 1} {
				t.Run(fmt.Sprintf("%s, attempt %d, v2 %v", name, first, v2), func(t *testing.T) {
					t.Parallel()
					server := serve(t, v2, fault{after: 20, code: 1006})
					server.say(history(v2)...)
					host, good, bad := way.make(t, server)
					p := &path{good: good, bad: bad, first: first, many: 3}
					q := &once{queue: newQueue(), t: t, known: map[string]ingest.Post{}}
					said := over(t, q, server, host, p)
					q.await(t, total)
					log := said()
					whole(t, q)
					if n := p.attempts.Load(); n != 5 {
						t.Errorf("%d attempts; 3 fail and 2 do not", n)
					}
					if n := strings.Count(log, way.says[0]); n < 3 {
						t.Errorf("the log tells of %d failures of 3: %s", n, log)
					}
					for _, want := range way.says {
						if !strings.Contains(log, want) {
							t.Errorf("the log has no %q: %s", want, log)
						}
					}
				})
			}
		}
	}
}

// whole checks that every post is there, and no other.
func whole(t *testing.T, q *once) {
	t.Helper()
	for i := range total {
		id := fmt.Sprintf("did:plc:author%d/app.bsky.feed.post/k%d", i%5, i)
		if p, ok := q.known[id]; !ok || p.Text != fmt.Sprintf("post %d: is WhatsApp down?", i) {
			t.Errorf("post %s is missing: %+v", id, p)
		}
	}
	if len(q.known) != total {
		t.Errorf("%d posts, the server has %d", len(q.known), total)
	}
}

// over listens to a server by a path; what it returns stops that, and returns the log.
func over(t *testing.T, q ingest.Queue, server *jetstream, host string, p *path) (said func() string) {
	t.Helper()
	var log bytes.Buffer
	plain := false // or the dictionary is asked for too
	cfg := config(server)
	cfg.Hosts, cfg.Compress = []string{host}, &plain
	cfg.HTTP, cfg.Log = &http.Client{Transport: p}, slog.New(slog.NewTextHandler(&log, nil))
	source, err := bluesky.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	runner := &ingest.Runner{Queue: q, Cursors: saved(t, strings.TrimPrefix(host, "wss://")),
		Metrics: ingest.NewMetrics(prometheus.NewRegistry()), Now: time.Now, Log: cfg.Log, FirstWait: 10 * time.Millisecond}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- runner.Listen(ctx, source, 5*time.Second) }()
	return func() string {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
		return log.String()
	}
}
