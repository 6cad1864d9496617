package api

import (
	"context"
	"fmt"
	"time"

	"golang.org/x/sync/errgroup"

	"outcry/aggregate"
)

// findings are the answers of the store, side by side.
type findings struct {
	now, before        aggregate.Curves
	heard, beforeHeard map[string][]uint64
	coverage           []aggregate.Coverage
	expected           map[string][]aggregate.Expected
	compared           bool
}

// find asks for curves, what they are set against, and the same of a week before.
func (s *Server) find(ctx context.Context, a curvesAsk) (f findings, err error) {
	before, compared := a.weekBefore()
	f.compared = compared
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() (err error) { f.now, err = s.counted(ctx, a); return err })
	group.Go(func() (err error) { f.heard, err = s.heardOf(ctx, a); return err })
	group.Go(func() (err error) { f.coverage, err = s.coverageOf(ctx, a); return err })
	if compared {
		group.Go(func() (err error) { f.before, err = s.counted(ctx, before); return err })
		group.Go(func() (err error) { f.beforeHeard, err = s.heardOf(ctx, before); return err })
	}
	if a.banded() {
		group.Go(func() (err error) { f.expected, err = s.expectedOf(ctx, a); return err })
	}
	return f, group.Wait()
}

// counted are the curves themselves. Questions of the same range for one service
// each are asked together; in a rush, all services that were asked for lately are.
func (s *Server) counted(ctx context.Context, a curvesAsk) (aggregate.Curves, error) {
	if len(a.Services) != 1 || a.By != "" || a.limit != maxPoints {
		return s.cfg.Store.Curves(ctx, a.CurvesQuery)
	}
	key := a
	key.named, key.group, key.compare = fmt.Sprint(a.Sums), "", false
	if s.kept.rush.on(s.cfg.Now(), a.Services[0]) {
		patience, cancel := context.WithTimeout(ctx, manyPatience)
		defer cancel()
		many, err := s.kept.many.get(patience, key.key(), s.inRush(s.keeping(manyStale), manyLeast), func(ctx context.Context) (manyCurves, error) { return s.countedOfMany(ctx, a) })
		if err == nil && many.of[a.Services[0]] {
			return oneByOne(many.Curves, a.Services)[a.Services[0]], nil
		}
	}
	return s.kept.counts.get(ctx, key.key(), a.Services[0], func(services []string) (map[string]aggregate.Curves, error) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.cfg.Timeout)
		defer cancel()
		all := a.CurvesQuery
		all.Services = services
		found, err := s.cfg.Store.Curves(ctx, all)
		return oneByOne(found, services), err
	})
}

const (
	manyStale    = 1                      // so that nobody waits for what others ask all the time
	manyLeast    = time.Second            // so that the engine is left alone for most of the time
	manyPatience = 300 * time.Millisecond // after which one asks for oneself
)

// countedOfMany asks for all services that were asked for lately, which costs as much
// as a dozen questions. When many ask, that is less work, and they have an answer at
// once, of a second ago.
func (s *Server) countedOfMany(ctx context.Context, a curvesAsk) (manyCurves, error) {
	all := a.CurvesQuery
	all.Services = s.kept.rush.services()
	many := manyCurves{of: make(map[string]bool, len(all.Services))}
	for _, service := range all.Services {
		many.of[service] = true
	}
	var err error
	many.Curves, err = s.cfg.Store.Curves(ctx, all)
	return many, err
}

// oneByOne are the curves of each service as if it had been asked for alone.
func oneByOne(all aggregate.Curves, services []string) map[string]aggregate.Curves {
	each := make(map[string]aggregate.Curves, len(services))
	for _, service := range services {
		id := aggregate.CurveID{Service: service}
		each[service] = aggregate.Curves{
			Points:   map[aggregate.CurveID][]aggregate.Sparse{id: all.Points[id]},
			Totals:   map[aggregate.CurveID]aggregate.Sums{id: all.Totals[id]},
			Services: map[string]aggregate.Sums{service: all.Services[service]},
			All:      all.Services[service],
		}
	}
	return each
}

const (
	heardStale    = 2                // more than 0 so that nobody waits for what others ask all the time
	heardLeast    = time.Second      // in a rush, of the last two hours of a range and a little more
	heardSettled  = 10 * time.Second // in a rush, of what is before that: posts rarely come so late
	heardLately   = 2 * time.Hour
	coverageLeast = 2 * time.Second // in a rush
)

// heardOf is kept for a moment where it is asked for as a whole: it is the same for
// all services, and dear. It is asked for by the hour, so that a range that ends now
// is not another one every minute.
func (s *Server) heardOf(ctx context.Context, a curvesAsk) (map[string][]uint64, error) {
	q := aggregate.HeardQuery{By: a.By, Lang: a.Lang, Source: a.Source, From: a.From, To: a.To, Step: a.Step}
	if a.By == aggregate.BySymptom { // what is heard has none
		q.By = ""
	}
	if a.limit != maxPoints {
		return s.cfg.Store.Heard(ctx, q)
	}
	q.From, q.To = a.From.Truncate(max(a.Step, time.Hour)), ceil(a.To, max(a.Step, time.Hour))
	all, err := s.heardInTwo(ctx, q)
	part := make(map[string][]uint64, len(all))
	skip := int(a.From.Sub(q.From) / a.Step)
	for name, counts := range all {
		part[name] = counts[skip : skip+a.Steps()]
	}
	return part, err
}

// heardInTwo asks for the end of a range more often than for what is before, in a rush.
func (s *Server) heardInTwo(ctx context.Context, q aggregate.HeardQuery) (map[string][]uint64, error) {
	cut := q.To.Add(-heardLately)
	if !s.kept.rush.lasts(s.cfg.Now()) || q.By != "" || q.Step > time.Hour || !q.From.Before(cut) {
		return s.heardKept(ctx, q, heardLeast)
	}
	before, after := q, q
	before.To, after.From = cut, cut
	settled, err := s.heardKept(ctx, before, heardSettled)
	if err != nil {
		return nil, err
	}
	lately, err := s.heardKept(ctx, after, heardLeast)
	if err != nil {
		return nil, err
	}
	all := make([]uint64, 0, q.To.Sub(q.From)/q.Step)
	for _, part := range []struct {
		q     aggregate.HeardQuery
		heard []uint64
	}{{before, settled[""]}, {after, lately[""]}} {
		if part.heard == nil { // nothing was
			part.heard = make([]uint64, part.q.To.Sub(part.q.From)/q.Step)
		}
		all = append(all, part.heard...)
	}
	return map[string][]uint64{"": all}, nil
}

func (s *Server) heardKept(ctx context.Context, q aggregate.HeardQuery, least time.Duration) (map[string][]uint64, error) {
	return s.kept.heard.get(ctx, fmt.Sprintf("%q %q %q %d %d %d", q.By, q.Lang, q.Source, q.From.Unix(), q.To.Unix(), q.Step),
		s.inRush(s.keeping(heardStale), least),
		func(ctx context.Context) (map[string][]uint64, error) { return s.cfg.Store.Heard(ctx, q) })
}

// coverageOf is kept as heardOf is. It begins before the range, as a source may have
// gone deaf then.
func (s *Server) coverageOf(ctx context.Context, a curvesAsk) ([]aggregate.Coverage, error) {
	q := aggregate.CoverageQuery{Source: a.Source, From: a.From.Add(-aggregate.DeafAfter), To: a.To, Step: min(a.Step, day)}
	if a.limit != maxPoints {
		return s.cfg.Store.Coverage(ctx, q)
	}
	return s.kept.coverage.get(ctx, fmt.Sprintf("%q %d %d %d", q.Source, q.From.Unix(), q.To.Unix(), q.Step), s.inRush(s.keeping(heardStale), coverageLeast),
		func(ctx context.Context) ([]aggregate.Coverage, error) { return s.cfg.Store.Coverage(ctx, q) })
}
