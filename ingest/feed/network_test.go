package feed_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"outcry/ingest"
	"outcry/ingest/feed"
)

// wire is a listener in memory, so that time need not pass.
type wire struct {
	calls chan net.Conn
	done  chan struct{}
	once  sync.Once
}

func (w *wire) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	near, far := net.Pipe()
	select {
	case w.calls <- far:
		return near, nil
	case <-w.done:
		return nil, net.ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (w *wire) Accept() (net.Conn, error) {
	select {
	case c := <-w.calls:
		return c, nil
	case <-w.done:
		return nil, net.ErrClosed
	}
}

func (w *wire) Close() error   { w.once.Do(func() { close(w.done) }); return nil }
func (w *wire) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)} }

// press is a server with a certificate that has a new item every half hour, and
// shows the last twelve.
type press struct {
	*httptest.Server
	*wire
	began time.Time
}

const every = 30 * time.Minute

func publish() *press {
	p := &press{wire: &wire{calls: make(chan net.Conn), done: make(chan struct{})}, began: time.Now()}
	p.Server = httptest.NewUnstartedServer(http.HandlerFunc(p.show))
	p.Server.Listener.Close()
	p.Server.Listener = p.wire
	p.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	p.StartTLS()
	return p
}

func (p *press) show(w http.ResponseWriter, r *http.Request) {
	var items strings.Builder
	last := int(time.Since(p.began) / every)
	for i := last; i >= max(0, last-11); i-- {
		at := p.began.Add(time.Duration(i) * every).UTC().Format(time.RFC1123Z)
		fmt.Fprintf(&items, "<item><title>News %d</title><guid>n%d</guid><pubDate>%s</pubDate></item>", i, i, at)
	}
	say(`<?xml version="1.0"?><rss version="2.0"><channel><title>Press</title>`+items.String()+`</channel></rss>`)(w, r)
}

// client reaches the server, if it trusts the certificate and DNS has the name.
func (p *press) client(roots *x509.CertPool, dial func(context.Context, string, string) (net.Conn, error)) http.RoundTripper {
	config := &tls.Config{RootCAs: roots, ServerName: "example.com", MinVersion: tls.VersionTLS12} // as its certificate says
	return &http.Transport{DialContext: dial, TLSClientConfig: config, DisableKeepAlives: true}
}

// hours is a way to the server that is another one from hour two to hour four.
type hours struct {
	began     time.Time
	good, bad http.RoundTripper
	failed    int
}

// RoundTrip implements http.RoundTripper.
func (h *hours) RoundTrip(r *http.Request) (*http.Response, error) {
	if since := time.Since(h.began); since >= 2*time.Hour && since < 4*time.Hour {
		h.failed++
		return h.bad.RoundTrip(r)
	}
	return h.good.RoundTrip(r)
}

// The way to the server breaks for two hours, with a new start of the program
// meanwhile or without: every item that the server still has is heard, once, the
// time that was missed is made up for, and the log says what was wrong.
func TestTheWayBreaks(t *testing.T) {
	gone := func(context.Context, string, string) (net.Conn, error) {
		return nil, &net.DNSError{Err: "no such host", Name: "press.example", IsNotFound: true}
	}
	for name, tc := range map[string]struct {
		bad  func(p *press, trusted *x509.CertPool) http.RoundTripper
		says string
	}{
		"a certificate that fails": {func(p *press, _ *x509.CertPool) http.RoundTripper { return p.client(x509.NewCertPool(), p.dial) },
			"failed to verify certificate: x509: certificate signed by unknown authority"},
		"DNS gone": {func(p *press, trusted *x509.CertPool) http.RoundTripper { return p.client(trusted, gone) },
			"lookup press.example: no such host"},
	} {
		for _, restart := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, new start %v", name, restart), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					p := publish()
					defer p.Server.Close()
					trusted := x509.NewCertPool()
					trusted.AddCert(p.Certificate())
					way := &hours{began: p.began, good: p.client(trusted, p.dial), bad: tc.bad(p, trusted)}
					var e ear
					if restart {
						e.listen(t, way, 3*time.Hour+time.Minute)
					}
					e.listen(t, way, 8*time.Hour+7*time.Minute-time.Since(p.began))
					e.whole(t, p.began)
					if logged := strings.Count(e.log.String(), tc.says); way.failed < 3 || logged != way.failed || !strings.Contains(e.log.String(), "feed=https://press.example/rss") {
						t.Errorf("%d failures, the log has %d: %s", way.failed, logged, e.log.String())
					}
				})
			})
		}
	}
}

// ear keeps what is heard over several starts.
type ear struct {
	times  map[string]int
	cursor string
	spans  []ingest.Span
	log    bytes.Buffer
}

func (e *ear) listen(t *testing.T, way http.RoundTripper, long time.Duration) {
	t.Helper()
	source, err := feed.New(feed.Config{Name: "press", Feeds: []feed.Feed{{URL: "https://press.example/rss"}},
		HTTP: &http.Client{Transport: way}, Log: slog.New(slog.NewTextHandler(&e.log, nil))})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), long)
	defer cancel()
	source.Run(ctx, e.cursor, func(event ingest.Event) error {
		if event.Post != nil {
			if e.times == nil {
				e.times = map[string]int{}
			}
			e.times[event.Post.ID]++
		}
		if event.Heard != nil {
			e.spans = append(e.spans, *event.Heard)
		}
		if event.Cursor != "" {
			e.cursor = event.Cursor
		}
		return nil
	})
}

// whole checks that every item of eight hours was heard once, and that no time
// between the first answer and the last is left out.
func (e *ear) whole(t *testing.T, began time.Time) {
	t.Helper()
	want := map[string]int{}
	for i := range 17 {
		want[fmt.Sprintf("https://press.example/rss n%d", i)] = 1
	}
	if !maps.Equal(e.times, want) {
		t.Errorf("heard %v", e.times)
	}
	at := began
	for _, s := range e.spans {
		if !s.From.Equal(at) {
			t.Errorf("heard from %s on, it should be from %s on", s.From, at)
		}
		at = s.To
	}
	if missing := began.Add(8 * time.Hour).Sub(at); missing > 0 {
		t.Errorf("the last %s were not heard", missing)
	}
}
