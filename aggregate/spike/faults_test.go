package spike_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"outcry/aggregate/spike"
)

// loud is a rise in both sources to so many people a minute in [from, to).
func loud(from, to int, people float64) func(t int) (a, b float64) {
	return func(t int) (a, b float64) {
		if t >= from && t < to {
			return people * 2 / 3, people / 3
		}
		return steady(t)
	}
}

// Before the first Monday of 1970, minutes are negative.
func TestBeforeTheFirstMonday(t *testing.T) {
	d, m := spike.New(1, spike.Config{}), spike.Minute{Authors: []uint16{1}, Hearing: []float64{1}}
	for at := -3 * day; at < day; at++ {
		if v := d.Step(at, m); v.Alarm != nil {
			t.Fatalf("minute %d: %+v", at, v.Alarm)
		}
	}
	if mean, _ := d.Expected(); mean < 0.9 || mean > 1.1 {
		t.Errorf("%g people are expected, want 1", mean)
	}
}

// What nobody hears is not calm.
func TestDeafIsNotCalm(t *testing.T) {
	_, last := story(1, 3*day+1, steady, func(t int) (a, b float64) {
		if t == 3*day {
			return 0, 0
		}
		return 1, 1
	})
	if last.State != spike.Unknown {
		t.Errorf("state %d, want %d", last.State, spike.Unknown)
	}
}

// Posts that say it works again end an outage sooner, not earlier than it ended.
func TestResolvedEndsItSooner(t *testing.T) {
	const from, to = 7*day + 720, 7*day + 780
	end := func(resolved uint16) (a spike.Alarm, told int) {
		d, m := spike.New(2, spike.Config{}), spike.Minute{Authors: make([]uint16, 2), Hearing: []float64{1, 1}}
		for t := range to + 60 {
			m.Authors[0], m.Authors[1], m.Resolved = uint16(t%2), 0, 0
			if t >= from && t < to {
				m.Authors[0], m.Authors[1] = 10, 5
			}
			if t >= to {
				m.Resolved = resolved
			}
			if v := d.Step(t, m); v.State == spike.Over {
				a, told = *v.Alarm, t
			}
		}
		return a, told
	}
	silent, late := end(0)
	said, soon := end(1)
	if soon >= late-4 {
		t.Errorf("told %d and %d minutes after the end", soon-to, late-to)
	}
	for _, a := range []spike.Alarm{silent, said} {
		if a.End < to-1 || a.End > to+1 {
			t.Errorf("end %d minutes after the true one", a.End-to)
		}
	}
}

// The onset lies within its interval, and both before the alarm, though all is over
// in a minute.
func TestOnsetOfAFlash(t *testing.T) {
	for _, usual := range []float64{0.5, 5, 60} {
		for seed := range uint64(5) {
			const from = 7*day + 720
			flash := func(t int) (a, b float64) {
				switch {
				case t == from:
					return usual * 6, usual*3 + 10
				case t > from && t < from+12:
					return usual / 5, usual / 5
				}
				return usual / 2, usual / 2
			}
			alarms, _ := story(seed, from+60, flash, nil)
			for _, a := range alarms {
				if a.Earliest > a.Onset || a.Onset > a.Latest || a.Latest > a.Detected || a.Latest < from || a.Onset < from-3 {
					t.Errorf("usual %g, seed %d: onset %d (%d to %d), noticed %d", usual, seed, a.Onset-from, a.Earliest-from, a.Latest-from, a.Detected-from)
				}
			}
		}
	}
}

// One account that complains in nearly every minute, of which the counts do not know
// that it is one, is no outage; as many who come by chance are.
func TestOneWhoGoesOnAndOn(t *testing.T) {
	const at = 7*day + 720
	for _, c := range []struct {
		lone  bool
		found int
	}{{true, 0}, {false, 1}} {
		d, dice := spike.New(1, spike.Config{}), rand.New(rand.NewPCG(1, 2))
		m, found := spike.Minute{Authors: make([]uint16, 1), Hearing: []float64{1}}, 0
		for t := range at + 120 {
			m.Authors[0] = uint16(dice.IntN(50) / 49)
			switch {
			case t < at:
			case c.lone:
				m.Authors[0] += uint16(dice.IntN(8)+6) / 7 // seven of eight
			default:
				m.Authors[0] += []uint16{0, 0, 0, 1, 1, 1, 2, 2}[dice.IntN(8)]
			}
			if v := d.Step(t, m); v.Alarm != nil && v.State == spike.Out && v.Alarm.Detected == t {
				found++
			}
		}
		if found != c.found {
			t.Errorf("alone %v: %d outages, want %d", c.lone, found, c.found)
		}
	}
}

// An outage is no usual day: the next needs no more surprise.
func TestOutagesDoNotRaiseTheThreshold(t *testing.T) {
	const at = 7*day + 720
	_, calm := story(1, 9*day, steady, nil)
	alarms, after := story(1, 9*day, loud(at, at+30, 15), nil)
	if len(alarms) != 1 || math.Abs(after.Threshold-calm.Threshold) > 0.25 {
		t.Errorf("%d outages, the threshold is %.2f, without any %.2f", len(alarms), after.Threshold, calm.Threshold)
	}
}

// A source takes the place of another, which is gone: its complaints are usual.
func TestSourceIsReplaced(t *testing.T) {
	for seed := range uint64(3) {
		alarms, last := story(seed, 7*day, func(t int) (a, b float64) {
			if t < 5*day {
				return 20, 0
			}
			return 0, 20
		}, func(t int) (a, b float64) {
			switch {
			case t < 5*day:
				return 1, 0
			case t < 5*day+12*60:
				return 0, -1
			}
			return 0, 1
		})
		if len(alarms) > 0 || last.Usual < 16 || last.Usual > 24 {
			t.Errorf("seed %d: %d alarms, usual %g, want 20", seed, len(alarms), last.Usual)
		}
	}
}

// An outage whose end nobody hears ends when nobody hears of it any more.
func TestNobodyHearsTheEnd(t *testing.T) {
	const from, cut = 7*day + 720, 7*day + 750
	alarms, last := story(1, 10*day, loud(from, cut, 15), func(t int) (a, b float64) {
		if t >= cut && t < cut+30*60 {
			return 0, 0
		}
		return 1, 1
	})
	if len(alarms) != 1 || alarms[0].End != cut || last.State != spike.Calm {
		t.Errorf("state %d, %+v, want an end at %d", last.State, alarms, cut)
	}
}

// Five days of it, longer than all rings: it is told once, from its onset, and is
// how things are at last.
func TestItStays(t *testing.T) {
	const from = 7 * day
	alarms, last := story(1, 21*day, loud(from, 100*day, 6), nil)
	if len(alarms) != 1 || alarms[0].Onset < from-3 || alarms[0].Onset > from+3 || alarms[0].Usual <= 0 || last.State != spike.Calm {
		t.Errorf("state %d, usual %g, %+v", last.State, last.Usual, alarms)
	}
	if last.Usual < 4 || last.Usual > 7 {
		t.Errorf("usual %g, want 6", last.Usual)
	}
}

// Even who accepts any number of false alarms gets a threshold.
func TestThresholdOfAnyConfig(t *testing.T) {
	for _, yearly := range []float64{-1, 0, 1e-9, 364, 365, 1e9, math.NaN(), math.Inf(1)} {
		v := spike.New(1, spike.Config{FalseAlarms: yearly}).Step(0, spike.Minute{Authors: []uint16{0}, Hearing: []float64{1}})
		if !(v.Threshold > 1 && v.Threshold <= 25) {
			t.Errorf("%g false alarms: threshold %g", yearly, v.Threshold)
		}
	}
}

// A source that says far less for more than a day, without a word, is not deaf: it
// has become small. One that says nothing is.
func TestSourceBecomesSmall(t *testing.T) {
	e, hearing := &spike.Ears{}, make([]float64, 2)
	step := func(from, to int, a, b float64) {
		for t := from; t < to; t++ {
			e.Step(t, []float64{a, b}, []float64{math.NaN(), math.NaN()}, hearing)
		}
	}
	step(0, 3*day, 1000, 1000)
	step(3*day, 3*day+60, 100, 0)
	if hearing[0] != 0 || hearing[1] != 0 {
		t.Errorf("after an hour: %v, want both deaf", hearing)
	}
	step(3*day+60, 6*day, 100, 0)
	if hearing[0] < 0.1 || hearing[1] != 0 {
		t.Errorf("after three days: %v, want the first heard", hearing)
	}
}

// What is summed up of an outage is of its time, not of the calm that proved its end.
func TestSumsAreOfTheOutage(t *testing.T) {
	const from, to = 7*day + 720, 7*day + 735
	d, m := spike.New(2, spike.Config{}), spike.Minute{Authors: make([]uint16, 2), Hearing: []float64{1, 1}}
	var people, usual [to + 60]float64
	for t0 := range to + 60 {
		m.Authors[0], m.Authors[1] = 2, 1
		if t0 >= from && t0 < to {
			m.Authors[0], m.Authors[1] = 20, 10
		}
		v := d.Step(t0, m)
		people[t0], usual[t0] = float64(v.People), v.Usual
		if v.State != spike.Over {
			continue
		}
		var sum, mean float64
		for i := v.Alarm.Onset; i < v.Alarm.End; i++ {
			sum, mean = sum+people[i], mean+usual[i]
		}
		if a := v.Alarm; a.People != sum || math.Abs(a.Usual-mean) > 1e-6 || a.PeakPeople != 30 {
			t.Errorf("%g people, usual %g, from %d to %d; want %g and %g", a.People, a.Usual, a.Onset-from, a.End-to, sum, mean)
		}
		return
	}
	t.Error("no outage, or no end of it")
}

// A first start hears busy services at once: that is no rise.
func TestColdStartOfABusyService(t *testing.T) {
	for _, people := range []float64{1, 10, 100, 600} {
		for seed := range uint64(3) {
			alarms, last := story(seed, day, func(int) (a, b float64) { return people * 2 / 3, people / 3 }, nil)
			if len(alarms) > 0 || last.Usual < 0.8*people || last.Usual > 1.2*people {
				t.Errorf("%g people, seed %d: usual %g, %+v", people, seed, last.Usual, alarms)
			}
		}
	}
}

// What was of an hour is forgotten when nothing was heard for a day.
func TestHourIsForgotten(t *testing.T) {
	_, last := story(1, 12*day, func(t int) (a, b float64) {
		if t >= 10*day && t < 10*day+240 {
			return 8, 4
		}
		return 4, 2
	}, func(t int) (a, b float64) {
		if t >= 10*day+240 && t < 12*day-1 {
			return 0, 0
		}
		return 1, 1
	})
	if last.Usual > 7 {
		t.Errorf("usual %g, want 6", last.Usual)
	}
}

// Expected tells the minute that Step has just taken.
func TestExpected(t *testing.T) {
	d, m := spike.New(1, spike.Config{}), spike.Minute{Authors: []uint16{3}, Hearing: []float64{1}}
	var v spike.Verdict
	for t := range 3 * day {
		v = d.Step(t, m)
	}
	mean, alpha := d.Expected()
	low, high := spike.Band(mean, alpha)
	if mean != v.Usual || math.Abs(mean-3) > 0.1 || low > 3 || high < 3 || alpha <= 0 {
		t.Errorf("mean %g, alpha %g, band %g to %g", mean, alpha, low, high)
	}
	m.Hearing[0] = 0
	d.Step(3*day, m)
	if mean, alpha = d.Expected(); mean != 0 || alpha != 0 {
		t.Errorf("deaf: mean %g, alpha %g", mean, alpha)
	}
}
