package world_test

import (
	"reflect"
	"sync"
	"testing"
	"time"

	"outcry/aggregate/spike/world"
)

// small is a world that many tests look at.
var small = sync.OnceValue(func() *seen {
	return &seen{World: world.New(world.Config{Seed: 7, Services: 240, Days: 40, Quiet: 14}), series: map[int]world.Series{}}
})

// seen remembers some of what was drawn; a service takes megabytes.
type seen struct {
	*world.World
	series map[int]world.Series
}

func (s *seen) counts(service int) world.Series {
	if _, ok := s.series[service]; !ok {
		if len(s.series) == 20 {
			clear(s.series)
		}
		s.series[service] = s.Counts(service)
	}
	return s.series[service]
}

func (s *seen) minute(t time.Time) int { return int(t.Sub(s.Time(0)) / time.Minute) }

// sum adds up counts of all sources from minute from to to, what is outside the
// history being nothing.
func sum(counts [][]uint16, from, to int) float64 {
	n := 0.0
	for _, c := range counts {
		for i := max(0, from); i < min(to, len(c)); i++ {
			n += float64(c[i])
		}
	}
	return n
}

func TestSameWorldWhateverTheOrder(t *testing.T) {
	cfg := world.Config{Seed: 3, Services: 25, Days: 8, Quiet: 3}
	a, b := world.New(cfg), world.New(cfg)
	if !reflect.DeepEqual(a.Outages(), b.Outages()) || !reflect.DeepEqual(a.Decoys(), b.Decoys()) {
		t.Fatal("outages or decoys differ")
	}
	forth := map[int]world.Series{}
	for s := range a.Services() {
		forth[s] = a.Counts(s)
	}
	for s := len(b.Services()) - 1; s >= 0; s-- {
		if !reflect.DeepEqual(b.Counts(s), forth[s]) {
			t.Fatalf("service %d differs when drawn in another order", s)
		}
	}
	for k := range a.Sources() {
		if !reflect.DeepEqual(a.Heard(k), b.Heard(k)) {
			t.Errorf("what was heard of source %d differs", k)
		}
	}
	cfg.Seed++
	if reflect.DeepEqual(world.New(cfg).Counts(0), forth[0]) {
		t.Error("another seed gives the same counts")
	}
}

func TestDefaults(t *testing.T) {
	w := world.New(world.Config{})
	if len(w.Services()) != 1000 || w.Minutes() != 60*24*60 || w.Time(0).Weekday() != time.Monday {
		t.Errorf("%d services, %d minutes, from %s", len(w.Services()), w.Minutes(), w.Time(0))
	}
	if from := w.Outages()[0].Start; from.Before(w.Time(21 * 24 * 60)) {
		t.Errorf("an outage at %s", from)
	}
}

func TestTinyWorlds(t *testing.T) {
	for _, cfg := range []world.Config{{Services: 1, Days: 1}, {Services: 2, Days: 3, Quiet: 9}, {Services: 5, Days: 2, Quiet: 1}} {
		w := world.New(cfg)
		for s := range w.Services() {
			if got := len(w.Counts(s).Authors[0]); got != w.Minutes() {
				t.Errorf("%+v: %d minutes of %d", cfg, got, w.Minutes())
			}
		}
	}
}

func TestOwners(t *testing.T) {
	w := world.New(world.Config{})
	of := map[string]int{}
	for s := range w.Services() {
		of[w.Owner(s)]++
	}
	grouped := 0
	for owner, n := range of {
		if n > 5 {
			t.Errorf("%s has %d services", owner, n)
		}
		if n > 1 {
			grouped += n
		}
	}
	if grouped < 80 || grouped > 100 {
		t.Errorf("%d of 1,000 services share an owner", grouped)
	}
}
