package aggregate

import (
	"iter"
	"time"

	"outcry/aggregate/spike"
)

// Heard is what was heard in one minute.
type Heard struct {
	Counts   []Count            // of each service and source one at most
	Posts    map[string]float64 // by source, complaints and all else
	Coverage map[string]float64 // by source, the share of the minute in which it was connected; where it says that
}

// Follow watches services from a time on through the minutes that are given to it, one
// after another, and returns the alarms by service. What is a minute in an alarm counts
// from that time on. owner says whose a service is.
func Follow(cfg spike.Config, owner func(service string) string, from time.Time, minutes iter.Seq[Heard]) map[string][]spike.Alarm {
	begin := minuteOf(from)
	f := newFleet(cfg, begin, owner)
	for m := range minutes {
		h := heard{volumes: map[volumeAt]float64{}, coverage: map[string]map[int]float64{}}
		for source, posts := range m.Posts {
			h.volumes[volumeAt{source, f.at}] = posts
		}
		for source, share := range m.Coverage {
			h.coverage[source] = map[int]float64{f.at: share}
		}
		f.minute(m.Counts, h)
		f.at++
	}
	all := map[string][]spike.Alarm{}
	for _, a := range f.alarms() {
		all[a.service] = append(all[a.service], since(begin, a.Alarm))
	}
	return all
}

// since counts the minutes of an alarm from another on.
func since(begin int, a spike.Alarm) spike.Alarm {
	for _, minute := range []*int{&a.Onset, &a.Earliest, &a.Latest, &a.Detected, &a.Peak} {
		*minute -= begin
	}
	if a.End > 0 {
		a.End -= begin
	}
	return a
}
