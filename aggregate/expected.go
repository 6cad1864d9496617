package aggregate

import (
	"math"
	"time"

	"outcry/aggregate/spike"
)

// Quarter is the unit of time of Expected.
const Quarter = 15 * time.Minute

// Expected is how many people a minute complain about a service as usual, in a
// quarter of an hour: their number varies by Usual + Alpha Usual² in the square.
type Expected struct {
	Service string
	Quarter time.Time
	Usual   float64
	Alpha   float64
}

// Band is what would be usual of a step. Low and High enclose nine of ten usual
// counts of authors; Chance is the probability of as many authors as there were.
type Band struct {
	Usual  float64 `json:"usual"`
	Low    float64 `json:"low"`
	High   float64 `json:"high"`
	Chance float64 `json:"chance"`
}

// AddBands puts beside the points of q what would be usual, where that is known of
// the whole step. Of steps longer than a minute the bands are wider than they need
// be: chance evens out, and how far is not known. Points that are alike share a Band.
func AddBands(points []Point, q CurveQuery, expected []Expected) {
	byQuarter := make(map[int64]Expected, len(expected))
	for _, e := range expected {
		byQuarter[e.Quarter.Unix()] = e
	}
	part := min(q.Step, Quarter)
	bands := map[bandOf]*Band{} // those of the minutes of a quarter are mostly the same
	for i := range points {
		var usual, weighted float64
		known := true
		for t := points[i].T; t.Before(points[i].T.Add(q.Step)); t = t.Add(part) {
			e, ok := byQuarter[t.Truncate(Quarter).Unix()]
			known = known && ok
			usual += e.Usual * part.Minutes()
			weighted += e.Alpha * e.Usual * part.Minutes()
		}
		if !known || usual <= 0 {
			continue
		}
		made := bandOf{usual, weighted / usual, points[i].Authors}
		band, ok := bands[made]
		if !ok {
			band = made.band()
			bands[made] = band
		}
		points[i].Band = band
	}
}

// bandOf is all that a Band depends on.
type bandOf struct {
	usual, alpha float64
	authors      uint64
}

func (o bandOf) band() *Band {
	low, high := spike.Band(o.usual, o.alpha)
	chance := math.Pow(10, -spike.Surprise(int(o.authors), o.usual, o.alpha))
	return &Band{Usual: round(o.usual), Low: low, High: high, Chance: round(chance)}
}

// round keeps three digits.
func round(x float64) float64 {
	if x == 0 || math.IsNaN(x) || math.IsInf(x, 0) {
		return 0
	}
	scale := math.Pow(10, 2-math.Floor(math.Log10(math.Abs(x))))
	if math.IsInf(scale, 0) {
		return 0
	}
	return math.Round(x*scale) / scale
}
