package search

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"time"

	"github.com/blevesearch/bleve/v2/search/query"
	"golang.org/x/sync/errgroup"
)

const (
	// patience is for how long hits are counted that are on no page yet asked for.
	patience = 200 * time.Millisecond
	// pagePatience is how many times as long hits are looked for.
	pagePatience = 10
	// fewCandidates are so few that to walk through minutes does not pay.
	fewCandidates = 1024
	// firstLook is how many candidates are looked at at first, and each time after
	// that lookFactor times as many: a walk of few steps that overshoots little.
	firstLook, lookFactor = 256, 4
	// countAtOnce is how many are looked into between two looks at the clock.
	countAtOnce = 4096
)

// Search answers q. It looks into the days that the range touches only, the
// newest first. An error in the words is a *SyntaxError.
func (x *Index) Search(ctx context.Context, q Query) (Found, error) {
	langs := x.texts.all
	if q.Lang != "" {
		langs = []*analyzer{x.texts.of(q.Lang)}
	}
	clauses, err := q.Words.compile(langs)
	if err != nil {
		return Found{}, err
	}
	s := &hunt{x: x, q: q, clauses: clauses, began: x.cfg.Now(), tally: newTally()}
	if q.ByScore {
		s.rank = wanted(clauses)
	}
	group, days := errgroup.WithContext(ctx) // which ends with the days
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i, begin := range q.days(x.names()) {
		group.Go(func() error {
			if err := days.Err(); err != nil {
				return err
			}
			return s.day(days, begin, i == 0)
		})
	}
	if err := group.Wait(); err != nil {
		return Found{}, fmt.Errorf("search: %w", err)
	}
	return s.finish(ctx)
}

// days are those that the range touches: the newest first, but those that are
// before this page, of which the hits are but counted, last.
func (q Query) days(names []string) (all []time.Time) {
	var passed []time.Time
	for _, name := range slices.Backward(names) {
		begin, _ := time.Parse(dayLayout, name)
		switch {
		case !q.touches(begin):
		case q.passed(begin):
			passed = append(passed, begin)
		default:
			all = append(all, begin)
		}
	}
	return append(all, passed...)
}

func (q Query) touches(begin time.Time) bool {
	return (q.To.IsZero() || begin.Before(q.To)) && (q.From.IsZero() || begin.AddDate(0, 0, 1).After(q.From))
}

// passed says that all of a day is on pages before this one.
func (q Query) passed(begin time.Time) bool {
	return !q.ByScore && q.After != nil && begin.UnixMilli() > q.After.Time
}

// hunt is one search.
type hunt struct {
	x       *Index
	q       Query
	clauses []clause
	rank    query.Query // nil: by time alone
	began   time.Time

	mu     sync.Mutex
	tally  tally
	more   bool // there may be more than the tally says
	places []Place
	since  int64 // Unix milliseconds: older hits may be missing from places
}

// late says that a search has taken so many times its patience.
func (s *hunt) late(times time.Duration) bool {
	most := s.x.cfg.Patience
	if most == 0 {
		most = patience
	}
	return s.x.cfg.Now().Sub(s.began) > times*most
}

// full says that what was found in newer days than one fills the page.
func (s *hunt) full(begin time.Time) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	end, newer := begin.AddDate(0, 0, 1).UnixMilli(), 0
	for _, p := range s.places {
		if p.Time >= end {
			newer++
		}
	}
	return s.rank == nil && newer > s.q.Limit
}

// leave notes what a day leaves out: hits older than since, if that is not zero,
// and the counting of some.
func (s *hunt) leave(since int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.more, s.since = true, max(s.since, since)
}

func (s *hunt) day(ctx context.Context, begin time.Time, leads bool) (err error) {
	places := !s.q.passed(begin) && !s.full(begin)
	if !leads && s.rank == nil { // of the first something is always read, so that a page gets on
		if !places && s.late(1) {
			s.leave(0)
			return nil
		}
		if places && s.late(pagePatience) {
			s.leave(begin.AddDate(0, 0, 1).UnixMilli())
			return nil
		}
	}
	d, err := s.x.acquire(begin.Format(dayLayout), false)
	if err != nil || d == nil {
		return err
	}
	defer s.x.release(d)
	v, err := viewOf(d.open, begin)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, v.Close()) }()
	all, err := v.candidates(s.q, s.clauses)
	if err != nil {
		return err
	}
	l := look{hunt: s, view: v, all: all}
	top := newFirst(s.q.After, s.q.Limit+1)
	if places && s.rank == nil {
		if err := l.newest(ctx, top); err != nil {
			return err
		}
	}
	if err := l.rest(ctx); err != nil {
		return err
	}
	if s.rank != nil {
		if err := v.rank(ctx, d.open, s.rank, l.hits, top); err != nil {
			return err
		}
	}
	return s.add(l, top)
}

func (s *hunt) add(l look, top *first) error {
	t := newTally()
	for i, c := range l.all {
		if err := t.count(c.shard, l.hits[i]); err != nil {
			return err
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tally.merge(t)
	s.places = append(s.places, top.all...)
	return nil
}

// finish puts the hits of all days in one order, reads those of the page, and
// leaves out what is deleted.
func (s *hunt) finish(ctx context.Context) (Found, error) {
	x, t := s.x, s.tally
	f := Found{Total: t.total, Partial: s.more, Services: t.counts(serviceField), Symptoms: t.counts(symptomField), Languages: t.counts(langField)}
	places := slices.DeleteFunc(s.places, func(p Place) bool { return p.Time < s.since })
	slices.SortFunc(places, inOrder)
	switch {
	case len(places) > s.q.Limit && s.q.Limit > 0:
		f.Next = &places[s.q.Limit-1]
	case s.since > 0:
		f.Next = before(s.since)
	}
	hits := make([]Hit, 0, s.q.Limit)
	for _, place := range places[:min(len(places), s.q.Limit)] {
		h, found, err := x.read(place)
		if err != nil {
			return Found{}, fmt.Errorf("search: %w", err)
		}
		if found {
			h.Marks = marks(h.Text, x.texts.of(h.Lang), s.clauses)
			hits = append(hits, h)
		}
	}
	var err error
	if f.Hits, err = x.alive(ctx, hits); err != nil {
		return Found{}, fmt.Errorf("search: %w", err)
	}
	return f, nil
}
