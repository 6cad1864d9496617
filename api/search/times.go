package search

import (
	"fmt"
	"strconv"
	"time"

	"github.com/RoaringBitmap/roaring/v2"
)

// times are terms of the field of minutes, or of milliseconds.
type times struct {
	field string
	terms []string
}

// within lists the terms of the part of the day that the range of q covers; nil
// for all of it. Whole minutes are taken together, and milliseconds only at the
// ends.
func (v *view) within(q Query) ([]times, error) {
	from, to := v.begin, v.begin.AddDate(0, 0, 1)
	if !q.From.After(from) && (q.To.IsZero() || !q.To.Before(to)) {
		return nil, nil
	}
	if q.From.After(from) {
		from = q.From
	}
	if !q.To.IsZero() && q.To.Before(to) {
		to = q.To
	}
	first, last := from.Truncate(time.Minute), to.Truncate(time.Minute)
	if first.Before(from) {
		first = first.Add(time.Minute)
	}
	type span struct{ field, from, to string }
	spans := []span{
		{timeField, timeTerm(ceilMilli(from)), timeTerm(first)},
		{minuteField, minuteTerm(first), minuteTerm(last)},
		{timeField, timeTerm(last), timeTerm(ceilMilli(to))},
	}
	if last.Before(first) { // both within one minute
		spans = []span{{timeField, timeTerm(ceilMilli(from)), timeTerm(ceilMilli(to))}}
	}
	all := []times{}
	for _, s := range spans {
		if s.from >= s.to {
			continue
		}
		terms, err := v.terms(s.field, s.from, s.to)
		if err != nil {
			return nil, err
		}
		all = append(all, times{s.field, terms})
	}
	return all, nil
}

func ceilMilli(t time.Time) time.Time { return t.Add(time.Millisecond - 1).Truncate(time.Millisecond) }

// minutes walks through candidates from the newest to the oldest.
type minutes struct {
	all   []candidates
	names []string // of the minutes that are left, the oldest first
	few   bool     // so that all are taken at once
	least int64    // Unix milliseconds: all that is as new was given out
}

// walk begins at a time, Unix milliseconds; negative: at the newest.
func (v *view) walk(all []candidates, from int64) (*minutes, error) {
	m := &minutes{all: all, few: countOf(all) <= fewCandidates, least: v.begin.UnixMilli()}
	if m.few {
		return m, nil
	}
	end := ""
	if from >= 0 {
		end = minuteTerm(time.UnixMilli(from).Add(time.Minute))
	}
	var err error
	m.names, err = v.terms(minuteField, "", end)
	return m, err
}

// next gives out at least so many candidates, by shard, if there are as many.
func (m *minutes) next(least uint64) ([]*roaring.Bitmap, error) {
	sets := make([]*roaring.Bitmap, len(m.all))
	for i, c := range m.all {
		if sets[i] = roaring.New(); m.few {
			sets[i] = c.all
		}
	}
	if m.few {
		return sets, nil
	}
	for given := uint64(0); given < least && len(m.names) > 0; {
		last := len(m.names) - 1
		minute, err := strconv.ParseInt(m.names[last], 10, 64)
		if err != nil {
			return nil, fmt.Errorf("a minute that is none: %w", err)
		}
		for i, c := range m.all {
			rows, err := c.rows(minuteField, m.names[last])
			if err != nil {
				return nil, err
			}
			some := roaring.And(c.all, rows)
			given += some.GetCardinality()
			sets[i].Or(some)
		}
		m.least, m.names = minute*60_000, m.names[:last]
	}
	return sets, nil
}

func (m *minutes) over() bool { return len(m.names) == 0 }

func countOf(all []candidates) (n uint64) {
	for _, c := range all {
		n += c.all.GetCardinality()
	}
	return n
}

// timeOf is when a document was posted, in Unix milliseconds.
func (s *shard) timeOf(doc uint32) (at int64, err error) {
	value := ""
	if s.times, err = s.values(doc, []string{timeField}, s.times, func(_ string, term []byte) { value = string(term) }); err != nil {
		return 0, err
	}
	if at, err = strconv.ParseInt(value, 10, 64); err != nil {
		return 0, fmt.Errorf("a document without its time: %w", err)
	}
	return at, nil
}
