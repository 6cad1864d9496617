// Package judge measures on simulated worlds how well outages are found, which are
// known there.
package judge

import (
	"fmt"
	"slices"
	"time"

	"outcry/aggregate"
	"outcry/aggregate/spike"
	"outcry/aggregate/spike/world"
)

// Found is an alarm in a world, in minutes of it.
type Found struct {
	Service int
	spike.Alarm
}

// Run lets alarms be found in a world as they are in the stream, and returns them by
// service and time.
func Run(w *world.World, cfg spike.Config) (all []Found) {
	owners := map[string]string{}
	for s, service := range w.Services() {
		owners[service] = w.Owner(s)
	}
	alarms := aggregate.Follow(cfg, func(service string) string { return owners[service] }, w.Time(0), minutes(w))
	for s, service := range w.Services() {
		for _, a := range alarms[service] {
			all = append(all, Found{s, a})
		}
	}
	return all
}

// Score is how well outages were found.
type Score struct {
	Members, MembersFound int // outages, by service
	Severe, SevereFound   int
	Alarms, False         int // alarms after the quiet days, and those of nothing
	Years                 float64
	Delays                []int // minutes from the onset to the alarm, of outages of 10 people a minute and more
	Onsets                []int // minutes by which the onset is wrong, of all that were found
	Missed                []Miss
	Wrong                 []Found
}

// Miss is an outage of a service that was not found.
type Miss struct {
	world.Member
	Shape string
}

// Judge compares alarms with the outages of a world. quiet is the minute from
// which on alarms count; before, a detector still learns.
func Judge(w *world.World, found []Found, quiet int) (s Score) {
	byService := map[int][]Found{}
	for _, f := range found {
		if f.Detected >= quiet {
			byService[f.Service] = append(byService[f.Service], f)
			s.Alarms++
		}
	}
	s.Years = float64(w.Minutes()-quiet) * float64(len(w.Services())) / (365.25 * 24 * 60)
	used := map[Found]bool{}
	at := func(t time.Time) int { return int(t.Sub(w.Time(0)) / time.Minute) }
	for _, o := range w.Outages() {
		for _, m := range o.Members {
			s.member(o, m, at(m.Start), at(o.Faded), byService[m.Service], used)
		}
	}
	for _, alarms := range byService {
		for _, f := range alarms {
			if !used[f] {
				s.False++
				s.Wrong = append(s.Wrong, f)
			}
		}
	}
	return s
}

func (s *Score) member(o world.Outage, m world.Member, start, faded int, alarms []Found, used map[Found]bool) {
	s.Members++
	if m.Severe {
		s.Severe++
	}
	first := -1
	for i, f := range alarms {
		end := f.End
		if end == 0 {
			end = f.Detected + 1
		}
		if f.Detected >= start && f.Onset <= faded || f.Detected < start && end >= start {
			used[f] = true
			if first < 0 && f.Detected <= faded {
				first = i
			}
		}
	}
	if first < 0 {
		s.Missed = append(s.Missed, Miss{m, o.Shape})
		return
	}
	s.MembersFound++
	if m.Severe {
		s.SevereFound++
	}
	f := alarms[first]
	if m.PerMinute >= 10 {
		s.Delays = append(s.Delays, f.Detected+1-start)
	}
	s.Onsets = append(s.Onsets, abs(f.Onset-start))
}

func abs(n int) int { return max(n, -n) }

// Recall is the share of outages that were found.
func (s Score) Recall() float64 { return share(s.MembersFound, s.Members) }

// SevereRecall is the share of severe outages that were found.
func (s Score) SevereRecall() float64 { return share(s.SevereFound, s.Severe) }

// Precision is the share of alarms that were of an outage.
func (s Score) Precision() float64 { return share(s.Alarms-s.False, s.Alarms) }

// FalseAYear is the number of false alarms per service and year.
func (s Score) FalseAYear() float64 { return float64(s.False) / s.Years }

func share(part, whole int) float64 { return float64(part) / float64(max(1, whole)) }

// String is a line of figures.
func (s Score) String() string {
	return fmt.Sprintf("found %d of %d outages, %d of %d severe ones; %d of %d alarms false, %.2f per service and year; delay of large ones p50 %d, p90 %d min; onset wrong by p50 %d, p90 %d min",
		s.MembersFound, s.Members, s.SevereFound, s.Severe, s.False, s.Alarms, s.FalseAYear(),
		Quantile(s.Delays, 0.5), Quantile(s.Delays, 0.9), Quantile(s.Onsets, 0.5), Quantile(s.Onsets, 0.9))
}

// Quantile of numbers.
func Quantile(numbers []int, q float64) int {
	if len(numbers) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(numbers))
	return sorted[min(len(sorted)-1, int(q*float64(len(sorted))))]
}
