package spike

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
	alone     = 14   // or so much more surprise than an alarm needs
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

// broad says that the rise which ends at t is more than the talk of one source.
func (d *Detector) broad(t int, surprised float64) bool {
	from, _, _ := d.onset(t, d.cusum.since-lookBack)
	var all, allMean, top, topMean, most float64
	for i := range d.sources {
		people, mean := d.sources[i].sum(from, t)
		all, allMean = all+people, allMean+mean
		if people-mean > most {
			most, top, topMean = people-mean, people, mean
		}
	}
	restMean := allMean - topMean
	if restMean < elsewhere*allMean || surprised >= d.limit+alone {
		return true
	}
	w := &d.windows[2]
	return Surprise(int(all-top), restMean, w.dispersion(restMean)+d.base.uncertainty()) >= hint
}

func (s *sourceRing) sum(from, to int) (people, mean float64) {
	for i := from; i <= to; i++ {
		people += float64(s.people[i&last])
		mean += float64(s.means[i&last])
	}
	return people, mean
}
