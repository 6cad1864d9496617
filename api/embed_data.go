package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/cespare/xxhash/v2"

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
	print     uint64 // the same for the same picture
}

// load gets the data from the shelf or the store. What is a little old is shown while
// the new is asked for; what is older, where the store cannot answer: it says of when
// it is. One viewer who leaves does not spoil it for the others who wait.
func (e *embeds) load(ctx context.Context, a embedAsk) (*embedData, error) {
	key := strings.Join([]string{a.service.Slug, a.symptom, a.posts, a.window, a.from.String(), a.to.String()}, "\n")
	last, age := e.shelf.get(key)
	if last != nil && age < shelvedFor {
		return last, nil
	}
	asked := e.shelf.asking.DoChan(key, func() (any, error) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), e.cfg.Timeout)
		defer cancel()
		d, err := e.fetch(ctx, a)
		if err == nil {
			e.shelf.put(key, d)
		}
		return d, err
	})
	if last != nil && age < shownMeanwhile {
		return last, nil
	}
	select {
	case found := <-asked:
		var problem *Problem
		if found.Err != nil && !errors.As(found.Err, &problem) && last != nil && age < shownWithout {
			e.cfg.Log.ErrorContext(ctx, "query failed, showing the last chart", "service", a.service.Slug, "age", age, "err", found.Err)
			return last, nil
		}
		d, _ := found.Val.(*embedData)
		return d, found.Err
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
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
	q.values = url.Values{"service": {a.service.Slug}, "symptom": {a.symptom}, "lang": {a.posts}, "step": {step}, "from": {stamp(r.from)}, "to": {stamp(r.to)}}
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
	if err != nil {
		return nil, err
	}
	slices.Reverse(d.incidents)
	d.print, err = d.fingerprint(a)
	return d, err
}

// fingerprint of a frozen chart leaves out what is heard after its end.
func (d *embedData) fingerprint(a embedAsk) (uint64, error) {
	newest := d.newest
	if a.frozen() && newest.After(d.curve.To) {
		newest = d.curve.To
	}
	sum := xxhash.New()
	if err := json.NewEncoder(sum).Encode([]any{d.curve, d.step, newest, d.incidents, d.simulated}); err != nil {
		return 0, fmt.Errorf("fingerprint of a chart: %w", err)
	}
	return sum.Sum64(), nil
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
			r.from = maxTime(r.to.Add(-windowLength(a.window)), earliest())
		}
		r.from = r.from.Truncate(step)
		if r.from.Before(r.to) && r.to.Sub(r.from)/step <= embedPoints {
			return r, name
		}
	}
	q.fail("from", "a chart shows at most %d days", embedPoints)
	return span{}, ""
}
