package api

import (
	"context"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"

	"outcry/aggregate"
	"outcry/ingest/report"
)

// recent counts the reports of the last hour. When a service fails many ask at
// once, so the store is asked once for all of them, and not again for a while.
type recent struct {
	curves Curves
	now    func() time.Time

	asking singleflight.Group
	mu     sync.Mutex
	known  map[string]tally // by service, of the catalogue only
}

type tally struct {
	n  uint64
	at time.Time
}

const (
	recentFor     = 5 * time.Second
	recentTimeout = 2 * time.Second
)

func newRecent(curves Curves, now func() time.Time) *recent {
	return &recent{curves: curves, now: now, known: map[string]tally{}}
}

// reports of a service in the last hour; 0 where the store does not say in time,
// as thanks need no number.
func (r *recent) reports(ctx context.Context, service string) uint64 {
	if t, ok := r.kept(service); ok {
		return t.n
	}
	n, _, _ := r.asking.Do(service, func() (any, error) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), recentTimeout)
		defer cancel()
		return r.ask(ctx, service), nil
	})
	count, _ := n.(uint64)
	return count
}

func (r *recent) kept(service string) (tally, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	t, ok := r.known[service]
	return t, ok && r.now().Sub(t.at) < recentFor
}

// ask adds up the minutes: a report is of one minute only.
func (r *recent) ask(ctx context.Context, service string) (n uint64) {
	to := ceil(r.now().UTC(), time.Minute)
	points, err := r.curves.Curve(ctx, aggregate.CurveQuery{Service: service, Source: report.Source,
		From: to.Add(-time.Hour), To: to, Step: time.Minute})
	if err == nil {
		for _, p := range points {
			n += p.Posts
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.known[service] = tally{n, r.now()}
	return n
}
