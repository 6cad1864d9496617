package main

import (
	"slices"
	"testing"
)

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

// The program runs on when its text is dropped.
func TestDropText(t *testing.T) {
	const maps = `7f00-7f80 r--p 00000000 08:01 1 /lib/a.so
Rss:  100 kB
Anonymous:             0 kB
VmFlags: rd mr
8000-8080 r--p 00000000 08:01 1 /lib/relocated.so
Anonymous:            12 kB
8080-8100 r--s 00000000 08:01 1 /data/shared
Anonymous:             0 kB
9000-9080 rw-p 00000000 08:01 1 /lib/a.so
Anonymous:             0 kB
10000-20000 r-xp 00080000 08:01 1 /lib/a.so
Rss:  1000 kB
Anonymous:             0 kB
VmFlags: rd ex
30000-40000 r-xp 00080000 08:01 1 /lib/patched.so
Anonymous:             4 kB
50000-60000 r-xp 00000000 00:00 0 [vdso]
Anonymous:             0 kB
70000-80000 r-xp 00000000 08:01 7 /opt/my program
Anonymous:             0 kB
`
	if got := texts(maps); !slices.Equal(got, []text{{0x7f00, 0x7f80}, {0x10000, 0x20000}, {0x70000, 0x80000}}) {
		t.Errorf("got %x", got)
	}
	dropText()
	if got := texts(maps); len(got) != 3 {
		t.Errorf("after it was dropped: %x", got)
	}
}
