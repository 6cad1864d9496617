package api

import (
	"context"
	"encoding/base64"
	"iter"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"outcry/aggregate"
)

// IncidentsAnswer is the body of /v1/incidents, the latest onset first.
type IncidentsAnswer struct {
	Incidents []aggregate.Incident `json:"incidents" nullable:"false"`
	Next      *string              `json:"next" doc:"The cursor of the next page, also as a Link header; null when this is the last."`
}

func (a IncidentsAnswer) next() string {
	if a.Next == nil {
		return ""
	}
	return *a.Next
}

func (IncidentsAnswer) header() []string {
	return []string{"id", "services", "owner", "severity", "onset", "earliest", "latest", "detected", "updated", "end", "retracted",
		"peak", "peak_people", "people", "posts", "usual", "excess", "symptoms", "languages", "sources", "words",
		"noticed_in", "noticed_in_people", "noticed_in_usual", "noticed_in_excess", "mainly_in"}
}

func (a IncidentsAnswer) rows() iter.Seq[[]string] {
	return func(yield func([]string) bool) {
		for _, i := range a.Incidents {
			row := []string{i.ID, strings.Join(i.Services, " "), i.Owner, i.Severity,
				stampOrNone(i.Onset), stampOrNone(i.Earliest), stampOrNone(i.Latest), stampOrNone(i.Detected), stampOrNone(i.Updated), stampOrNone(i.End),
				strconv.FormatBool(i.Retracted), stampOrNone(i.Peak), strconv.Itoa(i.PeakPeople), strconv.Itoa(i.People), strconv.Itoa(i.Posts),
				decimal(i.Usual), decimal(i.Excess), shares(i.Symptoms), shares(i.Languages), shares(i.Sources), strings.Join(i.Words, " ")}
			row = append(append(row, noticed(i.Noticed)...), i.MainlyIn)
			if !yield(row) {
				return
			}
		}
	}
}

// noticed are the cells of the part in which an incident was noticed, lang:ja; empty
// where it was the whole.
func noticed(n aggregate.Noticed) []string {
	if n.Name == "" {
		return []string{"", "", "", ""}
	}
	return []string{n.By + ":" + n.Name, strconv.Itoa(n.People), decimal(n.Usual), decimal(n.Excess)}
}

func severities() []string { return []string{aggregate.Minor, aggregate.Major, aggregate.Critical} }

func incidentsOperation() operation {
	const form = " RFC 3339, or seconds since 1970."
	return operation{
		id: "list-incidents", path: "/v1/incidents",
		params: []*huma.Param{
			param("service", "Slug of a service that is among those of the incident.", text("")),
			param("severity", "This severe or worse.", choice("", severities())),
			param("open", "Only incidents that last.", choice("false", []string{"true", "false"})),
			param("from", "Only incidents that lasted at this time or later."+form, text("")),
			param("to", "Only incidents that began before this time."+form, text("")),
			param("cursor", "Where a page before this one ended: its `next`.", text("^[A-Za-z0-9_-]+$")),
			limitParam("How many incidents at most."), formatParam(),
		},
		summary:     "Times in which far more people than usual complained",
		description: "The latest onset first. Incidents that late counts took back are not listed.",
		cache:       "public, max-age=1",
	}
}

func (s *Server) incidents(ctx context.Context, q *query) (IncidentsAnswer, error) {
	ask := q.incidents()
	if err := q.problem(); err != nil {
		return IncidentsAnswer{}, err
	}
	if ask.Service != "" {
		if err := s.known(ask.Service); err != nil {
			return IncidentsAnswer{}, err
		}
	}
	limit := ask.Limit
	ask.Limit++ // one more tells that there is a next page
	found, err := s.cfg.Store.Incidents(ctx, ask)
	if err != nil {
		return IncidentsAnswer{}, err
	}
	a := IncidentsAnswer{Incidents: make([]aggregate.Incident, 0, len(found))}
	for _, i := range found[:min(limit, len(found))] {
		a.Incidents = append(a.Incidents, plainIncident(i))
	}
	if len(found) > limit {
		next := cursor(found[limit-1])
		a.Next = &next
	}
	return a, nil
}

func (q *query) incidents() aggregate.IncidentQuery {
	ask := aggregate.IncidentQuery{
		Service:  q.text("service"),
		Severity: q.oneOf("severity", "", severities()),
		Open:     q.oneOf("open", "false", []string{"true", "false"}) == "true",
		From:     q.instant("from"),
		To:       q.instant("to"),
		Before:   q.cursor("cursor"),
		Limit:    q.integer("limit", 50, 1, 200),
	}
	if !ask.From.IsZero() && !ask.To.IsZero() && !ask.From.Before(ask.To) {
		q.fail("from", "from (%s) must be before to (%s)", stamp(ask.From), stamp(ask.To))
	}
	return ask
}

// cursor is an incident's place in the order, in a form that nobody takes for
// anything else.
func cursor(i aggregate.Incident) string {
	return base64.RawURLEncoding.EncodeToString([]byte(strconv.FormatInt(i.Onset.UnixMilli(), 10) + " " + i.ID))
}

// cursor reads what the function of the same name made.
func (q *query) cursor(name string) aggregate.Incident {
	v := q.text(name)
	if v == "" {
		return aggregate.Incident{}
	}
	place, err := base64.RawURLEncoding.DecodeString(v)
	millis, id, found := strings.Cut(string(place), " ")
	n, notNumber := strconv.ParseInt(millis, 10, 64)
	onset := time.UnixMilli(n).UTC()
	if err != nil || !found || notNumber != nil || id == "" || onset.Before(earliest()) || onset.After(latest()) {
		q.fail(name, "%s must be the next of an answer before this one; leave it out to begin anew", name)
		return aggregate.Incident{}
	}
	return aggregate.Incident{ID: id, Onset: onset}
}
