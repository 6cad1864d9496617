package api

import (
	"context"
	"iter"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"outcry/aggregate"
	"outcry/nlp/lexicon"
)

// BreakdownAnswer is the body of /v1/breakdown, most posts first.
type BreakdownAnswer struct {
	Service string         `json:"service" doc:"Empty: all."`
	By      string         `json:"by"`
	From    time.Time      `json:"from" doc:"Inclusive."`
	To      time.Time      `json:"to" doc:"Exclusive."`
	Posts   uint64         `json:"posts" doc:"Distinct posts of all."`
	Authors uint64         `json:"authors" doc:"Their distinct authors."`
	Rows    []BreakdownRow `json:"rows" nullable:"false"`
}

// BreakdownRow is a part of the posts. Parts may overlap: a post may tell of several
// symptoms, or be about several services.
type BreakdownRow struct {
	Name    string  `json:"name" doc:"Symptom, language (empty: undetermined), source or slug."`
	Posts   uint64  `json:"posts"`
	Authors uint64  `json:"authors"`
	Share   float64 `json:"share" doc:"Of all posts, 0 to 1."`
	Before  *uint64 `json:"before" doc:"Posts in the same range a week before; null where nothing was heard then."`
}

func (BreakdownAnswer) header() []string {
	return []string{"name", "posts", "authors", "share", "before"}
}

func (a BreakdownAnswer) rows() iter.Seq[[]string] {
	return func(yield func([]string) bool) {
		for _, r := range a.Rows {
			before := ""
			if r.Before != nil {
				before = count(*r.Before)
			}
			if !yield([]string{r.Name, count(r.Posts), count(r.Authors), decimal(r.Share), before}) {
				return
			}
		}
	}
}

func partNames() []string {
	return []string{aggregate.PartSymptom, aggregate.PartLang, aggregate.PartSource, aggregate.PartService}
}

func breakdownOperation() operation {
	by := param("by", "What the parts are of.", choice("", partNames()))
	by.Required = true
	params := []*huma.Param{
		param("service", "Slug of a service, or `unknown` for complaints that name none. It may be left out with by=service.", text("")),
		by, kindParam(), param("symptom", "Only posts that tell of this symptom.", choice("", lexicon.Symptoms())), langParam(), sourceParam(),
	}
	return operation{
		id: "get-breakdown", path: "/v1/breakdown", params: append(append(params, lateParams()...), atMost("How many parts at most.", 50, 500), formatParam()),
		summary: "What the posts of a range of time consist of", description: "Most posts first, with what there was a week before.",
		cache: "public, max-age=1",
	}
}

// partsQuery reads all of the query but its times.
func (s *Server) partsQuery(q *query) (aggregate.PartsQuery, error) {
	ask := aggregate.PartsQuery{
		Service: q.text("service"), By: q.oneOf("by", "", partNames()), Kind: q.kind(),
		Symptom: q.oneOf("symptom", "", lexicon.Symptoms()), Lang: q.lang(), Source: q.source(), Limit: q.integer("limit", 50, 1, 500),
	}
	if q.text("by") == "" {
		q.fail("by", "by is required: symptom, lang, source or service")
	}
	if ask.Service == "" && ask.By != "" && ask.By != aggregate.PartService {
		q.fail("service", "service is required unless by is service: a slug of /v1/services, such as whatsapp")
	}
	if err := q.problem(); err != nil {
		return ask, err
	}
	if ask.Service == "" {
		return ask, nil
	}
	return ask, s.known(ask.Service)
}

func (s *Server) breakdown(ctx context.Context, q *query, ask aggregate.PartsQuery) (BreakdownAnswer, error) {
	_, r, err := s.late(ctx, q)
	if err != nil {
		return BreakdownAnswer{}, err
	}
	ask.From, ask.To = r.from, r.to
	found, err := s.cfg.Store.Parts(ctx, ask)
	if err != nil {
		return BreakdownAnswer{}, err
	}
	a := BreakdownAnswer{ask.Service, ask.By, r.from, r.to, found.Posts, found.Authors, make([]BreakdownRow, 0, len(found.Rows))}
	for _, p := range found.Rows {
		row := BreakdownRow{Name: p.Name, Posts: p.Posts, Authors: p.Authors}
		if found.Posts > 0 { // posts may have come between the queries
			row.Share = thousandths(min(1, float64(p.Posts)/float64(found.Posts)))
		}
		if found.Heard {
			row.Before = &p.Before
		}
		a.Rows = append(a.Rows, row)
	}
	return a, nil
}
