package spike

import "math"

// The end of an outage is the first minute of so many that are as usual. It ends
// sooner when people say that it works again: a minute in which they do counts twice.
// One that nobody hears any more for so long ends when it was last heard of.
const (
	calmMinutes   = 15
	unheardMost   = 24 * 60
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
	d.calm, d.unheard, d.gathered = 0, 0, d.cusum.since
	for i := range d.tests {
		d.tests[i].forget()
	}
	d.settle(t)
	d.recount(d.alarm, t)
}

// settle finds the onset by what is known at t.
func (d *Detector) settle(t int) {
	a := d.alarm
	a.Onset, a.Earliest, a.Latest = d.onset(t, d.gathered-lookBack)
	a.Onset, a.Earliest, a.Latest = min(a.Onset, a.Detected), min(a.Earliest, a.Detected), min(a.Latest, a.Detected)
}

// count adds a minute to an outage.
func (d *Detector) count(a *Alarm, t int) {
	x := d.people[t&last]
	a.People += float64(x)
	a.Usual += d.means[t&last]
	if x > a.PeakPeople {
		a.Peak, a.PeakPeople = t, x
	}
}

// follow goes on with an outage, until it ends.
func (d *Detector) follow(t, x int, mean float64, resolved uint16) State {
	a := d.alarm
	d.count(a, t)
	// What has ended already tells no more of its begin.
	if t-a.Detected <= settleMinutes && float64(x) > calmFactor*mean {
		old := a.Onset
		d.settle(t)
		if a.Onset != old {
			d.recount(a, t)
		}
	}
	if mean <= 0 {
		return d.miss(t)
	}
	d.unheard = 0
	w := &d.windows[1]
	calm := math.Max(calmFactor*w.mean+calmPeople, echoShare*float64(a.PeakPeople*w.length))
	if float64(w.people) > calm {
		d.calm = 0
		return Out
	}
	if d.calm == 0 {
		d.since = t
	}
	d.calm++
	if resolved > 0 {
		d.calm++
	}
	if d.calm < calmMinutes {
		return Out
	}
	d.end(a, t, max(a.Detected+1, d.since-w.length+1)) // of the first calm window, the first minute
	d.echoes()
	return Over
}

// echoes notes how many still talk of what is over.
func (d *Detector) echoes() {
	w := &d.windows[1]
	d.echo = math.Max(0, d.echo+(float64(w.people)-w.mean)/float64(w.length))
}

// risen says that more people than usual have complained since a minute.
func (d *Detector) risen(since, t int) bool {
	since = max(since, d.begin, t-last)
	var people int
	var mean float64
	for i := since; i <= t; i++ {
		people, mean = people+d.people[i&last], mean+d.means[i&last]
	}
	alpha := d.within(t-since+1).dispersion(guard*mean) + d.base.uncertainty()
	return Surprise(people, guard*mean, alpha) >= hint
}

// subside ends an outage of which nothing is seen any more.
func (d *Detector) subside(t int) {
	d.echoes()
	d.forget(t + 1)
}

// miss goes on with an outage in a minute in which nothing was heard.
func (d *Detector) miss(t int) State {
	if d.unheard++; d.unheard < unheardMost {
		return Out
	}
	d.end(d.alarm, t, max(d.alarm.Detected+1, t-d.unheard+1))
	return Over
}

// end says at t when an outage ended, and takes out of its sums what came later.
func (d *Detector) end(a *Alarm, t, at int) {
	a.End = at
	for i := max(a.End, t-last); i <= t; i++ {
		a.People -= float64(d.people[i&last])
		a.Usual -= d.means[i&last]
	}
}

// recount sums up an outage anew, from its onset to t.
func (d *Detector) recount(a *Alarm, t int) {
	a.People, a.Usual, a.PeakPeople = 0, 0, 0
	for i := a.Onset; i <= t; i++ {
		d.count(a, i)
	}
}
