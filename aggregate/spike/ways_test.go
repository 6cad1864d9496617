package spike_test

import (
	"math/rand/v2"
	"testing"

	"outcry/aggregate/spike"
)

// Fifteen within minutes are an outage of a small service; fifteen in half an hour
// are talk, though hardly anybody complains of it otherwise.
func TestTrickleNeedsMorePeople(t *testing.T) {
	for _, c := range []struct {
		every, times, want int
	}{{1, 5, 1}, {7, 5, 0}} {
		d, m := spike.New(2, spike.Config{}), spike.Minute{Authors: make([]uint16, 2), Hearing: []float64{1, 1}}
		alarms, told := 0, 0
		for at := range 8 * day {
			m.Authors[0], m.Authors[1] = 0, 0
			if at%1000 == 0 {
				m.Authors[at/1000%2] = 1
			}
			if at >= 7*day && at%c.every == 0 && told < c.times {
				told++
				m.Authors[0], m.Authors[1] = 2, 1
			}
			if d.Step(at, m).State == spike.Over {
				alarms++
			}
		}
		if alarms != c.want {
			t.Errorf("three people %d times, every %d minutes: %d alarms, want %d", c.times, c.every, alarms, c.want)
		}
	}
}

// A service whose level drifts for hours, every day otherwise, has a jump noticed as
// soon as one that does not.
func TestDriftHidesNoJump(t *testing.T) {
	const jump = 21*day + 720
	for seed := range uint64(5) {
		dice := rand.New(rand.NewPCG(seed, 2))
		begin := make([]int, 22)
		for i := range begin {
			begin[i] = i*day + dice.IntN(16*60)
		}
		alarms, _ := story(seed, jump+60, func(t int) (a, b float64) {
			switch from := begin[t/day]; {
			case t >= jump:
				return 12, 6
			case t >= from && t < from+240 && t/day < 21:
				return 3, 1.5
			}
			return 2, 1
		}, nil)
		if len(alarms) != 1 || alarms[0].Detected < jump || alarms[0].Detected > jump+3 {
			t.Errorf("seed %d: %+v, want one alarm within minutes of %d", seed, alarms, jump)
		}
	}
}
