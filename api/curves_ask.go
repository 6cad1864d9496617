package api

import (
	"context"
	"fmt"
	"strings"
	"time"

	"outcry/aggregate"
	"outcry/nlp"
)

// maxStreamed is how many points are sent in pieces: two years of minutes of
// twenty services, and a little more.
const maxStreamed = 22_000_000

func groupNames() []string {
	return []string{"service", string(aggregate.BySymptom), string(aggregate.ByLang), string(aggregate.BySource)}
}

// curvesAsk is a question for curves, as it was understood.
type curvesAsk struct {
	aggregate.CurvesQuery
	named   string // the services, as asked
	group   string // empty: one curve, with points of its own
	step    string
	compare bool // with the week before
	limit   int  // of points
}

func (q *query) curves() curvesAsk {
	f := q.filter()
	name := q.oneOf("step", "1m", stepNames())
	a := curvesAsk{named: f.service, step: name, group: q.oneOf("group", "", groupNames()),
		compare: q.oneOf("compare", "", []string{"week"}) != "", limit: maxPoints}
	if q.chosen != "" && q.chosen != typeJSON {
		a.limit = maxStreamed
	}
	services := q.services(f)
	r := q.span(q.now, stepLength(name))
	a.CurvesQuery = aggregate.CurvesQuery{Services: services, Kind: f.kind, Symptom: f.symptom, Lang: f.lang, Source: f.source,
		From: r.from, To: r.to, Step: stepLength(name)}
	if a.group == "" && len(services) > 1 {
		a.group = "service"
	}
	if a.group != "" && a.group != "service" {
		a.By = aggregate.Split(a.group)
	}
	if a.By == aggregate.BySymptom && f.symptom != "" {
		q.fail("group", "group=symptom tells all symptoms apart; leave symptom out")
	}
	q.fits(r, a.Step, max(1, len(services)), a.limit)
	return a
}

// curveIDs are the curves of the answer: services in the order asked.
func (s *Server) curveIDs(ctx context.Context, q *query, a curvesAsk) ([]aggregate.CurveID, error) {
	var ids []aggregate.CurveID
	var found []aggregate.CurveID
	if a.By != "" {
		var err error
		if found, err = s.cfg.Store.CurveIDs(ctx, a.CurvesQuery); err != nil {
			return nil, err
		}
	}
	for _, service := range a.Services {
		if a.By == "" {
			ids = append(ids, aggregate.CurveID{Service: service})
		}
		for _, id := range found {
			if id.Service == service {
				ids = append(ids, id)
			}
		}
	}
	q.fits(span{a.From, a.To}, a.Step, len(ids), a.limit) // only now it is known how many there are
	return ids, q.problem()
}

// key tells questions apart whose answers differ.
func (a curvesAsk) key() string {
	return fmt.Sprintf("%q %q %t %q %q %q %q %d %d %d", a.named, a.group, a.compare, a.Kind, a.Symptom, a.Lang, a.Source,
		a.From.Unix(), a.To.Unix(), a.Step)
}

// banded says whether it is known what would be usual: of a service as a whole.
func (a curvesAsk) banded() bool {
	return a.Kind == string(nlp.Complaint) && a.By == "" && a.Symptom == "" && a.Lang == "" && a.Source == ""
}

// one is the question as if it were for one curve.
func (a curvesAsk) one() aggregate.CurveQuery {
	return aggregate.CurveQuery{Service: strings.Join(a.Services, ","), Kind: a.Kind, Symptom: a.Symptom, Lang: a.Lang, Source: a.Source,
		From: a.From, To: a.To, Step: a.Step}
}

// weekBefore is the same question of a week before; not ok where no time was then.
func (a curvesAsk) weekBefore() (before curvesAsk, ok bool) {
	before = a
	before.From, before.To, before.Sums = a.From.Add(-week), a.To.Add(-week), false
	return before, a.compare && !before.From.Before(earliest())
}

// row is a row of a stream, but for the point.
func (a curvesAsk) row(id aggregate.CurveID) curveRow {
	r := curveRow{Service: id.Service, Symptom: a.Symptom, Lang: a.Lang, Source: a.Source}
	switch a.By {
	case aggregate.BySymptom:
		r.Symptom = id.Name
	case aggregate.ByLang:
		r.Lang = id.Name
	case aggregate.BySource:
		r.Source = id.Name
	}
	return r
}

// within is the same question of a part of its range.
func (a curvesAsk) within(from, to time.Time) curvesAsk {
	a.From, a.To = from, to
	return a
}
