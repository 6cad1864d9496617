package spike

import (
	"math"
	"slices"
)

// Detector follows one service. Step must be called for every minute, in order.
type Detector struct {
	cfg      Config
	base     *baseline
	windows  [len(scales)]window
	cusum    cusum
	extremes threshold
	alarm    *Alarm
	begin    int // minute in which the windows begin
	calm     int // minutes of the alarm that were as usual
	people   [ring]int
	means    [ring]float64
	sources  []sourceRing
	usual    []float64 // people by source that are taken for usual; kept to spare an allocation
	echo     float64   // people a minute who still talk of what is over
	limit    float64   // of surprise, beyond which it is an alarm
}

// What an alarm needs beside surprise, so that it is an outage and not two friends.
const (
	leastPeople = 10
	guard       = 1.2 // by how much the mean may be wrong
	// A service of which too little is known is Unknown; at first nothing is said.
	leastMinutes = 24 * 60
	firstMinutes = 45
)

// New follows a service of which so many sources may tell; more may come.
func New(sources int, cfg Config) *Detector {
	if cfg.FalseAlarms <= 0 {
		cfg.FalseAlarms = falseAlarms
	}
	d := &Detector{cfg: cfg, base: newBaseline(sources), windows: newWindows(), usual: make([]float64, sources), sources: make([]sourceRing, sources)}
	d.limit = d.extremes.at(cfg.FalseAlarms / 365)
	return d
}

// Step takes the counts of minute t, in minutes since a Monday at midnight (UTC).
func (d *Detector) Step(t int, m Minute) Verdict {
	if d.base.at == 0 && d.begin == 0 {
		d.begin = t
	}
	d.grow(len(m.Authors))
	usual := d.base.mean(t, m.Hearing)
	mean := usual
	if mean > 0 {
		mean += d.echo
	}
	d.echo *= 1 - 1.0/echoMinutes
	x := 0
	for i, n := range m.Authors {
		if m.Hearing[i] > 0 {
			x += int(n)
		}
	}
	d.slide(t, x, mean)
	d.spread(t, m, mean)
	v := Verdict{People: x, Usual: usual, Threshold: d.limit, Surprise: d.surprise(t, x, mean)}
	deaf := mean <= 0
	switch {
	case d.alarm != nil:
		v.State = d.follow(t, x, mean, m.Resolved)
	case !deaf && d.base.at >= firstMinutes && v.Surprise >= d.limit && d.broad(t, v.Surprise):
		d.open(t)
		v.State = Out
	case d.base.at < leastMinutes:
		v.State = Unknown
	default:
		v.State = Calm
	}
	v.Alarm = d.alarm
	if v.State == Over {
		d.forget(t + 1)
	}
	if !deaf {
		d.learn(t, m, x, usual, v)
	}
	return v
}

// grow makes room for sources that have come since New.
func (d *Detector) grow(sources int) {
	for len(d.sources) < sources {
		d.sources, d.usual, d.base.rates = append(d.sources, sourceRing{}), append(d.usual, 0), append(d.base.rates, ratio{})
	}
}

// Clone is a Detector that goes on from here by itself.
func (d *Detector) Clone() *Detector {
	c, base := *d, *d.base
	base.rates = slices.Clone(base.rates)
	c.base, c.sources, c.usual = &base, slices.Clone(d.sources), slices.Clone(d.usual)
	if d.alarm != nil {
		alarm := *d.alarm
		c.alarm = &alarm
	}
	return &c
}

// Band encloses nine of ten usual minutes of that mean.
func (d *Detector) Band(mean float64) (low, high float64) {
	alpha := d.windows[0].dispersion(mean) + d.base.uncertainty()
	return quantile(0.05, mean, alpha), quantile(0.95, mean, alpha)
}

// slide moves the windows on by a minute.
func (d *Detector) slide(t, x int, mean float64) {
	for i := range d.windows {
		w := &d.windows[i]
		if t-w.length >= d.begin {
			old := (t - w.length) % ring
			w.people -= d.people[old]
			w.mean -= d.means[old]
		}
		w.people += x
		w.mean = math.Max(0, w.mean+mean)
	}
	d.people[t%ring], d.means[t%ring] = x, mean
}

// forget lets the windows begin anew: what is over is no evidence.
func (d *Detector) forget(t int) {
	d.alarm, d.begin, d.cusum = nil, t, cusum{since: t}
	for i := range d.windows {
		d.windows[i].people, d.windows[i].mean = 0, 0
	}
}

// surprise is the greatest over the scales. A scale says nothing while too few
// people complain to tell a rise from chance.
func (d *Detector) surprise(t, x int, mean float64) (greatest float64) {
	uncertain := d.base.uncertainty()
	d.cusum.add(t, x, guard*mean, d.windows[2].dispersion(guard*mean)+uncertain)
	if d.cusum.people >= leastPeople {
		greatest = d.cusum.sum / math.Ln10
	}
	for i := range d.windows {
		w := &d.windows[i]
		if w.people < leastPeople {
			continue
		}
		alpha := w.dispersion(guard*w.mean) + uncertain
		if unlikely(w.people, guard*w.mean, alpha, math.Max(1, greatest)) {
			greatest = math.Max(greatest, surprise(w.people, guard*w.mean, alpha))
		}
	}
	return greatest
}

// learn takes what is usual of a minute into the baseline. During an outage
// nothing is learnt, but after a day of it this is how things are.
func (d *Detector) learn(t int, m Minute, x int, mean float64, v Verdict) {
	if v.State == Out && t-v.Alarm.Onset < dayMinutes {
		return
	}
	alpha := d.windows[0].dispersion(mean) + d.base.uncertainty()
	share := 1.0
	if most := mean + clipAt*math.Sqrt(mean+alpha*mean*mean) + 1; float64(x) > most {
		share = most / float64(x)
	}
	for i, n := range m.Authors {
		d.usual[i] = float64(n) * share
	}
	d.base.learn(t, d.usual, m.Hearing, mean)
	for i := range d.windows {
		d.windows[i].learn()
	}
	d.extremes.learn(v.Surprise)
	if d.extremes.minutes == 0 {
		d.limit = d.extremes.at(d.cfg.FalseAlarms / 365)
	}
}

// Alarm is the outage that lasts; nil where there is none.
func (d *Detector) Alarm() *Alarm { return d.alarm }
