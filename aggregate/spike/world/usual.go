package world

import "math"

// usual is how many authors complain a minute by the block, over all sources at
// their first size, when nothing happens but what everybody's calendar holds. The blocks are those of
// the minutes from to to.
func (w *World) usual(s, from, to int) []float64 {
	v := &w.services[s]
	first, last := max(0, from/block), min(w.blocks, (to+block-1)/block)
	out := make([]float64, max(0, last-first))
	for i, c := range v.lands {
		land, profile, weight := &w.lands[c], w.profiles[v.kind], v.weight[i]*v.volume
		for i := range out {
			out[i] += weight * profile[land.slot[first+i]] * float64(land.hush[first+i])
		}
	}
	// Neighbouring days of mentions correlate by 0.43 to 0.71 (nab-tweets).
	levels := w.dice(ofLevel, s).drift(w.cfg.Days+1, v.daily, .55)
	for i := range out {
		b := first + i
		n, part := b/aDay, float64(b%aDay)/aDay
		level := (1-part)*levels[n] + part*levels[n+1] + v.trend*float64(b-w.blocks/2)/aDay
		out[i] *= math.Exp(level-v.daily*v.daily/2) * w.crowd[b]
	}
	for _, r := range w.rises[s] {
		r.apply(out, first)
	}
	return out
}
