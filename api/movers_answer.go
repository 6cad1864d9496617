package api

import (
	"context"
	"slices"

	"outcry/aggregate"
	"outcry/nlp/catalog"
)

// moverQuery reads all of the query but its times.
func (s *Server) moverQuery(q *query) aggregate.MoverQuery {
	sector := q.oneOf("sector", "", s.sectors())
	country := q.oneOf("country", "", s.countries())
	return aggregate.MoverQuery{
		Kind: q.kind(), Lang: q.lang(), Source: q.source(),
		Sort: q.oneOf("sort", aggregate.ByAbove, sorts()), Limit: q.integer("limit", 50, 1, 500),
		Among: func(slug string) bool {
			c, ok := s.cfg.Catalog.Lookup(slug) // not "unknown" either: that is no service
			return ok && (sector == "" || c.Sector == sector) && (country == "" || slices.Contains(c.Countries, country))
		},
	}
}

func (s *Server) movers(ctx context.Context, q *query, ask aggregate.MoverQuery) (MoversAnswer, error) {
	newest, r, err := s.late(ctx, q)
	if err != nil {
		return MoversAnswer{}, err
	}
	ask.From, ask.To = r.from, r.to
	last, err := s.cfg.Store.Incidents(ctx, aggregate.IncidentQuery{From: r.to, To: r.to, Limit: 1000})
	if err != nil {
		return MoversAnswer{}, err
	}
	open := map[string]aggregate.Incident{}
	for _, i := range last {
		for _, service := range i.Services {
			if _, had := open[service]; !had {
				open[service], ask.Open = i, append(ask.Open, service)
			}
		}
	}
	found, err := s.cfg.Store.Movers(ctx, ask)
	if err != nil {
		return MoversAnswer{}, err
	}
	a := MoversAnswer{r.from, r.to, instantOrNull(newest), make([]MoverRow, 0, len(found))}
	for _, m := range found {
		c, _ := s.cfg.Catalog.Lookup(m.Service)
		a.Movers = append(a.Movers, moverRow(c, m, open[m.Service]))
	}
	return a, nil
}

func moverRow(c catalog.Service, m aggregate.Mover, i aggregate.Incident) MoverRow {
	return MoverRow{
		Slug: m.Service, Name: c.Name, Sector: c.Sector, Owner: c.Owner, Countries: append([]string{}, c.Countries...),
		Posts: m.Posts, Authors: m.Authors, Usual: m.Usual, Above: m.Above, Before: m.Before, Change: m.Change(),
		Since: instantOrNull(i.Onset), Incident: i.ID, Symptom: m.Symptom, SymptomShare: thousandths(m.SymptomShare), Spark: append([]uint64{}, m.Spark...),
	}
}
