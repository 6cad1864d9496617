package spike

import "math"

// sourceRing is what one source told of a service in the last minutes.
type sourceRing struct {
	people [ring]uint16
	means  [ring]float32
}

// What a rise in a single source needs to be taken for an outage: there, one person
// complains and a crowd joins in, which other sources do not hear.
const (
	elsewhere = 0.15 // share of the usual complaints: with less the others cannot tell
	hint      = 3.5  // surprise in the others that is enough
	agree     = 5    // together with what is beyond the limit
	alone     = 14   // or so much more surprise than an alarm needs
	partHint  = 6    // in any case, for a part: who joins in speaks the same language of the same thing
)

const (
	// One who complains again and again does so in so many minutes at most, and is
	// taken for one at that log likelihood ratio.
	mostOften = 0.97
	loneRate  = 1.3 // people a minute, with those who are usual
	loneRatio = 5
	// So many people tell at most how complaints are shared by the sources: they
	// cluster, and shares are not the same for all that happens.
	shareSize = 5
)

// spread notes who told of minute t.
func (d *Detector) spread(t int, m Minute, mean float64) {
	base := d.base.base(m.Hearing)
	for i := range d.sources {
		s, share := &d.sources[i], 0.0
		if base > 0 && m.Hearing[i] > 0 {
			share = d.base.rate(i) * m.Hearing[i] / base
		}
		s.people[t&last], s.means[t&last] = 0, float32(mean*share)
		if share > 0 {
			s.people[t&last] = m.Authors[i]
		}
	}
}

// credible says that a rise which is noticed at t is of many people, in more than one
// source; beyond is by how much its surprise exceeds the limit.
func (d *Detector) credible(t int, beyond float64) bool {
	from, _, _ := d.onset(t, d.cusum.since-lookBack)
	return d.broad(from, t, beyond) && !d.lone(from, t)
}

// broad says that the rise is more than the talk of one source.
func (d *Detector) broad(from, t int, beyond float64) bool {
	if d.beyond(byOthers) >= 0 || !d.part && beyond >= alone {
		return true
	}
	rest, mean, share := d.beside(from, t)
	if share < elsewhere {
		return true
	}
	alpha := d.within(t-from+1).dispersion(guard*mean) + d.base.uncertainty()
	surprise := Surprise(rest, guard*mean, alpha)
	if d.part {
		return surprise >= partHint
	}
	return surprise >= hint && surprise+beyond >= agree
}

// lone says that the rise is of one who complains again and again, where the counts
// do not tell people apart: somebody more in most minutes, and hardly ever two. The
// likelihood of that is compared with that of people who come by chance.
func (d *Detector) lone(from, t int) bool {
	minutes := float64(t - from + 1)
	var people, mean float64
	for i := from; i <= t; i++ {
		people, mean = people+float64(d.people[i&last]), mean+d.means[i&last]
	}
	often := math.Min(mostOften, (people-mean)/minutes)
	if often <= 0 || people > loneRate*minutes {
		return false
	}
	ratio := 0.0
	for i := from; i <= t; i++ {
		x, usual := float64(d.people[i&last]), math.Max(1e-6, d.means[i&last])
		one := math.Log1p(-often) + logPoisson(x, usual)
		if x >= 1 {
			with := math.Log(often) + logPoisson(x-1, usual)
			one = math.Max(one, with) + math.Log1p(math.Exp(-math.Abs(one-with)))
		}
		ratio += one - logPoisson(x, people/minutes)
	}
	return ratio > loneRatio
}

func logPoisson(x, mean float64) float64 { return x*math.Log(mean) - mean - lgamma(x+1) }

// others is the surprise of what is heard from one minute to another beside the
// loudest source, by the dispersion of w; 0 where the others cannot tell.
func (d *Detector) others(from, to int, w *window) float64 {
	rest, mean, share := d.beside(from, to)
	if share < elsewhere {
		return 0
	}
	return Surprise(rest, guard*mean, w.dispersion(guard*mean)+d.base.uncertainty())
}

// beside sums up all sources but the one that rose most, and says what share of the
// usual they have.
func (d *Detector) beside(from, to int) (people int, mean, share float64) {
	var all, allMean, top, topMean, most float64
	for i := range d.sources {
		people, mean := d.sources[i].sum(from, to)
		all, allMean = all+people, allMean+mean
		if people-mean > most {
			most, top, topMean = people-mean, people, mean
		}
	}
	mean = math.Max(0, allMean-topMean)
	return int(all - top), mean, mean / math.Max(allMean, 1e-9)
}

// within is the shortest scale that holds so many minutes.
func (d *Detector) within(minutes int) *window {
	for i := range d.windows {
		if d.windows[i].length >= minutes {
			return &d.windows[i]
		}
	}
	return &d.windows[len(scales)-1]
}

func (s *sourceRing) sum(from, to int) (people, mean float64) {
	for i := from; i <= to; i++ {
		people += float64(s.people[i&last])
		mean += float64(s.means[i&last])
	}
	return people, mean
}

// Heard is what was heard of the service from one minute to another, of the last four
// hours, by source: people, and how many would be usual.
func (s *Service) Heard(from, to int) (people, usual []float64) {
	d := s.whole
	people, usual = make([]float64, len(d.sources)), make([]float64, len(d.sources))
	for i := range d.sources {
		people[i], usual[i] = d.sources[i].sum(from, to)
	}
	return people, usual
}

// Silence is how surprising it is that in these minutes so few people complained in
// other sources than one, by how complaints are usually shared: the negative decimal
// logarithm of the lower tail of a beta-binomial distribution. It is 0 where the
// others are not silent, or unknown.
func (s *Service) Silence(from, to, source int) float64 {
	people, usual := s.Heard(from, to)
	var all, allUsual float64
	for i := range people {
		all, allUsual = all+people[i], allUsual+usual[i]
	}
	rest, share := all-people[source], 1-usual[source]/math.Max(allUsual, 1e-9)
	if share <= 0 || share >= 1 || rest >= share*all {
		return 0
	}
	heard := s.whole.base.heard
	size := shareSize * heard / (heard + shareSize)
	a, b := size*share, size*(1-share)
	tail := 0.0
	for k := 0.0; k <= rest; k++ {
		tail += math.Exp(lgamma(all+1) - lgamma(k+1) - lgamma(all-k+1) + lbeta(k+a, all-k+b) - lbeta(a, b))
	}
	return -math.Log10(clamp(tail, 1e-9, 1))
}

func lbeta(a, b float64) float64 { return lgamma(a) + lgamma(b) - lgamma(a+b) }
