package world

import (
	"cmp"
	"math"
	"slices"
	"time"
	_ "time/tzdata" // the clocks of the countries, also where the system has none
)

// Config of a world. The zero value has the defaults.
type Config struct {
	Seed     uint64
	Services int       // 0: 1,000; a smaller world has the same mix of small and large
	Start    time.Time // zero: Monday 2 February 2026, so that clocks change in March; seconds are cut off
	Days     int       // 0: 60, warm-up included
	Quiet    int       // first days without outages; 0: 21, or half of Days if that is less
}

// AllServices stands in Decoy.Service where a decoy is of no one service, and in
// Decoy.Source where it is of no one source.
const AllServices = -1

// Counts come by the minute; what changes slowly is worked out by the block.
const (
	day    = 24 * 60
	block  = 15
	aDay   = day / block
	aWeek  = 7 * aDay
	ranks  = 1000 // of the curve of volumes, however many services lie on it
	nights = 8    // hours that a service is left in peace before and after an outage
)

// World is a simulated history. It is safe for concurrent use: nothing in it
// changes after New.
type World struct {
	cfg      Config
	minutes  int
	blocks   int
	lands    []calendar
	profiles [][]float64
	services []service
	sources  []listening
	crowd    []float64   // by block: what a popular event multiplies everything by
	extras   [][]extra   // by service
	rises    [][]rise    // by service
	busy     [][]stretch // by service: when an outage or a decoy has it
	outages  []Outage
	decoys   []Decoy
}

// stretch is a run of minutes, to excluded.
type stretch struct{ from, to int }

// New makes a world; the same Config gives the same one. Counts are drawn when
// they are asked for.
func New(cfg Config) *World {
	cfg.Services = cmp.Or(max(0, cfg.Services), ranks)
	cfg.Days = cmp.Or(max(0, cfg.Days), 60)
	cfg.Quiet = min(cmp.Or(max(0, cfg.Quiet), min(21, cfg.Days/2)), cfg.Days-1)
	if cfg.Start.IsZero() {
		cfg.Start = time.Date(2026, 2, 2, 0, 0, 0, 0, time.UTC)
	}
	cfg.Start = cfg.Start.UTC().Truncate(time.Minute)
	w := &World{cfg: cfg, minutes: cfg.Days * day, blocks: cfg.Days * aDay}
	w.extras = make([][]extra, cfg.Services)
	w.rises = make([][]rise, cfg.Services)
	w.busy = make([][]stretch, cfg.Services)
	w.profiles = profiles()
	w.drawCalendars()
	w.drawServices()
	w.drawSources()
	w.drawCrowds()
	w.drawOutages()
	w.drawDecoys()
	slices.SortFunc(w.outages, func(a, b Outage) int { return cmp.Or(a.Start.Compare(b.Start), a.Services[0]-b.Services[0]) })
	slices.SortFunc(w.decoys, func(a, b Decoy) int {
		return cmp.Or(a.Start.Compare(b.Start), a.Service-b.Service, a.Source-b.Source, cmp.Compare(a.Kind, b.Kind))
	})
	return w
}

// Minutes is the length of the history.
func (w *World) Minutes() int { return w.minutes }

// Time is when minute i begins, in UTC.
func (w *World) Time(i int) time.Time { return w.cfg.Start.Add(time.Duration(i) * time.Minute) }

// Sources names the sources, in the order of the first index of a Series.
func (w *World) Sources() []string {
	names := make([]string, len(w.sources))
	for k := range w.sources {
		names[k] = sources()[k].name
	}
	return names
}

// Services names the services, the largest first.
func (w *World) Services() []string {
	names := make([]string, len(w.services))
	for s := range w.services {
		names[s] = w.services[s].name
	}
	return names
}

// Owner names who runs a service; it is the service itself for most.
func (w *World) Owner(service int) string { return w.services[service].owner }

// Outages lists the outages by their Start.
func (w *World) Outages() []Outage { return slices.Clone(w.outages) }

// Decoys lists by their Start what looks like trouble and is no outage.
func (w *World) Decoys() []Decoy { return slices.Clone(w.decoys) }

// free says whether a service has nothing else between from and to, nor shortly
// before and after.
func (w *World) free(service, from, to int) bool {
	for _, s := range w.busy[service] {
		if from < s.to+nights*60 && s.from-nights*60 < to {
			return false
		}
	}
	return true
}

func (w *World) take(service, from, to int) {
	w.busy[service] = append(w.busy[service], stretch{from, to})
}

// active is how many days may have outages.
func (w *World) active() float64 { return float64(w.cfg.Days - w.cfg.Quiet) }

// scale is the size of the world, 1 for one of a thousand services.
func (w *World) scale() float64 { return float64(w.cfg.Services) / ranks }

// rank is where a service stands on the curve of a thousand.
func (w *World) rank(service int) float64 {
	return 1 + float64(service)*(ranks-1)/math.Max(1, float64(w.cfg.Services-1))
}
