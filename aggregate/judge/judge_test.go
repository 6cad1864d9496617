package judge_test

import (
	"testing"

	"outcry/aggregate/judge"
	"outcry/aggregate/spike"
	"outcry/aggregate/spike/world"
)

// The figures of a small world; `outcry eval-spikes` measures large ones.
func TestWorld(t *testing.T) {
	w := world.New(world.Config{Services: 120, Seed: 1})
	s := judge.Judge(w, judge.Run(w, spike.Config{}), 21*24*60)
	if s.Members < 50 || s.Severe < 3 || len(s.Delays) < 10 {
		t.Fatalf("the world has %d outages, %d of them severe, %d large", s.Members, s.Severe, len(s.Delays))
	}
	t.Logf("%v", s)
	for _, c := range []struct {
		what  string
		got   float64
		least float64
		most  float64
	}{
		{"outages found", s.Recall(), 0.93, 1},
		{"severe outages found", s.SevereRecall(), 1, 1},
		{"precision", s.Precision(), 0.88, 1},
		{"false alarms a year", s.FalseAYear(), 0, 1},
		{"median delay", float64(judge.Quantile(s.Delays, 0.5)), 1, 4},
		{"median error of the onset", float64(judge.Quantile(s.Onsets, 0.5)), 0, 1},
		{"error of nine onsets in ten", float64(judge.Quantile(s.Onsets, 0.9)), 0, 4},
	} {
		if c.got < c.least || c.got > c.most {
			t.Errorf("%s: %.3g, not %g to %g", c.what, c.got, c.least, c.most)
		}
	}
}

// The same world gives the same alarms, in whatever order its services are followed.
func TestTwice(t *testing.T) {
	w := world.New(world.Config{Services: 20, Days: 30, Seed: 3})
	a, b := judge.Run(w, spike.Config{}), judge.Run(w, spike.Config{})
	if len(a) == 0 || len(a) != len(b) {
		t.Fatalf("%d and %d alarms", len(a), len(b))
	}
	for i := range a {
		if a[i] != b[i] {
			t.Errorf("%+v and %+v", a[i], b[i])
		}
	}
}
