package spike

import "math"

// onset finds the minute in which the rise began that was noticed at t: the one
// that makes the counts since then, up to t, most likely to come of a mean that is
// higher by a factor, at once or little by little. The interval holds the minutes
// whose likelihood is not much less: a likelihood ratio interval of 95%.
func (d *Detector) onset(t int, first int) (best, earliest, latest int) {
	first = max(first, t-ring+scales[len(scales)-1], d.begin)
	alpha := d.windows[0].sway()
	scores := make([]float64, t-first+1)
	top := math.Inf(-1)
	for from := t; from >= first; from-- {
		s := math.Max(d.step(from, t, alpha), d.ramp(from, t, alpha))
		scores[from-first] = s
		if s > top {
			top, best = s, from
		}
	}
	const within = 1.92 // half of the 95% quantile of chi-squared with one degree of freedom
	earliest, latest = best, best
	for i, s := range scores {
		if top-s <= within {
			earliest, latest = min(earliest, first+i), max(latest, first+i)
		}
	}
	return best, earliest, latest
}

// step is the log likelihood ratio of a mean that jumped at from.
func (d *Detector) step(from, t int, alpha float64) (sum float64) {
	var people, mean float64
	for i := from; i <= t; i++ {
		people += float64(d.people[i&last])
		mean += d.means[i&last]
	}
	if mean <= 0 || people <= mean {
		return 0
	}
	factor := people / mean
	for i := from; i <= t; i++ {
		if m := d.means[i&last]; m > 0 {
			sum += llr(float64(d.people[i&last]), m, factor, 1/alpha)
		}
	}
	return sum
}

// ramp is the log likelihood ratio of a mean that grows evenly from from to t.
func (d *Detector) ramp(from, t int, alpha float64) (sum float64) {
	var people, mean, slope float64
	for i := from; i <= t; i++ {
		people += float64(d.people[i&last])
		mean += d.means[i&last]
		slope += d.means[i&last] * float64(i-from+1)
	}
	if t-from < 5 || mean <= 0 || people <= mean {
		return 0
	}
	grow := (people - mean) / slope // mean × (1 + grow × minutes)
	for i := from; i <= t; i++ {
		if m := d.means[i&last]; m > 0 {
			sum += llr(float64(d.people[i&last]), m, 1+grow*float64(i-from+1), 1/alpha)
		}
	}
	return sum
}
