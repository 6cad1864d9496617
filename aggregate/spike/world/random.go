package world

import (
	"math"
	"math/rand/v2"
)

// Every thing that is drawn has its own stream of random numbers, so that what
// is asked first changes nothing of what is asked later.
const (
	ofCalendar = iota + 1
	ofService
	ofOwner
	ofSource
	ofHeard
	ofCrowd
	ofOutage
	ofGroup
	ofCloud
	ofDecoy
	ofLevel
	ofCounts
	ofExtra
	ofTongues
)

type dice struct{ *rand.Rand }

func (w *World) dice(purpose, n int) dice {
	seed := mix(w.cfg.Seed)
	return dice{rand.New(rand.NewPCG(mix(seed+uint64(purpose)), mix(seed^uint64(n)<<8^uint64(purpose))))}
}

// mix is the finaliser of splitmix64 (Steele, Lea and Flood 2014): seeds that
// differ in one bit give streams that have nothing in common.
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// between is uniform in [low, high).
func (d dice) between(low, high float64) float64 { return low + (high-low)*d.Float64() }

// spread is lognormal with the given median.
func (d dice) spread(median, sigma float64) float64 { return median * math.Exp(sigma*d.NormFloat64()) }

// pareto is at least least; its tail falls as x^-alpha.
func (d dice) pareto(least, alpha float64) float64 {
	return least * math.Pow(1-d.Float64(), -1/alpha)
}

// poisson counts arrivals of exponential gaps; where they are many it rounds a
// normal, which is then within a percent.
func (d dice) poisson(mean float64) int {
	if mean > 60 {
		return max(0, int(math.Round(mean+math.Sqrt(mean)*d.NormFloat64())))
	}
	n := 0
	for left := mean - d.ExpFloat64(); left > 0; left -= d.ExpFloat64() {
		n++
	}
	return n
}

// pick draws an index in proportion to its weight; the first where all are 0.
func (d dice) pick(weights []float64) int {
	sum := 0.0
	for _, v := range weights {
		sum += v
	}
	x := d.Float64() * sum
	for i, v := range weights {
		if x -= v; x < 0 {
			return i
		}
	}
	return 0
}

// drift walks n steps of a stationary first-order autoregression with the given
// standard deviation, keep being the correlation of neighbours.
func (d dice) drift(n int, sd, keep float64) []float64 {
	path := make([]float64, n)
	x, fresh := sd*d.NormFloat64(), sd*math.Sqrt(1-keep*keep)
	for i := range path {
		path[i] = x
		x = keep*x + fresh*d.NormFloat64()
	}
	return path
}
