package world_test

import (
	"math"
	"testing"

	"outcry/aggregate/spike/world"
)

// of are the decoys of a kind.
func (s *seen) of(t *testing.T, kind string) []world.Decoy {
	t.Helper()
	var out []world.Decoy
	for _, d := range s.Decoys() {
		if d.Kind == kind {
			out = append(out, d)
		}
	}
	if len(out) == 0 {
		t.Errorf("there is no %s", kind)
	}
	return out
}

func TestDecoysKeepOffOutages(t *testing.T) {
	w := small()
	for _, d := range w.Decoys() {
		if d.Start.Before(w.Time(-24*60)) || !d.End.After(d.Start) {
			t.Errorf("%+v", d)
		}
		for _, o := range w.Outages() {
			for _, s := range o.Services {
				if s == d.Service && o.Start.Before(d.End) && d.Start.Before(o.Faded) {
					t.Errorf("%s of service %d in its outage at %s", d.Kind, s, o.Start)
				}
			}
		}
	}
}

func TestGaps(t *testing.T) {
	w := small()
	gaps := w.of(t, world.Gap)
	for k := range w.Sources() {
		covered, heard := w.Covered(k), w.Heard(k)
		for _, d := range gaps {
			if d.Source != k && d.Source != world.AllServices {
				continue
			}
			for i := w.minute(d.Start) + 1; i < w.minute(d.End)-1; i++ {
				if heard[i] != 0 || covered[i] > 0 || w.counts(0).Posts[k][i] != 0 {
					t.Fatalf("source %d, minute %d: %d heard, covered %v", k, i, heard[i], covered[i])
				}
			}
		}
	}
	silent := 0
	for k := range w.Sources() {
		if c := w.Covered(k); math.IsNaN(float64(c[0])) {
			silent++
		}
	}
	if silent != 1 {
		t.Errorf("%d sources do not say when they were connected", silent)
	}
}

func TestSourcesGrow(t *testing.T) {
	w := small()
	begin := w.of(t, world.NewSource)[0]
	heard, at := w.Heard(begin.Source), w.minute(begin.Start)
	authors := w.counts(0).Authors[begin.Source : begin.Source+1]
	if total(heard[:at]) != 0 || sum(authors, 0, at) != 0 || w.Covered(begin.Source)[at-1] != 0 {
		t.Error("the new source was heard before it was added")
	}
	if total(heard[at:at+1440]) < 100_000 || sum(authors, at, at+1440) < 100 {
		t.Error("the new source is not heard")
	}
	d := w.of(t, world.Doubling)[0]
	heard, at = w.Heard(d.Source), w.minute(d.Start)
	span := min(week, len(heard)-at)
	if ratio := total(heard[at:at+span]) / total(heard[at-week:at-week+span]); ratio < 1.7 || ratio > 2.4 {
		t.Errorf("the source that doubles grows by %.2f", ratio)
	}
}

func total(counts []uint32) float64 {
	n := 0.0
	for _, c := range counts {
		n += float64(c)
	}
	return n
}

func TestEvents(t *testing.T) {
	w := small()
	heard := w.Heard(0)
	during, other := 0.0, 0.0
	for _, d := range w.of(t, world.Event) {
		quarter := w.minute(d.End) - w.minute(d.Start)
		from, to := w.minute(d.Start)+quarter/4, w.minute(d.End)-quarter/4
		apart := week
		if to+apart > len(heard) {
			apart = -week
		}
		during += total(heard[from:to])
		other += total(heard[from+apart : to+apart])
	}
	if ratio := during / other; ratio < 1.25 || ratio > 1.7 {
		t.Errorf("%.2f times as much is heard while there is an event", ratio)
	}
}

func TestStorms(t *testing.T) {
	w := small()
	for _, d := range w.of(t, world.BotStorm) {
		from, to := w.minute(d.Start), w.minute(d.End)
		posts, authors := w.counts(d.Service).Posts[d.Source][from:to], w.counts(d.Service).Authors[d.Source][from:to]
		if n := sum([][]uint16{posts}, 0, len(posts)); n < 30 {
			t.Errorf("a storm of %.0f posts at %s", n, d.Start)
		}
		before := sum(w.counts(d.Service).Authors[d.Source:d.Source+1], from-60, from)
		for i, n := range authors {
			if before == 0 && n > 8 {
				t.Errorf("minute %d of a storm of few accounts has %d authors", i, n)
			}
		}
	}
	for _, d := range w.of(t, world.Thread) {
		c := w.counts(d.Service).Authors
		in := sum(c[d.Source:d.Source+1], w.minute(d.Start), w.minute(d.End))
		if in < 6 || in < .5*sum(c, w.minute(d.Start), w.minute(d.End)) && w.minute(d.Start) > 0 && d.Service > 20 {
			t.Errorf("%.0f joined a thread in source %d at %s", in, d.Source, d.Start)
		}
	}
}

func TestCampaigns(t *testing.T) {
	w := small()
	up, all := 0, 0
	for _, d := range w.of(t, world.Campaign) {
		long := w.minute(d.End) - w.minute(d.Start)
		from, to := w.minute(d.Start)+long/4, w.minute(d.End)-long/4
		c := w.counts(d.Service).Authors
		if sum(c, from, to) > 1.15*sum(c, from-week, to-week) {
			up++
		}
		all++
	}
	if up*10 < all*7 {
		t.Errorf("%d of %d campaigns show", up, all)
	}
}
