package spike

import (
	"math"
	"time"
)

// Series scores how anomalous each row of any series of counts is, as far as the
// rows before it tell: mentions, orders, errors, of any step up to a day. It looks
// for rises that are rare for the series; falls are none to it. Unlike a Detector it
// needs no sources, no whole minutes and no end of an event, and says nothing of one.
type Series struct {
	rhythm rhythm
	sought [len(factors)]search
	ladder ladder
	alpha  float64 // dispersion: variance = mean + alpha mean²
	fade   float64 // of the evidence, in a usual row
	last   time.Time
}

// factors are the rises that are looked for: nobody knows beforehand how large an event
// will be.
var factors = [...]float64{1.3, 2, 4}

// search is what is known of one of them.
type search struct {
	evidence float64 // for it, in nats
	rarity   rarity
}

const (
	seriesClip   = 3   // standard deviations; beyond is an event, not the usual
	alphaMemory  = 5.0 // days
	leastAlpha   = 1e-3
	mostEvidence = 600            // nats; more is no more of a proof
	evidenceHalf = 12 * time.Hour // of usual rows, in which evidence fades by half
)

// NewSeries scores a series with a row for every step, of a day at most. It panics
// where step is not positive or longer.
func NewSeries(step time.Duration) *Series {
	if step <= 0 || step > 24*time.Hour {
		panic("spike.NewSeries: the step must be positive and at most a day, not " + step.String())
	}
	s := &Series{
		rhythm: newRhythm(step),
		ladder: ladder{rest: max(restTime, 2*step)},
		alpha:  1,
		fade:   math.Exp2(-float64(step) / float64(evidenceHalf)),
	}
	for i := range s.sought {
		s.sought[i].rarity = newRarity(step)
	}
	return s
}

// Step takes the row of t, which must be later than the one before, and a value
// that is finite and not negative. The score is 0 where there is nothing, and
// below 1. An event scores when it is noticed and when it has grown, not for as
// long as it lasts. Rows may be missing. The day and the week are those of t's zone.
func (s *Series) Step(t time.Time, value float64) (score float64) {
	if s.rhythm.rows > 0 && t.Sub(s.last) > s.ladder.rest {
		for i := range s.sought {
			s.sought[i].evidence = 0 // what was before the gap proves nothing of now
		}
	}
	s.last = t
	m := momentOf(t)
	shape := s.rhythm.shape(m)
	mean := s.rhythm.mean(shape, value)
	z := s.ladder.climb(t, s.weigh(value, mean))
	s.learn(m, shape, mean, value)
	return 1 - 1/(1+z)
}

// weigh adds the evidence of a row for each factor: a cusum, which is bounded and fades
// while the counts are as usual, or a giant event would hide the next for weeks. It
// returns how rare they find it in the mean.
func (s *Series) weigh(value, mean float64) (rare float64) {
	for i := range s.sought {
		r := &s.sought[i]
		news := llr(value, max(mean, s.rhythm.least()), factors[i], 1/s.alpha)
		if news < 0 {
			r.evidence *= s.fade
		}
		r.evidence = clamp(r.evidence+news, 0, mostEvidence)
		rare += r.rarity.of(r.evidence) / float64(len(factors))
	}
	return rare
}

// learn takes of the row what is usual.
func (s *Series) learn(m moment, shape, mean, value float64) {
	most := seriesClip * math.Sqrt(mean+s.alpha*mean*mean)
	squared := min((value-mean)*(value-mean), most*most)
	excess := (squared - mean) / (mean*mean + 0.5*mean)
	share := max(s.rhythm.step/alphaMemory, 1/(s.rhythm.rows+10))
	s.alpha = max(leastAlpha, s.alpha+share*(excess-s.alpha))
	s.rhythm.learn(m, shape, min(value, mean+most+1))
}
