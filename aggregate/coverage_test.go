package aggregate_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"outcry/aggregate"
	"outcry/ingest"
)

func TestByMinute(t *testing.T) {
	at := func(clock string) time.Time {
		parsed, err := time.Parse("15:04:05.0", clock)
		if err != nil {
			t.Fatal(err)
		}
		return parsed.AddDate(2022, 9, 24)
	}
	for _, c := range []struct{ from, to, want string }{
		{"07:17:00.0", "07:18:00.0", "07:17=60"},
		{"07:17:30.0", "07:19:10.0", "07:17=30 07:18=60 07:19=10"},
		{"07:17:00.0", "07:17:00.2", ""},
		{"07:17:59.4", "07:18:00.6", "07:17=1 07:18=1"},
		{"07:17:59.6", "07:18:00.4", ""},
		{"07:17:10.0", "07:17:20.0", "07:17=10"},
	} {
		var got []string
		for minute, seconds := range aggregate.ByMinute(ingest.Coverage{From: at(c.from), To: at(c.to)}) {
			got = append(got, fmt.Sprintf("%s=%d", minute.Format("15:04"), seconds.Count()))
		}
		if s := strings.Join(got, " "); s != c.want {
			t.Errorf("%s to %s: %s, want %s", c.from, c.to, s, c.want)
		}
	}
}

// Two halves of a second that two messages cover make it one second, and no
// second is lost between them.
func TestByMinuteJoins(t *testing.T) {
	begin := time.Date(2022, 10, 25, 7, 17, 0, 0, time.UTC)
	var sum aggregate.Seconds
	for i := range 24 {
		from := begin.Add(time.Duration(i) * 2500 * time.Millisecond)
		for _, seconds := range aggregate.ByMinute(ingest.Coverage{From: from, To: from.Add(2500 * time.Millisecond)}) {
			if sum&seconds != 0 {
				t.Errorf("the span from %s counts a second twice", from)
			}
			sum |= seconds
		}
	}
	if sum.Count() != 60 {
		t.Errorf("%d seconds of a minute that was heard in pieces, want 60", sum.Count())
	}
}

func TestMarkDeaf(t *testing.T) {
	begin := time.Date(2022, 10, 25, 6, 0, 0, 0, time.UTC)
	q := aggregate.CurveQuery{From: begin, To: begin.Add(6 * time.Hour), Step: time.Hour}
	const day = 24 // steps before From
	shares := func(set map[int]float64) []float64 {
		s := make([]float64, day+6)
		for i, share := range set {
			s[day+i] = share
		}
		return s
	}
	heard := []aggregate.Coverage{
		{Source: "good", Shares: shares(map[int]float64{-1: 1, 0: 1, 1: 1, 2: 0.5, 3: 1, 4: 1})},
		{Source: "cut", Shares: shares(map[int]float64{-5: 1, 0: 0.4, 1: 0.6, 2: 0.1})},
		{Source: "later", Shares: shares(map[int]float64{2: 1})},
		{Source: "gone", Shares: shares(map[int]float64{-23: 1})},
	}
	for _, c := range []struct {
		now  time.Duration // after the begin
		want string
	}{
		{24 * time.Hour, "cut gone;gone;cut;cut later;cut later;good cut later"},
		{5*time.Hour + 20*time.Second, "cut gone;gone;cut;cut later;;"}, // the fifth step has just ended
	} {
		points := make([]aggregate.Point, 6)
		aggregate.MarkDeaf(points, q, heard, begin.Add(c.now))
		var got []string
		for _, p := range points {
			got = append(got, strings.Join(p.Deaf, " "))
		}
		if s := strings.Join(got, ";"); s != c.want {
			t.Errorf("%s later: %q, want %q", c.now, s, c.want)
		}
	}
}
