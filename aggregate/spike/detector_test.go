package spike_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"outcry/aggregate/spike"
)

// story lets a detector hear Poisson counts of two sources, of means that rates
// gives by minute, and returns the alarms and the last verdict.
func story(seed uint64, minutes int, rates func(t int) (a, b float64), hearing func(t int) (a, b float64)) (alarms []spike.Alarm, last spike.Verdict) {
	d, dice := spike.New(2, spike.Config{}), rand.New(rand.NewPCG(seed, 1))
	draw := func(mean float64) (n uint16) { // Knuth, Seminumerical Algorithms, 3.4.1
		limit := math.Exp(-mean)
		for product := dice.Float64(); product > limit; n++ {
			product *= dice.Float64()
		}
		return n
	}
	m := spike.Minute{Authors: make([]uint16, 2), Hearing: []float64{1, 1}}
	for t := range minutes {
		a, b := rates(t)
		m.Authors[0], m.Authors[1] = draw(a), draw(b)
		if hearing != nil {
			m.Hearing[0], m.Hearing[1] = hearing(t)
		}
		last = d.Step(t, m)
		if last.State == spike.Over {
			alarms = append(alarms, *last.Alarm)
		}
	}
	if last.State == spike.Out {
		alarms = append(alarms, *last.Alarm)
	}
	return alarms, last
}

const day = 24 * 60

// steady is half a person a minute, two thirds of them in the first source.
func steady(int) (a, b float64) { return 0.34, 0.16 }

// An outage of half an hour at noon of the eighth day.
func TestOutageIsFoundAndDated(t *testing.T) {
	const from, to = 7*day + 720, 7*day + 750
	for seed := range uint64(10) {
		alarms, last := story(seed, 8*day, func(t int) (a, b float64) {
			if t >= from && t < to {
				return 10, 5
			}
			return steady(t)
		}, nil)
		if len(alarms) != 1 || last.State != spike.Calm {
			t.Errorf("seed %d: %d alarms, state %d", seed, len(alarms), last.State)
			continue
		}
		a := alarms[0]
		if a.Detected-from > 2 || a.Onset < from-1 || a.Onset > from+1 || a.Earliest > a.Onset || a.Latest < a.Onset {
			t.Errorf("seed %d: onset %d (%d to %d), noticed %d, after the true one", seed, a.Onset-from, a.Earliest-from, a.Latest-from, a.Detected-from)
		}
		if a.End < to-2 || a.End > to+20 || a.People < 350 || a.People > 560 || a.PeakPeople < 15 || a.Usual > 40 {
			t.Errorf("seed %d: end %d after the true one, %+v", seed, a.End-to, a)
		}
	}
}

// Nothing happens in four weeks: nothing is said.
func TestCalmIsCalm(t *testing.T) {
	for seed := range uint64(4) {
		if alarms, last := story(seed, 28*day, steady, nil); len(alarms) > 0 || last.State != spike.Calm {
			t.Errorf("seed %d: %+v", seed, alarms)
		}
	}
}

// A source that was deaf comes back: that is no rise. Silence is no outage either.
func TestDeafSource(t *testing.T) {
	deaf := func(t int) bool { return t > 3*day && t%day > 600 && t%day < 900 }
	alarms, last := story(1, 10*day, func(t int) (a, b float64) {
		if deaf(t) {
			return 0, 0.16
		}
		return steady(t)
	}, func(t int) (a, b float64) {
		if deaf(t) {
			return 0, 1
		}
		return 1, 1
	})
	if len(alarms) > 0 || last.Usual < 0.3 {
		t.Errorf("%+v, usual %g", alarms, last.Usual)
	}
	if _, last := story(1, 10*day, steady, func(int) (a, b float64) { return 0, 0 }); last.State != spike.Unknown || last.People != 0 {
		t.Errorf("of what nobody heard: %+v", last)
	}
}

// A crowd in one source of two is talk; in both it is an outage.
func TestOneSourceIsNotEnough(t *testing.T) {
	burst := func(inBoth bool) func(t int) (a, b float64) {
		return func(t int) (a, b float64) {
			switch {
			case t < 7*day || t > 7*day+10:
				return steady(t)
			case inBoth:
				return 2.4, 1.2
			}
			return 3.4, 0.16
		}
	}
	var talk, outage int
	for seed := range uint64(10) {
		a, _ := story(seed, 7*day+60, burst(false), nil)
		talk += len(a)
		a, _ = story(seed, 7*day+60, burst(true), nil)
		outage += len(a)
	}
	if talk > 1 || outage < 8 {
		t.Errorf("of 10, %d and %d are called outages", talk, outage)
	}
}

// A giant outage is seen an hour after a first start; until a day has passed, calm
// is not claimed.
func TestColdStart(t *testing.T) {
	alarms, last := story(1, 90, func(t int) (a, b float64) {
		if t >= 60 {
			return 20, 10
		}
		return steady(t)
	}, nil)
	if len(alarms) != 1 || alarms[0].Onset < 59 || alarms[0].Onset > 61 || alarms[0].Detected > 64 {
		t.Errorf("%+v", alarms)
	}
	if _, last = story(1, 600, steady, nil); last.State != spike.Unknown {
		t.Errorf("after ten hours: state %d", last.State)
	}
}

// Every day has its evening: what is usual then is no outage.
func TestDailyCycle(t *testing.T) {
	alarms, last := story(5, 21*day+20*60, func(t int) (a, b float64) {
		height := 1.2 + math.Cos(2*math.Pi*(float64(t%day)/day-20.0/24))
		return 3 * height, 1.5 * height
	}, nil)
	if len(alarms) > 0 || last.Usual < 8 || last.Usual > 12 {
		t.Errorf("%+v, usual %.1f at the height of the day, want about 10", alarms, last.Usual)
	}
}

func TestEars(t *testing.T) {
	e, hearing := &spike.Ears{}, make([]float64, 3)
	step := func(t int, a, b, c, covered float64) {
		e.Step(t, []float64{a, b, c}, []float64{covered, math.NaN(), math.NaN()}, hearing)
	}
	for t := range 3 * day {
		step(t, 200, 100, 0, 1)
	}
	want := func(what string, low, high [3]float64) {
		t.Helper()
		for i, h := range hearing {
			if h < low[i] || h > high[i] {
				t.Errorf("%s: source %d is heard %.2f, want %.2f to %.2f", what, i, h, low[i], high[i])
			}
		}
	}
	want("as usual", [3]float64{0.95, 0.95, 0}, [3]float64{1.05, 1.05, 0})
	step(3*day, 0, 100, 0, 0)
	want("cut off", [3]float64{0, 0.9, 0}, [3]float64{0, 1.1, 0})
	for i := range 10 {
		step(3*day+1+i, 100, 0, 0, 0.5)
	}
	want("half a minute, and silent without a word", [3]float64{0.45, 0, 0}, [3]float64{0.55, 0, 0})
	for i := range 10 {
		step(3*day+11+i, 400, 100, 50, 1)
	}
	want("twice as much, back, and new", [3]float64{1.7, 0.9, -3}, [3]float64{2.1, 1.2, -0.1})
}

func BenchmarkStep(b *testing.B) {
	d, m := spike.New(4, spike.Config{}), spike.Minute{Authors: make([]uint16, 4), Hearing: []float64{1, 1, 1, 1}}
	dice := rand.New(rand.NewPCG(1, 1))
	t := 0
	for b.Loop() {
		m.Authors[t%4] = uint16(dice.IntN(100) / 95)
		d.Step(t, m)
		t++
	}
}
