package spike

import (
	"math"
	"time"
)

// rhythm knows what a row of a series usually counts:
//
//	mean = level × time of day × what the weekend changes in it
//
// The shapes are ratios as in a baseline, which differs in what it knows: it has
// sources, people and whole minutes, and learns a day for every day of the week; a
// series has rows of any step, may be a week long, and stands on a level that moves.
type rhythm struct {
	step  float64 // of a row, in days
	rows  float64 // learnt
	level float64 // of a row
	days  [rhythmBins]ratio
	weeks [2][rhythmBins]ratio // workdays, weekends
	keep  float64              // of a bin, when a row falls into it
}

const (
	rhythmBins    = 48              // of a day
	rhythmWeight  = 20              // counts by which a bin is drawn to 1
	weekendWeight = 40              // the same for what the weekend changes: it is seen less
	shapeMemory   = 7.0             // days
	levelMemory   = 2.0             // days
	firstLevel    = 0.5             // a row, at least, before anything is known
	leastLevel    = 0.004 * 24 * 60 // a day, or 0.02 in 5 minutes: less cannot be told from nothing
)

func newRhythm(step time.Duration) rhythm {
	days := step.Hours() / 24
	// Each bin is met by the rows of two half hours, one on each side; by one row a
	// day where rows are rarer.
	share := min(days*rhythmBins/2, max(1, days))
	return rhythm{step: days, keep: math.Exp(-share / shapeMemory)}
}

// moment is a place in the shapes: two neighbouring bins of the day, how near the
// second is, and whether it is a weekend, all by the clock of the time stamp.
type moment struct {
	bin, next int
	near      float64
	week      int
}

func momentOf(t time.Time) (m moment) {
	hour, minute, second := t.Clock()
	place := (float64(hour*60+minute) + float64(second)/60) / (24 * 60) * rhythmBins
	m.bin = int(place) % rhythmBins
	m.next, m.near = (m.bin+1)%rhythmBins, place-math.Floor(place)
	if day := t.Weekday(); day == time.Saturday || day == time.Sunday {
		m.week = 1
	}
	return m
}

// shape of the moment, around 1.
func (r *rhythm) shape(m moment) float64 {
	between := func(bins *[rhythmBins]ratio, weight float64) float64 {
		return (1-m.near)*bins[m.bin].value(weight) + m.near*bins[m.next].value(weight)
	}
	return between(&r.days, rhythmWeight) * between(&r.weeks[m.week], weekendWeight)
}

// least is the least mean that is believed.
func (r *rhythm) least() float64 { return leastLevel * r.step }

// mean of a row of that shape. The first row is all that is known of itself.
func (r *rhythm) mean(shape, value float64) float64 {
	if r.rows == 0 {
		return max(value, firstLevel)
	}
	return max(r.level, r.least()) * shape
}

// learn takes a row into what is usual; value is no more than can be usual.
func (r *rhythm) learn(m moment, shape, value float64) {
	r.rows++
	if r.rows == 1 {
		r.level = max(value, firstLevel)
		return
	}
	r.level += max(r.step/levelMemory, 1/r.rows) * (value/shape - r.level)
	level := max(r.level, r.least())
	r.learnBin(m.week, m.bin, 1-m.near, value, level)
	r.learnBin(m.week, m.next, m.near, value, level)
}

func (r *rhythm) learnBin(week, bin int, weight, value, level float64) {
	day, end := &r.days[bin], &r.weeks[week][bin]
	day.forget(r.keep)
	day.learn(weight*value, weight*level)
	end.forget(r.keep)
	end.learn(weight*value, weight*level*day.value(rhythmWeight))
}
