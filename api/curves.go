package api

import (
	"context"
	"iter"
	"strconv"
	"strings"
	"time"

	"outcry/aggregate"
	"outcry/nlp"
)

// CurveAnswer is the body of /v1/curves. It repeats the question as it was
// understood; From and To are aligned to Step.
type CurveAnswer struct {
	Service string            `json:"service"`
	Kind    string            `json:"kind"`
	Symptom string            `json:"symptom" doc:"Empty: all."`
	Lang    string            `json:"lang" doc:"Empty: all."`
	Source  string            `json:"source" doc:"Empty: all."`
	From    time.Time         `json:"from" doc:"Inclusive."`
	To      time.Time         `json:"to" doc:"Exclusive."`
	Step    string            `json:"step"`
	Points  []aggregate.Point `json:"points" nullable:"false" doc:"One per step, none missing."`
}

func (CurveAnswer) header() []string {
	return []string{"t", "posts", "authors", "heard", "deaf", "usual", "low", "high", "chance"}
}

func (a CurveAnswer) rows() iter.Seq[[]string] {
	return func(yield func([]string) bool) {
		for _, p := range a.Points {
			row := []string{stamp(p.T), count(p.Posts), count(p.Authors), count(p.Heard), strings.Join(p.Deaf, " "), "", "", "", ""}
			if b := p.Band; b != nil {
				row = append(row[:5], decimal(b.Usual), decimal(b.Low), decimal(b.High), decimal(b.Chance))
			}
			if !yield(row) {
				return
			}
		}
	}
}

func curvesOperation() operation {
	params := append(filterParams(), spanParams()...)
	params = append(params,
		param("step", "Length of one step. The range is widened to whole steps (UTC).", choice("1m", stepNames())),
		formatParam())
	return operation{
		id: "get-curve", path: "/v1/curves", params: params,
		summary:     "The curve of one service",
		description: "Distinct posts and authors per step, all posts heard in the step, the sources that were deaf in it, and what would be usual of authors, at most 20,000 steps.",
		// A live page asks every other second, and a cache in front of many
		// viewers need not ask more often than that.
		cache: "public, max-age=1",
	}
}

func (s *Server) curves(ctx context.Context, q *query) (CurveAnswer, error) {
	ask, step := q.curve()
	if err := q.problem(); err != nil {
		return CurveAnswer{}, err
	}
	if err := s.known(ask.Service); err != nil {
		return CurveAnswer{}, err
	}
	points, err := s.cfg.Store.Curve(ctx, ask)
	if err != nil {
		return CurveAnswer{}, err
	}
	heard, err := s.cfg.Store.Coverage(ctx, aggregate.CoverageQuery{
		Source: ask.Source, From: ask.From.Add(-aggregate.DeafAfter), To: ask.To, Step: ask.Step})
	if err != nil {
		return CurveAnswer{}, err
	}
	aggregate.MarkDeaf(points, ask, heard, q.now)
	if ask.Kind == string(nlp.Complaint) && ask.Symptom == "" && ask.Lang == "" && ask.Source == "" { // else it is not known
		expected, err := s.cfg.Store.Expected(ctx, ask.Service, ask.From, ask.To)
		if err != nil {
			return CurveAnswer{}, err
		}
		aggregate.AddBands(points, ask, expected)
	}
	a := CurveAnswer{
		Service: ask.Service, Kind: ask.Kind, Symptom: ask.Symptom, Lang: ask.Lang, Source: ask.Source,
		From: ask.From, To: ask.To, Step: step, Points: make([]aggregate.Point, len(points)),
	}
	for i, p := range points {
		p.T = p.T.UTC()
		a.Points[i] = p
	}
	return a, nil
}

func (q *query) curve() (aggregate.CurveQuery, string) {
	f := q.filter()
	name := q.oneOf("step", "1m", stepNames())
	step := stepLength(name)
	r := q.span(q.now, step)
	q.fits(r, step)
	return aggregate.CurveQuery{
		Service: f.service, Kind: f.kind, Symptom: f.symptom, Lang: f.lang, Source: f.source,
		From: r.from, To: r.to, Step: step,
	}, name
}

func count(n uint64) string { return strconv.FormatUint(n, 10) }
