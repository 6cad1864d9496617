package bluesky_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"
	"github.com/prometheus/client_golang/prometheus"

	"outcry/ingest"
	"outcry/ingest/bluesky"
	"outcry/ingest/bus"
)

// queue keeps what is queued, by post.
type queue struct {
	mu      sync.Mutex
	posts   map[string]ingest.Post
	refused []string
	changed chan struct{}
	full    sync.RWMutex // held for writing while the queue takes nothing
}

func newQueue() *queue {
	return &queue{posts: map[string]ingest.Post{}, changed: make(chan struct{}, 1)}
}

func (q *queue) Write(_ context.Context, messages []bus.Message) error {
	q.full.RLock()
	defer q.full.RUnlock()
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, m := range messages {
		var p ingest.Post
		if m.Topic != ingest.PostsTopic || json.Unmarshal(m.Value, &p) != nil {
			q.refused = append(q.refused, m.Headers[1].Value)
			continue
		}
		q.posts[p.ID] = p
	}
	select {
	case q.changed <- struct{}{}:
	default:
	}
	return nil
}

// await waits until n different posts are queued.
func (q *queue) await(t *testing.T, n int) {
	t.Helper()
	limit := time.After(20 * time.Second)
	for {
		q.mu.Lock()
		have := len(q.posts)
		q.mu.Unlock()
		if have >= n {
			return
		}
		select {
		case <-q.changed:
		case <-limit:
			t.Fatalf("%d posts of %d", have, n)
		}
	}
}

// listen runs a source until the test ends.
func listen(t *testing.T, q *queue, cursors ingest.Cursors, cfg bluesky.Config) (stop func()) {
	t.Helper()
	cfg.HTTP, cfg.Log = http.DefaultClient, slog.New(slog.NewTextHandler(t.Output(), nil))
	source, err := bluesky.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	authors, err := ingest.NewAuthorKey("a key for tests only")
	if err != nil {
		t.Fatal(err)
	}
	runner := &ingest.Runner{Queue: q, Cursors: cursors, Authors: authors, Metrics: ingest.NewMetrics(prometheus.NewRegistry()),
		Now: time.Now, Log: cfg.Log, FirstWait: 10 * time.Millisecond}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- runner.Listen(ctx, source, 300*time.Millisecond) }()
	var once sync.Once
	stop = func() {
		once.Do(func() {
			cancel()
			if err := <-done; err != nil {
				t.Error(err)
			}
		})
	}
	t.Cleanup(stop)
	return stop
}

// saved is a cursor file that stands at the beginning of what servers have.
func saved(t *testing.T, host string) ingest.CursorDir {
	t.Helper()
	dir := ingest.CursorDir(t.TempDir())
	if err := dir.Save("bluesky", fmt.Sprintf("%s 0 %d", host, start.Add(5*time.Second).UnixMicro())); err != nil {
		t.Fatal(err)
	}
	return dir
}

const total = 60

func history(v2 bool) (events []string) {
	for i := range total {
		if v2 {
			events = append(events, postV2(i))
		} else {
			events = append(events, postV1(i))
		}
	}
	return events
}

// After every fault, no post that the server still has is missing.
func TestNoFaultLosesAPost(t *testing.T) {
	faults := map[string][]fault{
		"none":                   nil,
		"refused at first":       {{status: 503, after: -1}, {status: 429, after: -1}, {status: 500, after: -1}},
		"closed":                 {{after: 10, code: 1000}, {after: 10, code: 1012}},
		"gone without a word":    {{after: 10, code: 1006}, {after: 0, code: 1006}, {after: 5, code: 1006}},
		"stalled":                {{after: 10, stall: true}, {after: 0, stall: true}},
		"a frame of 5 MB":        {{after: 10, frame: `{"did":"` + strings.Repeat("x", 5<<20) + `"}`}},
		"a frame that is none":   {{after: 10, frame: `{"did":`}},
		"bytes that are no text": {{after: 10, junk: true}},
		"an unknown kind":        {{after: 10, frame: `{"$type":"message","did":"did:plc:x","time_us":1783173600000000,"kind":"poem","payload":{"did":"did:plc:x","seq":11,"time":"2026-07-04T14:00:10.000000Z","$type":"network.bsky.jetstream.subscribeEvents#poem"}}`}},
	}
	for i, cut := range []int{1, 60, 129, 130, 200, 400, 777, 1500, 4000, 9001} {
		faults[fmt.Sprintf("cut after %d bytes", cut)] = []fault{{cut: cut, after: -1}, {cut: cut + i, after: -1}}
	}
	for name, list := range faults {
		for _, v2 := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, v2 %v", name, v2), func(t *testing.T) {
				t.Parallel()
				server := serve(t, v2, list...)
				server.say(history(v2)...)
				q := newQueue()
				listen(t, q, saved(t, server.host()), config(server))
				q.await(t, total)
				q.mu.Lock() // what comes twice may still come
				defer q.mu.Unlock()
				for i := range total {
					id := fmt.Sprintf("did:plc:author%d/app.bsky.feed.post/k%d", i%5, i)
					if p, ok := q.posts[id]; !ok || p.Text != fmt.Sprintf("post %d: is WhatsApp down?", i) {
						t.Errorf("post %s is missing: %+v", id, p)
					}
				}
			})
		}
	}
}

func config(s *jetstream) bluesky.Config {
	cfg := bluesky.Config{Hosts: []string{"ws://" + s.host()}, Protocol: "v1"}
	if s.v2 {
		cfg.Protocol = "v2"
	}
	return cfg
}

// A second start goes on where the first one stopped, and nothing is lost between.
func TestResume(t *testing.T) {
	for _, v2 := range []bool{false, true} {
		server := serve(t, v2)
		cursors := saved(t, server.host())
		events := history(v2)
		server.say(events[:30]...)
		q := newQueue()
		stop := listen(t, q, cursors, config(server))
		q.await(t, 30)
		stop()
		server.say(events[30:]...)
		listen(t, q, cursors, config(server))
		q.await(t, total)
		want := fmt.Sprint("cursor=", start.Add(24*time.Second).UnixMicro()) // the 30th, less the rewind
		if v2 {
			want = "cursor=30" // the server's own number
		}
		if asked := server.asked(1); !strings.Contains(asked, want) {
			t.Errorf("v2 %v: asked %s, want %s", v2, asked, want)
		}
	}
}

// When one server is down, another is asked, by time: its numbers are its own.
func TestFailOver(t *testing.T) {
	down, up := serve(t, true, fault{after: 30, code: 1006}, fault{status: 503}, fault{status: 503}, fault{status: 503}, fault{status: 503}), serve(t, true)
	events := history(true)
	down.say(events...)
	up.say(events...)
	q := newQueue()
	cfg := config(down)
	cfg.Hosts = append(cfg.Hosts, "ws://"+up.host())
	listen(t, q, saved(t, down.host()), cfg)
	q.await(t, total)
	if asked := up.asked(0); !strings.Contains(asked, "cursor=17831") {
		t.Errorf("the other server was asked %s", asked)
	}
}

// A server that has forgotten our number is asked by time.
func TestCursorTooOld(t *testing.T) {
	server := serve(t, true)
	server.oldest.Store(1000)
	server.say(history(true)...)
	q := newQueue()
	dir := ingest.CursorDir(t.TempDir())
	if err := dir.Save("bluesky", fmt.Sprintf("%s 7 %d", server.host(), start.Add(5*time.Second).UnixMicro())); err != nil {
		t.Fatal(err)
	}
	listen(t, q, dir, config(server))
	q.await(t, total)
}

// The stream is compressed with the server's dictionary; when that changes, with
// the new one. A frame that cannot be read holds up no other.
func TestDictionary(t *testing.T) {
	server := serve(t, true, fault{after: 20, code: 1006}, fault{after: 5, junk: true})
	server.setDictionary(t, 77)
	server.say(history(true)...)
	q := newQueue()
	listen(t, q, saved(t, server.host()), config(server))
	q.await(t, 20)
	server.setDictionary(t, 78)
	q.await(t, total)
	if asked := server.asked(0); !strings.Contains(asked, "zstdDictionary=77") {
		t.Errorf("asked %s", asked)
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	if !slices.Contains(q.refused, "not_json") {
		t.Errorf("refused: %v", q.refused)
	}
}

func (s *jetstream) setDictionary(t *testing.T, id uint32) {
	t.Helper()
	dict, err := zstd.BuildDict(zstd.BuildDictOptions{ID: id, Contents: samples(), History: bytes.Repeat([]byte(postV2(1)), 3), Offsets: [3]int{1, 4, 8}})
	if err != nil {
		t.Fatal(err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.dict = dict
	s.dictID.Store(id)
}

func samples() (all [][]byte) {
	for i := range 200 {
		all = append(all, []byte(postV2(i)))
	}
	return all
}

// While the queue is full the source stops reading and is not thought silent.
func TestAFullQueueHoldsTheStreamBack(t *testing.T) {
	server := serve(t, false)
	q := newQueue()
	q.full.Lock()
	listen(t, q, saved(t, server.host()), config(server))
	server.say(history(false)...)
	time.Sleep(time.Second) // longer than the silence that is borne
	q.full.Unlock()
	q.await(t, total)
	if asked := server.asked(1); asked != "never asked" {
		t.Errorf("a second connection: %s", asked)
	}
}

func TestWhatEventsMean(t *testing.T) {
	commit := func(operation, collection, record string) string {
		return fmt.Sprintf(`{"did":"did:plc:a","time_us":1783173600000000,"kind":"commit","commit":{"operation":%q,"collection":%q,"rkey":"k"%s}}`, operation, collection, record)
	}
	id, at := "did:plc:a/app.bsky.feed.post/k", start
	for name, tc := range map[string]struct {
		event string
		want  *ingest.Post
		why   string // it is refused
	}{
		"a post": {commit("create", "app.bsky.feed.post", `,"record":{"text":"hi","createdAt":"2026-07-04T13:59:58Z","langs":["pt-BR","en"]}`),
			&ingest.Post{ID: id, Text: "hi", Lang: "pt-BR", CreatedAt: at.Add(-2 * time.Second)}, ""},
		"an edit": {commit("update", "app.bsky.feed.post", `,"record":{"text":"ho","createdAt":"2026-07-04T13:59:58Z"}`),
			&ingest.Post{ID: id, Text: "ho", CreatedAt: at.Add(-2 * time.Second)}, ""},
		"a clock that is fast": {commit("create", "app.bsky.feed.post", `,"record":{"text":"hi","createdAt":"2036-07-04T13:59:58Z"}`),
			&ingest.Post{ID: id, Text: "hi", CreatedAt: at}, ""},
		"no time": {commit("create", "app.bsky.feed.post", `,"record":{"text":"hi","createdAt":"soon"}`),
			&ingest.Post{ID: id, Text: "hi", CreatedAt: at}, ""},
		"a deletion":    {commit("delete", "app.bsky.feed.post", ""), &ingest.Post{ID: id, Deleted: true}, ""},
		"an edit to no": {commit("update", "app.bsky.feed.post", `,"record":{"text":" ","createdAt":"2026-07-04T13:59:58Z"}`), &ingest.Post{ID: id, Deleted: true}, ""},
		"a picture":     {commit("create", "app.bsky.feed.post", `,"record":{"text":"","createdAt":"2026-07-04T13:59:58Z"}`), nil, ""},
		"a like":        {commit("create", "app.bsky.feed.like", `,"record":{"createdAt":"2026-07-04T13:59:58Z"}`), nil, ""},
		"what it is about": {commit("create", "app.bsky.feed.post", `,"record":{"text":"down? @x #x","createdAt":"2026-07-04T14:00:00Z","tags":["y"],
			"facets":[{"features":[{"$type":"app.bsky.richtext.facet#tag","tag":"x"}]},{"features":[{"$type":"app.bsky.richtext.facet#mention","did":"did:plc:m"}]}],
			"reply":{"parent":{"uri":"at://did:plc:p/app.bsky.feed.post/1"},"root":{"uri":"at://did:plc:r/app.bsky.feed.post/1"}},
			"embed":{"$type":"app.bsky.embed.recordWithMedia","record":{"record":{"uri":"at://did:plc:q/app.bsky.feed.post/2"}}}}`),
			&ingest.Post{ID: id, Text: "down? @x #x", CreatedAt: at, About: []string{"did:plc:p", "did:plc:q", "#x", "did:plc:m", "#y"}}, ""},
		"an account that leaves": {`{"did":"did:plc:a","time_us":1783173600000000,"kind":"account","account":{"active":false,"did":"did:plc:a","status":"deleted"}}`, &ingest.Post{Deleted: true}, ""},
		"an account that rests":  {`{"did":"did:plc:a","time_us":1783173600000000,"kind":"account","account":{"active":false,"did":"did:plc:a","status":"deactivated"}}`, nil, ""},
		"an identity":            {`{"did":"did:plc:a","time_us":1783173600000000,"kind":"identity","identity":{"did":"did:plc:a"}}`, nil, ""},
		"not JSON":               {`{"did":`, nil, "not_json"},
		"no time at all":         {`{"did":"did:plc:a","kind":"commit"}`, nil, "not_json"},
		"a record that is none":  {commit("create", "app.bsky.feed.post", `,"record":{"text":7}`), nil, "not_json"},
	} {
		t.Run(name, func(t *testing.T) {
			e := hear(t, tc.event)
			if tc.why != "" {
				if e.Refusal == nil || string(e.Refusal.Reason) != tc.why || string(e.Refusal.Raw) != tc.event {
					t.Fatalf("got %+v, want it refused as %s", e, tc.why)
				}
				return
			}
			if tc.want != nil {
				tc.want.Source = "bluesky"
				if tc.want.ID == "" || !tc.want.Deleted {
					tc.want.Author = "did:plc:a"
				}
			}
			if e.Refusal != nil || !reflect.DeepEqual(e.Post, tc.want) {
				t.Errorf("got %+v, want %+v", e.Post, tc.want)
			}
			if e.Cursor == "" || !e.At.Equal(start) {
				t.Errorf("cursor %q at %s", e.Cursor, e.At)
			}
		})
	}
}

// hear is the event that a source makes of one frame of v1.
func hear(t *testing.T, frame string) (heard ingest.Event) {
	t.Helper()
	server := serve(t, false)
	server.say(frame)
	cfg := config(server)
	cfg.HTTP, cfg.Log = http.DefaultClient, slog.New(slog.DiscardHandler)
	source, err := bluesky.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	source.Run(ctx, fmt.Sprint("h 0 ", start.UnixMicro()), func(e ingest.Event) error {
		heard = e
		cancel()
		return ctx.Err()
	})
	return heard
}

func TestNewNamesTheField(t *testing.T) {
	for field, cfg := range map[string]bluesky.Config{
		"protocol: ": {Protocol: "v3"},
		"name: ":     {Name: "Blue Sky"},
		"hosts: ":    {Hosts: []string{"ftp://x"}},
		"rewind: ":   {Rewind: -time.Second},
	} {
		if _, err := bluesky.New(cfg); err == nil || !strings.HasPrefix(err.Error(), field) {
			t.Errorf("%+v: %v", cfg, err)
		}
	}
}

// The real stream of a summer's day, where it is at hand: every post is heard.
func TestCapturedEvents(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", "data", "jetstream", "captured_v1.jsonl"))
	if err != nil {
		t.Skip("no captured events here: ", err)
	}
	posts := 0
	for line := range strings.Lines(string(text)) {
		e := hear(t, strings.TrimSpace(line))
		if e.Refusal != nil {
			t.Errorf("refused: %+v", e.Refusal)
		}
		if e.Post != nil && !e.Post.Deleted {
			posts++
			if r := ingest.Check(*e.Post, time.Now()); r != nil {
				t.Errorf("%v: %s", r, line)
			}
		}
	}
	if posts != 16 { // of the 17 one is a picture without text
		t.Errorf("%d posts, there are 16 with text", posts)
	}
}
