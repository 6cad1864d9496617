package main

import "testing"

func TestThrift(t *testing.T) {
	th := thrift{percent: calmPercent}
	for i, step := range []struct {
		cores float64
		times int
		want  int
	}{
		{0, 3, calmPercent}, {0.4, 1, calmPercent}, // one sweep is no load
		{0, 9, calmPercent}, {0.4, 5, busyPercent}, {0.05, 50, busyPercent}, {0.02, 50, calmPercent},
	} {
		got := 0
		for range step.times {
			got = th.after(step.cores)
		}
		if got != step.want {
			t.Errorf("step %d: %d, want %d", i, got, step.want)
		}
	}
}
