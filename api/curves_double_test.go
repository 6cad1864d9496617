package api_test

import (
	"context"
	"sync"
	"time"

	"outcry/aggregate"
)

// curveMemory is what memory knows of curves.
type curveMemory struct {
	asking sync.Mutex              // questions may come at once
	curves []aggregate.CurvesQuery // what it was asked
	names  []string                // parts that every service has
	failAt time.Time               // the curves from then on cannot be read
	slow   chan struct{}           // curves wait until it is closed
	look   func()                  // is called when curves are asked for

	deafBefore time.Time // nothing was heard until then
}

// count is how many posts a double has in a step: the same in any answer.
func (*curveMemory) count(t time.Time) uint64 { return uint64(t.Unix()/60) % 7 }

func (m *memory) Curves(ctx context.Context, q aggregate.CurvesQuery) (aggregate.Curves, error) {
	if err := m.note(ctx, q); err != nil {
		return aggregate.Curves{}, err
	}
	if m.look != nil {
		m.look()
	}
	if m.slow != nil {
		<-m.slow
	}
	if !m.failAt.IsZero() && !q.From.Before(m.failAt) {
		return aggregate.Curves{}, context.DeadlineExceeded
	}
	all := aggregate.Curves{Points: map[aggregate.CurveID][]aggregate.Sparse{}, Totals: map[aggregate.CurveID]aggregate.Sums{}, Services: map[string]aggregate.Sums{}}
	ids, _ := m.CurveIDs(ctx, q)
	for _, id := range ids {
		for i := range q.Steps() {
			at := q.From.Add(time.Duration(i) * q.Step)
			if n := m.count(at); n > 0 && !at.Before(m.deafBefore) {
				all.Points[id] = append(all.Points[id], aggregate.Sparse{Step: i, Sums: aggregate.Sums{Posts: n, Authors: n / 2}})
			}
		}
		if q.Sums {
			all.Totals[id] = aggregate.Sums{Posts: 30, Authors: 20}
			all.Services[id.Service] = aggregate.Sums{Posts: 40, Authors: 25}
			all.All = aggregate.Sums{Posts: 60, Authors: 30}
		}
	}
	return all, nil
}

func (m *memory) note(ctx context.Context, q aggregate.CurvesQuery) error {
	m.asking.Lock()
	defer m.asking.Unlock()
	m.curves = append(m.curves, q)
	m.curve = aggregate.CurveQuery{Service: q.Services[0], Kind: q.Kind, Symptom: q.Symptom, Lang: q.Lang, Source: q.Source, From: q.From, To: q.To, Step: q.Step}
	return m.fail(ctx)
}

func (m *memory) CurveIDs(_ context.Context, q aggregate.CurvesQuery) (ids []aggregate.CurveID, err error) {
	for _, service := range q.Services {
		if q.By == "" {
			ids = append(ids, aggregate.CurveID{Service: service})
			continue
		}
		for _, name := range m.names {
			ids = append(ids, aggregate.CurveID{Service: service, Name: name})
		}
	}
	return ids, m.err
}

func (m *memory) Heard(_ context.Context, q aggregate.HeardQuery) (map[string][]uint64, error) {
	heard := make([]uint64, q.To.Sub(q.From)/q.Step)
	for i := range heard {
		if at := q.From.Add(time.Duration(i) * q.Step); !at.Before(m.deafBefore) {
			heard[i] = 100 + m.count(at)
		}
	}
	if q.By == "" {
		return map[string][]uint64{"": heard}, nil
	}
	all := map[string][]uint64{}
	for _, name := range m.names {
		all[name] = heard
	}
	return all, nil
}

func (m *memory) ExpectedOf(ctx context.Context, services []string, from, to time.Time) (all []aggregate.Expected, err error) {
	for _, service := range services {
		for _, e := range m.expected { // of all services the same
			e.Service = service
			all = append(all, e)
		}
	}
	return all, m.err
}
