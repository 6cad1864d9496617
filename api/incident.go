package api

import (
	"context"
	"iter"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"outcry/aggregate"
)

// IncidentAnswer is the body of /v1/incidents/{id}. As CSV it is a table of one row.
type IncidentAnswer struct {
	aggregate.Incident
}

func (IncidentAnswer) header() []string { return IncidentsAnswer{}.header() }

func (a IncidentAnswer) rows() iter.Seq[[]string] {
	return IncidentsAnswer{Incidents: []aggregate.Incident{a.Incident}}.rows()
}

func incidentOperation() operation {
	return operation{
		id: "get-incident", path: "/v1/incidents/{id}",
		params:      []*huma.Param{pathParam("The id of an incident."), formatParam()},
		summary:     "One incident",
		description: "Also one that late counts took back: it is `retracted` then.",
		cache:       "public, max-age=1",
		refusals:    []problemKind{unknownIncident()},
	}
}

func (s *Server) incident(ctx context.Context, q *query) (IncidentAnswer, error) {
	if err := q.problem(); err != nil {
		return IncidentAnswer{}, err
	}
	i, err := s.incidentOf(ctx, q.id)
	return IncidentAnswer{i}, err
}

// incidentOf gets an incident, or the Problem that there is none.
func (s *Server) incidentOf(ctx context.Context, id string) (aggregate.Incident, error) {
	i, ok, err := s.cfg.Store.Incident(ctx, id)
	if err != nil {
		return aggregate.Incident{}, err
	}
	if !ok {
		return aggregate.Incident{}, unknownIncident().with("no incident has the id " + strconv.Quote(clip(id)) + "; /v1/incidents lists them")
	}
	return plainIncident(i), nil
}

// plainIncident has its times in UTC and no list that is null.
func plainIncident(i aggregate.Incident) aggregate.Incident {
	for _, t := range []*time.Time{&i.Onset, &i.Earliest, &i.Latest, &i.Detected, &i.Updated, &i.End, &i.Peak} {
		*t = t.UTC()
	}
	i.Services, i.Words = append([]string{}, i.Services...), append([]string{}, i.Words...)
	if i.Noticed.Name != "" {
		i.Noticed.Symptoms = append([]aggregate.Share{}, i.Noticed.Symptoms...)
	}
	for _, list := range []*[]aggregate.Share{&i.Symptoms, &i.Languages, &i.Sources} {
		*list = append([]aggregate.Share{}, *list...)
	}
	return i
}

func stampOrNone(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return stamp(t)
}

// shares is a list of names with their shares in one cell: login:0.75 app:0.1.
func shares(list []aggregate.Share) string {
	parts := make([]string, len(list))
	for i, s := range list {
		parts[i] = s.Name + ":" + decimal(s.Share)
	}
	return strings.Join(parts, " ")
}

func decimal(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }
