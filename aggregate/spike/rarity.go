package spike

import (
	"math"
	"time"
)

// rarity says how far evidence is above the highest of usual days, in standard
// deviations: a series whose every day has its burst needs more to be surprised.
type rarity struct {
	days, sum, squares float64 // of the logarithms of the highest of past days, forgotten slowly
	highest            float64 // of today, a logarithm
	rows, perDay       int     // a day is as many rows as fill one: what is missing is not a quiet day
}

const (
	evidenceFloor = 10   // nats, so that little above nothing is no surprise
	raritySpread  = 1.0  // assumed of the logarithms before days were seen
	rarityWeight  = 5.0  // days
	rarityMemory  = 28.0 // days
)

func newRarity(step time.Duration) rarity {
	return rarity{perDay: max(1, int(math.Round(24*float64(time.Hour)/float64(step))))}
}

// of evidence in nats; nothing is rare on the first day.
func (r *rarity) of(evidence float64) (z float64) {
	height := math.Log(evidence + evidenceFloor)
	if r.days > 0 {
		mean := r.sum / r.days
		variance := (rarityWeight*raritySpread*raritySpread + max(0, r.squares-r.sum*mean)) / (rarityWeight + r.days)
		z = max(0, (height-mean)/math.Sqrt(variance))
	}
	r.learn(height)
	return z
}

func (r *rarity) learn(height float64) {
	r.highest = max(r.highest, height)
	if r.rows++; r.rows < r.perDay {
		return
	}
	keep := math.Exp(-1 / rarityMemory)
	r.days, r.sum, r.squares = r.days*keep+1, r.sum*keep+r.highest, r.squares*keep+r.highest*r.highest
	r.rows, r.highest = 0, 0
}

// ladder lets only news through: an event is told once, and again where it has
// grown by half; the next when rarity has not been high for some hours.
type ladder struct {
	told float64   // the highest step that was told of the event; 0 between events
	high time.Time // when it last was high
	rest time.Duration
}

const (
	leastRarity = 0.8
	growth      = 1.5
	restTime    = 6 * time.Hour
)

func (l *ladder) climb(t time.Time, z float64) float64 {
	if l.told > 0 && t.Sub(l.high) > l.rest {
		l.told = 0
	}
	news := z >= max(leastRarity, l.told*growth)
	if news {
		l.told = z
	}
	if l.told > 0 && z >= leastRarity {
		l.high = t
	}
	if !news {
		return 0
	}
	return z
}
