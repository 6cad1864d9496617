// Package push takes posts that others send over HTTP: a newsroom's own form, a
// company's help desk. The answer comes when the queue has them.
package push

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"strconv"
	"time"

	"outcry/ingest"
	"outcry/ingest/push/keys"
)

// Limits of one request, and of one key by default.
const (
	MaxBody  = 8 << 20 // bytes
	MaxPosts = 10_000
	PerSec   = 500 // posts a second that a key may send, MaxPosts at once
)

// Queue takes events of a source; it returns when they are safe.
type Queue interface {
	Accept(ctx context.Context, source string, events []ingest.Event) (ingest.Stats, error)
}

// Config says who may send. All fields but PerSec are needed.
type Config struct {
	Keys   *keys.Ring // those with the scope Posts may send; a key's name is the source of what is sent with it
	PerSec float64    // posts a second of a key that has no rate of its own; 0: PerSec
	Queue  Queue
	Now    func() time.Time
	Log    *slog.Logger
}

// Handler answers POST with one post as JSON, or several as NDJSON.
type Handler struct {
	cfg     Config
	senders map[string]sender // by the name of the key
}

// sender is who has a key, and how many posts are left.
type sender struct {
	name   string
	perSec float64
	bucket *keys.Bucket
}

// New returns the handler.
func New(cfg Config) *Handler {
	h := &Handler{cfg: cfg, senders: map[string]sender{}}
	for _, key := range cfg.Keys.With(keys.Posts) {
		perSec := cmp.Or(key.PostsRate, cfg.PerSec, PerSec)
		window := time.Duration(MaxPosts / perSec * float64(time.Second))
		h.senders[key.Name] = sender{key.Name, perSec, keys.NewBucket("posts", MaxPosts, window)}
	}
	return h
}

// Answer says what became of the posts. Posts that were refused are kept with the
// reason, as from every source.
type Answer struct {
	Accepted int       `json:"accepted"`
	Refused  []Refused `json:"refused"`
}

// Refused is a post that cannot be taken, by its line.
type Refused struct {
	Line   int           `json:"line"`
	Reason ingest.Reason `json:"reason"`
	Detail string        `json:"detail"`
}

// ServeHTTP implements http.Handler.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s, fault := h.sender(r)
	if fault != nil {
		fault.write(w, r)
		return
	}
	lines, fault := read(w, r)
	if fault != nil {
		fault.write(w, r)
		return
	}
	wait := s.bucket.Take(h.cfg.Now(), len(lines))
	s.bucket.Tell(w.Header(), h.cfg.Now())
	if wait > 0 {
		w.Header().Set("Retry-After", keys.Seconds(wait))
		tooMany := problem{http.StatusTooManyRequests, "too-many-requests", fmt.Sprintf("this key may send %g posts a second, %d at once", s.perSec, MaxPosts)}
		tooMany.write(w, r)
		return
	}
	h.take(w, r, s, lines)
}

// sender is whose key came with a request.
func (h *Handler) sender(r *http.Request) (sender, *problem) {
	const how = "send a key that the operator has given you: Authorization: Bearer KEY"
	key, err := h.cfg.Keys.Find(r)
	switch {
	case err != nil:
		return sender{}, &problem{http.StatusUnauthorized, "unauthorized", err.Error() + "; " + how}
	case key == nil:
		return sender{}, &problem{http.StatusUnauthorized, "unauthorized", how}
	case !key.May(keys.Posts):
		return sender{}, &problem{http.StatusForbidden, "forbidden", "this key needs the scope posts; ask the operator to add it"}
	}
	return h.senders[key.Name], nil
}

// take queues the posts and answers.
func (h *Handler) take(w http.ResponseWriter, r *http.Request, s sender, lines []line) {
	events := make([]ingest.Event, 0, len(lines))
	answer := Answer{Refused: []Refused{}}
	for _, l := range lines {
		post, refusal := ingest.DecodePost(l.text, ingest.Post{CreatedAt: h.cfg.Now().UTC()})
		post.Source = s.name // nobody speaks for another source
		if refusal == nil {
			refusal = ingest.Check(withID(post), h.cfg.Now())
		}
		if refusal != nil {
			answer.Refused = append(answer.Refused, Refused{l.number, refusal.Reason, refusal.Detail})
			refusal.Raw, refusal.Position = bytes.Clone(l.text), s.name+":"+strconv.Itoa(l.number)
			events = append(events, ingest.Event{Refusal: refusal})
			continue
		}
		events = append(events, ingest.Event{Post: &post})
	}
	stats, err := h.cfg.Queue.Accept(r.Context(), s.name, events)
	if err != nil {
		if r.Context().Err() == nil {
			h.cfg.Log.Error("cannot queue posts", "source", s.name, "err", err)
		}
		w.Header().Set("Retry-After", "5")
		away := problem{http.StatusServiceUnavailable, "unavailable", "the queue does not take posts now; send them again"}
		away.write(w, r)
		return
	}
	answer.Accepted = int(stats.Kept)
	status := http.StatusOK
	if answer.Accepted == 0 && len(answer.Refused) > 0 {
		status = http.StatusUnprocessableEntity
	}
	reply(w, status, "application/json", answer)
}

// withID is a post with an id, for checking: one without is given its id later.
func withID(p ingest.Post) ingest.Post {
	if p.ID == "" {
		p.ID = "given later"
	}
	return p
}

func reply(w http.ResponseWriter, status int, kind string, body any) {
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(body) // the client is gone; nobody is left to tell
}
