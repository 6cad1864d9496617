package world

import (
	"fmt"
	"math"
)

// Volumes follow a law of Zipf and Mandelbrot, from 22 complaining authors a
// minute (40 by day, few at night) to one in two days.
const (
	largest = 22.0
	shift   = 4.0
	steep   = 2.083 // largest*((1+shift)/(ranks+shift))^steep is 1/2880
)

// service is what stays the same about one.
type service struct {
	name, owner string
	kind        int
	volume      float64 // complaining authors a minute, in the mean of a week, over all sources
	lands       []int   // countries, the home first
	weight      []float64
	share       [nSources]float64
	news        float64 // news posts a minute
	trend       float64 // of the logarithm, a day
	daily       float64 // standard deviation of the logarithm from day to day
	sway        float64 // the same within hours
	echo        float64 // how many further complaints one begets in the mean, at a middling hour
	crowd       float64 // how many it begets at most
}

func (w *World) drawServices() {
	for s := range w.cfg.Services {
		w.services = append(w.services, w.drawService(s))
	}
	w.drawOwners()
}

// drawService draws the traits. The standard deviations are those of brand
// mentions in nab-tweets, the brands taken by their size: from day to day 0.09
// (AMZN), 0.22 (FB), 0.29 (CRM), 0.38 (AAPL), 0.41 (CVS); over an hour 0.14, 0.37,
// 0.48, 0.76 and 0.64. echo and crowd are fitted to the variance within hours and
// to the correlation of neighbouring counts there.
func (w *World) drawService(s int) service {
	d := w.dice(ofService, s)
	out := service{name: fmt.Sprintf("service-%04d", s+1), kind: d.pick([]float64{2, 3, 2.5, 2, 1.5, 1.5, 2})}
	out.owner = out.name
	out.volume = largest * math.Pow((1+shift)/(w.rank(s)+shift), steep)
	if s > 0 {
		out.volume *= d.spread(1, .3)
	} else {
		out.kind = chat // the giant of the world is a messenger
	}
	out.news = .2 * math.Pow(out.volume, .6) * d.spread(1, .5)
	out.trend = .0025 * d.NormFloat64()
	small := -math.Log10(min(20, max(.002, out.volume)))
	out.daily = min(.45, d.spread(.2+.05*small, .35))
	out.sway = min(.5, d.spread(.27+.085*small, .25))
	out.echo = d.between(.2, .4) + .1*min(1, out.volume)
	out.crowd = 4 + 25*math.Sqrt(out.volume)
	w.drawLands(d, &out)
	sum := 0.0
	for k, source := range sources() {
		out.share[k] = source.share * d.spread(1, .5)
		sum += out.share[k]
	}
	for k := range out.share {
		out.share[k] /= sum
	}
	return out
}

// Home is the time zone of the country where most users of a service are.
func (w *World) Home(service int) string { return countries()[w.services[service].lands[0]].zone }

// Kind is chat, bank, work, shop, stream, game or phone.
func (w *World) Kind(service int) string {
	return []string{"chat", "bank", "work", "shop", "stream", "game", "phone"}[w.services[service].kind]
}

// drawLands gives a service a home and up to four other countries.
func (w *World) drawLands(d dice, s *service) {
	var weights []float64
	for _, c := range countries() {
		weights = append(weights, c.weight)
	}
	home := d.between(.6, .97)
	if len(w.services) == 0 {
		home = .75 // the giant is used everywhere, and so not silent at night
	}
	s.lands, s.weight = []int{d.pick(weights)}, []float64{home}
	for others := d.IntN(5); others > 0; others-- {
		s.lands, s.weight = append(s.lands, d.pick(weights)), append(s.weight, d.between(.1, 1))
	}
	sum := 0.0
	for _, v := range s.weight[1:] {
		sum += v
	}
	for i := range s.weight[1:] {
		s.weight[i+1] *= (1 - home) / sum
	}
	if len(s.weight) == 1 {
		s.weight[0] = 1
	}
}

// drawOwners makes groups of two to five services of one owner, of a tenth of
// all services.
func (w *World) drawOwners() {
	d := w.dice(ofOwner, 0)
	order := d.Perm(len(w.services))
	for left, group := len(order)/10, 1; left > 1; group++ {
		size := min(2+d.IntN(4), left)
		for _, s := range order[:size] {
			w.services[s].owner = fmt.Sprintf("owner-%03d", group)
		}
		order, left = order[size:], left-size
	}
}
