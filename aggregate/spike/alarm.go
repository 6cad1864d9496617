package spike

import "math"

// The end of an outage is the first minute of so many that are as usual. It ends
// sooner when people say that it works again.
const (
	calmMinutes   = 15
	calmResolved  = 8
	settleMinutes = 10  // after the alarm, in which the onset may still be corrected
	calmFactor    = 1.5 // of the usual: more is not calm
	calmPeople    = 2   // and so many more
	// People go on talking of a great outage when it is over: this share of its peak
	// is calm, and no new outage for a while.
	echoShare   = 0.02
	echoMinutes = 45
	lookBack    = 20 // minutes before the evidence began to gather
)

// open begins an outage that was noticed at t.
func (d *Detector) open(t int) {
	d.alarm = &Alarm{Detected: t}
	d.calm = 0
	d.settle(t)
	for i := d.alarm.Onset; i <= t; i++ {
		d.count(i)
	}
}

// settle finds the onset by what is known at t.
func (d *Detector) settle(t int) {
	a := d.alarm
	a.Onset, a.Earliest, a.Latest = d.onset(t, d.cusum.since-lookBack)
	a.Latest = min(a.Latest, a.Detected)
	a.Onset = min(a.Onset, a.Detected)
}

// count adds a minute to the outage.
func (d *Detector) count(t int) {
	a, x := d.alarm, d.people[t%ring]
	a.People += float64(x)
	a.Usual += d.means[t%ring]
	if x > a.PeakPeople {
		a.Peak, a.PeakPeople = t, x
	}
}

// follow goes on with an outage, until it ends.
func (d *Detector) follow(t, x int, mean float64, resolved uint16) State {
	a := d.alarm
	d.count(t)
	if t-a.Detected <= settleMinutes {
		old := a.Onset
		d.settle(t)
		d.recount(t, old)
	}
	w := &d.windows[1]
	calm := math.Max(calmFactor*w.mean+calmPeople, echoShare*float64(a.PeakPeople*w.length))
	if mean > 0 && float64(w.people) <= calm {
		d.calm++
	} else if mean > 0 {
		d.calm = 0
	}
	if resolved > 0 && d.calm > 0 {
		d.calm++
	}
	if d.calm < calmMinutes {
		return Out
	}
	a.End = max(a.Detected+1, t-calmMinutes-w.length+2)
	d.echo = math.Max(0, float64(w.people)-w.mean) / float64(w.length)
	return Over
}

// recount sums up anew after the onset has moved.
func (d *Detector) recount(t, old int) {
	if a := d.alarm; a.Onset != old {
		a.People, a.Usual, a.PeakPeople = 0, 0, 0
		for i := a.Onset; i <= t; i++ {
			d.count(i)
		}
	}
}
