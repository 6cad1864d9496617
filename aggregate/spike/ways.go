package spike

import "math"

// test is one way to notice a rise: how surprising the minute is by it, and from
// where on that is an alarm. Each learns by itself what its usual days are like: a
// service whose crowd comes in bursts of some minutes, or whose level drifts for
// hours, is no less of a witness by the others.
type test struct {
	threshold
	surprise float64 // of the minute
	limit    float64
}

// The tests are the scales, the cusum, and what the others say beside the loudest
// source, at whichever scale they say most.
const (
	byCusum  = len(scales)
	byOthers = len(scales) + 1
	allTests = len(scales) + 2
)

// leastPeople is how many must complain within a scale, so that it is an outage and
// not two friends. A handful within minutes is news; as many in an hour are a talk.
var leastPeople = [...]int{10, 12, 16, 24}

// leastEver is the same since the evidence of the cusum began to gather.
const leastEver = 24

// calibrate asks of every test as few false alarms as are its share.
func (d *Detector) calibrate() {
	for i := range d.tests {
		d.tests[i].limit = d.tests[i].at(d.cfg.FalseAlarms / float64(len(d.tests)) / 365)
	}
}

// allow sets how many false alarms are accepted a year.
func (d *Detector) allow(falseAlarms float64) {
	d.cfg.FalseAlarms = falseAlarms
	d.calibrate()
}

// learnTests takes a minute as usual.
func (d *Detector) learnTests() {
	for i := range d.tests {
		d.tests[i].learn(d.tests[i].surprise)
	}
	if d.tests[0].minutes == 0 {
		d.calibrate()
	}
}

// surprise is that of the test which is furthest beyond its limit, and that limit.
func (d *Detector) surprise(t, x int, mean float64) (surprise, limit float64) {
	uncertain := d.base.uncertainty()
	d.cusum.add(t, x, guard*mean, d.windows[2].dispersion(guard*mean)+uncertain)
	for i := range d.tests {
		d.tests[i].surprise = 0
	}
	if d.cusum.people >= leastEver {
		d.tests[byCusum].surprise = d.cusum.sum / math.Ln10
	}
	for i := range d.windows {
		w := &d.windows[i]
		if w.people < leastPeople[i] {
			continue
		}
		alpha := w.dispersion(guard*w.mean) + uncertain
		if !unlikely(w.people, guard*w.mean, alpha, 1) {
			continue
		}
		d.tests[i].surprise = Surprise(w.people, guard*w.mean, alpha)
		if d.tests[i].surprise > surpriseFloor {
			others := &d.tests[byOthers]
			others.surprise = math.Max(others.surprise, d.others(t-w.length+1, t, w))
		}
	}
	best := 0
	for i := range d.tests {
		if d.beyond(i) > d.beyond(best) {
			best = i
		}
	}
	return d.tests[best].surprise, d.tests[best].limit
}

// beyond is by how much the surprise of a test exceeds its limit.
func (d *Detector) beyond(i int) float64 { return d.tests[i].surprise - d.tests[i].limit }
