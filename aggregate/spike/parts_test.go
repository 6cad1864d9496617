package spike_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"outcry/aggregate/spike"
)

// tale is a service of Poisson counts of two sources in ten languages and three
// symptoms: 20 people a minute, half a one of them in Japanese.
type tale struct {
	dice    *rand.Rand
	service *spike.Service
	whole   *spike.Detector // the same, without parts
	found   []spike.Alarm
	alone   int // alarms of the whole
}

var tongues = []string{"en", "es", "pt", "fr", "de", "it", "pl", "tr", "nl", "ja"}

func newTale(seed uint64) *tale {
	return &tale{dice: rand.New(rand.NewPCG(seed, 9)), service: spike.NewService(2, spike.Config{}), whole: spike.New(2, spike.Config{})}
}

func (s *tale) draw(mean float64) (n uint16) {
	limit := math.Exp(-mean)
	for product := s.dice.Float64(); product > limit; n++ {
		product *= s.dice.Float64()
	}
	return n
}

// pass lets a minute pass in which so many more complain in Japanese.
func (s *tale) pass(t int, height, more float64) {
	m := spike.Minute{Authors: make([]uint16, 2), Hearing: []float64{1, 1}}
	symptoms := []spike.Part{{Name: "down", People: make([]uint16, 2)}, {Name: "login", People: make([]uint16, 2)}, {Name: "video", People: make([]uint16, 2)}}
	var parts []spike.Part
	for _, lang := range tongues {
		mean := 19.5 / 9 * height
		if lang == "ja" {
			mean = 0.5*height + more
		}
		p := spike.Part{Name: lang, People: []uint16{s.draw(mean * 0.6), s.draw(mean * 0.4)}}
		for i, n := range p.People {
			m.Authors[i] += n
			for range n {
				symptoms[s.dice.IntN(3)].People[i]++
			}
		}
		parts = append(parts, p)
	}
	if v := s.whole.Step(t, m); v.Alarm != nil && v.Alarm.Detected == t {
		s.alone++
	}
	if v := s.service.Step(t, m, append(parts, symptoms...)); v.State == spike.Over {
		s.found = append(s.found, *v.Alarm)
	}
}

// What rises in one language may be nothing to the whole, and a lot to those who
// speak it.
func TestOutageOfOnePart(t *testing.T) {
	const from, to = 10*day + 720, 10*day + 760
	whole, delays := 0, []int{}
	for seed := range uint64(5) {
		s := newTale(seed)
		for i := range 10*day + 900 {
			more := 0.0
			if i >= from && i < to {
				more = 3.5
			}
			s.pass(i, 1, more)
			if i == from+15 { // who starts anew from here finds the same
				s.service = s.service.Clone()
			}
		}
		whole += s.alone
		if len(s.found) != 1 {
			t.Errorf("seed %d: %+v", seed, s.found)
			continue
		}
		a := s.found[0]
		delays = append(delays, a.Detected+1-from)
		if a.Detected+1-from > 20 || a.Onset < from-3 || a.Onset > from+3 || a.End < to-10 || a.End > to+20 ||
			a.Excess() < 90 || a.Usual < 500 || a.Part != "ja" || a.PartPeople-a.PartUsual < 90 || a.PartUsual > 26 || a.PartUsual < 15 {
			t.Errorf("seed %d: %+v", seed, a)
		}
	}
	slices.Sort(delays)
	if len(delays) < 5 || delays[2] > 15 {
		t.Errorf("noticed after %v minutes", delays)
	}
	if whole > 0 {
		t.Errorf("the whole notices %d of these by itself: they prove nothing of parts", whole)
	}
}

// Two hundred weeks of a service with a dozen parts in which nothing happens.
func TestPartsAreCalm(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes some seconds")
	}
	for seed := range uint64(8) {
		t.Run("", func(t *testing.T) {
			t.Parallel()
			s := newTale(seed)
			for i := range 26 * 7 * day {
				s.pass(i, 0.2*(1+0.8*math.Sin(2*math.Pi*float64(i%day)/day)), 0)
			}
			if len(s.found) > 0 || s.service.Alarm() != nil {
				t.Errorf("%+v", s.found)
			}
		})
	}
}

// An outage of all is one alarm, whatever the parts say.
func TestOneAlarmOfAll(t *testing.T) {
	s := newTale(3)
	for i := range 6*day + 200 {
		height := 1.0
		if i >= 6*day && i < 6*day+60 {
			height = 5
		}
		s.pass(i, height, 0)
	}
	if len(s.found) != 1 || s.found[0].Detected > 6*day+3 || s.service.Alarm() != nil {
		t.Errorf("%+v", s.found)
	}
}

// An outage of all ends when the whole is calm, though some of its parts sway on; but
// it lasts where one of them is out still.
func TestEndOfAllItsParts(t *testing.T) {
	const from = 6*day + 300
	for seed := range uint64(6) {
		for _, still := range []int{0, 60} {
			s := newTale(seed + 100)
			for i := range from + 300 {
				height, ja := 1.0, 0.0
				if i >= from && i < from+60 {
					height = 5
				}
				if i >= from && i < from+60+still {
					ja = 3.5
				}
				s.pass(i, height, ja)
			}
			if len(s.found) != 1 || s.found[0].End < from+57+still || s.found[0].End > from+63+still {
				t.Errorf("seed %d, in Japanese %d minutes longer: %+v", seed, still, s.found)
			}
		}
	}
}
