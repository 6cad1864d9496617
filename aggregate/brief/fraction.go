package brief

import "math"

// near is how far a share may be from a fraction that is told for it; slack
// forgives the arithmetic.
const (
	near  = 0.04
	slack = 1e-9
)

// fraction is the text for a share: a fraction where one is near, else the
// percentage.
func (r reportWords) fraction(share float64) string {
	switch {
	case share >= 1-slack:
		return r.All
	case share >= 0.95:
		return r.AlmostAll
	}
	text, distance := r.Percent, near+slack
	if share > 0.75+near {
		text = r.Most
	}
	for _, known := range []struct {
		share float64
		text  string
	}{{0.75, r.ThreeQuarters}, {2.0 / 3, r.TwoThirds}, {0.5, r.Half}, {1.0 / 3, r.Third}, {0.25, r.Quarter}} {
		if d := math.Abs(share - known.share); d < distance {
			text, distance = known.text, d
		}
	}
	return text
}

// points is a share in whole percent.
func points(share float64) int { return int(math.Round(share * 100)) }

// roundTimes rounds a ratio, of 2 or more, to what the counts can bear: whole
// numbers under 20, fives under 100, then two digits.
func roundTimes(ratio float64) int {
	step := 1.0
	switch {
	case ratio >= 99.5:
		step = math.Pow(10, math.Floor(math.Log10(ratio)+slack)-1)
	case ratio >= 20:
		step = 5
	}
	return int(math.Round(math.Round(ratio/step) * step))
}
