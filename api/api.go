// Package api is the last stage: it answers queries over HTTP and serves the
// page that draws them. Every answer of /v1 is documented in /openapi.json;
// every refusal is a Problem.
package api

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"outcry/aggregate"
	"outcry/aggregate/brief"
	"outcry/nlp/catalog"
)

// Catalog knows the services that may be asked for.
type Catalog interface {
	Services() []catalog.Service
	Lookup(slug string) (catalog.Service, bool)
}

// Coverage answers how well sources were heard.
type Coverage interface {
	Coverage(ctx context.Context, q aggregate.CoverageQuery) ([]aggregate.Coverage, error)
	Sources(ctx context.Context, from, to time.Time) ([]aggregate.SourceActivity, error)
}

// Evidence answers with the posts behind a curve, newest first.
type Evidence interface {
	Evidence(ctx context.Context, q aggregate.EvidenceQuery) ([]aggregate.Evidence, error)
}

// Activity sums up what was heard. Newest is the minute of the newest post
// heard, complaint or not; the zero time when there is none.
type Activity interface {
	Activity(ctx context.Context, from, to time.Time) ([]aggregate.ServiceActivity, error)
	Newest(ctx context.Context) (time.Time, error)
}

// Incidents answers with incidents, the latest onset first. Incident says whether
// there is one with the id; it may be retracted.
type Incidents interface {
	Incidents(ctx context.Context, q aggregate.IncidentQuery) ([]aggregate.Incident, error)
	Incident(ctx context.Context, id string) (aggregate.Incident, bool, error)
}

// Store is all that the API reads.
type Store interface {
	Curves
	Coverage
	Evidence
	Activity
	Incidents
	Live
	Movers
	Words
}

// Check is one condition of readiness. Run returns why it is not met.
type Check struct {
	Name string
	Run  func(ctx context.Context) error
}

// Config says what a Server serves. Catalog, Store and Registry are required.
type Config struct {
	Catalog  Catalog
	Store    Store
	Ready    []Check
	Push     http.Handler         // answers POST /v1/posts; nil: nobody may send posts
	Search   Searcher             // finds evidence by its words; nil: there is no search
	Guard    *Guard               // limits and keys of clients; nil: anybody may ask as often as they like
	Reports  Reports              // takes the clicks of visitors (*report.Handler); nil: there is no report button
	Briefs   *brief.Book          // tells incidents in words; default: brief.Load
	Registry *prometheus.Registry // shown at /metrics; the server adds its own metrics to it
	Log      *slog.Logger         // default: slog.Default
	Now      func() time.Time     // default: time.Now
	Version  string               // of the program, shown in the OpenAPI document; default "dev"
	Timeout  time.Duration        // of one query; default 10 s
}

// Server is the HTTP handler of the whole stage.
type Server struct {
	cfg     Config
	mux     *http.ServeMux
	handler http.Handler
	metrics *metrics
	live    *liveHub
	kept    curveShelves
	briefs  *briefs
	frames  *embeds
}

// New returns the handler. It fails when a required field is missing or when
// its metrics are registered already.
func New(cfg Config) (*Server, error) {
	if err := cfg.complete(); err != nil {
		return nil, fmt.Errorf("api config: %w", err)
	}
	m, err := newMetrics(cfg.Registry)
	if err != nil {
		return nil, fmt.Errorf("api metrics: %w", err)
	}
	b, err := newBriefs(cfg.Briefs)
	if err != nil {
		return nil, fmt.Errorf("api briefs: %w", err)
	}
	s := &Server{cfg: cfg, mux: http.NewServeMux(), metrics: m, briefs: b}
	if err := s.register(); err != nil {
		return nil, fmt.Errorf("api routes: %w", err)
	}
	compress, err := newCompress()
	if err != nil {
		return nil, fmt.Errorf("api compression: %w", err)
	}
	s.handler = s.observe(headers(compress(s.recovered(s.guarded(http.HandlerFunc(s.route))))))
	return s, nil
}

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.handler.ServeHTTP(w, r) }

func (c *Config) complete() error {
	var missing []error
	if c.Catalog == nil {
		missing = append(missing, errors.New("no Catalog"))
	}
	if c.Store == nil {
		missing = append(missing, errors.New("no Store"))
	}
	if c.Registry == nil {
		missing = append(missing, errors.New("no Registry"))
	}
	if c.Log == nil {
		c.Log = slog.Default()
	}
	c.Log = c.Log.With("component", "api")
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Version == "" {
		c.Version = "dev"
	}
	if c.Timeout <= 0 {
		c.Timeout = 10 * time.Second
	}
	return errors.Join(missing...)
}
