package spike

import "math"

// scales are the time scales at which a rise is looked for, in minutes.
var scales = [...]int{1, 5, 15, 60}

// ring is how many minutes are remembered: enough for the longest scale, and to
// find the onset of a rise that was slow to tell.
const ring = 256

// last is the last place in a ring, and the mask of the place of a minute, which may
// be negative.
const last = ring - 1

// window is what one scale sees: sums over its last minutes, and how much more they
// vary than a Poisson count does:
//
//	variance = mean × (1 + cluster) + level × mean²
//
// People answer each other, so that complaints come in clusters, which matters
// where there are few; the level sways, which matters where there are many.
type window struct {
	length  int
	people  int
	mean    float64
	cluster ratio // squared deviation beyond the other terms, over the mean
	level   ratio // the same, over the squared mean
	left    int   // minutes to the end of a block, at which it learns
}

// What is assumed before anything is known. The weights are in people and in
// squared people.
const (
	clusterGuess     = 1.0
	clusterWeight    = 40
	levelGuess       = 0.15
	levelWeight      = 20
	dispersionMemory = 28 * 24 * 60 // minutes
	clipAt           = 4            // standard deviations; beyond it is an event, not the usual
)

func newWindows() (all [len(scales)]window) {
	for i, length := range scales {
		all[i] = window{length: length, left: length}
	}
	return all
}

func (w *window) clusters() float64 {
	return math.Max(0.05, (w.cluster.heard+clusterGuess*clusterWeight)/(w.cluster.expected+clusterWeight))
}

func (w *window) sway() float64 {
	return math.Max(0.005, (w.level.heard+levelGuess*levelWeight)/(w.level.expected+levelWeight))
}

// dispersion is alpha of variance = mean + alpha mean², at that mean.
func (w *window) dispersion(mean float64) float64 {
	return w.clusters()/math.Max(mean, 1e-6) + w.sway()
}

// learn looks at the window when it is a whole block of usual minutes.
func (w *window) learn() {
	if w.left--; w.left > 0 {
		return
	}
	w.left = w.length
	if w.mean <= 0 {
		return
	}
	keep := 1 - float64(w.length)/dispersionMemory
	w.cluster.forget(keep)
	w.level.forget(keep)
	c, l, m := w.clusters(), w.sway(), w.mean
	deviation := float64(w.people) - m
	linear, square := m*(1+c), l*m*m
	squared := math.Min(deviation*deviation, clipAt*clipAt*(linear+square))
	// Each term learns where it is the greater.
	share := linear / (linear + square)
	w.cluster.learn(share*(squared-m-square), share*m)
	w.level.learn((1-share)*(squared-linear), (1-share)*m*m)
}
