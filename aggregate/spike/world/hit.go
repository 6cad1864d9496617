package world

import "math"

// hit works out what a fault is to a service, and lets it happen if it is felt.
func (w *World) hit(d dice, s int, f fault, force float64) (Member, bool) {
	v, usual := &w.services[s], w.usual(s, f.from, f.from+len(f.level))
	at := func(i int) float64 { return usual[min(i/block-f.from/block, len(usual)-1)] }
	// The crowd that an outage brings out grows slower than that of every day:
	// who is small has few complaints but many users, who then all complain.
	now := at(f.from)
	size := 18 * math.Pow(v.volume, .45) * math.Sqrt(now/v.volume) * force * d.spread(1, .5)
	size = min(size, 100*max(now, .5))
	e := extra{kind: complaints, from: f.from, rate: make([]float64, len(f.level)), share: v.share}
	if f.kind == Partial {
		size *= .4
		e.share = part(d, e.share)
	}
	for i, level := range f.level {
		awake := math.Sqrt(at(f.from+i) / now)
		e.rate[i] = size * level * min(3, max(.3, awake))
	}
	m, ok := w.measure(s, &e, usual, f.end)
	if !ok || !w.free(s, f.from, f.from+len(f.level)) {
		return m, false
	}
	w.take(s, f.from, f.from+len(f.level))
	w.extras[s] = append(w.extras[s], e)
	w.follow(s, &e, f, m.PerMinute)
	return m, true
}

// part leaves one or two of the sources in which people are.
func part(d dice, share [nSources]float64) [nSources]float64 {
	var out [nSources]float64
	for range 1 + d.IntN(2) {
		out[d.pick(share[:nSources-1])] = 1
	}
	sum := 0.0
	for k := range out {
		out[k] *= share[k]
		sum += out[k]
	}
	for k := range out {
		out[k] /= sum
	}
	return out
}

// measure says what of the extra complaints can be heard, and whether an ideal
// observer could find them.
func (w *World) measure(s int, e *extra, usual []float64, end int) (Member, bool) {
	v := &w.services[s]
	m, peak, all := Member{Service: s, Start: w.Time(e.from)}, 0, 0.0
	first := 0.0
	for i := range end {
		minute := e.from + i
		ours := usual[min(minute/block-e.from/block, len(usual)-1)] * w.heardOf(&v.share, minute)
		more := e.rate[i] * w.heardOf(&e.share, minute)
		if i < 5 {
			first += more
		}
		all += ours
		m.Excess += more
		if more > m.PerMinute {
			m.PerMinute, m.Usual, peak = more, ours, minute
		}
	}
	m.Peak = w.Time(peak)
	m.Severe = m.PerMinute >= 30 && m.PerMinute >= 10*m.Usual
	felt := first > 0 && m.Excess >= leastExcess && m.Excess >= leastDeviations*v.deviation(all) && m.PerMinute >= max(leastPeak, m.Usual)
	return m, felt
}

// heardOf is what share of people is heard in a minute, over 1 once a source has
// grown.
func (w *World) heardOf(share *[nSources]float64, minute int) float64 {
	sum := 0.0
	for k := range share {
		sum += share[k] * w.sources[k].gain[minute/block] * float64(w.sources[k].on[minute])
	}
	return sum
}

// deviation is the standard deviation of a usual count of that mean over some
// hours: of clusters, whose variance is the mean times 1/(1-n)² if each begets n
// in the mean (Hawkes 1971), a third more since n is not the same for all, and
// of the sway.
func (v *service) deviation(mean float64) float64 {
	clusters := 1.3 / ((1 - v.echo) * (1 - v.echo))
	return math.Sqrt(clusters*mean + 1.25*v.sway*v.sway*mean*mean)
}

// follow adds what comes after the complaints: news of a large outage, and the
// people who say that it works again.
func (w *World) follow(s int, e *extra, f fault, peak float64) {
	if peak >= 10 {
		told := extra{kind: newsPosts, from: e.from + 12, share: newsShare()}
		for i := range e.rate {
			told.rate = append(told.rate, .08*e.rate[max(0, i-5)])
		}
		w.extras[s] = append(w.extras[s], told)
	}
	again := extra{kind: fixedPosts, from: e.from + f.end, share: e.share}
	for i := range 90 {
		again.rate = append(again.rate, .12*e.rate[f.end-1]*math.Exp(-float64(i)/15))
	}
	w.extras[s] = append(w.extras[s], again)
}
