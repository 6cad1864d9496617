package api

import (
	"maps"
	"time"
)

// key is the question as it was put, but for the form of the answer.
func (q *query) key() string {
	values := maps.Clone(q.values)
	values.Del("format")
	return values.Encode()
}

// lateHour reads the range of q. By default it is the hour that ends just after the
// newest post; in whole minutes and at most so long.
func (q *query) lateHour(newest time.Time, most time.Duration) span {
	end := q.now
	if newest.Unix() > 0 {
		end = newest.Add(time.Minute)
	}
	if from, ok := parseTime(q.text("from")); ok && !from.Before(end) {
		end = maxTime(q.now, end)
	}
	r := q.span(end, time.Minute)
	if q.text("from") == "" && !r.to.IsZero() {
		r.from = maxTime(r.to.Add(-time.Hour), earliest())
	}
	if r.to.Sub(r.from) > most {
		q.fail("from", "from must lie at most %d days before to (%s)", most/day, stamp(r.to))
	}
	return r
}
