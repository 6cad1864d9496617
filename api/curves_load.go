package api

import (
	"context"
	"slices"
	"time"

	"outcry/aggregate"
)

// loaded is what the store has to say to a question.
type loaded struct {
	curves   []loadedCurve
	services map[string]aggregate.Sums
	all      aggregate.Sums
	heard    uint64
}

type loadedCurve struct {
	id     aggregate.CurveID
	sums   aggregate.Sums
	points []aggregate.Point
}

// loadCurves asks the store for all that stands beside one another at once.
func (s *Server) loadCurves(ctx context.Context, a curvesAsk, ids []aggregate.CurveID, now time.Time) (loaded, error) {
	f, err := s.find(ctx, a)
	if err != nil {
		return loaded{}, err
	}
	found := loaded{services: f.now.Services, all: f.now.All, curves: make([]loadedCurve, len(ids))}
	found.heard = total(f.heard)
	deaf := map[string][]aggregate.Point{} // those of the first curve of a source; of all are under ""
	for i, id := range ids {
		points := f.points(a, id)
		only := ""
		if a.By == aggregate.BySource {
			only = id.Name
		}
		if deaf[only] == nil {
			deaf[only] = points
			mark := aggregate.MarkDeaf
			if a.Step > day {
				mark = aggregate.MarkDeafWeeks
			}
			mark(points, a.one(), ofSource(f.coverage, only), now)
		}
		for j, p := range deaf[only] {
			points[j].Deaf = p.Deaf
		}
		aggregate.AddBands(points, a.one(), f.expected[id.Service])
		found.curves[i] = loadedCurve{id, f.now.Totals[id], points}
	}
	if a.By != "" {
		sortByPosts(found.curves, a.Services)
	}
	return found, nil
}

// points makes the points of a curve dense.
func (f findings) points(a curvesAsk, id aggregate.CurveID) []aggregate.Point {
	points := emptyPoints(a)
	for _, p := range f.now.Points[id] {
		points[p.Step].Posts, points[p.Step].Authors = p.Posts, p.Authors
	}
	for i, n := range heardIn(f.heard, a.By, id) {
		points[i].Heard = n
	}
	if !f.compared {
		return points
	}
	for i, n := range heardIn(f.beforeHeard, a.By, id) {
		if n > 0 {
			points[i].Before = &aggregate.Sums{}
		}
	}
	for _, p := range f.before.Points[id] {
		points[p.Step].Before = &p.Sums
	}
	return points
}

func emptyPoints(a curvesAsk) []aggregate.Point {
	points := make([]aggregate.Point, a.Steps())
	for i := range points {
		points[i].T = a.From.Add(time.Duration(i) * a.Step).UTC()
	}
	return points
}

// heardIn is what was heard with the language or source of a curve.
func heardIn(heard map[string][]uint64, by aggregate.Split, id aggregate.CurveID) []uint64 {
	if by == aggregate.BySymptom {
		return heard[""]
	}
	return heard[id.Name]
}

func total(heard map[string][]uint64) (n uint64) {
	for _, steps := range heard {
		for _, m := range steps {
			n += m
		}
	}
	return n
}

func ofSource(all []aggregate.Coverage, source string) (some []aggregate.Coverage) {
	if source == "" {
		return all
	}
	for _, c := range all {
		if c.Source == source {
			some = append(some, c)
		}
	}
	return some
}

// sortByPosts puts the parts of each service in the order of their posts.
func sortByPosts(curves []loadedCurve, services []string) {
	slices.SortStableFunc(curves, func(a, b loadedCurve) int {
		if d := slices.Index(services, a.id.Service) - slices.Index(services, b.id.Service); d != 0 {
			return d
		}
		return int(b.sums.Posts) - int(a.sums.Posts)
	})
}
