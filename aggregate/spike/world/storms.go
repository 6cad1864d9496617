package world

import (
	"math"
	"slices"
)

// The draws of decoys return the minute at which they are over, the first one if
// nobody would hear them.

// drawNewsStorm draws two to eight hours of news, a hundred times the usual at
// its height; three to six of a hundred are taken for complaints.
func (w *World) drawNewsStorm(d dice, s, from int) int {
	v := &w.services[s]
	long, rise := 120+d.IntN(360), d.between(15, 60)
	height := 100 * v.news * d.between(.7, 1.3)
	news := extra{kind: newsPosts, from: from, share: newsShare()}
	leak := extra{kind: complaints, from: from, share: news.share}
	part := d.between(.03, .06)
	for i := range long {
		at := float64(i)
		rate := height * min(1, at/rise) * math.Exp(-max(0, at-rise)/(float64(long)/3))
		news.rate, leak.rate = append(news.rate, rate), append(leak.rate, part*rate)
	}
	w.extras[s] = append(w.extras[s], news, leak)
	w.decoy(s, AllServices, NewsStorm, from, from+long)
	return from + long
}

// drawBotStorm draws 50 to 500 posts of one to five accounts within minutes to
// an hour and a half, in one source.
func (w *World) drawBotStorm(d dice, s, from int) int {
	v := &w.services[s]
	long := 5 + d.IntN(85)
	posts := min(500, d.pareto(50, 1))
	e := extra{kind: storm, from: from, accounts: 1 + d.pick([]float64{5, 3, 2, 1, 1})}
	k := w.pickHeard(d, v.share[:nSources-1], from, long)
	if k < 0 {
		return from
	}
	e.share[k] = 1
	for range long {
		e.rate = append(e.rate, posts/float64(long))
	}
	w.extras[s] = append(w.extras[s], e)
	w.decoy(s, k, BotStorm, from, from+long)
	return from + long
}

// pickHeard draws a source that is heard for most of so many minutes,
// -1 if none is.
func (w *World) pickHeard(d dice, share []float64, from, long int) int {
	weights := make([]float64, len(share))
	for k := range share {
		on := float32(0)
		for i := from; i < min(from+long, w.minutes); i++ {
			on += w.sources[k].on[i]
		}
		if on > .9*float32(long) {
			weights[k] = share[k]
		}
	}
	if slices.Max(weights) == 0 {
		return -1
	}
	return d.pick(weights)
}

// drawCampaign draws a day of half as many complaints again, or twice as many.
func (w *World) drawCampaign(d dice, s, from int) int {
	r := rise{stretch{from, from + 14*60 + d.IntN(16*60)}, d.between(1.5, 2)}
	w.rises[s] = append(w.rises[s], r)
	w.decoy(s, AllServices, Campaign, r.from, r.to)
	return r.to
}

// drawThread draws a complaint that a dozen to sixty people join in one source (of
// large services more), by a Pareto law, at once and then ever fewer. Mentions of CVS, one in fourteen
// minutes, have eight such bursts in 55 days (nab-tweets), of all kinds.
func (w *World) drawThread(d dice, s, from int) int {
	const long = 180
	k := w.pickHeard(d, w.services[s].share[:nSources-2], from, long)
	if k < 0 {
		return from
	}
	e := extra{kind: complaints, from: from, local: true}
	e.share[k] = 1
	people, slow := min(60, d.pareto(12, 1.5)), d.between(8, 30)
	people *= 1 + 2*math.Sqrt(w.services[s].volume)
	sum := 0.0
	for i := range long {
		e.rate = append(e.rate, math.Pow(1+float64(i)/slow, -2.2))
		sum += e.rate[i]
	}
	for i := range e.rate {
		e.rate[i] *= people / sum
	}
	w.extras[s] = append(w.extras[s], e)
	w.decoy(s, k, Thread, from, from+long)
	return from + long
}

// playMatches lets services that show or carry football have bursts while it is
// on: a rise over the evening, and peaks of some minutes when a picture freezes.
func (w *World) playMatches() {
	for s := range w.services {
		v := &w.services[s]
		most := habits()[v.kind].match
		if most == 0 || v.volume < .005 {
			continue
		}
		for i, m := range w.lands[v.lands[0]].matches {
			d := w.dice(ofExtra, s<<12|1<<11|i)
			e := extra{kind: complaints, from: m.from, share: v.share, local: true}
			usual := w.usual(s, m.from/block*block, m.to)
			height := v.weight[0] * (most - 1) * m.draw
			bumps := drawBumps(d, m.to-m.from)
			for j := range m.to - m.from {
				e.rate = append(e.rate, usual[(m.from+j)/block-m.from/block]*height*(.5+bumps[j]))
			}
			w.extras[s] = append(w.extras[s], e)
		}
	}
}

// drawBumps draws three to seven peaks of three to six minutes, of one to two.
func drawBumps(d dice, n int) []float64 {
	out := make([]float64, n)
	for range 3 + d.IntN(5) {
		height := d.between(1, 2)
		for i, left := d.IntN(n), 3+d.IntN(4); left > 0 && i < n; i, left = i+1, left-1 {
			out[i] = max(out[i], height)
		}
	}
	return out
}
