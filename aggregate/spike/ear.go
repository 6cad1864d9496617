package spike

import (
	"math"
	"slices"
)

// Ears tell how well sources are heard by the volume of all that they say: a source
// that falls silent is deaf, which is neither calm nor an outage; one that says
// twice as much as usual says twice as many complaints. One that is new beside
// others teaches at first, and is not yet believed: all that it says is a rise. The
// zero value is ready; a source is known by its place.
type Ears struct{ ears []ear }

// ear listens to one source.
type ear struct {
	base    *baseline
	recent  [earSpan]struct{ heard, mean float64 }
	heard   float64 // sums over recent
	mean    float64
	minutes int // since something was first heard
	faint   int // minutes up to now in which it was as good as silent
}

const (
	earSpan    = 5       // minutes whose volume is put together
	earWeight  = 10      // posts by which the ratio is drawn to 1
	earMost    = 3       // more is not scaled: it may be the outage itself that fills the source
	earAtFirst = 12 * 60 // minutes in which a new source only teaches
	earFaint   = 24 * 60 // minutes after which one that says far less, but says something, is a small source
)

// Clone is what goes on from here by itself.
func (e *Ears) Clone() *Ears {
	c := &Ears{slices.Clone(e.ears)}
	for i := range c.ears {
		base := *c.ears[i].base
		base.rates = slices.Clone(base.rates)
		c.ears[i].base = &base
	}
	return c
}

var always = []float64{1}

// Step takes what was heard in minute t, in minutes since a Monday at midnight
// (UTC), by source: posts that are no complaints, and the share of the minute in
// which the source was connected, NaN where it does not say. It fills hearing with
// what Minute.Hearing asks for.
func (e *Ears) Step(t int, posts, covered, hearing []float64) {
	for len(e.ears) < len(posts) {
		e.ears = append(e.ears, ear{base: newBaseline(1)})
	}
	oldest := 0
	for i := range e.ears {
		hearing[i] = e.ears[i].step(t, posts[i], covered[i])
		oldest = max(oldest, e.ears[i].minutes)
	}
	for i := range e.ears {
		if age := e.ears[i].minutes; age < earAtFirst && oldest-age > earAtFirst {
			hearing[i] = -hearing[i]
		}
	}
}

func (e *ear) step(t int, posts float64, covered float64) float64 {
	if e.minutes == 0 && posts == 0 && !(covered > 0) {
		return 0 // it has not begun
	}
	e.minutes++
	told := !math.IsNaN(covered)
	if told && covered <= 0 {
		return 0
	}
	share := 1.0
	if told {
		share = covered
	}
	mean := e.base.mean(t, always) * share
	slot := &e.recent[e.minutes%earSpan]
	e.heard += posts - slot.heard
	e.mean += mean - slot.mean
	slot.heard, slot.mean = posts, mean
	// What has just fallen, or has just come back, must not look like a rise of
	// complaints: of this minute and the last few, the better counts.
	now := (posts + earWeight) / (mean + earWeight)
	span := (math.Max(0, e.heard) + earWeight) / (math.Max(0, e.mean) + earWeight)
	ratio := math.Max(now, span)
	silent := !told && ratio < silence // it fell silent without a word
	if e.faint++; !silent {
		e.faint = 0
	}
	if silent && e.faint > earFaint && e.heard > 0 {
		silent = false
	}
	if !silent && mean > 0 {
		e.base.learn(t, []float64{math.Min(posts/share, 5*mean/share+earWeight)}, always, mean/share)
	}
	if silent && now < silence {
		return 0
	}
	return clamp(ratio, 0.1, earMost) * share
}

// silence is the share of the usual volume with less of which a source is deaf,
// which does not say so by itself.
const silence = 0.2
