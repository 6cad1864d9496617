// Package push takes posts that others send over HTTP: a newsroom's own form, a
// company's help desk. The answer comes when the queue has them.
package push

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"

	"golang.org/x/time/rate"

	"outcry/ingest"
)

// Limits of one request, and of one key by default.
const (
	MaxBody  = 8 << 20 // bytes
	MaxPosts = 10_000
	PerSec   = 500 // posts a second that a key may send, MaxPosts at once
)

// shortestKey is the least length of a key in characters.
const shortestKey = 16

// Queue takes events of a source; it returns when they are safe.
type Queue interface {
	Accept(ctx context.Context, source string, events []ingest.Event) (ingest.Stats, error)
}

// Config says who may send. All fields but PerSec are needed.
type Config struct {
	Keys   map[string]string // secret by name; the name is the source of what is sent with it
	PerSec float64           // posts a second and key; 0: PerSec
	Queue  Queue
	Now    func() time.Time
	Log    *slog.Logger
}

// Handler answers POST with one post as JSON, or several as NDJSON.
type Handler struct {
	cfg     Config
	senders []sender
}

type sender struct {
	name  string
	hash  [sha256.Size]byte // of the key: equal in length, whatever is sent
	limit *rate.Limiter
}

// New checks the configuration; an error names the key.
func New(cfg Config) (*Handler, error) {
	if cfg.PerSec == 0 {
		cfg.PerSec = PerSec
	}
	h := &Handler{cfg: cfg}
	var errs []error
	for name, key := range cfg.Keys {
		if r := ingest.Check(ingest.Post{Source: name, ID: "any", Deleted: true}, time.Time{}); r != nil {
			errs = append(errs, fmt.Errorf("key %q: its name is that of a source: %s", name, r.Detail))
		}
		if len(key) < shortestKey {
			errs = append(errs, fmt.Errorf("key %q has %d characters, it needs %d or more", name, len(key), shortestKey))
		}
		h.senders = append(h.senders, sender{name, sha256.Sum256([]byte(key)), rate.NewLimiter(rate.Limit(cfg.PerSec), MaxPosts)})
	}
	return h, errors.Join(errs...)
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
	s := h.sender(r)
	if s == nil {
		w.Header().Set("WWW-Authenticate", `Bearer realm="posts"`)
		refuse(w, r, http.StatusUnauthorized, "unauthorized", "send a key that the operator has given you: Authorization: Bearer KEY")
		return
	}
	lines, problem := read(w, r)
	if problem != nil {
		refuse(w, r, problem.status, problem.slug, problem.detail)
		return
	}
	if wait := s.wait(len(lines), h.cfg.Now()); wait > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(wait.Seconds()))))
		refuse(w, r, http.StatusTooManyRequests, "too-many-requests", fmt.Sprintf("this key may send %g posts a second, %d at once", h.cfg.PerSec, MaxPosts))
		return
	}
	h.take(w, r, s, lines)
}

// take queues the posts and answers.
func (h *Handler) take(w http.ResponseWriter, r *http.Request, s *sender, lines []line) {
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
		refuse(w, r, http.StatusServiceUnavailable, "unavailable", "the queue does not take posts now; send them again")
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

// sender is whose key came with a request, nil for nobody's. All are compared, so
// that the time tells nothing.
func (h *Handler) sender(r *http.Request) (found *sender) {
	key, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !ok {
		key = r.Header.Get("X-API-Key")
	}
	hash := sha256.Sum256([]byte(strings.TrimSpace(key)))
	for i := range h.senders {
		if subtle.ConstantTimeCompare(hash[:], h.senders[i].hash[:]) == 1 {
			found = &h.senders[i]
		}
	}
	return found
}

// wait takes n posts off what the key may send, or says when it may.
func (s *sender) wait(n int, now time.Time) time.Duration {
	r := s.limit.ReserveN(now, n)
	if delay := r.DelayFrom(now); delay > 0 {
		r.CancelAt(now)
		return delay
	}
	return 0
}

func reply(w http.ResponseWriter, status int, kind string, body any) {
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(body) // the client is gone; nobody is left to tell
}
