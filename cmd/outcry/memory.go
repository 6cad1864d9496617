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
	sweepsEvery              = 2 * time.Second
	sweepsOfBusy             = 5 // so many in that time are much to do
	calmAfter                = 5 // times in a row with less than two
)

// thrift is how the sweeping goes.
type thrift struct {
	percent int
	quiet   int // times in a row with less than two sweeps
}

// after is the percentage that is right after so many sweeps in the last time.
func (t *thrift) after(sweeps uint64) int {
	if t.quiet++; sweeps > 1 {
		t.quiet = 0
	}
	switch {
	case sweeps >= sweepsOfBusy:
		t.percent = busyPercent
	case t.quiet >= calmAfter:
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
	tick := time.NewTicker(sweepsEvery)
	defer tick.Stop()
	for last := sweeps(); ; {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		before, now := t.percent, sweeps()
		if percent := t.after(now - last); percent != before {
			debug.SetGCPercent(percent)
		}
		last = now
	}
}

// sweeps is how many there were, but for those that somebody forced.
func sweeps() uint64 {
	sample := []metrics.Sample{{Name: "/gc/cycles/automatic:gc-cycles"}}
	metrics.Read(sample)
	if sample[0].Value.Kind() != metrics.KindUint64 {
		return 0
	}
	return sample[0].Value.Uint64()
}
