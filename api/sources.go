package api

import (
	"context"
	"iter"
	"slices"
	"strconv"
	"strings"
	"time"

	"outcry/aggregate"
)

// SourcesAnswer is the body of /v1/sources. From and To are the range that all of
// it is of.
type SourcesAnswer struct {
	Sources []SourceRow `json:"sources" nullable:"false"`
	From    time.Time   `json:"from" doc:"Inclusive."`
	To      time.Time   `json:"to" doc:"Exclusive."`
}

// SourceRow is what was heard of one source.
type SourceRow struct {
	Source   string     `json:"source"`
	Posts    uint64     `json:"posts" doc:"Distinct posts, complaints or not."`
	Last     *time.Time `json:"last" doc:"Minute of the latest of them; null when there is none."`
	Coverage *float64   `json:"coverage" doc:"Share of the range in which the source was heard, 0 to 1; null for sources that cannot say: files, and posts that are sent."`
}

func (SourcesAnswer) header() []string { return []string{"source", "posts", "last", "coverage"} }

func (a SourcesAnswer) rows() iter.Seq[[]string] {
	return func(yield func([]string) bool) {
		for _, s := range a.Sources {
			last, coverage := "", ""
			if s.Last != nil {
				last = stamp(*s.Last)
			}
			if s.Coverage != nil {
				coverage = strconv.FormatFloat(*s.Coverage, 'f', -1, 64)
			}
			if !yield([]string{s.Source, count(s.Posts), last, coverage}) {
				return
			}
		}
	}
}

func sourcesOperation() operation {
	return operation{
		id: "list-sources", path: "/v1/sources", params: append(spanParams(), formatParam()),
		summary:     "Every source, and how well it was heard",
		description: "A source that was deaf makes flat curves: look here before you call them calm. The range is widened to whole minutes.",
		cache:       "public, max-age=1",
	}
}

func (s *Server) sources(ctx context.Context, q *query) (SourcesAnswer, error) {
	r := q.span(q.now, time.Minute)
	if err := q.problem(); err != nil {
		return SourcesAnswer{}, err
	}
	heard, err := s.kept.sources.get(ctx, r.key(""), s.keeping(0), func(ctx context.Context) ([]aggregate.SourceActivity, error) {
		return s.cfg.Store.Sources(ctx, r.from, r.to)
	})
	if err != nil {
		return SourcesAnswer{}, err
	}
	heard = slices.Clone(heard) // others have it too
	slices.SortFunc(heard, func(a, b aggregate.SourceActivity) int { return strings.Compare(a.Source, b.Source) })
	answer := SourcesAnswer{Sources: make([]SourceRow, 0, len(heard)), From: r.from, To: r.to}
	for _, a := range heard {
		row := SourceRow{Source: a.Source, Posts: a.Posts, Last: instantOrNull(a.Last)}
		if a.Coverage >= 0 {
			row.Coverage = &a.Coverage
		}
		answer.Sources = append(answer.Sources, row)
	}
	return answer, nil
}
