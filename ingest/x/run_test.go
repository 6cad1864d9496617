package x_test

import (
	"context"
	"encoding/json"
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
	"outcry/ingest/x"
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
		switch m.Topic {
		case ingest.PostsTopic:
			var p ingest.Post
			if err := json.Unmarshal(m.Value, &p); err != nil {
				return err
			}
			q.posts[p.ID] = p
		case ingest.DeadLettersTopic:
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

func config(t *testing.T, n *network) x.Config {
	return x.Config{Token: "s3cret", Rules: []string{"(whatsapp) -is:retweet"}, BackfillMinutes: 5, Silence: 400 * time.Millisecond,
		BaseURL: n.URL, HTTP: n.Client(), Log: slog.New(slog.NewTextHandler(t.Output(), nil))}
}

// listen runs a source until the test ends.
func listen(t *testing.T, q *queue, cursors ingest.Cursors, cfg x.Config, silence time.Duration) (stop func()) {
	t.Helper()
	source, err := x.New(cfg)
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
	go func() { done <- runner.Listen(ctx, source, silence) }()
	stop = sync.OnceFunc(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(stop)
	return stop
}

// saved is a cursor file that stands at a time.
func saved(t *testing.T, at time.Time) ingest.CursorDir {
	t.Helper()
	dir := ingest.CursorDir(t.TempDir())
	if err := dir.Save("x", fmt.Sprintf(`{"at":%q}`, at.UTC().Format(time.RFC3339Nano))); err != nil {
		t.Fatal(err)
	}
	return dir
}

const total = 60

// After every fault, no post that the server still has is missing, and each has the
// one name.
func TestNoFaultLosesAPost(t *testing.T) {
	soon := map[string]string{"X-Rate-Limit-Remaining": "0", "X-Rate-Limit-Reset": fmt.Sprint(time.Now().Unix())}
	const disconnect = `{"errors":[{"title":"operational-disconnect","disconnect_type":"UpstreamOperationalDisconnect","detail":"This stream has been disconnected upstream for operational reasons.","type":"https://api.twitter.com/2/problems/operational-disconnect"}]}`
	const many = `{"title":"ConnectionException","detail":"This stream is currently at the maximum allowed connection limit.","connection_issue":"TooManyConnections","type":"https://api.twitter.com/2/problems/streaming-connection"}`
	faults := map[string][]fault{
		"none":                 nil,
		"refused at first":     {{status: 503}, {status: 429, header: soon, body: many}, {status: 500, body: "<html>"}},
		"forbidden":            {{status: 403}, {status: 403}},
		"closed":               {{after: 10, end: true}, {after: 0, end: true}},
		"stalled":              {{after: 10, stall: true}, {after: 0, stall: true}},
		"a disconnect":         {{after: 10, line: disconnect}, {after: 0, line: disconnect, end: true}},
		"too many connections": {{after: 5, line: many}},
		"a line of 5 MB":       {{after: 10, line: `{"data":{"text":"` + strings.Repeat("x", 5<<20) + `"}}`}},
		"a line that is none":  {{after: 10, line: `{"data":{"id":`}},
		"bytes":                {{after: 10, line: "\x00\xff\xfe[]"}},
		"no object":            {{after: 10, line: `["data"]`}, {after: 10, line: `null`}},
		"an unknown thing":     {{after: 10, line: `{"poem":{"id":"1"}}`}},
	}
	for i, cut := range []int{1, 2, 60, 129, 300, 301, 777, 1500, 4000, 9001} {
		faults[fmt.Sprintf("cut after %d bytes", cut)] = []fault{{cut: cut}, {cut: cut + i}}
	}
	for name, list := range faults {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n := serve(t, list...)
			n.say(0, total)
			q := newQueue()
			listen(t, q, saved(t, time.Now().Add(-time.Second)), config(t, n), 3*time.Second)
			q.awaitAll(t, total)
			q.mu.Lock()
			defer q.mu.Unlock()
			for _, p := range q.posts {
				var i int
				if _, err := fmt.Sscanf(p.Text, "post %d: is it down?", &i); err != nil || !strings.HasSuffix(p.Text, "is it down?") {
					t.Errorf("%+v", p)
				}
			}
			if len(q.posts) != total {
				t.Errorf("%d posts", len(q.posts))
			}
			if broken := strings.HasPrefix(name, "a line") || name == "bytes" || name == "no object"; broken != (len(q.refused) > 0) {
				t.Errorf("refused: %v", q.refused)
			}
		})
	}
}

// A second start asks for what came in the pause, and a little more.
func TestResume(t *testing.T) {
	n := serve(t)
	dir := ingest.CursorDir(t.TempDir())
	q := newQueue()
	stop := listen(t, q, dir, config(t, n), 3*time.Second)
	for len(n.requests("GET "+streamPath+"?")) == 0 {
		time.Sleep(time.Millisecond)
	}
	time.Sleep(50 * time.Millisecond) // the stream begins
	n.say(0, 30)
	q.awaitAll(t, 30)
	stop()
	n.say(30, 30)
	listen(t, q, dir, config(t, n), 3*time.Second)
	q.awaitAll(t, total)
	asked := n.requests("GET " + streamPath + "?")
	if strings.Contains(asked[0], "backfill_minutes") || !strings.Contains(asked[1], "backfill_minutes=1&") {
		t.Errorf("asked %v", asked)
	}
}

// What came while the first attempts of all failed is asked for.
func TestTheFirstAttemptFails(t *testing.T) {
	n := serve(t, fault{status: 503}, fault{status: 503})
	q := newQueue()
	listen(t, q, ingest.CursorDir(t.TempDir()), config(t, n), 3*time.Second)
	n.say(0, 3)
	q.awaitAll(t, 3)
}

// While the queue is full the source stops reading, and is not thought silent.
func TestAFullQueueHoldsTheStreamBack(t *testing.T) {
	n := serve(t)
	q := newQueue()
	q.full.Lock()
	listen(t, q, saved(t, time.Now().Add(-time.Second)), config(t, n), 400*time.Millisecond)
	const most = 5_000 // more than the runner takes ahead
	n.say(0, most)
	time.Sleep(time.Second) // longer than the silence that is borne
	q.full.Unlock()
	q.awaitAll(t, most)
	if asked := n.requests("GET " + streamPath + "?"); len(asked) != 1 {
		t.Errorf("%d connections", len(asked))
	}
}

// Where the plan has no backfill, the stream is heard without.
func TestNoBackfill(t *testing.T) {
	n := serve(t)
	n.plan["backfill"] = true
	q := newQueue()
	listen(t, q, saved(t, time.Now().Add(-time.Minute)), config(t, n), 3*time.Second)
	for len(n.requests("GET "+streamPath+"?")) < 2 {
		time.Sleep(time.Millisecond)
	}
	time.Sleep(50 * time.Millisecond) // the stream begins
	n.say(0, 3)
	q.awaitAll(t, 3)
}

// Deletions come by eight streams, whose faults are not those of the stream of posts.
func TestCompliance(t *testing.T) {
	n := serve(t)
	n.others = []fault{{after: 0, line: `{"errors":[{"title":"operational-disconnect"}]}`}, {status: 503}, {after: 0, end: true}, {after: 0, stall: true}, {status: 500, after: -1}}
	n.say(0, 3)
	cfg := config(t, n)
	cfg.Compliance = true
	q := newQueue()
	listen(t, q, saved(t, time.Now().Add(-time.Second)), cfg, 3*time.Second)
	q.awaitAll(t, 3)
	tweetEvent := func(kind, id string) string {
		return fmt.Sprintf(`{"data":{%q:{"tweet":{"id":%q,"author_id":"42"},"quote_tweet_id":%[2]q,"event_at":"2026-07-04T14:00:00.000Z"}}}`, kind, id)
	}
	n.tell("/2/tweets/compliance/stream?partition=1", `{"data":`) // is refused
	n.tell("/2/tweets/compliance/stream?partition=1", tweetEvent("delete", "1001"))
	n.tell("/2/tweets/compliance/stream?partition=2", tweetEvent("drop", "1002"))
	n.tell("/2/tweets/compliance/stream?partition=3", tweetEvent("withheld", "1003"))
	n.tell("/2/tweets/compliance/stream?partition=4", tweetEvent("undrop", "1004"))
	n.tell("/2/users/compliance/stream?partition=4", `{"data":{"user_delete":{"user":{"id":"42"},"event_at":"2026-07-04T14:00:00.000Z"}}}`)
	n.tell(streamPath, tweetEvent("delete", "1005"))
	q.await(t, "deleted", func(posts map[string]ingest.Post) bool {
		for _, id := range []string{"1001", "1002", "1003", "1005"} {
			if p := posts[id]; !p.Deleted || p.Source != "x" {
				return false
			}
		}
		return posts[""].Deleted && posts[""].Author != "" // all of an author
	})
	if _, told := q.kept()["1004"]; told || len(n.requests("compliance")) < 8 {
		t.Errorf("%v, asked %v", q.kept(), n.requests("compliance"))
	}
	if asked := n.requests("GET " + streamPath + "?"); len(asked) != 1 {
		t.Errorf("%d streams of posts", len(asked))
	}
}

// A plan without compliance streams is no reason to hear no posts.
func TestNoCompliance(t *testing.T) {
	n := serve(t)
	n.plan["compliance"] = true
	n.say(0, 3)
	cfg := config(t, n)
	cfg.Compliance = true
	q := newQueue()
	listen(t, q, saved(t, time.Now().Add(-time.Second)), cfg, 3*time.Second)
	q.awaitAll(t, 3)
	time.Sleep(100 * time.Millisecond)
	if asked := n.requests("compliance"); len(asked) != 8 {
		t.Errorf("asked %d times", len(asked))
	}
}
