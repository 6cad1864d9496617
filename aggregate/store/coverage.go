package store

import (
	"context"
	"fmt"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"

	"outcry/aggregate"
)

const coverageSQL = `
SELECT source, intDiv(toUnixTimestamp(minute), {step:UInt32}) * {step:UInt32} AS t, sum(bitCount(heard) / of) AS seconds
FROM
(
    SELECT source, minute, part, groupBitOr(seconds) AS heard, max(max(parts)) OVER (PARTITION BY source, minute) AS of
    FROM coverage
    WHERE minute >= toDateTime({from:UInt32}, 'UTC') AND minute < toDateTime({to:UInt32}, 'UTC')
      AND ({source:String} = '' OR source = {source:String})
    GROUP BY source, minute, part
)
GROUP BY source, t
ORDER BY source, t`

// Coverage answers q with the sources that were heard in [From, To), by name. From
// and To must be aligned to Step, From before To.
func (s *Store) Coverage(ctx context.Context, q aggregate.CoverageQuery) ([]aggregate.Coverage, error) {
	all := []aggregate.Coverage{}
	err := s.covered(ctx, q, func(source string, t int64, seconds float64) {
		if len(all) == 0 || all[len(all)-1].Source != source {
			all = append(all, aggregate.Coverage{Source: source, Shares: make([]float64, q.To.Sub(q.From)/q.Step)})
		}
		all[len(all)-1].Shares[(t-q.From.Unix())/int64(q.Step/time.Second)] = min(1, seconds/q.Step.Seconds())
	})
	return all, err
}

// covered calls f with the seconds that each source was heard in each step, in the
// order of sources and steps (Unix time).
func (s *Store) covered(ctx context.Context, q aggregate.CoverageQuery, f func(source string, t int64, seconds float64)) error {
	args := append(between(notBefore1970(q.From), q.To), clickhouse.Named("source", q.Source), clickhouse.Named("step", uint32(q.Step/time.Second)))
	rows, err := s.conn.Query(ctx, coverageSQL, args...)
	if err != nil {
		return fmt.Errorf("read coverage: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var source string
		var t uint64
		var seconds float64
		if err := rows.Scan(&source, &t, &seconds); err != nil {
			return fmt.Errorf("read coverage: %w", err)
		}
		f(source, int64(t), seconds)
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("read coverage: %w", err)
	}
	return nil
}

const sourcesSQL = `
SELECT source, uniqMerge(posts), max(minute)
FROM volumes
WHERE minute >= toDateTime({from:UInt32}, 'UTC') AND minute < toDateTime({to:UInt32}, 'UTC')
GROUP BY source`

// Sources sums up every source that was heard in [from, to), in no order.
func (s *Store) Sources(ctx context.Context, from, to time.Time) ([]aggregate.SourceActivity, error) {
	shares, err := s.wholeCoverage(ctx, from, to)
	if err != nil {
		return nil, err
	}
	rows, err := s.conn.Query(ctx, sourcesSQL, between(from, to)...)
	if err != nil {
		return nil, fmt.Errorf("read sources: %w", err)
	}
	defer rows.Close()
	var all []aggregate.SourceActivity
	for rows.Next() {
		a := aggregate.SourceActivity{Coverage: -1}
		if err := rows.Scan(&a.Source, &a.Posts, &a.Last); err != nil {
			return nil, fmt.Errorf("read sources: %w", err)
		}
		if share, told := shares[a.Source]; told {
			a.Coverage = share
			delete(shares, a.Source)
		}
		all = append(all, a)
	}
	for source, share := range shares { // heard, and it had nothing to say
		all = append(all, aggregate.SourceActivity{Source: source, Coverage: share})
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read sources: %w", err)
	}
	return all, nil
}

// wholeCoverage is the share of all of [from, to) that sources were heard in.
func (s *Store) wholeCoverage(ctx context.Context, from, to time.Time) (map[string]float64, error) {
	q := aggregate.CoverageQuery{From: from, To: to, Step: time.Hour}
	shares := map[string]float64{}
	err := s.covered(ctx, q, func(source string, _ int64, seconds float64) {
		shares[source] += seconds / to.Sub(from).Seconds()
	})
	return shares, err
}
