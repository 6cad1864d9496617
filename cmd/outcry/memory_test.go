package main

import "testing"

func TestThrift(t *testing.T) {
	th := thrift{percent: calmPercent}
	for i, step := range []struct {
		sweeps uint64
		times  int
		want   int
	}{
		{0, 3, calmPercent}, {4, 20, calmPercent}, // some are no load
		{5, 1, busyPercent}, {2, 20, busyPercent},
		{1, calmAfter - 1, busyPercent}, {2, 1, busyPercent}, {0, calmAfter - 1, busyPercent}, {1, 1, calmPercent},
	} {
		got := 0
		for range step.times {
			got = th.after(step.sweeps)
		}
		if got != step.want {
			t.Errorf("step %d: %d, want %d", i, got, step.want)
		}
	}
}
