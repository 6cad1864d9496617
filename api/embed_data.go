package api

import (
	"context"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"

	"outcry/aggregate"
)

// embedPoints is how many steps a chart has at most: more could not be told apart.
const embedPoints = 300

// embedData is what is drawn, however it shall look.
type embedData struct {
	curve     CurveAnswer
	step      time.Duration
	newest    time.Time            // minute of the newest post heard; zero: none
	incidents []aggregate.Incident // the earliest onset first
	simulated bool
}

// embedShelf keeps what many viewers ask for at once, so that the store is asked once.
type embedShelf struct {
	now    func() time.Time
	asking singleflight.Group
	mu     sync.Mutex
	kept   map[string]shelved
}

type shelved struct {
	data *embedData
	at   time.Time
}

const (
	shelvedFor  = 5 * time.Second
	shelvedMost = 256
)

func newEmbedShelf(now func() time.Time) *embedShelf {
	return &embedShelf{now: now, kept: map[string]shelved{}}
}

func (s *embedShelf) get(key string) *embedData {
	s.mu.Lock()
	defer s.mu.Unlock()
	if k, ok := s.kept[key]; ok && s.now().Sub(k.at) < shelvedFor {
		return k.data
	}
	return nil
}

func (s *embedShelf) put(key string, d *embedData) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.kept) >= shelvedMost {
		clear(s.kept)
	}
	s.kept[key] = shelved{d, s.now()}
}

// load gets the data from the shelf or the store. One viewer who leaves does not
// spoil it for the others who wait.
func (e *embeds) load(ctx context.Context, a embedAsk) (*embedData, error) {
	key := strings.Join([]string{a.service.Slug, a.symptom, a.window, a.from.String(), a.to.String()}, "\n")
	if d := e.shelf.get(key); d != nil {
		return d, nil
	}
	found, err, _ := e.shelf.asking.Do(key, func() (any, error) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), e.cfg.Timeout)
		defer cancel()
		d, err := e.fetch(ctx, a)
		if err == nil {
			e.shelf.put(key, d)
		}
		return d, err
	})
	d, _ := found.(*embedData)
	return d, err
}

func (e *embeds) fetch(ctx context.Context, a embedAsk) (*embedData, error) {
	d := &embedData{}
	var err error
	if d.newest, err = e.cfg.Store.Newest(ctx); err != nil {
		return nil, err
	}
	end := e.cfg.Now()
	if d.newest = d.newest.UTC(); d.newest.Unix() <= 0 {
		d.newest = time.Time{}
	} else {
		end = d.newest.Add(time.Minute)
	}
	q := &query{now: e.cfg.Now().UTC()}
	r, step := q.embedSpan(a, end)
	if err := q.problem(); err != nil {
		return nil, err
	}
	d.step = stepLength(step)
	q.values = url.Values{"service": {a.service.Slug}, "symptom": {a.symptom}, "step": {step}, "from": {stamp(r.from)}, "to": {stamp(r.to)}}
	if d.curve, err = e.curves(ctx, q); err != nil {
		return nil, err
	}
	// Before anything was heard there is nothing to draw: it would look like calm.
	first := slices.IndexFunc(d.curve.Points, func(p aggregate.Point) bool { return p.Heard > 0 || p.Posts > 0 })
	if first < 0 {
		first = len(d.curve.Points)
	}
	d.curve.Points = d.curve.Points[first:]
	sources, err := e.cfg.Store.Sources(ctx, r.from, r.to)
	if err != nil {
		return nil, err
	}
	d.simulated = slices.ContainsFunc(sources, func(s aggregate.SourceActivity) bool { return s.Posts > 0 && strings.HasSuffix(s.Source, "-sim") })
	d.incidents, err = e.cfg.Store.Incidents(ctx, aggregate.IncidentQuery{Service: a.service.Slug, From: r.from, To: r.to, Limit: 50})
	slices.Reverse(d.incidents)
	return d, err
}

// embedSpan is the range of a chart, in whole steps of the shortest length of
// which there are not too many.
func (q *query) embedSpan(a embedAsk, end time.Time) (span, string) {
	from, to := a.from, a.to
	if to.IsZero() {
		to = end.UTC()
	}
	if !from.IsZero() && !from.Before(to) {
		q.fail("from", "from must be before %s, the end of what was heard", stamp(to))
		return span{}, ""
	}
	for _, name := range stepNames() {
		step := stepLength(name)
		r := span{from, ceil(to, step)}
		if from.IsZero() {
			window, err := time.ParseDuration(a.window)
			if err != nil {
				window = day
			}
			r.from = maxTime(r.to.Add(-window), earliest())
		}
		r.from = r.from.Truncate(step)
		if r.from.Before(r.to) && r.to.Sub(r.from)/step <= embedPoints {
			return r, name
		}
	}
	q.fail("from", "a chart shows at most %d days", embedPoints)
	return span{}, ""
}
