package api

import (
	"context"
	"fmt"
	"time"

	"outcry/aggregate"
)

// What is usual changes every quarter of an hour, and costs as much as a curve.
const (
	expectedFor   = 30 * time.Second // so long it is kept, and
	expectedStale = 2                // times as long given while the next is fetched
	expectedMost  = 5000             // of services and ranges
	expectedLong  = 3 * day          // of ranges that are not longer
	expectedAlign = 6 * time.Hour    // so that a range that ends now is not another one every quarter
	expectedMore  = 100              // others that are fetched along, as they will be asked for
)

// expectedOf is what is usual of each service, in the range and somewhat around it.
func (s *Server) expectedOf(ctx context.Context, a curvesAsk) (map[string][]aggregate.Expected, error) {
	from, to := a.From.Truncate(expectedAlign), ceil(a.To, expectedAlign)
	all := make(map[string][]aggregate.Expected, len(a.Services))
	if to.Sub(from) > expectedLong {
		return all, s.askExpected(ctx, a.Services, from, to, all)
	}
	for _, service := range a.Services {
		var err error
		if all[service], err = s.expectedOfOne(ctx, service, span{from, to}); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// expectedOfOne is what is usual of a service in r, as it was half a minute ago.
func (s *Server) expectedOfOne(ctx context.Context, service string, r span) ([]aggregate.Expected, error) {
	rows, age, ok := s.kept.expected.get(r.key(service), s.cfg.Now())
	if ok && age < expectedFor {
		return rows, nil
	}
	waiting := s.kept.expecting.join(r.key(""), service, func(services []string) (map[string][]aggregate.Expected, error) {
		return s.askExpectedOfMany(ctx, services, r)
	})
	if ok && age < expectedFor*(1+expectedStale) {
		return rows, nil
	}
	return waiting.wait(ctx, service)
}

func (r span) key(service string) string {
	return fmt.Sprint(r.from.Unix(), " ", r.to.Unix(), " ", service)
}

// askExpectedOfMany asks for the services and, in a rush, for others whose time has
// come, and keeps what is usual of all of them.
func (s *Server) askExpectedOfMany(ctx context.Context, services []string, r span) (map[string][]aggregate.Expected, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.cfg.Timeout)
	defer cancel()
	now, most := s.cfg.Now(), len(services)+expectedMore
	for _, other := range s.kept.rush.services() {
		if _, age, ok := s.kept.expected.get(r.key(other), now); len(services) < most && (!ok || age > expectedFor/2) {
			services = append(services, other)
		}
	}
	found := make(map[string][]aggregate.Expected, len(services))
	if err := s.askExpected(ctx, services, r.from, r.to, found); err != nil {
		return nil, err
	}
	for _, service := range services {
		s.kept.expected.put(r.key(service), found[service], now, expectedMost)
	}
	return found, nil
}

func (s *Server) askExpected(ctx context.Context, services []string, from, to time.Time, all map[string][]aggregate.Expected) error {
	rows, err := s.cfg.Store.ExpectedOf(ctx, services, from, to)
	for _, e := range rows {
		all[e.Service] = append(all[e.Service], e)
	}
	return err
}
