package mastodon_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"outcry/ingest"
	"outcry/ingest/mastodon"
)

// ear keeps what a source says.
type ear struct {
	mu      sync.Mutex
	posts   map[string]ingest.Post
	times   map[string]int // how often one was said
	gone    []string
	refused []ingest.Reason
	spans   []ingest.Span
	cursor  string
	log     bytes.Buffer
	full    chan struct{} // while it is open nothing is taken; nil: all is taken
}

func newEar() *ear { return &ear{posts: map[string]ingest.Post{}, times: map[string]int{}} }

func (e *ear) emit(event ingest.Event) error {
	e.mu.Lock()
	full := e.full
	e.mu.Unlock()
	if full != nil {
		<-full
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if p := event.Post; p != nil && p.Deleted {
		e.gone = append(e.gone, p.ID)
	} else if p != nil {
		e.posts[p.ID] = *p
		e.times[p.ID]++
	}
	if event.Refusal != nil {
		e.refused = append(e.refused, event.Refusal.Reason)
	}
	if event.Heard != nil {
		e.spans = append(e.spans, *event.Heard)
	}
	if event.Cursor != "" {
		e.cursor = event.Cursor
	}
	return nil
}

// Write takes the log.
func (e *ear) Write(b []byte) (int, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.log.Write(b)
}

// listen runs a source until stop.
func (e *ear) listen(t *testing.T, n *network, instances ...mastodon.Instance) (stop func()) {
	t.Helper()
	client := n.client()
	source, err := mastodon.New(mastodon.Config{Instances: instances, HTTP: client, Log: slog.New(slog.NewTextHandler(e, nil))})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- source.Run(ctx, e.cursor, e.emit) }()
	return func() {
		cancel()
		if err := <-done; err != context.Canceled {
			t.Errorf("Run ended with %v", err)
		}
		client.CloseIdleConnections()
	}
}

// bubble runs a test at a date of today's, with a network.
func bubble(t *testing.T, test func(*testing.T, *network)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Until(time.Date(2026, 7, 4, 14, 0, 0, 0, time.UTC)))
		n := &network{}
		test(t, n)
	})
}

// all checks that posts from..to were heard, once each.
func (e *ear) all(t *testing.T, from, to int) {
	t.Helper()
	e.mu.Lock()
	defer e.mu.Unlock()
	for i := from; i < to; i++ {
		id := fmt.Sprintf("https://far.example/users/ann/statuses/%d", i)
		if p, ok := e.posts[id]; !ok || p.Text != fmt.Sprintf("post %d: is WhatsApp down?", i) {
			t.Errorf("post %d is missing", i)
		} else if e.times[id] != 1 {
			t.Errorf("post %d was said %d times", i, e.times[id])
		}
	}
	if len(e.posts) != to-from {
		t.Errorf("%d posts, want %d", len(e.posts), to-from)
	}
}

const token = "s3cret-t0ken_of-the.test"

// After every fault, no post that the server still has is missing, and none comes
// twice.
func TestNoFaultLosesAPost(t *testing.T) {
	faults := map[string][]fault{
		"none":                 nil,
		"refused at first":     {{status: 503}, {status: 500}, {status: 429}},
		"ended":                {{after: 10}, {after: 0}, {after: 3}},
		"stalled":              {{after: 10, stall: true}, {after: 0, stall: true}},
		"deaf":                 {{after: -1, lazy: true}}, // it thumps, but its own source is gone
		"no stream in the end": {{status: 401}, {status: 401}, {status: 401}, {status: 401}, {status: 401}},
	}
	for i, cut := range []int{1, 100, 250, 400, 777, 1500, 4000, 9001} {
		faults[fmt.Sprintf("cut after %d bytes", cut)] = []fault{{cut: cut, after: -1}, {cut: cut + 7*i, after: -1}}
	}
	for name, list := range faults {
		for _, sockets := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, sockets %v", name, sockets), func(t *testing.T) {
				t.Parallel()
				bubble(t, func(t *testing.T, n *network) {
					s := n.serve(t, "social.example", false)
					defer s.Close()
					s.token, s.sockets, s.faults = token, sockets, list
					e := newEar()
					s.say(-1, time.Now()) // before the beginning
					stop := e.listen(t, n, mastodon.Instance{URL: "http://social.example", Token: token})
					time.Sleep(5 * time.Second)
					for i := range 300 {
						written := time.Now()
						if i%7 == 0 { // one that came late
							written = written.Add(-40 * time.Second)
						}
						if i < 60 {
							written = time.Now()
						}
						s.say(i, written)
						time.Sleep(900 * time.Millisecond)
					}
					time.Sleep(5 * time.Minute)
					stop()
					e.all(t, 0, 300)
					whole(t, e.spans, "social.example public", 1)
				})
			})
		}
	}
}

// whole checks that spans of a part follow each other without a gap.
func whole(t *testing.T, spans []ingest.Span, part string, parts int) {
	t.Helper()
	var last time.Time
	for _, s := range spans {
		if s.Part != part {
			continue
		}
		if s.Parts != parts || !s.To.After(s.From) || !last.IsZero() && !s.From.Equal(last) {
			t.Errorf("span %+v after %s", s, last)
		}
		last = s.To
	}
	if time.Since(last) > 3*time.Minute {
		t.Errorf("nothing is said to be heard since %s", last)
	}
}

// A stream is live: a post is heard within the second, and quiet is no silence.
func TestAStreamIsLive(t *testing.T) {
	for _, sockets := range []bool{false, true} {
		bubble(t, func(t *testing.T, n *network) { live(t, n, sockets) })
	}
}

func live(t *testing.T, n *network, sockets bool) {
	s := n.serve(t, "social.example", false)
	defer s.Close()
	elsewhere := n.serve(t, "streaming.example", false)
	defer elsewhere.Close()
	s.token, elsewhere.token, s.streams, elsewhere.sockets = token, token, "ws://streaming.example", sockets
	e := newEar()
	stop := e.listen(t, n, mastodon.Instance{URL: "http://social.example", Token: token, Timelines: []string{"tag/panne"}})
	time.Sleep(30 * time.Minute)
	elsewhere.publish(1, time.Now(), nil, "update", false, true)
	time.Sleep(time.Second)
	stop()
	e.all(t, 1, 2)
	if there, here := elsewhere.opened(), s.opened(); there != 1 || here != 0 || !sockets && e.log.Len() > 0 {
		t.Errorf("%d and %d streams; %s", there, here, &e.log)
	}
	if asked, _ := s.questions(); asked > 40 {
		t.Errorf("asked %d times beside a stream", asked)
	}
}

// Edits, deletions and what is taken back are told by the stream, with the
// number of the instance only.
func TestChanges(t *testing.T) {
	bubble(t, func(t *testing.T, n *network) {
		s := n.serve(t, "social.example", false)
		defer s.Close()
		s.token = token
		e := newEar()
		stop := e.listen(t, n, mastodon.Instance{URL: "http://social.example", Token: token})
		time.Sleep(5 * time.Second)
		at := time.Now()
		for i := range 4 {
			s.say(i, at)
		}
		time.Sleep(time.Second)
		s.publish(1, at, map[string]any{"content": "<p>it is up again</p>", "edited_at": "2026-07-04T14:00:09.000Z"}, "status.update", true, true)
		s.publish(2, at, map[string]any{"content": "", "edited_at": "2026-07-04T14:00:09.000Z"}, "status.update", true, true)
		s.publish(3, at, map[string]any{"content": "<p>unseen by the stream</p>", "edited_at": "2026-07-04T14:00:09.000Z"}, "", true, false)
		s.tell("delete", number(at, 0))
		s.tell("delete", "424242")
		s.tell("filters_changed", "")
		time.Sleep(5 * time.Minute)
		stop()
		const uri = "https://far.example/users/ann/statuses/"
		if p := e.posts[uri+"1"]; p.Text != "it is up again" || e.times[uri+"1"] != 2 {
			t.Errorf("edited: %d times, %+v", e.times[uri+"1"], p)
		}
		if p := e.posts[uri+"3"]; p.Text != "unseen by the stream" {
			t.Errorf("edited, and read again: %+v", p)
		}
		if len(e.gone) != 2 || e.gone[0] != uri+"2" || e.gone[1] != uri+"0" || e.times[uri+"0"] != 1 {
			t.Errorf("gone: %q, the first was said %d times", e.gone, e.times[uri+"0"])
		}
	})
}

// What is no post is refused once, and the stream goes on.
func TestRefusals(t *testing.T) {
	long := `{"id":"1","content":"` + strings.Repeat("x", 5<<20) + `"}`
	for name, c := range map[string]struct {
		events, socket string
		want           ingest.Reason
	}{
		"no JSON":   {"event: update\ndata: {\"id\":\n\n", `{"event":"update","payload":"{\"id\":"}`, ingest.NotJSON},
		"no frame":  {"event: update\r\ndata: [1]\r\n\r\n", `{"event":`, ingest.NotJSON},
		"5 MB":      {"event: update\ndata: " + long + "\n\n", `{"event":"update","payload":` + long + `}`, ingest.LineTooLong},
		"many data": {"event: update\n" + strings.Repeat("data: "+strings.Repeat("y", 9999)+"\n", 200) + "\n", `{"event":"update","payload":{"id":[]}}`, ""},
		"no id":     {"event: update\ndata: {\"uri\":\"x\"}\n\n", `{"event":"update","payload":"{\"uri\":\"x\"}"}`, ingest.BadID},
		"no uri":    {"event: update\ndata: {\"id\":\"1\"}\n\n", `{"event":"update","payload":"{\"id\":\"1\"}"}`, ingest.BadID},
	} {
		for _, sockets := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, sockets %v", name, sockets), func(t *testing.T) {
				bubble(t, func(t *testing.T, n *network) {
					s := n.serve(t, "social.example", false)
					defer s.Close()
					s.token, s.sockets = token, sockets
					f := fault{after: 1, raw: c.events}
					if sockets {
						f.raw = c.socket
					}
					s.faults = []fault{f}
					e := newEar()
					stop := e.listen(t, n, mastodon.Instance{URL: "http://social.example", Token: token})
					time.Sleep(5 * time.Second)
					s.say(0, time.Now())
					s.say(1, time.Now())
					time.Sleep(time.Second)
					stop()
					e.all(t, 0, 2)
					if len(e.refused) != 1 || c.want != "" && e.refused[0] != c.want || s.opened() != 1 {
						t.Errorf("refused %v, %d streams", e.refused, s.opened())
					}
				})
			})
		}
	}
}

// While the queue is full nothing is read, however long that takes; nothing is
// lost and the stream is not taken for silent.
func TestBackPressure(t *testing.T) {
	bubble(t, func(t *testing.T, n *network) {
		s := n.serve(t, "social.example", false)
		defer s.Close()
		s.token = token
		e := newEar()
		stop := e.listen(t, n, mastodon.Instance{URL: "http://social.example", Token: token})
		time.Sleep(5 * time.Second)
		e.mu.Lock()
		e.full = make(chan struct{})
		e.mu.Unlock()
		const many = 2000
		for i := range many {
			s.say(i, time.Now())
		}
		time.Sleep(10 * time.Minute)
		waiting := 0
		s.mu.Lock()
		for ear := range s.ears {
			waiting += len(ear)
		}
		s.mu.Unlock()
		if waiting < many-300 {
			t.Errorf("%d of %d posts were read into memory", many-waiting, many)
		}
		close(e.full)
		time.Sleep(time.Minute)
		stop()
		e.all(t, 0, many)
		if n := s.opened(); n != 1 {
			t.Errorf("%d streams", n)
		}
	})
}
