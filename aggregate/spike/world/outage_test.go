package world_test

import (
	"testing"
	"time"

	"outcry/aggregate/spike/world"
)

func TestOutagesAreThere(t *testing.T) {
	w := small()
	outages := w.Outages()
	if len(outages) < 30 {
		t.Fatalf("%d outages", len(outages))
	}
	all, weak, early := 0, 0, 0
	for _, o := range outages {
		if o.Start.Before(w.Time(14*24*60)) || !o.End.After(o.Start) || o.Faded.Before(o.End) || o.Faded.After(w.Time(w.Minutes())) {
			t.Errorf("an outage from %s to %s, faded %s", o.Start, o.End, o.Faded)
		}
		for _, m := range o.Members {
			all++
			from, to := w.minute(m.Start), w.minute(o.End)
			authors := w.counts(m.Service).Authors
			if got := sum(authors, from, to); got < max(12, .6*m.Excess) {
				weak++
			}
			if peak := w.minute(m.Peak); sum(authors, peak, peak+1) < .2*m.PerMinute && sum(authors, peak-3, peak+4) < 2*m.PerMinute {
				weak++
			}
			if before := sum(authors, from-120, from) / 120; before > .5*m.PerMinute+m.Usual {
				early++
			}
		}
	}
	if weak > all/50 || early > all/25 {
		t.Errorf("of %d, %d do not show and %d begin before their time", all, weak, early)
	}
}

func TestOutagesCanBeFound(t *testing.T) {
	severe := 0
	for _, o := range small().Outages() {
		for i, m := range o.Members {
			if m.Service != o.Services[i] || m.PerMinute > o.PerMinute || m.Start.Before(o.Start) {
				t.Errorf("member %+v of %+v", m, o)
			}
			if m.Excess < 20 || m.PerMinute < 3 || m.PerMinute < m.Usual {
				t.Errorf("%.1f a minute over %.1f, %.0f in all: too little", m.PerMinute, m.Usual, m.Excess)
			}
			if m.Severe != (m.PerMinute >= 30 && m.PerMinute >= 10*m.Usual) {
				t.Errorf("%+v", m)
			}
		}
		if o.Severe {
			severe++
		}
	}
	if n := len(small().Outages()); severe < n/20 || severe > n/2 {
		t.Errorf("%d of %d are severe", severe, n)
	}
}

func TestOutagesOfManyServices(t *testing.T) {
	w := small()
	causes, shapes := map[string]int{}, map[string]int{}
	for _, o := range w.Outages() {
		causes[o.Cause]++
		shapes[o.Shape]++
		owners := map[string]bool{}
		for _, s := range o.Services {
			owners[w.Owner(s)] = true
		}
		switch {
		case o.Cause == "cloud" && len(owners) < 15:
			t.Errorf("a cloud outage of %d owners", len(owners))
		case o.Cause != "cloud" && len(owners) != 1:
			t.Errorf("an outage of cause %s of %d owners", o.Cause, len(owners))
		}
	}
	for _, shape := range []string{world.Sudden, world.Ramp, world.Partial, world.Intermittent, world.LongTail} {
		if shapes[shape] == 0 {
			t.Errorf("none is %s", shape)
		}
	}
	if causes["cloud"] == 0 || causes["owner"] == 0 || causes["own"] < causes["owner"] {
		t.Errorf("%v", causes)
	}
}

// TestShapes compares the mean course of outages of one shape with another's.
func TestShapes(t *testing.T) {
	w := small()
	// share is what comes from minute from to to against what comes in an hour.
	share := func(shape string, since func(world.Outage) time.Time, from, to int) float64 {
		got, n := 0.0, 0.0
		for _, o := range w.Outages() {
			if o.Shape != shape || o.End.Sub(o.Start) < time.Hour {
				continue
			}
			at := w.minute(since(o))
			authors := w.counts(o.Services[0]).Authors
			got += sum(authors, at+from, at+to) / o.Members[0].PerMinute / float64(to-from)
			n++
		}
		return got / n
	}
	start := func(o world.Outage) time.Time { return o.Members[0].Start }
	end := func(o world.Outage) time.Time { return o.End }
	for _, of := range []struct {
		what        string
		got         float64
		least, most float64
	}{
		{"before a sudden one", share(world.Sudden, start, -30, 0), 0, .3},
		{"early in a sudden one", share(world.Sudden, start, 3, 10), .65, 1.4},
		{"early in a slow one", share(world.Ramp, start, 0, 5), 0, .45},
		{"later in a slow one", share(world.Ramp, start, 30, 45), .5, 1.4},
		{"an hour after a sudden one", share(world.Sudden, end, 60, 90), 0, .25},
		{"an hour after one with a tail", share(world.LongTail, end, 45, 75), .15, .7},
		{"within an intermittent one", share(world.Intermittent, start, 0, 40), .2, .8},
	} {
		if of.got < of.least || of.got > of.most {
			t.Errorf("%s: %.2f of the peak", of.what, of.got)
		}
	}
}

// TestAfterwards wants people to say that it works again, and the press to tell of
// what was large.
func TestAfterwards(t *testing.T) {
	w := small()
	var before, after, news, calm float64
	for _, o := range w.Outages() {
		from, to := w.minute(o.Start), w.minute(o.End)
		c := w.counts(o.Services[0])
		before += sum(c.Resolved, to-30, to)
		after += sum(c.Resolved, to, to+30)
		if o.Severe {
			news += sum(c.News, from+12, to)
			calm += sum(c.News, 2*from-to-24*60, from-24*60-12)
		}
	}
	if after < 3*before || news < 3*calm+10 {
		t.Errorf("%.0f resolved after %.0f; %.0f news after %.0f", after, before, news, calm)
	}
}

func TestOutagesKeepApart(t *testing.T) {
	last := map[int]time.Time{}
	for _, o := range small().Outages() {
		for _, s := range o.Services {
			if o.Start.Sub(last[s]) < 7*time.Hour {
				t.Errorf("service %d: an outage at %s after one that faded at %s", s, o.Start, last[s])
			}
			last[s] = o.Faded
		}
	}
}
