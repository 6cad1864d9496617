package world

import "math"

// Heard is how many posts a source brought by the minute, complaints and all
// else. It is drawn from what the services say in the mean and from all outages
// and storms, so it is not the exact sum of them.
func (w *World) Heard(source int) []uint32 {
	d := w.dice(ofHeard, source)
	mean := w.chatter(source)
	sway := d.drift(w.blocks, .08, .95)
	extra := make([]float64, w.minutes)
	for s := range w.extras {
		for i := range w.extras[s] {
			w.extras[s][i].add(extra, source)
		}
	}
	out := make([]uint32, w.minutes)
	l := &w.sources[source]
	for i := range out {
		b := i / block
		posts := mean[b]*math.Exp(sway[b]+.04*d.NormFloat64()) + extra[i]
		out[i] = uint32(d.poisson(posts * l.gain[b] * float64(l.on[i])))
	}
	return out
}

// chatter is how many posts a minute a source has in the mean, by the block: the
// people of all countries, and twice the complaints, which come in bursts.
func (w *World) chatter(source int) []float64 {
	out := make([]float64, w.blocks)
	people, total := make([][]float64, len(w.lands)), 0.0
	for c, land := range countries() {
		people[c] = make([]float64, len(w.profiles))
		people[c][chat] = sources()[source].heard * land.weight
		total += land.weight
	}
	for c := range people {
		people[c][chat] /= total
	}
	for _, s := range w.services {
		for i, c := range s.lands {
			people[c][s.kind] += 2 * s.volume * s.share[source] * s.weight[i]
		}
	}
	for c, land := range w.lands {
		for kind, amount := range people[c] {
			if amount == 0 {
				continue
			}
			for b := range out {
				out[b] += amount * w.profiles[kind][land.slot[b]] * float64(land.hush[b])
			}
		}
	}
	for b := range out {
		out[b] *= w.crowd[b]
	}
	return out
}
