package api

import (
	"context"
	"iter"
	"slices"
	"strings"
	"time"

	"outcry/aggregate"
	"outcry/nlp"
	"outcry/nlp/catalog"
)

// ServicesAnswer is the body of /v1/services, most complaints first. From and
// To are the range that Posts and Last are of.
type ServicesAnswer struct {
	Services []ServiceRow `json:"services" nullable:"false"`
	Newest   *time.Time   `json:"newest" doc:"Minute of the newest post heard, complaint or not; null when there is none."`
	From     time.Time    `json:"from" doc:"Inclusive."`
	To       time.Time    `json:"to" doc:"Exclusive."`
}

// ServiceRow is one service of the catalogue, or "unknown" for complaints that
// name none, with its complaints in the range.
type ServiceRow struct {
	Slug      string     `json:"slug"`
	Name      string     `json:"name"`
	Owner     string     `json:"owner"`
	Sector    string     `json:"sector"`
	Countries []string   `json:"countries" nullable:"false"`
	Posts     uint64     `json:"posts" doc:"Distinct complaint posts."`
	Last      *time.Time `json:"last" doc:"Minute of the latest complaint; null when there is none."`
}

func (ServicesAnswer) header() []string {
	return []string{"slug", "name", "owner", "sector", "countries", "posts", "last"}
}

func (a ServicesAnswer) rows() iter.Seq[[]string] {
	return func(yield func([]string) bool) {
		for _, s := range a.Services {
			last := ""
			if s.Last != nil {
				last = stamp(*s.Last)
			}
			row := []string{s.Slug, s.Name, s.Owner, s.Sector, strings.Join(s.Countries, " "), count(s.Posts), last}
			if !yield(row) {
				return
			}
		}
	}
}

func servicesOperation() operation {
	params := append(spanParams(), param("sector", "Only services of this sector of the catalogue.", text("")), formatParam())
	params[1].Description = "End of the range, exclusive; by default now, or, without from, just after the newest post heard." +
		" RFC 3339, or seconds since 1970."
	return operation{
		id: "list-services", path: "/v1/services", params: params,
		summary:     "Every service, most complaints first",
		description: "Counts are of complaints, by the minute: the range is widened to whole minutes.",
		cache:       "public, max-age=1",
	}
}

func (s *Server) services(ctx context.Context, q *query) (ServicesAnswer, error) {
	sector := q.oneOf("sector", "", s.sectors())
	if err := q.problem(); err != nil { // before the store is asked
		return ServicesAnswer{}, err
	}
	newest, err := s.cfg.Store.Newest(ctx)
	if err != nil {
		return ServicesAnswer{}, err
	}
	end := q.now
	if !newest.IsZero() && q.text("from") == "" {
		end = newest.Add(time.Minute)
	}
	r := q.span(end, time.Minute)
	if err := q.problem(); err != nil {
		return ServicesAnswer{}, err
	}
	heard, err := s.kept.activity.get(ctx, r.key(""), s.keeping(0), func(ctx context.Context) ([]aggregate.ServiceActivity, error) {
		return s.cfg.Store.Activity(ctx, r.from, r.to)
	})
	if err != nil {
		return ServicesAnswer{}, err
	}
	return ServicesAnswer{s.ranked(heard, sector), instantOrNull(newest), r.from, r.to}, nil
}

// ranked joins the catalogue with what was heard. What was heard of a service
// that has left the catalogue is not shown: nobody could ask for its curve.
func (s *Server) ranked(heard []aggregate.ServiceActivity, sector string) []ServiceRow {
	known := append(slices.Clone(s.cfg.Catalog.Services()), catalog.Service{Slug: nlp.UnknownService, Name: "No service named"})
	bySlug := make(map[string]aggregate.ServiceActivity, len(heard))
	for _, a := range heard {
		bySlug[a.Service] = a
	}
	rows := make([]ServiceRow, 0, len(known))
	for _, c := range known {
		if sector == "" || c.Sector == sector {
			rows = append(rows, row(c, bySlug[c.Slug]))
		}
	}
	slices.SortFunc(rows, func(a, b ServiceRow) int {
		if a.Posts != b.Posts {
			if a.Posts > b.Posts {
				return -1
			}
			return 1
		}
		return strings.Compare(a.Slug, b.Slug)
	})
	return rows
}

func row(c catalog.Service, a aggregate.ServiceActivity) ServiceRow {
	return ServiceRow{
		Slug: c.Slug, Name: c.Name, Owner: c.Owner, Sector: c.Sector, Countries: append([]string{}, c.Countries...),
		Posts: a.Posts, Last: instantOrNull(a.Last),
	}
}

func (s *Server) sectors() []string {
	var all []string
	for _, c := range s.cfg.Catalog.Services() {
		if c.Sector != "" {
			all = append(all, c.Sector)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

func instantOrNull(t time.Time) *time.Time {
	if t.IsZero() || t.Unix() == 0 { // ClickHouse has no earlier time: its zero is 1970
		return nil
	}
	t = t.UTC()
	return &t
}
