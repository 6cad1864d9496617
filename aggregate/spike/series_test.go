package spike_test

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"outcry/aggregate/spike"
)

// monday is where the stories below begin, at midnight.
var monday = time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)

// scene tells what happens at a time since monday: counts an hour, and whether the
// row is missing.
type scene func(since time.Duration) (hourly float64, missing bool)

// scores plays a story to a Series and returns the scores above 0 by their time.
func scores(seed uint64, step, length time.Duration, play scene) map[time.Duration]float64 {
	s, dice, told := spike.NewSeries(step), rand.New(rand.NewPCG(seed, 2)), map[time.Duration]float64{}
	for since := time.Duration(0); since < length; since += step {
		hourly, missing := play(since)
		if missing {
			continue
		}
		// Gaussian noise as wide as Poisson's, around a mean that sways.
		mean := hourly * step.Hours() * math.Exp(0.35*dice.NormFloat64()-0.06)
		count := math.Max(0, math.Round(mean+math.Sqrt(mean)*dice.NormFloat64()))
		if score := s.Step(monday.Add(since), count); score > 0 {
			told[since] = score
		}
	}
	return told
}

const hours = time.Hour

// daily is 60 counts an hour, which sway over the day by half and halve on weekends.
func daily(since time.Duration) float64 {
	mean := 60 * (1 + 0.5*math.Sin(2*math.Pi*since.Hours()/24))
	if int(since.Hours()/24)%7 >= 5 {
		mean /= 2
	}
	return mean
}

// within says how many of the scores lie from from to to, and how many do not.
func within(told map[time.Duration]float64, from, to time.Duration) (in, out int) {
	for at := range told {
		if at >= from && at < to {
			in++
		} else {
			out++
		}
	}
	return in, out
}

// An event of some hours is told, a few times at most, whatever the step.
func TestStepsAndEvents(t *testing.T) {
	for _, step := range []time.Duration{time.Minute, 5 * time.Minute, 15 * time.Minute, time.Hour} {
		const from, to = 16*24*hours + 13*hours, 16*24*hours + 17*hours
		found, alarms := 0, 0
		for seed := range uint64(5) {
			told := scores(seed, step, 20*24*hours, func(since time.Duration) (float64, bool) {
				if since >= from && since < to {
					return 10 * daily(since), false
				}
				return daily(since), false
			})
			in, out := within(told, from, to)
			if in > 0 {
				found++
			}
			if in > 6 {
				t.Errorf("step %v, seed %d: told %d times", step, seed, in)
			}
			alarms += out
		}
		if found < 5 || alarms > 5 {
			t.Errorf("step %v: found %d of 5, %d false alarms in 100 days", step, found, alarms)
		}
	}
}

// What is missing is neither zero nor a rise, and what comes after it is found.
func TestGaps(t *testing.T) {
	const gap, back, event = 10*24*hours + 3*hours, 13*24*hours + 11*hours, 15*24*hours + 9*hours
	for seed := range uint64(5) {
		told := scores(seed, 5*time.Minute, 16*24*hours, func(since time.Duration) (float64, bool) {
			if since >= event && since < event+2*hours {
				return 12 * daily(since), false
			}
			// And one row in ten is missing anywhere.
			return daily(since), since >= gap && since < back || since/(5*time.Minute)%10 == 7
		})
		if in, out := within(told, event, event+2*hours); in == 0 || out > 1 {
			t.Errorf("seed %d: %d in the event, %d elsewhere: %v", seed, in, out, told)
		}
	}
}

// An event that a gap cuts short is not told again when usual rows come back.
func TestGapInAnEvent(t *testing.T) {
	const event, back = 10*24*hours + 3*hours, 10*24*hours + 12*hours
	for seed := range uint64(5) {
		told := scores(seed, 5*time.Minute, 11*24*hours, func(since time.Duration) (float64, bool) {
			if since >= event && since < event+2*hours {
				return 20 * daily(since), false
			}
			return daily(since), since >= event && since < back
		})
		if in, _ := within(told, event, event+2*hours); in == 0 {
			t.Errorf("seed %d: the event is not told", seed)
		}
		if in, _ := within(told, back, 11*24*hours); in != 0 {
			t.Errorf("seed %d: told after the gap: %v", seed, told)
		}
	}
}

// A giant does not hide the next event for more than a day or two.
func TestAfterAGiant(t *testing.T) {
	const giant, next = 14*24*hours + 10*hours, 16*24*hours + 10*hours
	found := 0
	for seed := range uint64(10) {
		told := scores(seed, 5*time.Minute, 17*24*hours, func(since time.Duration) (float64, bool) {
			switch {
			case since >= giant && since < giant+2*hours:
				return 500 * daily(since), false
			case since >= next && since < next+3*hours:
				return 20 * daily(since), false
			}
			return daily(since), false
		})
		if in, _ := within(told, next, next+3*hours); in > 0 {
			found++
		}
	}
	if found < 9 {
		t.Errorf("found %d of 10", found)
	}
}

// Any value leaves a score, and the series alive.
func TestExtremes(t *testing.T) {
	s := spike.NewSeries(time.Minute)
	dice := rand.New(rand.NewPCG(1, 3))
	values := []float64{0, 0, 1e15, 0, 1e-9, 1, 1e15, 1e15, 3.5}
	for i := range 10_000 {
		score := s.Step(monday.Add(time.Duration(i)*time.Minute), values[dice.IntN(len(values))])
		if !(score >= 0 && score < 1) {
			t.Fatalf("row %d: score %g", i, score)
		}
	}
}

func TestStepsThatAreRefused(t *testing.T) {
	for _, step := range []time.Duration{0, -time.Minute, 25 * time.Hour} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("NewSeries(%v) did not panic", step)
				}
			}()
			spike.NewSeries(step)
		}()
	}
}

// BenchmarkYear is a year of minutes.
func BenchmarkYear(b *testing.B) {
	for b.Loop() {
		s := spike.NewSeries(time.Minute)
		for i := range 365 * 24 * 60 {
			s.Step(monday.Add(time.Duration(i)*time.Minute), float64(i%17))
		}
	}
}
