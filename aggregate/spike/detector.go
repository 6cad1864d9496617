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
	tests    [allTests]test
	alarm    *Alarm
	begin    int // minute in which the windows begin
	gathered int // minute in which the evidence for the alarm began to gather
	calm     int // minutes of the alarm that were as usual
	since    int // minute in which they began
	unheard  int // minutes of the alarm, up to now, in which nothing was heard
	people   [ring]int
	means    [ring]float64
	sources  []sourceRing
	usual    []float64 // people by source that are taken for usual; kept to spare an allocation
	echo     float64   // people a minute who still talk of what is over
	mean     float64   // that was expected of the last minute, without echo
	alpha    float64   // and its dispersion
	part     bool      // of a service, which must learn longer, and be broader, before it may give an alarm
	paused   bool      // others know that these minutes are not usual
}

const (
	guard = 1.2 // by how much the mean may be wrong
	// A service of which too little is known is Unknown; at first nothing is said.
	leastMinutes = 24 * 60
	firstMinutes = 45
)

// New follows a service of which so many sources may tell; more may come.
func New(sources int, cfg Config) *Detector {
	if !(cfg.FalseAlarms > 0) {
		cfg.FalseAlarms = falseAlarms
	}
	cfg.FalseAlarms = min(cfg.FalseAlarms, mostAlarms)
	d := &Detector{cfg: cfg, base: newBaseline(sources), windows: newWindows(), usual: make([]float64, sources), sources: make([]sourceRing, sources)}
	d.calibrate()
	return d
}

// Step takes the counts of minute t, in minutes since a Monday at midnight (UTC).
func (d *Detector) Step(t int, m Minute) Verdict {
	if d.base.at < firstMinutes {
		d.forget(t) // what is learnt in minutes is no evidence yet
	}
	d.grow(len(m.Authors))
	usual := d.base.mean(t, m.Hearing)
	d.expect(usual)
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
	v := Verdict{People: x, Usual: usual}
	v.Surprise, v.Threshold = d.surprise(t, x, mean)
	deaf := mean <= 0
	switch {
	case d.alarm != nil:
		v.State = d.follow(t, x, mean, m.Resolved)
	case !deaf && d.ready() && v.Surprise >= v.Threshold && d.credible(t, v.Surprise-v.Threshold):
		d.open(t)
		v.State = Out
	case deaf || d.base.at < leastMinutes:
		v.State = Unknown
	default:
		v.State = Calm
	}
	v.Alarm = d.alarm
	switch {
	case v.State == Over: // of which the windows are still full
		d.forget(t + 1)
	case deaf:
		d.base.pass()
		d.base.teach(m)
	default:
		d.learn(t, m, x, usual, v)
	}
	return v
}

// ready says that enough was learnt for an alarm.
func (d *Detector) ready() bool {
	return d.base.at >= firstMinutes && (!d.part || d.base.at >= partMinutes)
}

// expect notes what the minute should bring.
func (d *Detector) expect(mean float64) {
	d.mean, d.alpha = mean, 0
	if mean > 0 {
		d.alpha = d.windows[0].dispersion(mean) + d.base.uncertainty()
	}
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

// Expected is how many people would have complained as usual in the minute last
// stepped, of which mean knows no echo of what is over, and how their number varies:
// variance = mean + alpha mean², with what is not known of the mean. Both are 0
// where nothing was heard.
func (d *Detector) Expected() (mean, alpha float64) { return d.mean, d.alpha }

// slide moves the windows on by a minute.
func (d *Detector) slide(t, x int, mean float64) {
	for i := range d.windows {
		w := &d.windows[i]
		if t-w.length >= d.begin {
			old := (t - w.length) & last
			w.people -= d.people[old]
			w.mean -= d.means[old]
		}
		w.people += x
		w.mean = math.Max(0, w.mean+mean)
	}
	d.people[t&last], d.means[t&last] = x, mean
}

// forget lets the windows begin anew: what is over is no evidence.
func (d *Detector) forget(t int) {
	d.alarm, d.begin, d.cusum = nil, t, cusum{since: t}
	for i := range d.windows {
		d.windows[i].people, d.windows[i].mean = 0, 0
	}
}

// learn takes what is usual of a minute into the baseline. During an outage
// nothing is learnt, but after a day of it this is how things are.
func (d *Detector) learn(t int, m Minute, x int, mean float64, v Verdict) {
	if d.paused || v.State == Out && t-v.Alarm.Onset < dayMinutes {
		d.base.pass()
		return
	}
	share := 1.0
	if most := mean + clipAt*math.Sqrt(mean+d.alpha*mean*mean) + 1; float64(x) > most && d.base.at >= firstMinutes {
		share = most / float64(x)
	}
	for i, n := range m.Authors {
		d.usual[i] = float64(n) * share
	}
	d.base.teach(m)
	d.base.learn(t, d.usual, m.Hearing, mean)
	for i := range d.windows {
		d.windows[i].learn()
	}
	d.learnTests()
}

// Alarm is the outage that lasts; nil where there is none.
func (d *Detector) Alarm() *Alarm { return d.alarm }
