package world

import (
	"cmp"
	"math"
	"slices"
	"time"
)

// Outage is a time at which services did not work. Start is the first minute with
// extra complaints, End when it worked again; complaints fade after it until
// Faded. The numbers are means, of what can be heard: of the service hit hardest,
// which is the first of Services. Members has those of each, in the same order.
type Outage struct {
	Services  []int
	Start     time.Time
	End       time.Time
	Peak      time.Time
	Faded     time.Time
	PerMinute float64 // complaining authors a minute at the peak, over the usual
	Usual     float64 // a minute at that time
	Shape     string  // sudden, ramp, partial, intermittent, long tail
	Severe    bool    // 30 authors a minute and ten times the usual, or more
	Cause     string  // own; owner: services of one owner; cloud: what many stand on
	Members   []Member
}

// Member is what an outage was to one service.
type Member struct {
	Service     int
	Start, Peak time.Time
	PerMinute   float64
	Usual       float64
	Severe      bool
	Excess      float64 // extra authors from Start to End
}

// What an outage must have to be one, so that it can be found at all: extra
// authors in the mean (so that less than twelve of them are rare), in standard
// deviations of the usual over its time, and a peak of three a minute and of
// twice the usual.
const (
	leastExcess     = 20
	leastDeviations = 8
	leastPeak       = 3
)

// fault is what goes wrong, before it is known whom it hits.
type fault struct {
	course
	from  int
	cause string
}

// outageRate is how many faults a service has a day, of which not all are felt: as
// the volumes it falls with the rank, but less, since small services fail as well.
func (w *World) outageRate(s int) float64 { return .14 * math.Pow(w.rank(s), -.3) }

func (w *World) drawOutages() {
	d := w.dice(ofCloud, 0)
	for range max(1, int(w.active()/15+d.Float64())) {
		w.drawCloud(d)
	}
	for _, group := range w.groups() {
		d := w.dice(ofGroup, group[0])
		for range d.poisson(.05 * w.active()) {
			w.strike(d, w.drawFault(d, "owner"), group, d.spread(1, .9), len(group))
		}
	}
	for s := range w.services {
		d := w.dice(ofOutage, s)
		for range d.poisson(w.outageRate(s) * w.active()) {
			w.strike(d, w.drawFault(d, "own"), []int{s}, d.spread(1, 1.2), 1)
		}
	}
}

// drawCloud takes down twenty to sixty services of a thousand.
func (w *World) drawCloud(d dice) {
	var all []int
	for _, s := range d.Perm(len(w.services)) {
		if w.rank(s) < ranks*.6 {
			all = append(all, s)
		}
	}
	f := w.drawFault(d, "cloud")
	for f.kind == Partial {
		f = w.drawFault(d, "cloud")
	}
	w.strike(d, f, all, 2.5*d.spread(1, .4), min(20+d.IntN(41), max(2, len(w.services)/4)))
}

// groups are the services of each owner of several.
func (w *World) groups() [][]int {
	of := map[string][]int{}
	for s := range w.services {
		of[w.Owner(s)] = append(of[w.Owner(s)], s)
	}
	var out [][]int
	for _, group := range of {
		if len(group) > 1 {
			out = append(out, group)
		}
	}
	slices.SortFunc(out, func(a, b []int) int { return cmp.Compare(a[0], b[0]) })
	return out
}

func (w *World) drawFault(d dice, cause string) fault {
	c := drawCourse(d)
	first := w.cfg.Quiet*day + 60
	return fault{course: c, from: first + d.IntN(max(1, w.minutes-60-len(c.level)-first)), cause: cause}
}

// strike lets a fault of that force hit those of the services that will feel it, at most so
// many. Those which would drown in noise are spared altogether.
func (w *World) strike(d dice, f fault, services []int, force float64, most int) {
	if f.from+len(f.level) > w.minutes {
		return
	}
	if d.Float64() < .05 {
		force *= 8 // nobody can use it any more
	}
	var hit []Member
	for _, s := range services {
		g := f
		if len(services) > 1 {
			g.from += d.IntN(4)
		}
		if m, ok := w.hit(d, s, g, force); ok && len(hit) < most {
			hit = append(hit, m)
		}
		if len(hit) == most {
			break
		}
	}
	if len(hit) == 0 {
		return
	}
	slices.SortFunc(hit, func(a, b Member) int {
		return cmp.Or(cmp.Compare(b.PerMinute, a.PerMinute), a.Service-b.Service)
	})
	worst := hit[0]
	o := Outage{Start: worst.Start, End: w.Time(f.from + f.end), Faded: w.Time(f.from + len(f.level)), Peak: worst.Peak,
		PerMinute: worst.PerMinute, Usual: worst.Usual, Severe: worst.Severe, Shape: f.kind, Cause: f.cause, Members: hit}
	for _, m := range hit {
		o.Services = append(o.Services, m.Service)
		if m.Start.Before(o.Start) {
			o.Start = m.Start
		}
	}
	w.outages = append(w.outages, o)
}
