package world

import "math"

// Series are the counts of one service, [source][minute].
type Series struct {
	Authors  [][]uint16 // authors of complaints in the minute who had not complained within the hour
	Posts    [][]uint16 // complaints
	News     [][]uint16 // posts of others about the service
	Resolved [][]uint16 // posts that say it works again
	Said     []Said     // the complaints behind Authors, in no order
}

// Counts draws the counts of a service: the same ones whenever it is asked.
func (w *World) Counts(service int) Series {
	t := &tally{w: w, s: &w.services[service], dice: w.dice(ofCounts, service), tongues: tongues{w.dice(ofTongues, service)}}
	for _, part := range []*[][]uint16{&t.Authors, &t.Posts, &t.News, &t.Resolved} {
		for range nSources {
			*part = append(*part, make([]uint16, w.minutes))
		}
	}
	usual := w.usual(service, 0, w.minutes)
	t.complain(usual)
	t.report(usual)
	for i := range w.extras[service] {
		t.dice = w.dice(ofExtra, service<<12|i)
		t.befall(&w.extras[service][i])
	}
	return t.Series
}

// tally draws one service.
type tally struct {
	Series
	dice
	tongues tongues
	w       *World
	s       *service
}

// up counts one, a minute being full at 65,535.
func up(n *uint16) {
	if *n < math.MaxUint16 {
		*n++
	}
}

// complain draws the complaints of every day. They are no renewal of one rate:
// the rate sways within hours, in common and in each source apart, and every
// complaint begets others (Hawkes 1971), more in the evening than at night.
func (t *tally) complain(usual []float64) {
	common := t.drift(t.w.blocks, t.s.sway, .93) // three to four hours
	hours := t.w.lands[t.s.lands[0]].slot
	for k := range nSources {
		apart := t.drift(t.w.blocks, t.s.sway/2, .8)
		rate := make([]float64, t.w.blocks)
		for b := range rate {
			h := heat(int(hours[b]) % aDay / 4)
			mood := math.Exp((common[b]+apart[b])*h - h*h*t.s.sway*t.s.sway*1.25/2)
			rate[b] = usual[b] * t.s.share[k] * t.w.sources[k].gain[b] * mood * (1 - t.s.echo*h)
		}
		t.arrive(rate, func(at float64) { t.say(k, at, t.speak(min(int(at), t.w.minutes-1))) })
	}
}

// arrive draws the moments of a process by exponential gaps in its time, so that
// quiet services cost next to nothing. rate is a minute, by the block.
func (t *tally) arrive(rate []float64, at func(minute float64)) {
	next := t.ExpFloat64()
	for b, r := range rate {
		whole := r * block
		for ; next < whole; next += t.ExpFloat64() {
			at((float64(b) + next/whole) * block)
		}
		next -= whole
	}
}

// say counts a complaint if it is heard, and lets others follow: a Pareto law of
// how many, so that most beget none and a few a dozen or, of a large service, a hundred;
// another one of when, most within minutes and some within hours.
func (t *tally) say(k int, at float64, a about) {
	minute := int(at)
	if minute >= t.w.minutes {
		return
	}
	t.hear(k, minute, a)
	const alpha = 1.6
	mean := t.s.echo * heat(int(t.w.lands[t.s.lands[0]].slot[minute/block])%aDay/4)
	for range t.poisson(min(t.s.crowd, t.pareto(mean*(alpha-1)/alpha, alpha))) {
		where := k
		if t.Float64() < .15 {
			where = t.pick(t.s.share[:])
		}
		next := at + min(360, t.pareto(4, 1.4)-4)
		t.say(where, next, t.join(a, minute))
	}
}

// hear counts an author in a minute in so far as the source was connected: one
// post, seldom more, and seldom one which says that it works again.
func (t *tally) hear(k, minute int, a about) {
	if on := t.w.sources[k].on[minute]; on < 1 && t.Float64() >= float64(on) {
		return
	}
	up(&t.Authors[k][minute])
	t.note(k, minute, a)
	up(&t.Posts[k][minute])
	for t.Float64() < .1 {
		up(&t.Posts[k][minute])
	}
	if t.Float64() < .008 {
		up(&t.Resolved[k][minute])
	}
}

// note keeps of what somebody complains.
func (t *tally) note(k, minute int, a about) {
	t.Said = append(t.Said, Said{Minute: int32(minute), Source: uint8(k), Lang: a.lang, Symptom: a.symptom})
}

// report draws the news of every day, each told by some more within an hour.
func (t *tally) report(usual []float64) {
	for k, source := range sources() {
		rate := make([]float64, t.w.blocks)
		for b := range rate {
			rate[b] = t.s.news * source.news * usual[b] / t.s.volume / 2 * t.w.sources[k].gain[b]
		}
		t.arrive(rate, func(at float64) {
			for again := true; again; again = t.Float64() < .5 {
				t.tell(t.News, k, int(at))
				at += 20 * t.ExpFloat64()
			}
		})
	}
}

// tell counts one post if it is heard.
func (t *tally) tell(what [][]uint16, k, minute int) {
	if minute < t.w.minutes && t.Float64() < float64(t.w.sources[k].on[minute]) {
		up(&what[k][minute])
	}
}
