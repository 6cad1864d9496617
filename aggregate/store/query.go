package store

import (
	"context"
	"fmt"
	"math"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"golang.org/x/sync/errgroup"

	"outcry/aggregate"
	"outcry/nlp"
)

const curveSQL = `
SELECT intDiv(toUnixTimestamp(minute), {step:UInt32}) * {step:UInt32} AS t, uniqExactMerge(posts), uniqExactMerge(authors)
FROM curves
WHERE service = {service:String} AND kind = {kind:String} AND symptom = {symptom:String}
  AND minute >= toDateTime({from:UInt32}, 'UTC') AND minute < toDateTime({to:UInt32}, 'UTC')
  AND ({lang:String} = '' OR lang = {lang:String})
  AND ({source:String} = '' OR source = {source:String})
GROUP BY t`

const heardSQL = `
SELECT intDiv(toUnixTimestamp(minute), {step:UInt32}) * {step:UInt32} AS t, uniqMerge(posts), toUInt64(0)
FROM volumes
WHERE minute >= toDateTime({from:UInt32}, 'UTC') AND minute < toDateTime({to:UInt32}, 'UTC')
  AND ({lang:String} = '' OR lang = {lang:String})
  AND ({source:String} = '' OR source = {source:String})
GROUP BY t`

// Curve answers q with one point per step, none missing. From and To must be
// aligned to Step, From before To.
func (s *Store) Curve(ctx context.Context, q aggregate.CurveQuery) ([]aggregate.Point, error) {
	args := append(filters(q.Service, q.Kind, q.Symptom, q.Lang, q.Source, q.From, q.To),
		clickhouse.Named("step", uint32(q.Step/time.Second)))
	points := make([]aggregate.Point, q.To.Sub(q.From)/q.Step)
	for i := range points {
		points[i].T = q.From.Add(time.Duration(i) * q.Step).UTC()
	}
	at := func(t int64) *aggregate.Point { return &points[(t-q.From.Unix())/int64(q.Step/time.Second)] }
	// The two write different fields of the points, so they can run together.
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error {
		return s.steps(ctx, curveSQL, args, func(t int64, posts, authors uint64) { at(t).Posts, at(t).Authors = posts, authors })
	})
	group.Go(func() error {
		return s.steps(ctx, heardSQL, args, func(t int64, heard, _ uint64) { at(t).Heard = heard })
	})
	if err := group.Wait(); err != nil {
		return nil, fmt.Errorf("read curve: %w", err)
	}
	return points, nil
}

// steps calls f for every row (Unix time of the step, two counts).
func (s *Store) steps(ctx context.Context, sql string, args []any, f func(t int64, a, b uint64)) error {
	rows, err := s.conn.Query(ctx, sql, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var t, a, b uint64
		if err := rows.Scan(&t, &a, &b); err != nil {
			return err
		}
		f(int64(t), a, b)
	}
	return rows.Err()
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

const evidenceSQL = `
SELECT post_id, source, kind, lang, symptoms, score, text, created_at
FROM signals FINAL
WHERE service = {service:String} AND kind = {kind:String}
  AND created_at >= toDateTime({from:UInt32}, 'UTC') AND created_at < toDateTime({to:UInt32}, 'UTC')
  AND ({symptom:String} = '' OR has(symptoms, {symptom:String}))
  AND ({lang:String} = '' OR lang = {lang:String})
  AND ({source:String} = '' OR source = {source:String})
  AND text != '' AND post NOT IN (SELECT post FROM deletions)
ORDER BY created_at DESC, post
LIMIT {limit:UInt32}`

// Evidence answers q, newest first. Posts that were deleted, or whose text
// has passed its time, are not in it.
func (s *Store) Evidence(ctx context.Context, q aggregate.EvidenceQuery) ([]aggregate.Evidence, error) {
	args := append(filters(q.Service, q.Kind, q.Symptom, q.Lang, q.Source, q.From, q.To),
		clickhouse.Named("limit", uint32(q.Limit)))
	rows, err := s.conn.Query(ctx, evidenceSQL, args...)
	if err != nil {
		return nil, fmt.Errorf("read evidence: %w", err)
	}
	defer rows.Close()
	found := []aggregate.Evidence{}
	for rows.Next() {
		var e aggregate.Evidence
		var score float32
		if err := rows.Scan(&e.ID, &e.Source, &e.Kind, &e.Lang, &e.Symptoms, &score, &e.Text, &e.CreatedAt); err != nil {
			return nil, fmt.Errorf("read evidence: %w", err)
		}
		e.Score = math.Round(float64(score)*1000) / 1000 // a float32 has no more to say
		found = append(found, e)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read evidence: %w", err)
	}
	return found, nil
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
	var newest time.Time
	if err := s.conn.QueryRow(ctx, `SELECT max(minute) FROM volumes`).Scan(&newest); err != nil {
		return time.Time{}, fmt.Errorf("read newest minute: %w", err)
	}
	if newest.Unix() == 0 {
		return time.Time{}, nil
	}
	return newest, nil
}
