package spike

import "math"

// threshold learns how surprising usual days are: a service whose crowd comes in
// bursts has more surprising days than a Poisson process, and needs more to be
// called out. The greatest surprise of a day has about a Gumbel distribution (it
// is the greatest of many whose tail is exponential in the surprise); Gumbel,
// Statistics of Extremes, 1958, gives mean and variance.
type threshold struct {
	days, sum, squares float64 // of the greatest surprise of past days, forgotten slowly
	today              float64
	minutes            int                    // of today
	late               [recentMinutes]float64 // not yet part of today: an alarm may show that it is of an outage
	place              int                    // of the oldest of them
}

// What is assumed of the greatest surprise of a day before one was seen: that of
// 1,440 minutes of a process that is known exactly is log10(1440), its scale
// 1/ln 10. Dependence and four scales roughly cancel out.
const (
	usualPeak       = 3.0
	usualSpread     = 0.55
	peakWeight      = 7 // days
	peakMemory      = 60
	recentMinutes   = 20
	eventAt         = 4  // scales above the mode: one day in 55
	mostSurprise    = 25 // more is always an alarm
	eulerMascheroni = 0.5772156649
	dayMinutes      = 24 * 60
)

// learn takes the surprise of a usual minute. What is far beyond all that is usual
// was an event, and must not make the next one less of a surprise.
func (t *threshold) learn(surprise float64) {
	t.today = math.Max(t.today, t.late[t.place])
	t.late[t.place] = surprise
	t.place = (t.place + 1) % recentMinutes
	if t.minutes++; t.minutes < dayMinutes {
		return
	}
	mode, scale := t.gumbel()
	t.today = math.Min(t.today, mode+eventAt*scale)
	const keep = 1 - 1.0/peakMemory
	t.days, t.sum, t.squares = t.days*keep+1, t.sum*keep+t.today, t.squares*keep+t.today*t.today
	t.today, t.minutes = 0, 0
}

// forget takes the last minutes back: they were of an outage.
func (t *threshold) forget() { t.late = [recentMinutes]float64{} }

// at is the surprise that usual days exceed with that probability.
func (t *threshold) at(probability float64) float64 {
	mode, scale := t.gumbel()
	return math.Min(mostSurprise, mode-scale*math.Log(-math.Log1p(-probability)))
}

// gumbel is the distribution of the greatest surprise of a day.
func (t *threshold) gumbel() (mode, scale float64) {
	const variance = usualSpread * usualSpread
	n := t.days + peakWeight
	mean := (t.sum + usualPeak*peakWeight) / n
	square := (t.squares + (usualPeak*usualPeak+variance)*peakWeight) / n
	scale = math.Sqrt(math.Max(square-mean*mean, variance/4) * 6 / (math.Pi * math.Pi))
	return mean - eulerMascheroni*scale, scale
}
