package api

import (
	"context"
	"iter"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"outcry/aggregate"
)

// Movers answers which services are above normal, and what the posts of a range of
// time consist of.
type Movers interface {
	Movers(ctx context.Context, q aggregate.MoverQuery) ([]aggregate.Mover, error)
	Parts(ctx context.Context, q aggregate.PartsQuery) (aggregate.Parts, error)
}

// mostMoved is the longest range of movers, breakdowns and words.
const mostMoved = 31 * day

// MoversAnswer is the body of /v1/movers.
type MoversAnswer struct {
	From   time.Time  `json:"from" doc:"Inclusive."`
	To     time.Time  `json:"to" doc:"Exclusive."`
	Newest *time.Time `json:"newest" doc:"Minute of the newest post heard, complaint or not; null when there is none."`
	Movers []MoverRow `json:"movers" nullable:"false"`
}

// MoverRow is one service, and how far it is above normal.
type MoverRow struct {
	Slug         string     `json:"slug"`
	Name         string     `json:"name"`
	Sector       string     `json:"sector"`
	Owner        string     `json:"owner"`
	Countries    []string   `json:"countries" nullable:"false"`
	Posts        uint64     `json:"posts" doc:"Distinct posts in the range."`
	Authors      uint64     `json:"authors" doc:"Their distinct authors."`
	Usual        *float64   `json:"usual" doc:"How many authors would be usual; of a range above an hour, who writes in two of its hours is two. Null: not known."`
	Above        float64    `json:"above" doc:"How far the authors are above usual, in standard deviations of a normal distribution that are as unlikely; negative below usual. It is comparable between services of any size. Where usual is null it is a cautious guess."`
	Before       *uint64    `json:"before" doc:"Posts in the same range a week before; null where nothing was heard then."`
	Change       *float64   `json:"change" doc:"Posts divided by before; null where before is null or 0."`
	Since        *time.Time `json:"since" doc:"Onset of the incident that lasts at the end of the range; null where there is none."`
	Incident     string     `json:"incident" doc:"The id of that incident, or empty."`
	Symptom      string     `json:"symptom" doc:"The symptom that most posts tell of; empty where none does."`
	SymptomShare float64    `json:"symptom_share" doc:"Their share of the posts, 0 to 1."`
	Spark        []uint64   `json:"spark" nullable:"false" doc:"Posts in 24 equal parts of the time up to the end of the range: as long as the range, at least 6 hours."`
}

func (MoversAnswer) header() []string {
	return []string{"slug", "name", "sector", "owner", "countries", "posts", "authors", "usual", "above", "before", "change",
		"since", "incident", "symptom", "symptom_share", "spark"}
}

func (a MoversAnswer) rows() iter.Seq[[]string] {
	return func(yield func([]string) bool) {
		for _, m := range a.Movers {
			before, since, spark := "", "", make([]string, len(m.Spark))
			if m.Before != nil {
				before = count(*m.Before)
			}
			if m.Since != nil {
				since = stamp(*m.Since)
			}
			for i, n := range m.Spark {
				spark[i] = count(n)
			}
			row := []string{m.Slug, m.Name, m.Sector, m.Owner, strings.Join(m.Countries, " "), count(m.Posts), count(m.Authors), decimalOrNone(m.Usual),
				decimal(m.Above), before, decimalOrNone(m.Change), since, m.Incident, m.Symptom, decimal(m.SymptomShare), strings.Join(spark, " ")}
			if !yield(row) {
				return
			}
		}
	}
}

func decimalOrNone(x *float64) string {
	if x == nil {
		return ""
	}
	return decimal(*x)
}

func sorts() []string { return []string{aggregate.ByAbove, aggregate.ByPosts, aggregate.ByChange} }

func moversOperation() operation {
	return operation{
		id: "list-movers", path: "/v1/movers", params: append(lateParams(),
			param("sector", "Only services of this sector of the catalogue.", text("")),
			param("country", "Only services of this country (ISO 3166-1 alpha-2, or `world`).", text("^([a-z]{2}|world)$")),
			langParam(), sourceParam(), kindParam(),
			param("sort", "`above`: services that have an incident first, then by how far they are above normal; `posts`: most posts first; `change`: most posts in proportion to a week before first.", choice(aggregate.ByAbove, sorts())),
			atMost("How many services at most.", 50, 500), formatParam()),
		summary: "The services that are above normal",
		description: "Services that have posts in the range, or an incident that lasts at its end. What is usual is what the detector of incidents has learnt; " +
			"where that is not known, and of a kind, language or source, it is what there was at the same time of the seven days before (of ranges above a day: of the weeks before).",
		cache: "public, max-age=1",
	}
}

// serveMovers registers /v1/movers and /v1/breakdown.
func (s *Server) serveMovers(h huma.API) error {
	var movers shelf[MoversAnswer]
	var parts shelf[BreakdownAnswer]
	huma.Register(h, s.operation(h, moversOperation()), handle(s, moversOperation(), func(ctx context.Context, q *query) (MoversAnswer, error) {
		ask := s.moverQuery(q)
		if err := q.problem(); err != nil { // before the store is asked
			return MoversAnswer{}, err
		}
		return movers.get(ctx, q.key(), s.keeping(0), func(ctx context.Context) (MoversAnswer, error) { return s.movers(ctx, q, ask) })
	}))
	huma.Register(h, s.operation(h, breakdownOperation()), handle(s, breakdownOperation(), func(ctx context.Context, q *query) (BreakdownAnswer, error) {
		ask, err := s.partsQuery(q)
		if err != nil {
			return BreakdownAnswer{}, err
		}
		return parts.get(ctx, q.key(), s.keeping(0), func(ctx context.Context) (BreakdownAnswer, error) { return s.breakdown(ctx, q, ask) })
	}))
	return nil
}

// late reads the range of q, whose default ends with the newest post.
func (s *Server) late(ctx context.Context, q *query) (newest time.Time, r span, err error) {
	if newest, err = s.cfg.Store.Newest(ctx); err != nil {
		return newest, r, err
	}
	r = q.lateHour(newest, mostMoved)
	return newest, r, q.problem()
}

func (s *Server) countries() []string {
	var all []string
	for _, c := range s.cfg.Catalog.Services() {
		all = append(all, c.Countries...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// thousandths rounds a share.
func thousandths(x float64) float64 {
	x, _ = strconv.ParseFloat(strconv.FormatFloat(x, 'f', 3, 64), 64)
	return x
}
