package world

import "math"

// kinds of what is added to a service's every day.
const (
	complaints = iota
	newsPosts
	fixedPosts
	storm
)

// extra is what is added: rate a minute over all sources, of which each has a
// share. storm is of so many accounts.
type extra struct {
	kind     int
	from     int
	rate     []float64
	share    [nSources]float64
	accounts int
	local    bool // of people of one language
}

// add adds the posts of an extra that one source brings, in the mean.
func (e *extra) add(posts []float64, source int) {
	for i, rate := range e.rate {
		if at := e.from + i; at < len(posts) {
			posts[at] += rate * e.share[source]
		}
	}
}

// befall draws an extra. Its rate sways by the minute by a fifth.
func (t *tally) befall(e *extra) {
	noise := t.drift(len(e.rate), .2, .8)
	a := t.speak(min(e.from, t.w.minutes-1))
	met := 0 // accounts of a storm that were counted in this hour
	for i, rate := range e.rate {
		minute := e.from + i
		if minute >= t.w.minutes {
			return
		}
		if i%60 == 0 {
			met = 0
		}
		for k, share := range e.share {
			mean := rate * share * t.w.sources[k].gain[minute/block] * math.Exp(noise[i]-.02)
			if mean == 0 {
				continue
			}
			met = t.add(e, a, k, minute, t.poisson(mean), met)
		}
	}
}

func (t *tally) add(e *extra, a about, k, minute, n, met int) int {
	switch e.kind {
	case complaints:
		for range n {
			t.hear(k, minute, t.answer(e, a, minute))
		}
	case newsPosts:
		for range n {
			t.tell(t.News, k, minute)
		}
	case fixedPosts:
		for range n {
			t.tell(t.Resolved, k, minute)
		}
	case storm:
		return t.flood(e.accounts, a, k, minute, n, met)
	}
	return met
}

// flood counts n posts of so few accounts, those not that were met before.
func (t *tally) flood(accounts int, a about, k, minute, n, met int) int {
	seen := 0
	for range n {
		if t.Float64() < float64(t.w.sources[k].on[minute]) {
			up(&t.Posts[k][minute])
			seen |= 1 << t.IntN(accounts)
		}
	}
	for fresh := seen &^ met; fresh > 0; fresh &= fresh - 1 {
		up(&t.Authors[k][minute])
		t.note(k, minute, a)
	}
	return met | seen
}

// rise is a slow change of what is usual: by factor at its height, as a bell.
type rise struct {
	stretch
	factor float64
}

// apply changes rates by the block, of which the first is given.
func (r rise) apply(rate []float64, first int) {
	for b := max(first, r.from/block); b < min(first+len(rate), r.to/block+1); b++ {
		part := (float64(b*block) - float64(r.from)) / float64(r.to-r.from)
		if part <= 0 || part >= 1 {
			continue
		}
		// Flat in its middle half, with a fourth of it to come and to go.
		rate[b-first] *= 1 + (r.factor-1)*min(1, 2*math.Pow(math.Sin(math.Pi*part), 2))
	}
}

// newsShare is where news are told.
func newsShare() (share [nSources]float64) {
	for k, source := range sources() {
		share[k] = source.news
	}
	return share
}
