package aggregate

import (
	"iter"
	"math/bits"
	"time"

	"outcry/ingest"
)

// Coverage says how well a source was heard, by step: shares from 0 (not at all)
// to 1, in the order of the steps of the query.
type Coverage struct {
	Source string
	Shares []float64
}

// CoverageQuery asks how well sources were heard. An empty Source is all of those
// that say so.
type CoverageQuery struct {
	Source string
	From   time.Time     // inclusive, aligned to Step (UTC)
	To     time.Time     // exclusive, aligned to Step (UTC)
	Step   time.Duration // whole minutes
}

// SourceActivity sums up what was heard of a source in a range of time. Coverage
// is the share of it in which the source was heard, negative where it does not
// say: files, and posts that are sent to us.
type SourceActivity struct {
	Source   string
	Posts    uint64    // distinct posts, complaints or not
	Last     time.Time // minute of the latest of them
	Coverage float64
}

// Seconds is a set of seconds of one minute, the first in the lowest bit.
type Seconds uint64

// Count is how many there are.
func (s Seconds) Count() int { return bits.OnesCount64(uint64(s)) }

// ByMinute cuts a span into minutes, with the seconds of each that it covers. A
// second counts where its middle is covered.
func ByMinute(c ingest.Coverage) iter.Seq2[time.Time, Seconds] {
	const half = 500 * time.Millisecond
	from, to := c.From.Add(half).Unix(), c.To.Add(half).Unix()
	return func(yield func(time.Time, Seconds) bool) {
		for minute := from - from%60; minute < to; minute += 60 {
			begin, end := max(from-minute, 0), min(to-minute, 60)
			if !yield(time.Unix(minute, 0).UTC(), 1<<end-1<<begin) {
				return
			}
		}
	}
}

// DeafAfter is how long a source is missed after it was last heard; after that it
// has been given up.
const DeafAfter = 24 * time.Hour

// deafBelow is the share of a step that must be heard for its counts to stand for
// it.
const deafBelow = 0.5

// deafGrace is how long after its end a step may still be heard: what covers it
// has to come through the queue.
const deafGrace = 30 * time.Second

// MarkDeaf notes in every point of q which sources were not heard then, so that no
// complaints are not taken for calm. heard is the coverage from DeafAfter before
// q.From.
func MarkDeaf(points []Point, q CurveQuery, heard []Coverage, now time.Time) {
	before := int(DeafAfter / q.Step)
	for _, c := range heard {
		last := -1 // the last step in which it was heard well
		for i, share := range c.Shares {
			end := q.From.Add(time.Duration(i-before+1) * q.Step)
			switch {
			case share >= deafBelow:
				last = i
			case i >= before && last >= 0 && i-last <= before && now.Sub(end) > deafGrace:
				points[i-before].Deaf = append(points[i-before].Deaf, c.Source)
			}
		}
	}
}
