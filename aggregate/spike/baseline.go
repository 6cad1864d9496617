package spike

import "math"

// The memory of a baseline. Day and week shapes are remembered for weeks; a level
// for days; what is called drift, the deviation of this hour from them, for hours.
const (
	dayBins   = 48  // of the shape of a day
	weekBins  = 168 // of what a weekday adds to it
	memory    = 28 * 24 * 60
	driftSpan = 180 // minutes
	driftLag  = 20  // minutes that are too recent to be called usual
)

// Weights of what is assumed before anything is known: a bin that has heard so many
// people, and so many minutes' worth of them, is half its own. Few people are
// chance, and many in a short time may be one event.
const (
	dayWeight          = 20
	weekWeight         = 40
	driftWeight        = 15
	dayMinutesWeight   = 60
	weekMinutesWeight  = 120
	driftMinutesWeight = 15
	rateMinutes        = 10 // of rateGuess
	rateGuess          = 0.02
	firstHour          = 60 // minutes in which only the rates are learnt: all else is in proportion to them
)

// baseline knows how many people complain in a usual minute:
//
//	mean = drift × day shape × week shape × Σ over sources (rate × hearing)
//
// All factors are ratios of people heard to people expected, with Gamma priors
// that pull them to 1 where little was heard, and are forgotten exponentially.
type baseline struct {
	rates []ratio // by source, people a minute
	days  [dayBins]ratio
	weeks [weekBins]ratio
	drift ratio
	late  [driftLag]struct{ people, mean float64 } // not yet part of drift
	at    int                                      // minutes learnt
	heard float64                                  // people behind the rates
	total float64                                  // sum of the rates
}

// ratio is people heard over people expected.
type ratio struct{ heard, expected float64 }

// forget keeps a share of what was learnt.
func (r *ratio) forget(keep float64) { r.heard *= keep; r.expected *= keep }

func (r *ratio) learn(heard, expected float64) { r.heard += heard; r.expected += expected }

// value is the ratio, drawn to guess with a weight in units of expected.
func (r ratio) value(weight float64) float64 { return (r.heard + weight) / (r.expected + weight) }

func newBaseline(sources int) *baseline { return &baseline{rates: make([]ratio, sources)} }

// place in the shapes: two neighbouring bins of the day and how near the second
// is, and the bin of the week. t is in minutes since a Monday at midnight (UTC).
func place(t int) (day, next int, near float64, week int) {
	const width, all = 24 * 60 / dayBins, 7 * 24 * 60
	inWeek := (t%all + all) % all // t is negative before 1970
	inDay := inWeek % (24 * 60)
	day = inDay / width
	return day, (day + 1) % dayBins, (float64(inDay%width) + 0.5) / width, inWeek / 60
}

// shape of the minute, around 1: of the day, and what the weekday adds.
func (b *baseline) shape(t int) (day, week float64) {
	bin, next, near, hour := place(t)
	weight := dayWeight + dayMinutesWeight*b.total
	day = (1-near)*b.days[bin].value(weight) + near*b.days[next].value(weight)
	return day, b.weeks[hour].value(weekWeight + weekMinutesWeight*b.total)
}

// rate is people a minute from a source, where shape and drift are 1.
func (b *baseline) rate(source int) float64 {
	r := b.rates[source]
	guess := rateGuess / float64(len(b.rates))
	return (r.heard + guess*rateMinutes) / (r.expected + rateMinutes)
}

// base is the sum over the sources, as they are heard.
func (b *baseline) base(hearing []float64) (sum float64) {
	for i, h := range hearing {
		if h > 0 {
			sum += b.rate(i) * h
		}
	}
	return sum
}

// mean of the minute t.
func (b *baseline) mean(t int, hearing []float64) float64 {
	day, week := b.shape(t)
	return b.base(hearing) * day * week * clamp(b.drift.value(driftWeight+driftMinutesWeight*b.total), 1.0/4, 4)
}

// uncertainty of the mean, as the square of its coefficient of variation: that of
// a Gamma distribution after so many people.
func (b *baseline) uncertainty() float64 { return 1 / (b.heard + 1) }

// pass is a minute of which nothing usual is known: what was of the hour passes.
func (b *baseline) pass() { b.drift.forget(1 - 1.0/driftSpan) }

// teach takes what the sources tell that are too new to be believed.
func (b *baseline) teach(m Minute) {
	for i, h := range m.Hearing {
		if h < 0 {
			b.rates[i].learn(float64(m.Authors[i]), -h)
		}
	}
}

// learn takes a minute into what is usual. people are by source, and no more than
// can be usual.
func (b *baseline) learn(t int, people []float64, hearing []float64, mean float64) {
	b.at++
	// The memory grows with what there is to remember.
	keep := 1 - 1/math.Min(memory, float64(b.at)+firstHour)
	dayValue, weekValue := b.shape(t)
	day, next, near, week := place(t)
	// A bin is met for an interval once a day, or once a week: it forgets then.
	const dayKeep = 1 - 2.0/(memory/1440*(1440/dayBins)*2)
	const weekKeep = 1 - 1.0/(2*memory/1440/7*60)
	b.heard *= keep
	var total, base float64
	for i, h := range hearing {
		b.rates[i].forget(keep)
		if h <= 0 {
			continue
		}
		base += b.rate(i) * h
		b.rates[i].learn(people[i], h)
		total += people[i]
		b.heard += people[i]
	}
	b.total = 0
	for i := range b.rates {
		b.total += b.rate(i)
	}
	if b.at < firstHour {
		return
	}
	d, n, w := &b.days[day], &b.days[next], &b.weeks[week]
	d.forget(dayKeep)
	d.learn((1-near)*total, (1-near)*base*weekValue)
	n.forget(dayKeep)
	n.learn(near*total, near*base*weekValue)
	w.forget(weekKeep)
	w.learn(total, base*dayValue)
	// drift follows, some minutes late
	slot := &b.late[b.at%driftLag]
	b.drift.forget(1 - 1.0/driftSpan)
	b.drift.learn(slot.people, slot.mean)
	slot.people, slot.mean = total, base*dayValue*weekValue
}

func clamp(x, low, high float64) float64 { return math.Max(low, math.Min(high, x)) }
