package store

import (
	"context"
	"fmt"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"outcry/aggregate"
)

// piece is how much of a long range is asked for at once: the embedded engine
// gives no row of an answer before it has all of it.
const piece = 24 * time.Hour

// Who complained about a service within the hour before is not counted again: one
// who goes on and on is one. Rows that a replay wrote twice have one author, too.
const countsSQL = `
SELECT service, source, toStartOfMinute(toDateTime(created_at, 'UTC')) AS minute,
       uniqExactIf(author, kind = 'complaint' AND fresh) AS people,
       uniqExactIf(post, kind = 'complaint') AS posts,
       uniqExactIf(post, kind = 'resolved') AS resolved,
       uniqExactMapIf(mapFromArrays(parts, arrayMap(part -> author, parts)), kind = 'complaint' AND fresh) AS people_of
FROM
(
    SELECT service, source, kind, created_at, author, post,
           CAST(arrayConcat(if(lang = '', [], [concat('lang=', lang)]), arrayMap(s -> concat('symptom=', s), symptoms)), 'Array(String)') AS parts,
           dateDiff('second', lagInFrame(created_at, 1, toDateTime64(0, 3, 'UTC')) OVER
               (PARTITION BY service, kind, author ORDER BY created_at ROWS BETWEEN 1 PRECEDING AND CURRENT ROW), created_at) > 3600 AS fresh
    FROM signals
    WHERE kind IN ('complaint', 'resolved')
      AND created_at >= toDateTime({from:UInt32}, 'UTC') - INTERVAL 1 HOUR AND created_at < toDateTime({to:UInt32}, 'UTC')
)
WHERE created_at >= toDateTime({from:UInt32}, 'UTC')
GROUP BY service, source, minute
ORDER BY minute, service, source`

// Counts calls each for every service, minute and source of [from, to) that has
// complaints, or posts that say it works again, in the order of minutes, then
// services, then sources. An error of each ends it.
func (s *Store) Counts(ctx context.Context, from, to time.Time, each func(aggregate.Count) error) error {
	return s.pieces(ctx, "counts", countsSQL, from, to, func(rows driver.Rows) error {
		var c aggregate.Count
		if err := rows.Scan(&c.Service, &c.Source, &c.Minute, &c.Authors, &c.Posts, &c.Resolved, &c.Parts); err != nil {
			return err
		}
		return each(c)
	})
}

const volumesSQL = `
SELECT source, minute, uniqMerge(posts)
FROM volumes
WHERE minute >= toDateTime({from:UInt32}, 'UTC') AND minute < toDateTime({to:UInt32}, 'UTC')
GROUP BY source, minute
ORDER BY minute, source`

// Volumes calls each for every minute of [from, to) and source that said
// something, in the order of minutes, then sources. An error of each ends it.
func (s *Store) Volumes(ctx context.Context, from, to time.Time, each func(aggregate.Volume) error) error {
	return s.pieces(ctx, "volumes", volumesSQL, from, to, func(rows driver.Rows) error {
		var v aggregate.Volume
		if err := rows.Scan(&v.Source, &v.Minute, &v.Posts); err != nil {
			return err
		}
		return each(v)
	})
}

// pieces reads a range piece by piece.
func (s *Store) pieces(ctx context.Context, what, sql string, from, to time.Time, row func(driver.Rows) error) error {
	for from.Before(to) {
		end := from.Add(piece)
		if end.After(to) {
			end = to
		}
		if err := s.scan(ctx, sql, between(from, end), row); err != nil {
			return fmt.Errorf("read %s: %w", what, err)
		}
		from = end
	}
	return nil
}

// scan calls row for every row of an answer until one fails.
func (s *Store) scan(ctx context.Context, sql string, args []any, row func(driver.Rows) error) error {
	rows, err := s.conn.Query(ctx, sql, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := row(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}
