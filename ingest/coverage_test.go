package ingest_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"outcry/ingest"
)

// script is a live source that hears events at set times after its start, once;
// later attempts hear nothing.
type script struct {
	events []ingest.Event
	pause  time.Duration // before each
	runs   int
}

func (s *script) Name() string { return "script" }

func (s *script) Run(ctx context.Context, _ string, emit func(ingest.Event) error) error {
	s.runs++
	for _, e := range s.events {
		time.Sleep(s.pause)
		if err := emit(e); err != nil {
			return err
		}
	}
	s.events = nil
	return errors.New("away")
}

// said is the coverage in the queue, as "part from-to" in seconds after begin.
func said(t *testing.T, q *queue, begin time.Time) string {
	t.Helper()
	var lines []string
	for _, m := range q.messages {
		if m.Topic != ingest.CoverageTopic {
			continue
		}
		var c ingest.Coverage
		if err := json.Unmarshal(m.Value, &c); err != nil {
			t.Fatal(err)
		}
		if c.Source != "script" || string(m.Key) != "script" {
			t.Errorf("coverage of %q, key %q", c.Source, m.Key)
		}
		lines = append(lines, strings.TrimSpace(fmt.Sprintf("%s %g-%g", c.Part, c.From.Sub(begin).Seconds(), c.To.Sub(begin).Seconds())))
	}
	return strings.Join(lines, ", ")
}

func TestListenSaysWhatWasHeard(t *testing.T) {
	begin := now.Add(-time.Hour)
	at := func(seconds ...int) (events []ingest.Event) {
		for _, s := range seconds {
			events = append(events, ingest.Event{At: begin.Add(time.Duration(s) * time.Second)})
		}
		return events
	}
	span := func(part string, from, to int) ingest.Event {
		return ingest.Event{Heard: &ingest.Span{Part: part, Parts: 2, From: begin.Add(time.Duration(from) * time.Second), To: begin.Add(time.Duration(to) * time.Second)}}
	}
	const silence = 30 * time.Second
	for name, c := range map[string]struct {
		silence time.Duration
		events  []ingest.Event
		want    string
	}{
		"a stream":                   {silence, at(0, 2, 4, 6, 8, 10, 12), "0-6, 6-12"},
		"a short pause":              {silence, at(0, 25, 30), "0-25, 25-30"},
		"a loss":                     {silence, at(0, 4, 60, 70), "0-4, 60-70"},
		"a rewind":                   {silence, at(0, 6, 1, 3, 7, 12), "0-6, 6-12"},
		"a clock that is wrong":      {silence, at(0, 6, 99999999, 8, 12), "0-6, 6-12"},
		"no time":                    {silence, []ingest.Event{{}, {}}, ""},
		"a source that asks":         {0, append(at(0, 100), span("a", 0, 60), span("b", 5, 65)), "a 0-60, b 5-65"},
		"spans of nothing":           {0, []ingest.Event{span("a", 60, 60), span("a", 60, 0), span("a", 0, 99999999)}, ""},
		"a span longer than allowed": {0, []ingest.Event{span("a", -100*86400, 60)}, "a -2.67834e+06-60"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				q := &queue{}
				r := runner(t, q)
				ctx, cancel := context.WithTimeout(t.Context(), 25*time.Second)
				defer cancel()
				if err := r.Listen(ctx, &script{events: c.events, pause: time.Second}, c.silence); err != nil {
					t.Fatal(err)
				}
				if got := said(t, q, begin); got != c.want {
					t.Errorf("got %q, want %q", got, c.want)
				}
			})
		})
	}
}

func TestListenKeepsState(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := runner(t, &queue{})
		begun := time.Now()
		clock := func() time.Time { return now.Add(time.Since(begun)) }
		r.States, r.Now = ingest.StateDir(t.TempDir()), clock
		events := make([]ingest.Event, 60)
		for i := range events {
			events[i] = event(i)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
		defer cancel()
		done := make(chan error, 1)
		go func() { done <- r.Listen(ctx, &script{events: events, pause: time.Second}, 0) }()

		state := func() ingest.State {
			synctest.Wait()
			s, err := r.States.Load("script")
			if err != nil {
				t.Fatal(err)
			}
			return s
		}
		if s := state(); s.State != ingest.Connecting || s.Events != 0 {
			t.Errorf("at first: %+v", s)
		}
		time.Sleep(55 * time.Second)
		if s := state(); s.State != ingest.Listening || s.Events < 50 || s.Posts < 45 || s.Posts+s.Refused != s.Events || s.Refused != 5 || s.Rate < 0.4 || s.Rate > 0.8 {
			t.Errorf("while it is heard: %+v", s)
		}
		time.Sleep(20 * time.Second)
		s := state()
		if s.State != ingest.Away || s.Error != "away" || s.Reconnects < 1 || s.Events != 60 || s.Stale(clock()) {
			t.Errorf("while it is away: %+v", s)
		}
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
		time.Sleep(time.Minute)
		if s := state(); s.State != ingest.Stopped || !s.Stale(clock()) {
			t.Errorf("after the end: %+v", s)
		}
		if s, err := r.States.Load("other"); err != nil || s != (ingest.State{}) {
			t.Errorf("of a source that never was: %+v, %v", s, err)
		}
	})
}
