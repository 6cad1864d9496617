package report_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"outcry/ingest"
	"outcry/ingest/report"
)

// queue keeps what it is given, or fails; with hold it waits first.
type queue struct {
	mu    sync.Mutex
	posts []ingest.Post
	err   error
	hold  chan struct{}
}

func (q *queue) Accept(ctx context.Context, source string, events []ingest.Event) (ingest.Stats, error) {
	if q.hold != nil {
		<-q.hold
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	if err := errors.Join(q.err, ctx.Err()); err != nil {
		return ingest.Stats{}, err
	}
	for _, e := range events {
		if r := ingest.Check(*e.Post, e.Post.CreatedAt); r != nil || source != e.Post.Source {
			return ingest.Stats{}, fmt.Errorf("source %s: %v", source, r)
		}
		q.posts = append(q.posts, *e.Post)
	}
	return ingest.Stats{Read: int64(len(events)), Kept: int64(len(events))}, nil
}

// rig is a handler behind a real server, with a clock to set.
type rig struct {
	*queue
	t   *testing.T
	url string
	now time.Time
	log bytes.Buffer
}

func start(t *testing.T, edit ...func(*report.Config)) *rig {
	t.Helper()
	r := &rig{queue: &queue{}, t: t, now: time.Date(2026, 7, 4, 14, 10, 0, 0, time.UTC)}
	cfg := report.Config{Queue: r.queue, Known: known, TrustProxies: []string{"127.0.0.1", "::1", "10.0.0.0/8"},
		Now: func() time.Time { return r.now }, Log: slog.New(slog.NewTextHandler(&r.log, nil))}
	for _, e := range edit {
		e(&cfg)
	}
	h, err := report.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	r.url = server.URL + "/v1/reports"
	return r
}

func known(service, symptom string) *report.Unknown {
	switch {
	case service != "whatsapp" && !strings.HasPrefix(service, "s-"):
		return &report.Unknown{Field: "service", Detail: "no such service", Suggestions: []string{"whatsapp"}}
	case symptom != "" && symptom != "messages" && symptom != "login":
		return &report.Unknown{Field: "symptom", Detail: "no such symptom"}
	}
	return nil
}

type reply struct {
	status int
	header http.Header
	body   string
	report.Receipt
	Type        string
	Errors      []struct{ Location, Value string }
	Suggestions []string
}

func (r *rig) send(method, body, media string, header ...string) reply {
	r.t.Helper()
	req, err := http.NewRequest(method, r.url, strings.NewReader(body))
	if err != nil {
		r.t.Fatal(err)
	}
	req.Header.Set("Content-Type", media)
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Add(header[i], header[i+1])
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		r.t.Error(err)
		return reply{}
	}
	defer res.Body.Close()
	text, _ := io.ReadAll(res.Body)
	out := reply{status: res.StatusCode, header: res.Header, body: string(text)}
	if err := json.Unmarshal(text, &out); err != nil && len(text) > 0 {
		r.t.Errorf("%v: %s", err, text)
	}
	return out
}

// click reports a service from an address, as a proxy tells it.
func (r *rig) click(service, from string) reply {
	r.t.Helper()
	return r.send("POST", `{"service":"`+service+`"}`, "application/json", "X-Forwarded-For", from)
}

func TestAReportIsQueued(t *testing.T) {
	for media, body := range map[string]string{
		"application/json": `{"service":"whatsapp","symptom":"messages","lang":"fr-CA"}`,
		"application/x-www-form-urlencoded; charset=UTF-8": "lang=fr-CA&service=whatsapp&symptom=messages&send=Senden",
	} {
		r := start(t)
		got := r.send("POST", body, media)
		if got.status != 200 || got.body != `{"service":"whatsapp","symptom":"messages","counted":true}`+"\n" || got.header.Get("Access-Control-Allow-Origin") != "*" {
			t.Fatalf("%s: %d %s", media, got.status, got.body)
		}
		p := r.posts[0]
		if len(p.ID) != 32 || len(p.Author) != 32 || p.ID == p.Author || p.Source != "reports" || p.Text != "" || p.Lang != "fr" || !p.CreatedAt.Equal(r.now) || *p.Report != (ingest.Report{Service: "whatsapp", Symptom: "messages"}) {
			t.Errorf("%s: %+v %+v", media, p, p.Report)
		}
	}
}

func TestRefusals(t *testing.T) {
	const form, js = "application/x-www-form-urlencoded", "application/json"
	for name, tc := range map[string]struct {
		method, body, media string
		status              int
		slug, field         string
	}{
		"empty":             {"POST", "", js, 400, "bad-body", ""},
		"not JSON":          {"POST", "whatsapp", js, 400, "bad-body", ""},
		"not of its form":   {"POST", `{"service":["whatsapp"]}`, js, 400, "bad-body", ""},
		"text":              {"POST", `{"service":"whatsapp","text":"it broke"}`, js, 400, "bad-body", ""},
		"two":               {"POST", `{"service":"whatsapp"}{"service":"whatsapp"}`, js, 400, "bad-body", ""},
		"a bad form":        {"POST", "service=%zz", form, 400, "bad-body", ""},
		"no service":        {"POST", "null", js, 422, "unknown-service", "body.service"},
		"an empty form":     {"POST", "", form, 422, "unknown-service", "body.service"},
		"another service":   {"POST", "service=wahtsapp", form, 422, "unknown-service", "body.service"},
		"another symptom":   {"POST", "service=whatsapp&symptom=nap", form, 422, "unknown-symptom", "body.symptom"},
		"no language":       {"POST", "service=whatsapp&lang=!", form, 422, "unknown-lang", "body.lang"},
		"too long":          {"POST", strings.Repeat("x", report.MaxBody+1), js, 413, "too-large", ""},
		"no type":           {"POST", "service=whatsapp", "", 415, "unsupported-media-type", ""},
		"the type of pings": {"POST", `{"service":"whatsapp"}`, "text/plain", 415, "unsupported-media-type", ""},
		"a link":            {"GET", "", "", 405, "method-not-allowed", ""},
	} {
		t.Run(name, func(t *testing.T) {
			r := start(t)
			got := r.send(tc.method, tc.body, tc.media)
			if got.status != tc.status || got.Type != "urn:outcry:problem:"+tc.slug || got.header.Get("Content-Type") != "application/problem+json" || got.header.Get("Access-Control-Allow-Origin") != "*" {
				t.Errorf("%d %s", got.status, got.body)
			}
			if tc.field != "" && (len(got.Errors) != 1 || got.Errors[0].Location != tc.field) {
				t.Errorf("the field is not named: %s", got.body)
			}
			if len(r.posts) > 0 {
				t.Errorf("queued %+v", r.posts)
			}
		})
	}
	if got := start(t).send("POST", "service="+strings.Repeat("é", 100), form); len(got.Errors[0].Value) > 70 || got.Suggestions[0] != "whatsapp" {
		t.Errorf("%s", got.body)
	}
	if got := start(t).send("POST", "service=whatsapp", form, "Content-Encoding", "gzip"); got.status != 415 {
		t.Errorf("compressed: %d", got.status)
	}
}

// Any page may send reports: a browser asks first, as they are JSON.
func TestPreflight(t *testing.T) {
	got := start(t).send("OPTIONS", "", "", "Origin", "https://news.example", "Access-Control-Request-Method", "POST", "Access-Control-Request-Headers", "content-type")
	h := got.header
	if got.status != 204 || h.Get("Access-Control-Allow-Origin") != "*" || h.Get("Access-Control-Allow-Methods") != "POST" || !strings.Contains(h.Get("Access-Control-Allow-Headers"), "Content-Type") || h.Get("Access-Control-Allow-Credentials") != "" {
		t.Errorf("%d %v", got.status, h)
	}
}

func TestTheQueueIsAway(t *testing.T) {
	r := start(t)
	r.err = errors.New("away")
	for range 3 {
		if got := r.click("whatsapp", "203.0.113.1"); got.status != 503 || got.header.Get("Retry-After") != "5" {
			t.Errorf("%d %s", got.status, got.body)
		}
	}
	if lines := strings.Count(r.log.String(), "\n"); lines != 1 || strings.Contains(r.log.String(), "203.0.113") {
		t.Errorf("logged %s", r.log.String())
	}
	r.err = nil
	if got := r.click("whatsapp", "203.0.113.1"); got.status != 200 || !got.Counted || len(r.posts) != 1 {
		t.Errorf("it cannot be sent again: %d %s", got.status, got.body)
	}
}

func TestNewNamesTheField(t *testing.T) {
	good := report.Config{Queue: &queue{}, Known: known, Now: time.Now, Log: slog.New(slog.DiscardHandler)}
	for want, edit := range map[string]func(*report.Config){
		"Queue":                        func(c *report.Config) { c.Queue = nil },
		"most: -1":                     func(c *report.Config) { c.Most = -1 },
		"visitors: -1":                 func(c *report.Config) { c.Visitors = -1 },
		`trust_proxies: "proxy"`:       func(c *report.Config) { c.TrustProxies = []string{"::1", "proxy"} },
		`trust_proxies: "10.0.0.0/33"`: func(c *report.Config) { c.TrustProxies = []string{"10.0.0.0/33"} },
	} {
		cfg := good
		edit(&cfg)
		if _, err := report.New(cfg); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}
