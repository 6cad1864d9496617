package push_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"outcry/ingest"
	"outcry/ingest/push"
	"outcry/ingest/push/keys"
)

const key = "the help desk's own key"

// queue keeps what it is given, or fails.
type queue struct {
	source string
	posts  []ingest.Post
	dead   []ingest.Refusal
	err    error
}

func (q *queue) Accept(_ context.Context, source string, events []ingest.Event) (ingest.Stats, error) {
	if q.err != nil {
		return ingest.Stats{}, q.err
	}
	q.source = source
	for _, e := range events {
		if e.Post != nil {
			q.posts = append(q.posts, *e.Post)
		} else {
			q.dead = append(q.dead, *e.Refusal)
		}
	}
	return ingest.Stats{Read: int64(len(events)), Kept: int64(len(q.posts))}, nil
}

var now = time.Date(2026, 7, 4, 14, 0, 0, 0, time.UTC)

func handler(t *testing.T, q *queue) http.Handler {
	t.Helper()
	ring, err := keys.NewRing(made(t, "helpdesk", key, 0, keys.Posts), made(t, "form", "the newsroom's form's key", 0, keys.Posts),
		made(t, "quick", "the key of a quick one", 100, keys.Posts), made(t, "reader", "a key for reading only", 0, keys.Read, keys.Reports))
	if err != nil {
		t.Fatal(err)
	}
	return push.New(push.Config{Keys: ring, PerSec: 1, Queue: q, Now: func() time.Time { return now }, Log: slog.New(slog.DiscardHandler)})
}

func made(t *testing.T, name, secret string, postsRate float64, scopes ...keys.Scope) keys.Key {
	t.Helper()
	k, err := keys.FromSecret(name, secret, scopes...)
	if err != nil {
		t.Fatal(err)
	}
	k.PostsRate = postsRate
	return k
}

func send(h http.Handler, body, media string, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, "/v1/posts", strings.NewReader(body))
	r.Header.Set("Content-Type", media)
	r.Header.Set("Authorization", "Bearer "+key)
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

const post = `{"id":"1","text":"WhatsApp is down","created_at":"2026-07-04T13:59:00Z","author":"c-17"}`

func TestAPostIsQueued(t *testing.T) {
	q := &queue{}
	w := send(handler(t, q), post, "application/json")
	if w.Code != 200 || w.Body.String() != `{"accepted":1,"refused":[]}`+"\n" {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	if p := q.posts[0]; p.ID != "1" || p.Source != "helpdesk" || p.Text != "WhatsApp is down" || p.Author != "c-17" || q.source != "helpdesk" {
		t.Errorf("%+v", p)
	}
}

// A batch is lines; what is wrong with some holds up no other, and is kept.
func TestABatch(t *testing.T) {
	q := &queue{}
	w := send(handler(t, q), post+"\n\n{\"id\":\"2\"}\n{\"text\":\"no time and no id\",\"source\":\"bluesky\"}\nnot JSON\n", "application/x-ndjson")
	var answer push.Answer
	if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil || w.Code != 200 || answer.Accepted != 2 {
		t.Fatalf("%d %s %v", w.Code, w.Body, err)
	}
	if got := fmt.Sprintf("%d %s %d %s", answer.Refused[0].Line, answer.Refused[0].Reason, answer.Refused[1].Line, answer.Refused[1].Reason); got != "3 no_text 5 not_json" {
		t.Errorf("refused %s", got)
	}
	if p := q.posts[1]; p.Source != "helpdesk" || !p.CreatedAt.Equal(now) {
		t.Errorf("%+v", p)
	}
	if len(q.dead) != 2 || string(q.dead[1].Raw) != "not JSON" {
		t.Errorf("kept %+v", q.dead)
	}
}

func TestRefusals(t *testing.T) {
	for name, tc := range map[string]struct {
		body, media string
		header      []string
		status      int
		slug        string
	}{
		"no key":         {post, "application/json", []string{"Authorization", ""}, 401, "unauthorized"},
		"a wrong key":    {post, "application/json", []string{"Authorization", "Bearer " + key + "x"}, 401, "unauthorized"},
		"another scope":  {post, "application/json", []string{"Authorization", "Bearer a key for reading only"}, 403, "forbidden"},
		"empty":          {" \n ", "application/json", nil, 400, "bad-body"},
		"no lines":       {"\n\n", "application/x-ndjson", nil, 400, "bad-body"},
		"too long":       {strings.Repeat("x", push.MaxBody+1), "application/json", nil, 413, "too-large"},
		"too many":       {strings.Repeat("{}\n", push.MaxPosts+1), "application/x-ndjson", nil, 413, "too-large"},
		"compressed":     {post, "application/json", []string{"Content-Encoding", "gzip"}, 415, "unsupported-media-type"},
		"none is a post": {"{}", "application/json", nil, 422, ""},
	} {
		t.Run(name, func(t *testing.T) {
			q := &queue{}
			w := send(handler(t, q), tc.body, tc.media, tc.header...)
			var problem struct{ Type string }
			if err := json.Unmarshal(w.Body.Bytes(), &problem); err != nil || w.Code != tc.status || tc.slug != "" && problem.Type != "urn:outcry:problem:"+tc.slug {
				t.Errorf("%d %s %v", w.Code, w.Body, err)
			}
			if len(q.posts) > 0 {
				t.Errorf("queued %+v", q.posts)
			}
		})
	}
}

func TestAnotherHeaderForTheKey(t *testing.T) {
	if w := send(handler(t, &queue{}), post, "application/json", "Authorization", "", "X-API-Key", key); w.Code != 200 {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

func TestAKeyMaySendSoMuch(t *testing.T) {
	h := handler(t, &queue{})
	all := strings.Repeat(post+"\n", push.MaxPosts)
	if w := send(h, all, "application/x-ndjson"); w.Code != 200 || w.Header().Get("RateLimit-Policy") != `"posts";q=10000;w=10000` || w.Header().Get("RateLimit") != `"posts";r=0;t=10000` {
		t.Fatalf("%d %v %s", w.Code, w.Header(), w.Body)
	}
	if w := send(h, post+"\n"+post, "application/x-ndjson"); w.Code != 429 || w.Header().Get("Retry-After") != "2" {
		t.Errorf("%d, again in %s", w.Code, w.Header().Get("Retry-After"))
	}
	if w := send(h, post, "application/json", "Authorization", "Bearer the newsroom's form's key"); w.Code != 200 {
		t.Errorf("the other key: %d %s", w.Code, w.Body)
	}
	if w := send(h, post, "application/json", "Authorization", "Bearer the key of a quick one"); w.Header().Get("RateLimit-Policy") != `"posts";q=10000;w=100` {
		t.Errorf("a key with a rate of its own: %v", w.Header())
	}
}

func TestTheQueueIsAway(t *testing.T) {
	if w := send(handler(t, &queue{err: errors.New("away")}), post, "application/json"); w.Code != 503 || w.Header().Get("Retry-After") == "" {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}
