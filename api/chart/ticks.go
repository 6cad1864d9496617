package chart

import (
	"math"
	"time"
)

// heights are the values at which a line is drawn: round ones, from 0 to the first
// that is above all.
func heights(highest float64, most int) []float64 {
	highest = max(highest, 4)
	most = max(most, 1)
	step := 1.0
	for i := 0; highest/step > float64(most); i++ {
		step = math.Pow(10, float64(i/3)) * []float64{1, 2, 5}[i%3]
	}
	all := []float64{0}
	for v := step; ; v += step {
		all = append(all, v)
		if v >= highest {
			return all
		}
	}
}

func distances() []time.Duration {
	const day = 24 * time.Hour
	return []time.Duration{time.Minute, 5 * time.Minute, 10 * time.Minute, 15 * time.Minute, 30 * time.Minute, time.Hour, 2 * time.Hour,
		3 * time.Hour, 6 * time.Hour, 12 * time.Hour, day, 2 * day, 7 * day, 14 * day, 28 * day, 56 * day}
}

// times are round times of a zone in a range, at most so many.
func times(from, to time.Time, zone *time.Location, most int) []time.Time {
	all := distances()
	every := all[len(all)-1]
	for _, d := range all {
		if int(to.Sub(from)/d) <= max(most, 1) {
			every = d
			break
		}
	}
	return timesEvery(from, to, zone, every)
}

// timesEvery counts from each midnight, as the clock of the zone shows it: a day
// may have 23 hours or 25.
func timesEvery(from, to time.Time, zone *time.Location, every time.Duration) (found []time.Time) {
	local := from.In(zone)
	days := max(1, int(every/(24*time.Hour)))
	for i := 0; ; i += days {
		midnight := time.Date(local.Year(), local.Month(), local.Day()+i, 0, 0, 0, 0, zone)
		if !midnight.Before(to) {
			return found
		}
		for at := time.Duration(0); at < 24*time.Hour; at += every {
			t := time.Date(midnight.Year(), midnight.Month(), midnight.Day(), 0, 0, int(at/time.Second), 0, zone)
			if !t.Before(from) && t.Before(to) && (len(found) == 0 || t.After(found[len(found)-1])) {
				found = append(found, t)
			}
		}
	}
}

// clock is the label of a time: of a midnight the date, as what it begins is a day.
func clock(t time.Time) string {
	if t.Hour() == 0 && t.Minute() == 0 {
		return t.Format(time.DateOnly)
	}
	return t.Format("15:04")
}
