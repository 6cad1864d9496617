package world

import (
	"math"
	"time"
)

// Kinds of decoys.
const (
	NewsStorm = "news storm" // news a hundredfold; some of it is taken for complaints
	BotStorm  = "bot storm"  // few accounts, many posts
	Campaign  = "campaign"   // real complaints of a price, slow and for a day
	Thread    = "thread"     // one complaint in one source that many join
	Event     = "event"      // all that is heard rises, complaints in proportion
	Holiday   = "holiday"    // of one country
	Match     = "match"      // an evening of football in one country
	Gap       = "gap"        // a source is deaf
	CatchUp   = "catch-up"   // a source was away and brought all that was missed
	NewSource = "new source" // a source begins
	Doubling  = "doubling"   // a source doubles
)

// Decoy is what must raise no alarm. Service and Source are AllServices where it
// is of none alone; then outages may fall into its time.
type Decoy struct {
	Service, Source int
	Kind            string
	Where           string // the time zone of the country of a Holiday or Match
	Start, End      time.Time
}

// decoy keeps a decoy, cut to the history.
func (w *World) decoy(service, source int, kind string, from, to int) {
	w.decoys = append(w.decoys, Decoy{service, source, kind, "", w.Time(max(0, from)), w.Time(min(to, w.minutes))})
}

// drawCrowds draws the popular events, of which all talk for some hours.
func (w *World) drawCrowds() {
	d := w.dice(ofCrowd, 0)
	w.crowd = make([]float64, w.blocks)
	for b := range w.crowd {
		w.crowd[b] = 1
	}
	for range max(2, w.cfg.Days/12) {
		from := d.IntN(w.minutes - 300)
		r := rise{stretch{from, from + 120 + d.IntN(180)}, d.between(1.4, 1.6)}
		r.apply(w.crowd, 0)
		w.decoy(AllServices, AllServices, Event, r.from, r.to)
	}
}

// drawDecoys draws those of single services, at times when they have no outage.
func (w *World) drawDecoys() {
	w.playMatches()
	d := w.dice(ofDecoy, 0)
	for _, of := range []struct {
		aDay  float64 // in a world of a thousand services
		least float64 // volume
		draw  func(dice, int, int) int
	}{
		{1, .005, w.drawNewsStorm},
		{1.5, .002, w.drawBotStorm},
		{.7, .1, w.drawCampaign},
		{1, .003, w.drawThread},
	} {
		for range max(2, d.poisson(of.aDay*w.active()*w.scale())) {
			w.place(d, of.least, of.draw)
		}
	}
}

// place finds a service and a time for a decoy. Larger services have more of
// them, but not in proportion.
func (w *World) place(d dice, least float64, draw func(dice, int, int) int) {
	weights := make([]float64, len(w.services))
	for s, v := range w.services {
		if v.volume >= least || s == 0 {
			weights[s] = math.Pow(v.volume, .3)
		}
	}
	for range 20 {
		s := d.pick(weights)
		from := w.cfg.Quiet*day + d.IntN(max(1, w.minutes-w.cfg.Quiet*day-30*60))
		if w.free(s, from, from+30*60) {
			if to := draw(d, s, from); to > from {
				w.take(s, from, to)
				return
			}
		}
	}
}
