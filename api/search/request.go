package search

import (
	"context"
	"strconv"
	"time"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/mapping"
	bleveSearch "github.com/blevesearch/bleve/v2/search"
	"github.com/blevesearch/bleve/v2/search/query"
	index "github.com/blevesearch/bleve_index_api"
)

// maxNames bounds the values that are counted of a field: more than there are
// services.
const maxNames = 10_000

// request is q for bleve, in one day. One more hit than asked for tells that
// there is another page.
func (q Query) request(begin time.Time, clauses []clause) *bleve.SearchRequest {
	r := bleve.NewSearchRequestOptions(q.query(begin, clauses), q.Limit+1, 0, false)
	byTime := &bleveSearch.SortField{Field: timeField, Desc: true, Type: bleveSearch.SortFieldAsString}
	r.Sort = bleveSearch.SortOrder{byTime, &bleveSearch.SortDocID{}}
	if q.ByScore {
		r.Sort = append(bleveSearch.SortOrder{&bleveSearch.SortScore{Desc: true}}, r.Sort...)
	} else {
		r.Score = "none"
	}
	if q.After != nil {
		r.SearchAfter = []string{timeTerm(time.UnixMilli(q.After.Time)), q.After.ID}
		if q.ByScore {
			r.SearchAfter = append([]string{strconv.FormatFloat(q.After.Relevance, 'g', -1, 64)}, r.SearchAfter...)
		}
	}
	for _, field := range []string{serviceField, symptomField, langField} {
		r.AddFacet(field, bleve.NewFacetRequest(field, maxNames))
	}
	return r
}

// query joins words and filters. Filters say nothing of how well a post matches.
func (q Query) query(begin time.Time, clauses []clause) query.Query {
	var must, mustNot []query.Query
	for _, c := range clauses {
		if c.not {
			mustNot = append(mustNot, c.query())
		} else {
			must = append(must, c.query())
		}
	}
	for _, f := range []struct{ field, value string }{{kindField, q.kind()}, {serviceField, q.Service},
		{symptomField, q.Symptom}, {langField, q.Lang}, {sourceField, q.Source}} {
		if f.value != "" {
			must = append(must, weightless{term(f.field, f.value)})
		}
	}
	if within := q.within(begin); within != nil {
		must = append(must, weightless{within})
	}
	return query.NewBooleanQuery(must, nil, mustNot)
}

// weightless is a query that says nothing of how well a document matches.
type weightless struct{ query.Query }

// Searcher finds without scoring.
func (w weightless) Searcher(ctx context.Context, i index.IndexReader, m mapping.IndexMapping, options bleveSearch.SearcherOptions) (bleveSearch.Searcher, error) {
	options.Score = "none"
	return w.Query.Searcher(ctx, i, m, options)
}

// within is the part of a day that the range covers; nil for all of it. Whole
// minutes are taken together, and milliseconds only at the ends.
func (q Query) within(begin time.Time) query.Query {
	end := begin.AddDate(0, 0, 1)
	from, to := begin, end
	if q.From.After(from) {
		from = q.From
	}
	if !q.To.IsZero() && q.To.Before(to) {
		to = q.To
	}
	if from.Equal(begin) && to.Equal(end) {
		return nil
	}
	first, last := from.Truncate(time.Minute), to.Truncate(time.Minute)
	if first.Before(from) {
		first = first.Add(time.Minute)
	}
	if last.Before(first) { // both within one minute
		return between(timeField, timeTerm(ceilMilli(from)), timeTerm(ceilMilli(to)))
	}
	return query.NewDisjunctionQuery([]query.Query{
		between(timeField, timeTerm(ceilMilli(from)), timeTerm(first)),
		between(minuteField, minuteTerm(first), minuteTerm(last)),
		between(timeField, timeTerm(last), timeTerm(ceilMilli(to))),
	})
}

func ceilMilli(t time.Time) time.Time { return t.Add(time.Millisecond - 1).Truncate(time.Millisecond) }

func between(field, from, to string) query.Query {
	yes, no := true, false
	q := query.NewTermRangeInclusiveQuery(from, to, &yes, &no)
	q.SetField(field)
	return q
}
