package store

import (
	"context"
	"fmt"
	"slices"
	"strings"
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

// within is a condition on minutes. Between the ranges may lie far more than in them,
// and of a remainder the index knows nothing.
func (r ranges) within() string {
	var each []string
	for k := range r.n {
		to := r.to.Add(-time.Duration(k) * r.stride)
		each = append(each, fmt.Sprintf("minute >= toDateTime(%d, 'UTC') AND minute < toDateTime(%d, 'UTC')",
			notBefore1970(to.Add(r.from.Sub(r.to))).Unix(), notBefore1970(to).Unix()))
	}
	return "(" + strings.Join(each, " OR ") + ")"
}

// of is what is read of a table.
func (r ranges) of(table string) answer {
	return answer{table: table, from: r.from.Add(-time.Duration(r.n-1) * r.stride), to: r.to}
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
SELECT toUInt64(intDiv(` + back + `, {stride:UInt32})) AS k, countIf(` + back + ` %% {stride:UInt32} * 2 < {length:UInt32}) > 0
       AND countIf(` + back + ` %% {stride:UInt32} * 2 >= {length:UInt32}) > 0
FROM volumes
WHERE minute >= toDateTime({from:UInt32}, 'UTC') AND minute < toDateTime({to:UInt32}, 'UTC')
  AND ({source:String} = '' OR source = {source:String})
  AND %s
GROUP BY k`

// heard says in which of the ranges something was heard in both halves, complaint or
// not: elsewhere that nobody complained says nothing. A range of a minute has one half.
func (s *Store) heard(ctx context.Context, source string, r ranges) ([]bool, error) {
	all := make([]bool, r.n)
	type row struct {
		k    uint64
		both uint8
	}
	rows, err := read(ctx, s, r.of("volumes"), fmt.Sprintf(heardRangesSQL, r.within()), append(r.args(), clickhouse.Named("source", source)),
		func(rows driver.Rows, to *row) error { return rows.Scan(&to.k, &to.both) })
	for _, found := range rows {
		if found.k < uint64(len(all)) {
			all[found.k] = found.both > 0 || r.to.Sub(r.from) <= time.Minute
		}
	}
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
	moverWhere + amongSQL + ` AND %s
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
	type row struct {
		service   string
		k, people uint64
	}
	if !q.Whole() { // it is of all of them, and so is of use to who asks next
		services = nil
	}
	rows, err := read(ctx, s, r.of("pulse"), fmt.Sprintf(daysSQL, r.within()), append(r.args(), moverFilters(q, services)...),
		func(rows driver.Rows, to *row) error { return rows.Scan(&to.service, &to.k, &to.people) })
	for _, found := range rows {
		if of := counts[found.service]; of != nil && found.k < uint64(n) && heard[found.k] {
			of[place[found.k]] = found.people
		}
	}
	return counts, err
}
