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

// broad says that the rise which ends at t is more than the talk of one source;
// beyond is by how much its surprise exceeds the limit.
func (d *Detector) broad(t int, beyond float64) bool {
	if d.beyond(byOthers) >= 0 || !d.part && beyond >= alone {
		return true
	}
	from, _, _ := d.onset(t, d.cusum.since-lookBack)
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
