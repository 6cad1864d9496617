package world

import "math"

const nSources = 4

// trait is what stays the same about a source: what share of the complaints is
// said there, how many posts a minute it has besides, and how often it breaks.
type trait struct {
	name    string
	share   float64
	news    float64
	heard   float64
	breaks  float64 // a day
	resumes float64 // share of the breaks after which it brings what was missed
	says    bool    // whether it tells when it was connected
}

// The shares are assumed. heard of bluesky is what its stream carries on a
// summer's day divided by two, so that a laptop can replay it.
func sources() []trait {
	return []trait{
		{name: "bluesky", share: .5, news: .3, heard: 1500, breaks: .5, resumes: .4, says: true},
		{name: "mastodon", share: .15, news: .15, heard: 250, breaks: .3, resumes: .2, says: true},
		{name: "reports", share: .32, news: 0, heard: 25, breaks: .2},
		{name: "press", share: .03, news: .55, heard: 20, breaks: .2, resumes: 1, says: true},
	}
}

// The source that begins late, and the one that doubles.
const (
	late    = 1
	doubles = 2
)

// listening is the history of a source: gain is its size against the first day
// by the block, on the share of each minute in which it was heard.
type listening struct {
	gain []float64
	on   []float32
}

func (w *World) drawSources() {
	for k := range sources() {
		d := w.dice(ofSource, k)
		l := listening{gain: make([]float64, w.blocks), on: make([]float32, w.minutes)}
		for b := range l.gain {
			l.gain[b] = 1
		}
		for i := range l.on {
			l.on[i] = 1
		}
		w.sources = append(w.sources, l)
		w.drawBreaks(d, k)
	}
	d := w.dice(ofSource, nSources)
	begin := w.later(d, .2, .4)
	clear(w.sources[late].on[:begin])
	w.decoy(AllServices, late, NewSource, begin, begin+2*day)
	begin = w.later(d, .5, .8) / block * block
	for b := begin / block; b < w.blocks; b++ {
		w.sources[doubles].gain[b] = 2
	}
	w.decoy(AllServices, doubles, Doubling, begin, begin+2*day)
	for range max(1, int(w.active()/20)) { // our own machine is off
		w.deafen(d, AllServices, d.IntN(w.minutes), d.between(5, 60))
	}
}

// later is a minute so far into the days after the quiet ones.
func (w *World) later(d dice, low, high float64) int {
	return int((float64(w.cfg.Quiet) + w.active()*d.between(low, high)) * day)
}

// drawBreaks breaks the connection: for seconds about twice a day, for two
// minutes to six hours more rarely.
func (w *World) drawBreaks(d dice, k int) {
	source := sources()[k]
	for range d.poisson(2 * float64(w.cfg.Days)) {
		i := d.IntN(w.minutes)
		w.sources[k].on[i] = min(w.sources[k].on[i], float32(d.between(.3, .95)))
	}
	for range d.poisson(source.breaks * float64(w.cfg.Days)) {
		from, long := d.IntN(w.minutes), min(360, max(2, d.spread(12, 1.3)))
		if d.Float64() < source.resumes {
			w.decoy(AllServices, k, CatchUp, from, from+int(long))
			continue
		}
		w.deafen(d, k, from, long)
	}
}

// deafen cuts off one source or all for a while, from and to within a minute.
func (w *World) deafen(d dice, k, from int, long float64) {
	to := min(w.minutes-1, from+int(math.Ceil(long)))
	if to <= from+1 {
		return
	}
	first, last := float32(d.Float64()), float32(d.Float64())
	for i := range w.sources {
		if i != k && k != AllServices {
			continue
		}
		on := w.sources[i].on
		clear(on[from+1 : to])
		on[from], on[to] = min(on[from], first), min(on[to], last)
	}
	w.decoy(AllServices, k, Gap, from, to+1)
}

// Covered is by minute the share of it in which a source was connected, 0 before
// the source was added; NaN throughout where a source does not say.
func (w *World) Covered(source int) []float32 {
	out := make([]float32, w.minutes)
	copy(out, w.sources[source].on)
	if !sources()[source].says {
		for i := range out {
			out[i] = float32(math.NaN())
		}
	}
	return out
}
