package world

import "math"

// Shapes of outages.
const (
	Sudden       = "sudden"       // full within one to three minutes
	Ramp         = "ramp"         // full within ten to forty
	Partial      = "partial"      // small, in one or two sources
	Intermittent = "intermittent" // on and off
	LongTail     = "long tail"    // complaints go on for hours after the end
)

// course is the form of an outage: level by the minute, at most 1; from end on
// the fault is mended and complaints fade.
type course struct {
	kind  string
	level []float64
	end   int
}

// drawCourse draws one. The time it lasts is lognormal: of the 13 in
// outage-events.tsv whose start and end are known to the minute or nearly, the
// median is 80 minutes, the shortest is of 25 and the longest of 365; some whose
// end is told as "night" or "next day" are longer.
func drawCourse(d dice) course {
	c := course{kind: []string{Sudden, Ramp, Partial, Intermittent, LongTail}[d.pick([]float64{.4, .22, .13, .1, .15})]}
	c.end = int(min(20*60, max(10, d.spread(85, .9))))
	rise := 1 + d.IntN(3)
	if c.kind == Ramp || c.kind == Partial && d.Float64() < .5 {
		rise = 10 + d.IntN(31)
		c.end = max(c.end, 2*rise)
	}
	tire, rest, bend := d.between(30, 120), d.between(.35, .8), d.between(.8, 1.6)
	gate := func(int) float64 { return 1 }
	if c.kind == Intermittent {
		c.end = max(c.end, 40)
		gate = drawGate(d, c.end)
	}
	for i := range c.end {
		level := math.Pow(min(1, (float64(i)+.7)/float64(rise)), bend)
		if i > rise { // people tire of saying so
			level = rest + (1-rest)*math.Exp(-float64(i-rise)/tire)
		}
		c.level = append(c.level, level*gate(i))
	}
	fade := d.between(4, 12)
	if c.kind == LongTail {
		fade = d.between(40, 150)
	}
	last := max(.3, c.level[c.end-1])
	for i := 0; i < int(4*fade); i++ {
		c.level = append(c.level, last*math.Exp(-float64(i+1)/fade))
	}
	return c
}

// drawGate is on for six to twenty minutes, nearly off for four to fifteen, and
// so on.
func drawGate(d dice, n int) func(int) float64 {
	open, on := make([]float64, 0, n), true
	for len(open) < n {
		level, long := 1.0, 6+d.IntN(15)
		if !on {
			level, long = .05, 4+d.IntN(12)
		}
		for range long {
			open = append(open, level)
		}
		on = !on
	}
	return func(i int) float64 { return open[i] }
}
