package aggregate

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"outcry/aggregate/spike"
)

// happens is what more people complain of a service in a minute after noon of the
// eighth day, by source.
type happens func(service, after int) (here, there int)

// neighbours lets a fleet hear eight days of so many services, of each of which one
// person complains every fourth minute, in either of two sources by turns, and what
// happens on the last. It returns of which there is an alarm, and when, in minutes
// after noon.
func neighbours(services int, owner func(string) string, what happens) map[string]int {
	const noon, end = 7*24*60 + 720, 7*24*60 + 720 + 300
	dice, h := rand.New(rand.NewPCG(1, 1)), heard{}
	for minute := range end {
		for s := range services {
			var n [2]int
			if dice.IntN(4) == 0 {
				n[dice.IntN(2)] = 1
			}
			if minute >= noon {
				here, there := what(s, minute-noon)
				n[0], n[1] = n[0]+here, n[1]+there
			}
			for source, people := range n {
				if people > 0 {
					h.counts = append(h.counts, Count{Service: name(s), Source: []string{"here", "there"}[source], Minute: timeOf(minute), Authors: uint64(people), Posts: uint64(people)})
				}
			}
		}
	}
	f := newFleet(spike.Config{}, 0, owner)
	f.run(h, end)
	told := map[string]int{}
	for _, a := range f.alarms() {
		if _, before := told[a.service]; !before {
			told[a.service] = a.Detected - noon
		}
	}
	return told
}

func name(service int) string { return fmt.Sprint("s", service) }

// lasts is so many people a minute for so long, half of them in each source.
func lasts(after, minutes, people int) (here, there int) {
	if after >= minutes {
		return 0, 0
	}
	return people - people/2, people / 2
}

// Some blame their own network for the outage of a giant, and fall silent with it.
func TestSpillIsNoOutage(t *testing.T) {
	spill := func(s, after int) (here, there int) {
		if s == 0 {
			return lasts(after, 120, 200)
		}
		return lasts(after-5, 120, 6)
	}
	if told := neighbours(2, alone, spill); len(told) != 1 || told["s0"] > 2 {
		t.Errorf("alarms %v, want s0", told)
	}
	together := func(string) string { return "one owner" }
	if told := neighbours(2, together, spill); len(told) != 2 {
		t.Errorf("alarms %v, want both of one owner", told)
	}
	if told := neighbours(2, alone, func(s, after int) (here, there int) {
		if s == 1 {
			return lasts(after, 240, 6)
		}
		return lasts(after, 30, 600)
	}); len(told) != 2 || told["s1"] < 30 || told["s1"] > 90 {
		t.Errorf("alarms %v, want s1 when it does not end with s0", told)
	}
	if told := neighbours(2, alone, func(s, after int) (here, there int) {
		if s == 1 {
			return lasts(after, 60, 30)
		}
		return lasts(after, 60, 2000)
	}); len(told) != 2 || told["s1"] > 3 {
		t.Errorf("alarms %v, want s1, which is loud", told)
	}
}

// A cloud takes great and small ones with it.
func TestCloudIsNoSpill(t *testing.T) {
	told := neighbours(12, alone, func(s, after int) (here, there int) {
		if s == 0 {
			return lasts(after, 120, 300)
		}
		return lasts(after, 120, 8)
	})
	if len(told) != 12 {
		t.Errorf("alarms %v, want 12", told)
	}
}

// What one source alone says of many services at once is said by bots; what all say
// is true.
func TestStormInOneSource(t *testing.T) {
	storm := func(_, after int) (here, there int) {
		if after < 40 {
			return 8, 0
		}
		return 0, 0
	}
	if told := neighbours(6, alone, storm); len(told) > 0 {
		t.Errorf("alarms %v of a storm", told)
	}
	if told := neighbours(6, alone, func(_, after int) (here, there int) { return lasts(after, 40, 8) }); len(told) != 6 {
		t.Errorf("alarms %v, want 6", told)
	}
	if told := neighbours(1, alone, func(_, after int) (here, there int) {
		if after < 40 {
			return 200, 0
		}
		return 0, 0
	}); len(told) > 0 {
		t.Errorf("alarms %v of a storm about one service", told)
	}
	if told := neighbours(40, alone, func(_, after int) (here, there int) {
		if after < 40 {
			return 9, 1 + after%3
		}
		return 0, 0
	}); len(told) != 40 {
		t.Errorf("alarms of %d services, want 40: one source has more of a cloud's outage than usual, not all", len(told))
	}
	told := neighbours(6, alone, func(s, after int) (here, there int) {
		if s == 0 {
			return lasts(after, 40, 12)
		}
		return storm(s, after)
	})
	if at, ok := told["s0"]; !ok || at > 3 {
		t.Errorf("alarms %v, want s0 at once, which is out in the storm", told)
	}
}
