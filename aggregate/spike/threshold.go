package spike

import "math"

// threshold learns how surprising usual days are: a service whose crowd comes in
// bursts has more surprising days than a Poisson process, and needs more to be
// called out. Only the greatest surprise of a day beyond a floor tells of it, by an
// exponential law: how many days exceed the floor, and by how much in the mean
// (Davison and Smith, Models for exceedances over high thresholds, 1990). How calm
// the calm days are is no matter: on most days of a small service nobody complains
// at all, which makes the rare burst no more of a usual thing.
type threshold struct {
	days, over, excess float64 // past days, those that exceeded the floor, and by how much in all; forgotten slowly
	today              float64
	minutes            int                    // of today
	late               [recentMinutes]float64 // not yet part of today: an alarm may show that it is of an outage
	place              int                    // of the oldest of them
}

// What is assumed before a day was seen: of 1,440 minutes of a process that is known
// exactly the greatest surprise exceeds log10(1440) on 63 days of a hundred, by
// 1/ln 10 in the mean. Dependence and the number of scales roughly cancel out.
const (
	surpriseFloor = 3.16
	usualOver     = 0.63
	usualExcess   = 0.434
	peakWeight    = 7 // days
	peakMemory    = 60
	recentMinutes = 20
	eventAt       = 4  // mean excesses: one day in 55 that exceed the floor
	mostSurprise  = 25 // more is always an alarm
	dayMinutes    = 24 * 60
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
	_, scale := t.tail()
	const keep = 1 - 1.0/peakMemory
	t.days, t.over, t.excess = t.days*keep+1, t.over*keep, t.excess*keep
	if t.today > surpriseFloor {
		t.over++
		t.excess += math.Min(t.today-surpriseFloor, eventAt*scale)
	}
	t.today, t.minutes = 0, 0
}

// forget takes the last minutes back: they were of an outage.
func (t *threshold) forget() { t.late = [recentMinutes]float64{} }

// at is the surprise that usual days exceed with that probability.
func (t *threshold) at(probability float64) float64 {
	share, scale := t.tail()
	return clamp(surpriseFloor+scale*math.Log(share/probability), surpriseFloor, mostSurprise)
}

// tail is the share of days that exceed the floor, and by how much in the mean.
func (t *threshold) tail() (share, scale float64) {
	over := t.over + usualOver*peakWeight
	share = over / (t.days + peakWeight)
	scale = (t.excess + usualExcess*usualOver*peakWeight) / over
	return math.Min(1, share), scale
}
