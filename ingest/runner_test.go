package ingest_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"outcry/ingest"
	"outcry/ingest/bus"
)

var now = time.Date(2022, 10, 25, 12, 0, 0, 0, time.UTC)

// queue keeps messages in memory, to test what the Runner does when a queue
// is slow or fails; the real queue has its own tests, and the street both.
type queue struct {
	messages []bus.Message
	before   func(ctx context.Context, n int) error // called before the n-th write, from 0
	writes   int
}

func (q *queue) Write(ctx context.Context, messages []bus.Message) error {
	q.writes++
	if q.before != nil {
		if err := q.before(ctx, q.writes-1); err != nil {
			return err
		}
	}
	q.messages = append(q.messages, messages...)
	return nil
}

// source hands on the events that make gives, then returns end.
type source struct {
	events int
	end    error
	cursor string // that it was started with
}

func (s *source) Name() string { return "test" }

func (s *source) Run(ctx context.Context, cursor string, emit func(ingest.Event) error) error {
	s.cursor = cursor
	for i := range s.events {
		if err := emit(event(i)); err != nil {
			return err
		}
	}
	return s.end
}

func event(i int) ingest.Event {
	e := ingest.Event{Cursor: fmt.Sprint(i + 1), Position: fmt.Sprint("test:", i+1)}
	if i%10 == 9 {
		e.Refusal = &ingest.Refusal{Reason: ingest.NotJSON, Detail: "bad", Position: e.Position, Raw: []byte("raw")}
		return e
	}
	e.Post = &ingest.Post{ID: fmt.Sprint(i), Source: "test", Text: "down", Author: "ann", CreatedAt: now}
	return e
}

func runner(t *testing.T, q *queue) *ingest.Runner {
	key, err := ingest.NewAuthorKey("sixteen characters")
	if err != nil {
		t.Fatal(err)
	}
	return &ingest.Runner{
		Queue: q, Cursors: ingest.CursorDir(t.TempDir()), Authors: key,
		Metrics: ingest.NewMetrics(prometheus.NewRegistry()), Now: func() time.Time { return now }, Log: slog.New(slog.DiscardHandler),
	}
}

func TestRunnerQueuesEveryEvent(t *testing.T) {
	q := &queue{}
	stats, err := runner(t, q).Run(t.Context(), &source{events: 5000})
	want := ingest.Stats{Read: 5000, Kept: 4500, Refused: map[ingest.Reason]int64{ingest.NotJSON: 500}}
	if err != nil || stats.Read != want.Read || stats.Kept != want.Kept || !maps.Equal(stats.Refused, want.Refused) {
		t.Errorf("got %+v, %v", stats, err)
	}
	topics := map[string]int{}
	for _, m := range q.messages {
		topics[m.Topic]++
	}
	if topics[ingest.PostsTopic] != 4500 || topics[ingest.DeadLettersTopic] != 500 {
		t.Errorf("got %v", topics)
	}
}

func TestRunnerHashesAuthors(t *testing.T) {
	q := &queue{}
	if _, err := runner(t, q).Run(t.Context(), &source{events: 2}); err != nil {
		t.Fatal(err)
	}
	for _, m := range q.messages {
		var p ingest.Post
		if err := json.Unmarshal(m.Value, &p); err != nil || len(p.Author) != 16 || strings.Contains(string(m.Value), "ann") {
			t.Errorf("got %s, %v", m.Value, err)
		}
	}
}

func TestRunnerGoesOnAtTheCursor(t *testing.T) {
	q := &queue{}
	r, first, second := runner(t, q), &source{events: 100}, &source{}
	for _, s := range []*source{first, second} {
		if _, err := r.Run(t.Context(), s); err != nil {
			t.Fatal(err)
		}
	}
	if first.cursor != "" || second.cursor != "100" {
		t.Errorf("got cursors %q, %q", first.cursor, second.cursor)
	}
}

func TestRunnerSavesNoCursorOfWhatIsNotQueued(t *testing.T) {
	full := errors.New("full")
	q := &queue{before: func(context.Context, int) error { return full }}
	r, again := runner(t, q), &source{}
	if _, err := r.Run(t.Context(), &source{events: 3}); !errors.Is(err, full) {
		t.Fatalf("got %v", err)
	}
	q.before = nil
	if _, err := r.Run(t.Context(), again); err != nil || again.cursor != "" {
		t.Errorf("got cursor %q, %v", again.cursor, err)
	}
}

func TestRunnerReportsTheSourcesError(t *testing.T) {
	broken := errors.New("broken")
	q := &queue{}
	stats, err := runner(t, q).Run(t.Context(), &source{events: 3, end: broken})
	if !errors.Is(err, broken) || stats.Kept != 3 || len(q.messages) != 3 {
		t.Errorf("got %v, %+v: what came before the error must be queued", err, stats)
	}
}

// A queue that takes nothing must stop the source, not fill the memory.
func TestRunnerBlocksTheSource(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		release := make(chan struct{})
		q := &queue{before: func(ctx context.Context, _ int) error { <-release; return nil }}
		endless := &counting{}
		done := make(chan error, 1)
		go func() {
			_, err := runner(t, q).Run(ctx, endless)
			done <- err
		}()
		time.Sleep(time.Hour)
		held := endless.emitted.Load()
		if held > 10_000 {
			t.Errorf("the source handed on %d posts to a queue that took none", held)
		}
		cancel()
		close(release)
		if err := <-done; err != nil {
			t.Errorf("a stop is no error, got %v", err)
		}
		if held = endless.emitted.Load(); int64(len(q.messages)) != held {
			t.Errorf("%d posts were heard before the stop, %d are queued", held, len(q.messages))
		}
	})
}

// counting emits posts until it is stopped.
type counting struct{ emitted atomic.Int64 }

func (*counting) Name() string { return "counting" }

func (s *counting) Run(_ context.Context, _ string, emit func(ingest.Event) error) error {
	for {
		if err := emit(event(0)); err != nil {
			return err
		}
		s.emitted.Add(1)
	}
}

func TestCheck(t *testing.T) {
	good := ingest.Post{ID: "1", Source: "bluesky", Text: "down", CreatedAt: now}
	for name, c := range map[string]struct {
		change func(*ingest.Post)
		want   ingest.Reason
	}{
		"good":              {func(p *ingest.Post) {}, ""},
		"no text":           {func(p *ingest.Post) { p.Text = " \t\n" }, ingest.NoText},
		"long text":         {func(p *ingest.Post) { p.Text = strings.Repeat("x", ingest.MaxTextBytes+1) }, ingest.TextTooLong},
		"longest text":      {func(p *ingest.Post) { p.Text = strings.Repeat("x", ingest.MaxTextBytes) }, ""},
		"invalid utf-8":     {func(p *ingest.Post) { p.Text = "\xff" }, ingest.InvalidUTF8},
		"year 1":            {func(p *ingest.Post) { p.CreatedAt = time.Time{} }, ingest.TimeRange},
		"last century":      {func(p *ingest.Post) { p.CreatedAt = time.Date(1999, 12, 31, 0, 0, 0, 0, time.UTC) }, ingest.TimeRange},
		"a clock ahead":     {func(p *ingest.Post) { p.CreatedAt = now.Add(4 * time.Minute) }, ""},
		"the future":        {func(p *ingest.Post) { p.CreatedAt = now.Add(6 * time.Minute) }, ingest.TimeRange},
		"no id":             {func(p *ingest.Post) { p.ID = "" }, ingest.BadID},
		"long id":           {func(p *ingest.Post) { p.ID = strings.Repeat("x", 1025) }, ingest.BadID},
		"upper-case source": {func(p *ingest.Post) { p.Source = "Bluesky" }, ingest.BadSource},
		"no source":         {func(p *ingest.Post) { p.Source = "" }, ingest.BadSource},
		"deletion":          {func(p *ingest.Post) { *p = ingest.Post{ID: "1", Source: "x", Deleted: true} }, ""},
	} {
		t.Run(name, func(t *testing.T) {
			p := good
			c.change(&p)
			refusal := ingest.Check(p, now)
			switch {
			case c.want == "" && refusal != nil:
				t.Errorf("refused: %v", refusal)
			case c.want != "" && (refusal == nil || refusal.Reason != c.want || refusal.Detail == ""):
				t.Errorf("got %v, want %s", refusal, c.want)
			}
		})
	}
}

// one makes a source of one event.
type one ingest.Event

func (one) Name() string { return "one" }

func (o one) Run(_ context.Context, _ string, emit func(ingest.Event) error) error {
	return emit(ingest.Event(o))
}

// A post without an id gets the same one at every reading, another one when
// anything in it differs, and one that does not give away its author.
func TestDerivedID(t *testing.T) {
	id := func(secret string, change func(*ingest.Post)) string {
		p := ingest.Post{Source: "file", Author: "ann", Text: "hi", CreatedAt: now}
		change(&p)
		q := &queue{}
		r := runner(t, q)
		key, err := ingest.NewAuthorKey(secret)
		if err != nil {
			t.Fatal(err)
		}
		r.Authors = key
		if _, err := r.Run(t.Context(), one{Post: &p}); err != nil {
			t.Fatal(err)
		}
		var queued ingest.Post
		if err := json.Unmarshal(q.messages[0].Value, &queued); err != nil || q.messages[0].Topic != ingest.PostsTopic {
			t.Fatalf("%s, %v", q.messages[0].Value, err)
		}
		return queued.ID
	}
	const secret = "sixteen characters"
	same := func(*ingest.Post) {}
	seen := map[string]bool{id(secret, same): true}
	if !seen[id(secret, same)] || seen[""] {
		t.Errorf("got %v", seen)
	}
	seen[id("another secret key", same)] = true
	for _, change := range []func(*ingest.Post){
		func(p *ingest.Post) { p.Source = "other" },
		func(p *ingest.Post) { p.Author = "bob" },
		func(p *ingest.Post) { p.Text = "hi " },
		func(p *ingest.Post) { p.CreatedAt = now.Add(time.Second) },
	} {
		seen[id(secret, change)] = true
	}
	if len(seen) != 6 {
		t.Errorf("different posts or keys have one id: %v", seen)
	}
}

// What is refused must fit the dead-letter topic, however long it was.
func TestDeadLettersAreBounded(t *testing.T) {
	for name, change := range map[string]func(*ingest.Post){
		"text":  func(p *ingest.Post) { p.Text = strings.Repeat("<", 4<<20) },
		"about": func(p *ingest.Post) { p.About = []string{strings.Repeat("<", 4<<20)} },
	} {
		p := ingest.Post{ID: "1", Source: "file", Text: "hi", CreatedAt: now}
		change(&p)
		q := &queue{}
		if _, err := runner(t, q).Run(t.Context(), one{Post: &p}); err != nil {
			t.Fatal(err)
		}
		if m := q.messages[0]; m.Topic != ingest.DeadLettersTopic || len(m.Value) > 1<<20 {
			t.Errorf("%s: %d bytes in %s", name, len(m.Value), m.Topic)
		}
	}
}
