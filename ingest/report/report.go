// Package report takes what visitors of a page say by a click: this service does
// not work for me. No text is asked for and none is taken; an address is known
// only while its request is answered, and as a hash that nobody can join with
// yesterday's. It stops the impatient, not somebody with many addresses: reports
// are a source of their own, to be left out where they are not trusted.
package report

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"golang.org/x/time/rate"

	"outcry/ingest"
	"outcry/ingest/peer"
)

// Source is the name under which reports are counted.
const Source = "reports"

// What one visitor may do, by default.
const (
	Window   = 30 * time.Minute // in which a service is reported once, however often it is clicked
	Span     = 10 * time.Minute // in which at most Most services are reported
	Most     = 10
	Visitors = 100_000 // remembered at once; who came longest ago is forgotten first
)

// patience is how long the queue may take. A visitor who leaves meanwhile is
// still counted.
const patience = 10 * time.Second

// Queue takes events of a source; it returns when they are safe.
type Queue interface {
	Accept(ctx context.Context, source string, events []ingest.Event) (ingest.Stats, error)
}

// Config says what may be reported, and by whom. Queue, Known, Now and Log are
// needed.
type Config struct {
	Queue Queue
	// Known says what is wrong with a service and its symptom, which may be
	// empty; nil for nothing.
	Known func(service, symptom string) *Unknown
	// TrustProxies are the addresses (192.0.2.7) and networks (10.0.0.0/8) whose
	// X-Forwarded-For is believed; none where visitors come directly.
	TrustProxies []string
	Most         int // reports of a visitor in Span; 0: Most
	Visitors     int // remembered at once; 0: Visitors
	Now          func() time.Time
	Log          *slog.Logger
}

// Unknown names what there is not, and what may have been meant.
type Unknown struct {
	Field, Detail string
	Suggestions   []string
}

// Handler answers POST with one report, as JSON or as a form sends it.
type Handler struct {
	cfg      Config
	proxies  *peer.Proxies
	visitors *visitors
	failed   rate.Sometimes // not a line in the log for every click
}

// New checks the configuration; an error names the field.
func New(cfg Config) (*Handler, error) {
	h := &Handler{cfg: cfg, failed: rate.Sometimes{First: 1, Interval: patience}}
	var errs []error
	if cfg.Queue == nil || cfg.Known == nil || cfg.Now == nil || cfg.Log == nil {
		errs = append(errs, errors.New("one of Queue, Known, Now, Log is missing"))
	}
	if cfg.Most < 0 {
		errs = append(errs, fmt.Errorf("most: %d is below 0", cfg.Most))
	}
	if cfg.Visitors < 0 {
		errs = append(errs, fmt.Errorf("visitors: %d is below 0", cfg.Visitors))
	}
	var err error
	if h.proxies, err = peer.NewProxies(cfg.TrustProxies); err != nil {
		errs = append(errs, fmt.Errorf("trust_proxies: %w", err))
	}
	h.visitors = newVisitors(cmp.Or(cfg.Most, Most), cmp.Or(cfg.Visitors, Visitors))
	return h, errors.Join(errs...)
}

// Click is what a visitor says.
type Click struct {
	Service string `json:"service"`
	Symptom string `json:"symptom"` // empty: they did not say
	Lang    string `json:"lang"`    // of the page; empty: not known
}

// Receipt says what was understood.
type Receipt struct {
	Service string `json:"service"`
	Symptom string `json:"symptom,omitempty" doc:"That is counted, of the first click where there were several; absent: none was said."`
	Counted bool   `json:"counted" doc:"False: this visitor's report was counted already, less than half an hour ago."`
}

// Take queues the report of the visitor who sent r, once per service and Window:
// a second click is answered but not counted. What is refused is a *Refusal.
func (h *Handler) Take(r *http.Request, c Click) (Receipt, error) {
	if err := h.check(&c); err != nil {
		return Receipt{}, err
	}
	t, wait := h.visitors.turn(h.proxies.Address(r, 0), c, h.cfg.Now())
	if wait > 0 {
		return Receipt{}, tooMany(h.visitors.most, wait)
	}
	receipt := Receipt{Service: c.Service, Symptom: t.post.Report.Symptom}
	if t.counted.Load() {
		return receipt, nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), patience)
	defer cancel()
	post := t.post
	stats, err := h.cfg.Queue.Accept(ctx, Source, []ingest.Event{{Post: &post}})
	if err == nil && stats.Kept == 0 {
		err = fmt.Errorf("it was refused: %v", stats.Refused)
	}
	if err != nil {
		h.failed.Do(func() { h.cfg.Log.Error("cannot queue reports", "err", err) })
		return Receipt{}, unavailable()
	}
	t.counted.Store(true)
	receipt.Counted = true
	return receipt, nil
}
