package api

import (
	"strconv"
	"strings"
	"time"
)

// maxPoints is the longest curve of one answer: two weeks by the minute.
const maxPoints = 20_000

const day = 24 * time.Hour

const week = 7 * day

// stepNames lists the steps of a curve, shortest first. Each but the last divides a
// day, so that alignment to UTC is the same on every date; weeks begin on Mondays,
// as time.Truncate has it, whose first day was one.
func stepNames() []string {
	return []string{"1m", "5m", "10m", "15m", "30m", "1h", "3h", "6h", "12h", "1d", "1w"}
}

// stepLength is the length of a step of that list.
func stepLength(name string) time.Duration {
	switch name {
	case "1d":
		return day
	case "1w":
		return week
	}
	d, err := time.ParseDuration(name)
	if err != nil {
		return time.Minute // not of the list
	}
	return d
}

// earliest and latest are the ends of what ClickHouse's DateTime can hold, cut
// to a day so that aligning to any step stays inside.
func earliest() time.Time { return time.Unix(0, 0).UTC() }
func latest() time.Time   { return time.Date(2106, time.February, 7, 0, 0, 0, 0, time.UTC) }

// span is a range of time, To exclusive.
type span struct{ from, to time.Time }

// span reads from and to. Without to the range ends at end; without from it
// begins a day before its end. Both are widened to whole steps; a step of zero
// leaves them as they are.
func (q *query) span(end time.Time, step time.Duration) span {
	before := len(q.errs)
	from, to := q.instant("from"), q.instant("to")
	if len(q.errs) > before {
		return span{}
	}
	if to.IsZero() {
		to = end.UTC()
	}
	if !from.IsZero() && !from.Before(to) {
		q.fail("from", "from (%s) must be before to (%s)", stamp(from), stamp(to))
		return span{}
	}
	to = ceil(to, step)
	if from.IsZero() {
		from = maxTime(to.Add(-max(day, step)), earliest())
	}
	if !from.Before(to) {
		q.fail("to", "to must be after %s", stamp(earliest()))
	}
	// A week may reach over the ends of what can be held.
	r := span{maxTime(from.Truncate(step), ceil(earliest(), step)), minTime(to, latest().Truncate(step))}
	if len(q.errs) == before && !r.from.Before(r.to) {
		q.fail("to", "to must be after %s, and the range hold a whole step", stamp(earliest()))
	}
	return r
}

// instant reads a time: RFC 3339, or seconds since 1970. The zero time stands
// for none.
func (q *query) instant(name string) time.Time {
	v := q.text(name)
	if v == "" {
		return time.Time{}
	}
	t, ok := parseTime(v)
	switch {
	case !ok:
		q.fail(name, "%s must be a time such as 2022-10-25T07:17:00Z, or seconds since 1970", name)
	case t.Before(earliest()) || t.After(latest()):
		q.fail(name, "%s must lie between %s and %s", name, stamp(earliest()), stamp(latest()))
	default:
		return t
	}
	return time.Time{}
}

func parseTime(v string) (time.Time, bool) {
	if n, err := strconv.ParseInt(v, 10, 64); err == nil {
		return time.Unix(n, 0).UTC(), true
	}
	// A plus that was not encoded arrives as a space: +02:00 is " 02:00".
	if i := strings.LastIndexByte(v, ' '); i > len("2006-01-02") {
		v = v[:i] + "+" + v[i+1:]
	}
	t, err := time.Parse(time.RFC3339, v)
	return t.UTC(), err == nil
}

// fits refuses a range in which so many curves have more points than one answer
// holds, and names the shortest step that would do.
func (q *query) fits(s span, step time.Duration, curves, limit int) {
	n := int64(s.to.Sub(s.from)/step) * int64(curves)
	if n <= int64(limit) {
		return
	}
	hint := "; ask for a shorter range"
	for _, name := range stepNames() {
		if (int64(s.to.Sub(s.from)/stepLength(name))+2)*int64(curves) <= int64(limit) { // alignment may add two
			hint = "; step=" + name + " would fit"
			break
		}
	}
	if limit == maxPoints {
		hint += ", and so would format=ndjson, csv, arrow or parquet"
	}
	q.fail("step", "the range has %d points, the limit is %d%s", n, limit, hint)
}

func ceil(t time.Time, step time.Duration) time.Time {
	if down := t.Truncate(step); !down.Equal(t) {
		return down.Add(step)
	}
	return t
}

func maxTime(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func minTime(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }
