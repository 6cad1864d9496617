package store

import (
	"context"
	"slices"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"outcry/aggregate"
)

// What is compared with where nothing else tells what is usual: the same time of so
// many days before, or, of a longer range, of so many ranges of whole weeks before.
const (
	daysBefore  = 7
	weeksBefore = 2
)

// earlier is how far apart the ranges are that q is compared with, and how many.
func earlier(q aggregate.MoverQuery) (stride time.Duration, n int) {
	length := q.To.Sub(q.From)
	if length <= 24*time.Hour {
		return 24 * time.Hour, daysBefore
	}
	return (length + aggregate.Week - 1).Truncate(aggregate.Week), weeksBefore
}

// ranges are those of the same length as [from, to), n of them, each begins a stride
// before the one after it. Number 0 is [from, to) itself.
type ranges struct {
	from, to time.Time
	stride   time.Duration // not shorter than the ranges
	n        int
}

func (r ranges) args() []any {
	first := r.from.Add(-time.Duration(r.n-1) * r.stride)
	return append(between(notBefore1970(first), notBefore1970(r.to)), clickhouse.Named("end", uint32(notBefore1970(r.to).Unix())),
		clickhouse.Named("stride", uint32(r.stride/time.Second)), clickhouse.Named("length", uint32(r.to.Sub(r.from)/time.Second)))
}

func notBefore1970(t time.Time) time.Time {
	if t.Unix() < 0 {
		return time.Unix(0, 0)
	}
	return t
}

// back is how many seconds a minute is before the end of the ranges.
const back = `({end:UInt32} - 1 - toUnixTimestamp(minute))`

const heardRangesSQL = `
SELECT toUInt64(intDiv(` + back + `, {stride:UInt32})) AS k, countIf(` + back + ` % {stride:UInt32} * 2 < {length:UInt32}) > 0
       AND countIf(` + back + ` % {stride:UInt32} * 2 >= {length:UInt32}) > 0
FROM volumes
WHERE minute >= toDateTime({from:UInt32}, 'UTC') AND minute < toDateTime({to:UInt32}, 'UTC')
  AND ({source:String} = '' OR source = {source:String})
  AND ` + back + ` % {stride:UInt32} < {length:UInt32}
GROUP BY k`

// heard says in which of the ranges something was heard in both halves, complaint or
// not: elsewhere that nobody complained says nothing. A range of a minute has one half.
func (s *Store) heard(ctx context.Context, source string, r ranges) ([]bool, error) {
	all := make([]bool, r.n)
	err := s.scan(ctx, heardRangesSQL, append(r.args(), clickhouse.Named("source", source)), func(rows driver.Rows) error {
		var k uint64
		var both uint8
		err := rows.Scan(&k, &both)
		if k < uint64(len(all)) {
			all[k] = both > 0 || r.to.Sub(r.from) <= time.Minute
		}
		return err
	})
	return all, err
}

// heardWeekBefore says whether something was heard a week before.
func (s *Store) heardWeekBefore(ctx context.Context, source string, from, to time.Time) (bool, error) {
	if from.Unix() < int64(aggregate.Week/time.Second) {
		return false, nil
	}
	heard, err := s.heard(ctx, source, ranges{from.Add(-aggregate.Week), to.Add(-aggregate.Week), to.Sub(from), 1})
	return len(heard) > 0 && heard[0], err
}

const daysSQL = `
SELECT service, k, sum(people)
FROM
(
    SELECT service, toUInt64(intDiv(` + back + `, {stride:UInt32})) AS k, intDiv(` + back + `, 3600) AS hour, uniqExactMerge(authors) AS people` +
	moverWhere + ` AND service IN {services:Array(String)} AND ` + back + ` % {stride:UInt32} < {length:UInt32}
    GROUP BY service, k, hour
)
GROUP BY service, k`

// days counts who complained about the services in those ranges before q in which
// something was heard. Services of which nothing was said then have zeros.
func (s *Store) days(ctx context.Context, q aggregate.MoverQuery, services []string) (map[string][]uint64, error) {
	counts := map[string][]uint64{}
	if len(services) == 0 {
		return counts, nil
	}
	stride, n := earlier(q)
	r := ranges{q.From.Add(-stride), q.To.Add(-stride), stride, n}
	heard, err := s.heard(ctx, q.Source, r)
	if err != nil || !slices.Contains(heard, true) {
		return counts, err
	}
	place := make([]int, n) // of each range among those that were heard
	known := 0
	for k, ok := range heard {
		if place[k] = known; ok {
			known++
		}
	}
	for _, service := range services {
		counts[service] = make([]uint64, known)
	}
	args := append(r.args(), moverFilters(q, services)...)
	err = s.scan(ctx, daysSQL, args, func(rows driver.Rows) error {
		var service string
		var k, people uint64
		err := rows.Scan(&service, &k, &people)
		if err == nil && k < uint64(n) && heard[k] {
			counts[service][place[k]] = people
		}
		return err
	})
	return counts, err
}
