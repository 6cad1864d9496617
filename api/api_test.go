package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"outcry/aggregate"
	"outcry/aggregate/brief"
	"outcry/api"
	"outcry/nlp/catalog"
)

var update = flag.Bool("update", false, "write the golden files anew")

// shelf stands in for the catalogue.
type shelf []catalog.Service

func (s shelf) Services() []catalog.Service { return s }

func (s shelf) Lookup(slug string) (catalog.Service, bool) {
	for _, c := range s {
		if c.Slug == slug {
			return c, true
		}
	}
	return catalog.Service{}, false
}

// memory stands in for the store at the boundary of this package only: it
// keeps what it was asked and answers by rule. That the real engine answers
// the same questions rightly is tested beside the store.
type memory struct {
	moverMemory
	curveMemory
	curve    aggregate.CurveQuery
	evidence aggregate.EvidenceQuery
	from, to time.Time
	newest   time.Time
	posts    []aggregate.Evidence
	activity []aggregate.ServiceActivity
	coverage []aggregate.Coverage
	expected []aggregate.Expected
	sources  []aggregate.SourceActivity
	asks     []aggregate.IncidentQuery
	incident []aggregate.Incident
	err      error
	panics   bool
	asked    int
	block    bool
}

func (m *memory) fail(ctx context.Context) error {
	m.asked++
	if m.panics {
		panic("secret of the inside")
	}
	if m.block {
		<-ctx.Done()
		return ctx.Err()
	}
	return m.err
}

func (m *memory) Coverage(context.Context, aggregate.CoverageQuery) ([]aggregate.Coverage, error) {
	return m.coverage, m.err
}

func (m *memory) Expected(context.Context, string, time.Time, time.Time) ([]aggregate.Expected, error) {
	return m.expected, m.err
}

func (m *memory) Sources(ctx context.Context, from, to time.Time) ([]aggregate.SourceActivity, error) {
	m.from, m.to = from, to
	return m.sources, m.fail(ctx)
}

func (m *memory) Curve(ctx context.Context, q aggregate.CurveQuery) ([]aggregate.Point, error) {
	m.curve = q
	if err := m.fail(ctx); err != nil {
		return nil, err
	}
	var points []aggregate.Point
	for t := q.From; t.Before(q.To); t = t.Add(q.Step) {
		n := uint64(t.Unix()/60) % 7
		// Another zone must not show in the answer.
		points = append(points, aggregate.Point{T: t.In(time.FixedZone("east", 3600)), Posts: n, Authors: n / 2, Heard: 100 + n})
	}
	return points, nil
}

func (m *memory) Evidence(ctx context.Context, q aggregate.EvidenceQuery) ([]aggregate.Evidence, error) {
	m.evidence = q
	return m.posts, m.fail(ctx)
}

func (m *memory) Activity(ctx context.Context, from, to time.Time) ([]aggregate.ServiceActivity, error) {
	m.from, m.to = from, to
	return m.activity, m.fail(ctx)
}

func (m *memory) Newest(ctx context.Context) (time.Time, error) { return m.newest, m.fail(ctx) }

// Incidents has them in the order of the real store, from Before on.
func (m *memory) Incidents(ctx context.Context, q aggregate.IncidentQuery) ([]aggregate.Incident, error) {
	m.asks = append(m.asks, q)
	rest := m.incident
	for i, incident := range m.incident {
		if incident.ID == q.Before.ID && incident.Onset.Equal(q.Before.Onset) {
			rest = m.incident[i+1:]
		}
	}
	return rest[:min(q.Limit, len(rest))], m.fail(ctx)
}

func (m *memory) Incident(ctx context.Context, id string) (aggregate.Incident, bool, error) {
	for _, incident := range m.incident {
		if incident.ID == id {
			return incident, true, m.fail(ctx)
		}
	}
	return aggregate.Incident{}, false, m.fail(ctx)
}

func noon() time.Time { return time.Date(2022, 10, 25, 12, 0, 30, 0, time.UTC) }

func services() shelf {
	return shelf{
		{Slug: "instagram", Name: "Instagram", Owner: "meta", Sector: "social", Countries: []string{"world"}, Names: []string{"Instagram", "insta"}},
		{Slug: "telegram", Name: "Telegram", Owner: "telegram", Sector: "messaging", Countries: []string{"world"}},
		{Slug: "whatsapp", Name: "WhatsApp", Owner: "meta", Sector: "messaging", Countries: []string{"world"}, Domains: []string{"whatsapp.com"}},
		{Slug: "x", Name: "X", Owner: "x", Sector: "social"},
		{Slug: "sbi", Name: "State Bank of India", Owner: "sbi", Sector: "bank", Countries: []string{"in"}},
	}
}

type rig struct {
	*api.Server
	store *memory
	log   *bytes.Buffer
	reg   *prometheus.Registry
}

// briefs are loaded once, as that takes long beside a test.
var briefs = sync.OnceValues(brief.Load)

func newRig(t testing.TB, edit ...func(*api.Config)) rig {
	t.Helper()
	r := rig{store: &memory{}, log: &bytes.Buffer{}, reg: prometheus.NewRegistry()}
	book, err := briefs()
	if err != nil {
		t.Fatal(err)
	}
	cfg := api.Config{
		Briefs:  book,
		Catalog: services(), Store: r.store, Registry: r.reg, Now: noon, Version: "test",
		Log: slog.New(slog.NewTextHandler(r.log, nil)),
	}
	for _, e := range edit {
		e(&cfg)
	}
	server, err := api.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	r.Server = server
	return r
}

func (r rig) do(method, target string, header ...string) *http.Response {
	req := httptest.NewRequest(method, target, nil)
	for i := 0; i < len(header); i += 2 {
		req.Header.Add(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	r.ServeHTTP(w, req)
	return w.Result()
}

func (r rig) get(target string, header ...string) *http.Response {
	return r.do(http.MethodGet, target, header...)
}

func body(t testing.TB, res *http.Response) string {
	t.Helper()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// problem reads a refusal and checks its form.
func problem(t testing.TB, res *http.Response, status int) api.Problem {
	t.Helper()
	text := body(t, res)
	if res.StatusCode != status {
		t.Fatalf("status %d, want %d: %s", res.StatusCode, status, text)
	}
	if ct := res.Header.Get("Content-Type"); ct != "application/problem+json" {
		t.Fatalf("Content-Type %q: %s", ct, text)
	}
	var p api.Problem
	if err := json.Unmarshal([]byte(text), &p); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	if p.Status != status || p.Type == "" || p.Title == "" || p.Detail == "" {
		t.Fatalf("incomplete problem: %s", text)
	}
	if cc := res.Header.Get("Cache-Control"); cc != "no-store" {
		t.Errorf("Cache-Control of a refusal is %q", cc)
	}
	return p
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs\n got: %s\nwant: %s", name, got, want)
	}
}

func at(clock string) time.Time {
	t, err := time.Parse(time.RFC3339, clock)
	if err != nil {
		panic(err)
	}
	return t
}
