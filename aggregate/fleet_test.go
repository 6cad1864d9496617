package aggregate

import (
	"testing"
	"time"

	"outcry/aggregate/spike"
	"outcry/aggregate/spike/world"
)

// alone is an owner for every service.
func alone(service string) string { return service }

func TestMinutes(t *testing.T) {
	for _, c := range []struct {
		at   time.Time
		want int
	}{
		{time.Date(1970, 1, 5, 0, 0, 59, 0, time.UTC), 0},
		{time.Date(1970, 1, 4, 23, 59, 1, 0, time.UTC), -1},
		{time.Date(1969, 12, 31, 23, 59, 1, 0, time.UTC), -4*24*60 - 1},
		{time.Date(2026, 3, 2, 1, 0, 0, 0, time.UTC), 2930*7*24*60 + 60},
	} {
		if got := minuteOf(c.at); got != c.want || timeOf(got).After(c.at) || c.at.Sub(timeOf(got)) >= time.Minute {
			t.Errorf("%s: minute %d, want %d", c.at, got, c.want)
		}
	}
}

// A source that has said when it was heard, and of which the store then knows no
// more, is deaf at once; one that never said so only when it misses.
func TestTellingSourceFallsSilent(t *testing.T) {
	const end = 2 * 24 * 60
	f, h := newFleet(spike.Config{}, 0, alone), heard{volumes: map[volumeAt]float64{}, coverage: map[string]map[int]float64{"a": {}}}
	for i := range end {
		h.volumes[volumeAt{"a", i}] = 20
		h.coverage["a"][i] = 1
	}
	f.run(h, end)
	if hearing := f.clone().listen(nil, h); len(hearing) != 1 || hearing[0] > 0 {
		t.Errorf("not heard any more: %v", hearing)
	}
	c := f.clone()
	c.meet(nil, heard{})
	if hearing := c.listen(nil, heard{volumes: map[volumeAt]float64{}}); hearing[0] != 0 {
		t.Errorf("the store knows nothing of it any more: %v, want it deaf", hearing)
	}
}

// A service that nobody knew was silent in the sources that were there; a new source
// says nothing of last week.
func TestNewService(t *testing.T) {
	f := newFleet(spike.Config{}, 10*24*60, alone)
	f.begun, f.sources = 1, []string{"old", "new"}
	d := f.newService([]float64{1, -1})
	for _, c := range []struct {
		hearing   []float64
		low, high float64
	}{{[]float64{1, 0}, 0, 1e-4}, {[]float64{0, 1}, 1e-3, 0.1}} {
		one := d.Clone()
		one.Step(f.at, spike.Minute{Authors: make([]uint16, 2), Hearing: c.hearing}, nil)
		if mean, _ := one.Expected(); mean < c.low || mean > c.high {
			t.Errorf("heard %v: %g people are usual, want %g to %g", c.hearing, mean, c.low, c.high)
		}
	}
}

// An outage that comes back as soon as it was found over is the same incident.
func TestItComesBack(t *testing.T) {
	const from = 7*24*60 + 600
	h := heard{}
	for i := range from + 120 {
		n := uint64(i % 2)
		if i >= from && i < from+20 || i >= from+42 && i < from+60 {
			n = 12
		}
		h.counts = append(h.counts, Count{Service: "s", Source: "a", Minute: timeOf(i), Authors: n, Posts: n})
	}
	f := newFleet(spike.Config{}, 0, alone)
	f.run(h, from+120)
	alarms := f.alarms()
	all := groups(alarms, alone)
	if len(alarms) != 2 || len(all) != 1 {
		t.Errorf("%d alarms are %d incidents, want 2 and 1", len(alarms), len(all))
	}
}

// twoDays are two days of a world, after three weeks.
func twoDays(w *world.World) heard {
	h := heard{volumes: map[volumeAt]float64{}}
	begin := 21 * 24 * 60
	for k, source := range w.Sources() {
		for i, n := range w.Heard(k)[begin : begin+2*24*60] {
			h.volumes[volumeAt{source, minuteOf(w.Time(begin + i))}] = float64(n)
		}
	}
	byMinute := make([][]Count, 2*24*60)
	langs, symptoms := world.Languages(), world.Symptoms()
	for s, service := range w.Services() {
		series := w.Counts(s)
		parts := map[[2]int]map[string]uint64{} // by source and minute
		for _, said := range series.Said {
			at := [2]int{int(said.Source), int(said.Minute) - begin}
			if parts[at] == nil {
				parts[at] = map[string]uint64{}
			}
			parts[at][PartName(PartLang, langs[said.Lang])]++
			parts[at][PartName(PartSymptom, symptoms[said.Symptom])]++
		}
		for k, source := range w.Sources() {
			for i := range byMinute {
				if n := series.Authors[k][begin+i]; n > 0 {
					byMinute[i] = append(byMinute[i], Count{Service: service, Source: source, Minute: w.Time(begin + i), Authors: uint64(n), Posts: uint64(series.Posts[k][begin+i]), Parts: parts[[2]int{k, i}]})
				}
			}
		}
	}
	for _, counts := range byMinute {
		h.counts = append(h.counts, counts...)
	}
	return h
}

// A day of a thousand services, after one by which it is chosen which parts of them
// are followed.
func BenchmarkFleet(b *testing.B) {
	const services, minutes = 1000, 24 * 60
	h := twoDays(world.New(world.Config{Services: services, Days: 25, Quiet: 20, Seed: 1}))
	begin := minuteOf(h.counts[0].Minute)
	f := newFleet(spike.Config{}, begin, alone)
	f.run(h, begin+minutes+1)
	for b.Loop() {
		f.clone().run(h, begin+2*minutes)
	}
	b.ReportMetric(float64(b.Elapsed())/float64(b.N)/(services*minutes), "ns/service-minute")
}

// A year of one service.
func BenchmarkYear(b *testing.B) {
	const minutes = 365 * 24 * 60
	w := world.New(world.Config{Services: 1, Days: 365, Seed: 1})
	h := heard{}
	for i, n := range w.Counts(0).Authors[0] {
		if n > 0 {
			h.counts = append(h.counts, Count{Service: "s", Source: "a", Minute: w.Time(i), Authors: uint64(n), Posts: uint64(n)})
		}
	}
	begin := minuteOf(w.Time(0))
	for b.Loop() {
		newFleet(spike.Config{}, begin, alone).run(h, begin+minutes)
	}
	b.ReportMetric(float64(b.Elapsed())/float64(b.N)/minutes, "ns/minute")
}
