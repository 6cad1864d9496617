package search

import (
	"context"
	"runtime"
	"slices"
	"strconv"
	"time"

	"github.com/blevesearch/bleve/v2"
	bleveSearch "github.com/blevesearch/bleve/v2/search"
	"github.com/blevesearch/bleve/v2/search/query"
	"golang.org/x/sync/errgroup"
)

// Collect answers as bleve's own collector does, which sorts and counts by the
// values of every hit: another way to the same answer, and what it costs. It
// knows pages in the order of time only.
func (x *Index) Collect(ctx context.Context, q Query) (Found, error) {
	clauses, err := q.Words.compile(x.texts.all)
	if err != nil {
		return Found{}, err
	}
	s := &hunt{x: x, q: q, clauses: clauses, began: x.cfg.Now(), tally: newTally()}
	if q.ByScore {
		s.rank = wanted(clauses)
	}
	group, days := errgroup.WithContext(ctx)
	group.SetLimit(runtime.GOMAXPROCS(0))
	for _, name := range slices.Backward(x.names()) {
		if begin, _ := time.Parse(dayLayout, name); q.touches(begin) {
			group.Go(func() error { return s.collect(days, name) })
		}
	}
	if err := group.Wait(); err != nil {
		return Found{}, err
	}
	return s.finish(ctx)
}

func (s *hunt) collect(ctx context.Context, name string) error {
	d, err := s.x.acquire(name, false)
	if err != nil || d == nil {
		return err
	}
	defer s.x.release(d)
	r := bleve.NewSearchRequestOptions(s.q.collected(s.clauses), s.q.Limit+1, 0, false)
	r.Sort = bleveSearch.SortOrder{&bleveSearch.SortField{Field: timeField, Desc: true, Type: bleveSearch.SortFieldAsString}, &bleveSearch.SortDocID{}}
	if s.rank != nil {
		r.Sort = append(bleveSearch.SortOrder{&bleveSearch.SortScore{Desc: true}}, r.Sort...)
	} else {
		r.Score = "none"
	}
	if after := s.q.After; after != nil {
		r.SearchAfter = []string{timeTerm(time.UnixMilli(after.Time)), after.ID}
	}
	for _, field := range countedFields() {
		r.AddFacet(field, bleve.NewFacetRequest(field, 10_000))
	}
	answer, err := d.open.SearchInContext(ctx, r)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tally.total += int(answer.Total)
	for field, facet := range answer.Facets {
		for _, t := range facet.Terms.Terms() {
			s.tally.values[field][t.Term] += t.Count
		}
	}
	for _, match := range answer.Hits {
		at, err := strconv.ParseInt(match.Sort[len(match.Sort)-2], 10, 64)
		if err != nil {
			return err
		}
		s.places = append(s.places, Place{Relevance: match.Score, Time: at, ID: match.ID})
	}
	return nil
}

func (q Query) collected(clauses []clause) query.Query {
	must, mustNot := []query.Query{term(kindField, q.kind())}, []query.Query(nil)
	for _, c := range clauses {
		if c.not {
			mustNot = append(mustNot, c.query())
		} else {
			must = append(must, c.query())
		}
	}
	if q.Service != "" {
		must = append(must, term(serviceField, q.Service))
	}
	if !q.From.IsZero() || !q.To.IsZero() {
		from, to := q.From, q.To
		if to.IsZero() {
			to = time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC)
		}
		if from.IsZero() {
			from = time.UnixMilli(0)
		}
		yes, no := true, false
		within := query.NewTermRangeInclusiveQuery(timeTerm(ceilMilli(from)), timeTerm(ceilMilli(to)), &yes, &no)
		within.SetField(timeField)
		if from.Truncate(time.Minute).Equal(from) && to.Truncate(time.Minute).Equal(to) { // far fewer terms
			within = query.NewTermRangeInclusiveQuery(minuteTerm(from), minuteTerm(to), &yes, &no)
			within.SetField(minuteField)
		}
		must = append(must, within)
	}
	return query.NewBooleanQuery(must, nil, mustNot)
}
