package reddit_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"outcry/ingest"
	"outcry/ingest/bus"
	"outcry/ingest/reddit"
)

// queue keeps what is queued, by post.
type queue struct {
	mu      sync.Mutex
	posts   map[string]ingest.Post
	refused []string
	covered []ingest.Coverage
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
		switch m.Topic {
		case ingest.PostsTopic:
			var p ingest.Post
			if err := json.Unmarshal(m.Value, &p); err != nil {
				return err
			}
			q.posts[p.ID] = p
		case ingest.CoverageTopic:
			var c ingest.Coverage
			if err := json.Unmarshal(m.Value, &c); err != nil {
				return err
			}
			q.covered = append(q.covered, c)
		default:
			q.refused = append(q.refused, m.Headers[1].Value)
		}
	}
	select {
	case q.changed <- struct{}{}:
	default:
	}
	return nil
}

// kept is a copy of what is queued by now: the source goes on.
func (q *queue) kept() map[string]ingest.Post {
	q.mu.Lock()
	defer q.mu.Unlock()
	return maps.Clone(q.posts)
}

// await waits until the queue is as is wanted.
func (q *queue) await(t *testing.T, what string, is func(map[string]ingest.Post) bool) {
	t.Helper()
	limit := time.After(10 * time.Second)
	for {
		q.mu.Lock()
		done := is(q.posts)
		n := len(q.posts)
		q.mu.Unlock()
		if done {
			return
		}
		select {
		case <-q.changed:
		case <-limit:
			t.Fatalf("%d posts; never %s", n, what)
		}
	}
}

func (q *queue) awaitAll(t *testing.T, n int) {
	t.Helper()
	q.await(t, fmt.Sprint("all ", n), func(posts map[string]ingest.Post) bool { return len(posts) >= n })
}

func config(t *testing.T, f *forum) reddit.Config {
	return reddit.Config{Subreddits: []string{"whatsapp"}, ClientID: "client", ClientSecret: "s3cret", Interval: 20 * time.Millisecond, Timeout: 400 * time.Millisecond,
		AuthURL: f.URL + "/api/v1/access_token", APIURL: f.URL, HTTP: f.Client(), Log: slog.New(slog.NewTextHandler(t.Output(), nil))}
}

// listen runs a source until the test ends.
func listen(t *testing.T, q *queue, cursors ingest.Cursors, cfg reddit.Config) (stop func()) {
	t.Helper()
	source, err := reddit.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	authors, err := ingest.NewAuthorKey("a key for tests only")
	if err != nil {
		t.Fatal(err)
	}
	runner := &ingest.Runner{Queue: q, Cursors: cursors, Authors: authors, Metrics: ingest.NewMetrics(prometheus.NewRegistry()),
		Now: time.Now, Log: cfg.Log, FirstWait: 5 * time.Millisecond}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- runner.Listen(ctx, source, 0) }()
	stop = sync.OnceFunc(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(stop)
	return stop
}

// saved is a cursor file that says all was heard until then.
func saved(t *testing.T, until time.Time) ingest.CursorDir {
	t.Helper()
	dir := ingest.CursorDir(t.TempDir())
	at := until.UTC().Format(time.RFC3339Nano)
	if err := dir.Save("reddit", fmt.Sprintf(`{"posts":%q,"comments":%q}`, at, at)); err != nil {
		t.Fatal(err)
	}
	return dir
}

// After every fault, nothing that the server still has is missing, and all of it has
// the one name.
func TestNoFaultLosesAPost(t *testing.T) {
	faults := map[string][]fault{
		"none":                  nil,
		"busy":                  {{status: 429, header: map[string]string{"Retry-After": "0"}}, {status: 503}, {status: 500}},
		"refused":               {{status: 401}, {status: 403}, {status: 404}},
		"stalled":               {{stall: true}, {}, {stall: true}},
		"a page for people":     {{body: "<html>You broke it</html>"}, {}, {body: "<html>"}},
		"no answer":             {{body: " "}},
		"no listing":            {{body: `{"kind":"t5"}`}},
		"null":                  {{body: `null`}},
		"JSON that breaks off":  {{body: `{"kind":"Listing","data":{"children":[{"kind":"t3"`}},
		"moved":                 {{status: 302, header: map[string]string{"Location": "/elsewhere"}}},
		"moved without a place": {{status: 301}},
	}
	for _, cut := range []int{1, 15, 60, 200, 777, 5000, 20_000, 1 << 30} {
		faults[fmt.Sprintf("cut after %d bytes", cut)] = []fault{{cut: cut}, {}, {cut: cut}, {cut: cut + 1}}
	}
	for name, list := range faults {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := serve(t, list...)
			f.say(time.Now().Add(-10*time.Minute), 500) // three pages of each kind
			q := newQueue()
			listen(t, q, saved(t, time.Now().Add(-11*time.Minute)), config(t, f))
			q.awaitAll(t, 500)
			q.mu.Lock()
			defer q.mu.Unlock()
			for i := range 500 {
				id := fmt.Sprintf("t1_c%d", i)
				if i%2 == 0 {
					id = fmt.Sprintf("t3_p%d", i)
				}
				if p, ok := q.posts[id]; !ok || !strings.HasSuffix(p.Text, fmt.Sprintf("thing %d: it is down", i)) {
					t.Errorf("%s is missing: %+v", id, p)
				}
			}
			if len(q.posts) != 500 || len(q.refused) > 0 {
				t.Errorf("%d posts, refused %v", len(q.posts), q.refused)
			}
		})
	}
}

// A second start goes on where the first stopped, and says from when.
func TestResume(t *testing.T) {
	f := serve(t)
	dir := ingest.CursorDir(t.TempDir())
	q := newQueue()
	stop := listen(t, q, dir, config(t, f))
	for len(f.requests("/comments")) < 2 {
		time.Sleep(time.Millisecond)
	}
	f.say(time.Now(), 30)
	q.awaitAll(t, 30)
	stop()
	f.say(time.Now(), 30)
	listen(t, q, dir, config(t, f))
	q.awaitAll(t, 60)
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, part := range []string{"posts", "comments"} { // what was heard has no gap, over the restart too
		var until time.Time
		for _, c := range q.covered {
			if c.Part != part {
				continue
			}
			if !until.IsZero() && !c.From.Equal(until) || c.Parts != 2 || !c.From.Before(c.To) {
				t.Errorf("%s: heard until %s, then %+v", part, until, c)
			}
			until = c.To
		}
		if until.IsZero() {
			t.Errorf("%s: nothing is said to be heard", part)
		}
	}
}

// While the queue is full nothing is asked, and then nothing is missing.
func TestAFullQueueHoldsTheSourceBack(t *testing.T) {
	f := serve(t)
	f.say(time.Now().Add(-10*time.Minute), 300)
	source, err := reddit.New(config(t, f))
	if err != nil {
		t.Fatal(err)
	}
	cursor, err := saved(t, time.Now().Add(-11*time.Minute)).Load("reddit")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	full, posts, asked := true, map[string]bool{}, 0
	err = source.Run(ctx, cursor, func(e ingest.Event) error {
		if full {
			full, asked = false, len(f.requests(""))
			time.Sleep(500 * time.Millisecond)
			if more := len(f.requests("")) - asked; more != 0 {
				t.Errorf("%d requests while the queue is full", more)
			}
		}
		if e.Post != nil {
			posts[e.Post.ID] = true
		}
		if len(posts) == 300 {
			cancel()
		}
		return ctx.Err()
	})
	if len(posts) != 300 || !errors.Is(err, context.Canceled) {
		t.Errorf("%d posts: %v", len(posts), err)
	}
}

// A token that runs out, or is no longer good, is asked for anew.
func TestToken(t *testing.T) {
	f := serve(t)
	f.lifetime = 1 // less than what it must be good for
	f.say(time.Now(), 2)
	q := newQueue()
	listen(t, q, saved(t, time.Now().Add(-time.Minute)), config(t, f))
	q.awaitAll(t, 2)
	f.mu.Lock()
	if f.tokens < 3 {
		t.Errorf("%d tokens for as many requests", f.tokens)
	}
	f.lifetime, f.invalid = 3600, f.tokens
	f.mu.Unlock()
	f.say(time.Now(), 2)
	q.awaitAll(t, 4)
	f.mu.Lock()
	n := f.tokens
	f.invalid = n
	f.mu.Unlock()
	f.say(time.Now(), 2)
	q.awaitAll(t, 6)
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.tokens != n+1 {
		t.Errorf("%d more tokens", f.tokens-n)
	}
	for _, agent := range f.agents {
		if !strings.Contains(agent, "outcry") {
			t.Fatalf("asked by %q", agent)
		}
	}
	for _, r := range f.asked {
		if strings.Contains(r, "token") && !strings.HasPrefix(r, "/api/v1/access_token") {
			t.Errorf("a token in %s", r)
		}
	}
}
