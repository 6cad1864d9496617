package main

import "testing"

func TestThrift(t *testing.T) {
	th := thrift{percent: calmPercent}
	for i, step := range []struct {
		cores float64
		times int
		want  int
	}{
		{0, 3, calmPercent}, {0.09, 20, calmPercent}, // some are no load
		{0.1, 1, busyPercent}, {0.03, 20, busyPercent},
		{0.02, thriftPatience - 1, busyPercent}, {0.03, 1, busyPercent}, {0, thriftPatience - 1, busyPercent}, {0.02, 1, calmPercent},
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
