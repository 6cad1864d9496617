package main

import (
	"context"
	"os"
	"runtime/debug"
	"runtime/metrics"
	"time"
)

// Most of what the program holds in memory is there to stay: the catalogue, the
// phrases, the model. By Go's default (GOGC=100) as much again would be garbage before
// it is swept. While there is little to do it is swept sooner; while there is much, as
// by default, for each sweep looks at all that stays.
const (
	calmPercent, busyPercent = 30, 100
	thriftEvery              = time.Second
	thriftBusy               = 0.10 // cores that sweep: there is much to do
	thriftCalm               = 0.03 // there is little to do, also when it is swept three times as often
	thriftWeight             = 0.2  // of the last time among all before
	settled                  = 10   // times after which the start is over
)

// thrift is how the sweeping goes.
type thrift struct {
	percent int
	cores   float64 // that sweep, of late
}

// after is the percentage that is right after so many cores have swept in the last time.
func (t *thrift) after(cores float64) int {
	t.cores += thriftWeight * (cores - t.cores)
	switch {
	case t.cores >= thriftBusy:
		t.percent = busyPercent
	case t.cores <= thriftCalm:
		t.percent = calmPercent
	}
	return t.percent
}

// saveMemory gives back what the start has left behind, and keeps the garbage small
// until ctx ends. Who has set GOGC or GOMEMLIMIT is not overruled.
func saveMemory(ctx context.Context) error {
	if os.Getenv("GOGC") != "" || os.Getenv("GOMEMLIMIT") != "" {
		return nil
	}
	defer debug.SetGCPercent(debug.SetGCPercent(calmPercent))
	debug.FreeOSMemory()
	t := thrift{percent: calmPercent}
	tick := time.NewTicker(thriftEvery)
	defer tick.Stop()
	last := swept()
	for i := 1; ; i++ {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		before, now := t.percent, swept()
		if percent := t.after((now - last) / thriftEvery.Seconds()); percent != before {
			debug.SetGCPercent(percent)
		}
		if i == settled {
			dropText()
		}
		last = now
	}
}

// swept is the time, in seconds of a processor, that the sweeping took from others.
func swept() float64 {
	samples := []metrics.Sample{{Name: "/cpu/classes/gc/total:cpu-seconds"}, {Name: "/cpu/classes/gc/mark/idle:cpu-seconds"}}
	metrics.Read(samples)
	for _, s := range samples {
		if s.Value.Kind() != metrics.KindFloat64 { // another Go may not have it
			return 0
		}
	}
	return samples[0].Value.Float64() - samples[1].Value.Float64()
}
