package store

import (
	"context"
	"fmt"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"golang.org/x/sync/errgroup"

	"outcry/aggregate"
	"outcry/nlp"
)

// Steps are counted from the begin of the range, not from 1970, because weeks
// begin on Mondays.
const curveSQL = `
SELECT toUInt64(intDiv(toUnixTimestamp(minute) - {from:UInt32}, {step:UInt32})) AS i, uniqExactMerge(posts), uniqExactMerge(authors)
FROM curves
WHERE service = {service:String} AND kind = {kind:String} AND symptom = {symptom:String}
  AND minute >= toDateTime({from:UInt32}, 'UTC') AND minute < toDateTime({to:UInt32}, 'UTC')
  AND ({lang:String} = '' OR lang = {lang:String})
  AND ({source:String} = '' OR source = {source:String})
GROUP BY i`

// Curve answers q with one point per step, none missing. From and To must be
// aligned to Step, From before To.
func (s *Store) Curve(ctx context.Context, q aggregate.CurveQuery) ([]aggregate.Point, error) {
	args := append(filters(q.Service, q.Kind, q.Symptom, q.Lang, q.Source, q.From, q.To),
		clickhouse.Named("step", uint32(q.Step/time.Second)))
	points := make([]aggregate.Point, q.To.Sub(q.From)/q.Step)
	for i := range points {
		points[i].T = q.From.Add(time.Duration(i) * q.Step).UTC()
	}
	var heard map[string][]uint64
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error {
		return s.steps(ctx, curveSQL, args, func(i int64, posts, authors uint64) { points[i].Posts, points[i].Authors = posts, authors })
	})
	group.Go(func() (err error) {
		heard, err = s.Heard(ctx, aggregate.HeardQuery{Lang: q.Lang, Source: q.Source, From: q.From, To: q.To, Step: q.Step})
		return err
	})
	if err := group.Wait(); err != nil {
		return nil, fmt.Errorf("read curve: %w", err)
	}
	for i, n := range heard[""] {
		points[i].Heard = n
	}
	return points, nil
}

// steps calls f for every row (a step or time, two counts).
func (s *Store) steps(ctx context.Context, sql string, args []any, f func(t int64, a, b uint64)) error {
	return s.scan(ctx, sql, args, func(rows driver.Rows) error {
		var t, a, b uint64
		if err := rows.Scan(&t, &a, &b); err != nil {
			return err
		}
		f(int64(t), a, b)
		return nil
	})
}

func filters(service, kind, symptom, lang, source string, from, to time.Time) []any {
	if kind == "" {
		kind = string(nlp.Complaint)
	}
	return append(between(from, to),
		clickhouse.Named("service", service), clickhouse.Named("kind", kind), clickhouse.Named("symptom", symptom),
		clickhouse.Named("lang", lang), clickhouse.Named("source", source))
}

// between passes times as numbers: as DateTime parameters the years before
// 1973 have too few digits for ClickHouse.
func between(from, to time.Time) []any {
	return []any{clickhouse.Named("from", uint32(from.Unix())), clickhouse.Named("to", uint32(to.Unix()))}
}

const activitySQL = `
SELECT service, uniqExactMerge(posts), max(minute)
FROM curves
WHERE kind = 'complaint' AND symptom = '' AND minute >= toDateTime({from:UInt32}, 'UTC') AND minute < toDateTime({to:UInt32}, 'UTC')
GROUP BY service`

// Activity sums up every service that has a complaint in [from, to), in no
// order.
func (s *Store) Activity(ctx context.Context, from, to time.Time) ([]aggregate.ServiceActivity, error) {
	rows, err := s.conn.Query(ctx, activitySQL, between(from, to)...)
	if err != nil {
		return nil, fmt.Errorf("read activity: %w", err)
	}
	defer rows.Close()
	var all []aggregate.ServiceActivity
	for rows.Next() {
		var a aggregate.ServiceActivity
		if err := rows.Scan(&a.Service, &a.Posts, &a.Last); err != nil {
			return nil, fmt.Errorf("read activity: %w", err)
		}
		all = append(all, a)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read activity: %w", err)
	}
	return all, nil
}

// Newest is the minute of the newest post heard; the zero time when nothing
// was heard yet.
func (s *Store) Newest(ctx context.Context) (time.Time, error) {
	of := answer{table: "volumes"}
	of.from, of.to = everyTime()
	newest, err := read(ctx, s, of, `SELECT max(minute) FROM volumes`, nil, func(rows driver.Rows, t *time.Time) error { return rows.Scan(t) })
	if err != nil {
		return time.Time{}, fmt.Errorf("read newest minute: %w", err)
	}
	if len(newest) == 0 || newest[0].Unix() == 0 {
		return time.Time{}, nil
	}
	return newest[0], nil
}
