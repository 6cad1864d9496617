package store

import (
	"context"
	"fmt"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"golang.org/x/sync/errgroup"

	"outcry/aggregate"
	"outcry/nlp"
)

// Movers answers q, in its order, at most Limit. Only what is shown is read of more
// than the counts of the range.
func (s *Store) Movers(ctx context.Context, q aggregate.MoverQuery) ([]aggregate.Mover, error) {
	var all []aggregate.Mover
	var heard bool
	first, inFirst := errgroup.WithContext(ctx)
	first.Go(func() (err error) {
		all, err = s.judged(inFirst, q)
		return err
	})
	first.Go(func() (err error) {
		heard, err = s.heardWeekBefore(inFirst, q.Source, q.From, q.To)
		return err
	})
	if err := first.Wait(); err != nil {
		return nil, fmt.Errorf("read movers: %w", err)
	}
	if q.Sort == aggregate.ByChange && heard {
		if err := s.movedBefore(ctx, q, all); err != nil {
			return nil, fmt.Errorf("read movers: %w", err)
		}
	}
	aggregate.RankMovers(all, q)
	all = all[:min(len(all), max(0, q.Limit))]
	group, inGroup := errgroup.WithContext(ctx)
	if q.Sort != aggregate.ByChange && heard {
		group.Go(func() error { return s.movedBefore(inGroup, q, all) })
	}
	group.Go(func() error { return s.sparks(inGroup, q, all) })
	group.Go(func() error { return s.commonest(inGroup, q, all) })
	if err := group.Wait(); err != nil {
		return nil, fmt.Errorf("read movers: %w", err)
	}
	return all, nil
}

// judged has every service with something to show, and how far it is above normal.
func (s *Store) judged(ctx context.Context, q aggregate.MoverQuery) ([]aggregate.Mover, error) {
	var all []aggregate.Mover
	norms := map[string]*aggregate.Norm{}
	group, inGroup := errgroup.WithContext(ctx)
	group.Go(func() (err error) {
		all, err = s.moved(inGroup, q, nil)
		return err
	})
	if q.Whole() {
		group.Go(func() (err error) {
			norms, err = s.norms(inGroup, q.From, q.To)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	all = shown(all, q)
	var unknown []string
	for _, m := range all {
		if norms[m.Service] == nil {
			unknown = append(unknown, m.Service)
		}
	}
	days, err := s.days(ctx, q, unknown)
	if err != nil {
		return nil, err
	}
	for i := range all {
		norm := norms[all[i].Service]
		if norm == nil {
			norm = aggregate.NormOfDays(days[all[i].Service])
		}
		all[i].Judge(norm)
	}
	return all, nil
}

// shown drops services that are not asked for, and adds those that have an incident
// but no post.
func shown(all []aggregate.Mover, q aggregate.MoverQuery) []aggregate.Mover {
	kept, have := []aggregate.Mover{}, map[string]bool{}
	for _, m := range all {
		if q.Among == nil || q.Among(m.Service) {
			kept, have[m.Service] = append(kept, m), true
		}
	}
	for _, service := range q.Open {
		if !have[service] && (q.Among == nil || q.Among(service)) {
			kept, have[service] = append(kept, aggregate.Mover{Service: service}), true
		}
	}
	return kept
}

// The services that are asked for; none for all.
const amongSQL = ` AND (empty({services:Array(String)}) OR service IN {services:Array(String)})`

const (
	moverWhere  = ` FROM pulse` + moverFilter
	curvesWhere = ` FROM curves` + moverFilter // where symptoms matter
	moverFilter = `
WHERE kind = {kind:String}
  AND minute >= toDateTime({from:UInt32}, 'UTC') AND minute < toDateTime({to:UInt32}, 'UTC')
  AND ({lang:String} = '' OR lang = {lang:String})
  AND ({source:String} = '' OR source = {source:String})`
)

const movedSQL = `
SELECT service, sum(posts_of), uniqExactMerge(authors_of), sum(finalizeAggregation(authors_of))
FROM
(
    SELECT service, intDiv(toUnixTimestamp(minute) - {from:UInt32}, 3600) AS hour,
           uniqExactMerge(posts) AS posts_of, uniqExactMergeState(authors) AS authors_of` + moverWhere + amongSQL + `
    GROUP BY service, hour
)
GROUP BY service`

// moved counts posts and authors of services, of all where none are named.
func (s *Store) moved(ctx context.Context, q aggregate.MoverQuery, services []string) ([]aggregate.Mover, error) {
	return read(ctx, s, answer{table: "pulse", from: q.From, to: q.To}, movedSQL, moverArgs(q, services), func(rows driver.Rows, m *aggregate.Mover) error {
		return rows.Scan(&m.Service, &m.Posts, &m.Authors, &m.People)
	})
}

func moverArgs(q aggregate.MoverQuery, services []string) []any {
	return append(between(q.From, q.To), moverFilters(q, services)...)
}

// moverFilters is moverArgs without the times.
func moverFilters(q aggregate.MoverQuery, services []string) []any {
	kind := q.Kind
	if kind == "" {
		kind = string(nlp.Complaint)
	}
	return []any{clickhouse.Named("kind", kind), clickhouse.Named("lang", q.Lang), clickhouse.Named("source", q.Source),
		clickhouse.Named("services", orEmpty(services))}
}
