package api

import (
	"context"
	"time"

	"outcry/aggregate"
)

// Curves answers with curves and with what they are set against. Curve has one
// point per step of the query, in order, none missing.
type Curves interface {
	Curve(ctx context.Context, q aggregate.CurveQuery) ([]aggregate.Point, error)
	Curves(ctx context.Context, q aggregate.CurvesQuery) (aggregate.Curves, error)
	CurveIDs(ctx context.Context, q aggregate.CurvesQuery) ([]aggregate.CurveID, error)
	Heard(ctx context.Context, q aggregate.HeardQuery) (map[string][]uint64, error)
	ExpectedOf(ctx context.Context, services []string, from, to time.Time) ([]aggregate.Expected, error)
}

// CurveAnswer is the body of /v1/curves. It repeats the question as it was
// understood; From and To are aligned to Step. Posts, Authors and Heard are of the
// whole range, in which who complains every minute is one author.
type CurveAnswer struct {
	Service string            `json:"service" doc:"As asked."`
	Group   string            `json:"group,omitempty" doc:"What the series are told apart by; absent where the answer has points of its own."`
	Kind    string            `json:"kind"`
	Symptom string            `json:"symptom" doc:"Empty: all."`
	Lang    string            `json:"lang" doc:"Empty: all."`
	Source  string            `json:"source" doc:"Empty: all."`
	From    time.Time         `json:"from" doc:"Inclusive."`
	To      time.Time         `json:"to" doc:"Exclusive."`
	Step    string            `json:"step"`
	Posts   uint64            `json:"posts" doc:"Distinct posts of the range, of all services together."`
	Authors uint64            `json:"authors" doc:"Distinct authors of the range."`
	Heard   uint64            `json:"heard" doc:"All posts heard in the range with the same source and language, complaints or not."`
	Share   float64           `json:"share" doc:"posts as a part of heard, 0 to 1."`
	Points  []aggregate.Point `json:"points,omitzero" required:"false" nullable:"false" doc:"One per step, none missing; of one service without a group."`
	Series  []CurveSeries     `json:"series,omitzero" required:"false" nullable:"false" doc:"One per curve: of several services, or with a group. Services in the order asked, their parts by posts."`

	stream *curveStream // what is sent in any other form than JSON
}

// CurveSeries is one curve of several.
type CurveSeries struct {
	Service string            `json:"service"`
	Symptom string            `json:"symptom" doc:"Empty: all."`
	Lang    string            `json:"lang" doc:"Empty: all."`
	Source  string            `json:"source" doc:"Empty: all."`
	Posts   uint64            `json:"posts" doc:"Distinct posts of the range."`
	Authors uint64            `json:"authors" doc:"Distinct authors of the range."`
	Share   float64           `json:"share" doc:"posts as a part of those of all services asked for or, with group=symptom, lang or source, of the service. A post may tell of several services and symptoms, so shares may add up to more than 1."`
	Points  []aggregate.Point `json:"points" nullable:"false" doc:"One per step, none missing."`
}

func curvesOperation() operation {
	return operation{
		id: "get-curve", path: "/v1/curves", params: curveParams(),
		summary: "The curve of a service, or of several",
		description: "Distinct posts and authors per step, all posts heard in the step, the sources that were deaf in it, and what would be usual of authors (of all complaints of a service).\n\n" +
			"JSON has at most 20,000 points. CSV, NDJSON (one point a line), Arrow (IPC stream) and Parquet have up to 22,000,000, which is two years of minutes of 20 services, " +
			"in the order of times, then curves; they are sent as they are read, and an answer that breaks off is cut, never ended.\n\n" +
			"In Grafana, give the Infinity data source this address with from=${__from:date:seconds}&to=${__to:date:seconds}, the type JSON, the root selector `points`, and the column `t` as a time. " +
			"For several services take format=csv, the type CSV and the format Time Series.",
		types: []string{typeJSON, typeCSV, typeNDJSON, typeArrow, typeParquet},
		// A live page asks every other second, and a cache in front of many
		// viewers need not ask more often than that.
		cache: "public, max-age=1",
	}
}

// curves answers in JSON with all curves at once, and in other forms with a stream.
func (s *Server) curves(ctx context.Context, q *query) (CurveAnswer, error) {
	ask := q.curves()
	if err := q.problem(); err != nil {
		return CurveAnswer{}, err
	}
	for _, slug := range ask.Services {
		if err := s.known(slug); err != nil {
			return CurveAnswer{}, err
		}
	}
	if ask.limit != maxPoints {
		stream, err := s.openStream(ctx, q, ask)
		return CurveAnswer{stream: stream}, err
	}
	ask.Sums = true
	return s.kept.answers.get(ctx, ask.key(), s.keeping(0), func(ctx context.Context) (CurveAnswer, error) {
		ids, err := s.curveIDs(ctx, q, ask)
		if err != nil {
			return CurveAnswer{}, err
		}
		found, err := s.loadCurves(ctx, ask, ids, q.now)
		if err != nil {
			return CurveAnswer{}, err
		}
		return ask.answer(found), nil
	})
}

// answer puts what was found in the form of the answer.
func (a curvesAsk) answer(found loaded) CurveAnswer {
	answer := CurveAnswer{
		Service: a.named, Group: a.group, Kind: a.Kind, Symptom: a.Symptom, Lang: a.Lang, Source: a.Source,
		From: a.From, To: a.To, Step: a.step, Posts: found.all.Posts, Authors: found.all.Authors, Heard: found.heard,
		Share: part(found.all.Posts, found.heard),
	}
	if a.group == "" {
		answer.Points = found.curves[0].points
		return answer
	}
	answer.Series = make([]CurveSeries, len(found.curves))
	for i, c := range found.curves {
		of := found.all.Posts
		if a.By != "" {
			of = found.services[c.id.Service].Posts
		}
		row := a.row(c.id)
		answer.Series[i] = CurveSeries{Service: row.Service, Symptom: row.Symptom, Lang: row.Lang, Source: row.Source,
			Posts: c.sums.Posts, Authors: c.sums.Authors, Share: part(c.sums.Posts, of), Points: c.points}
	}
	return answer
}

// part is a share to six digits; at most 1, as a post may come between two counts.
func part(n, of uint64) float64 {
	if of == 0 {
		return 0
	}
	return min(1, float64(uint64(float64(n)/float64(of)*1e6+0.5))/1e6)
}
