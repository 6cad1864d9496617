// Package mastodon hears public posts of Mastodon and of all that speak its
// interface (Pleroma, Akkoma, GoToSocial and others), through several instances
// at once. With a token an instance is listened to, and asked now and then for
// what the stream left out; without one it is asked only, which shows deletions
// never, and edits only within the minutes in which a timeline is read again.
package mastodon

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"golang.org/x/sync/errgroup"

	"outcry/ingest"
)

// Config lists the instances. Instances, HTTP and Log are needed.
type Config struct {
	Name      string // of the source; default mastodon
	Instances []Instance
	Silence   time.Duration // after which a stream without a word, a keep-alive even, is given up; 0: a minute
	HTTP      *http.Client
	Log       *slog.Logger
}

// Instance is one server, and what of it is heard.
type Instance struct {
	URL       string        // "https://mastodon.example"
	Token     string        // of an account there, with the scope read:statuses; empty: the instance is only asked
	Timelines []string      // "public", "public:local", "tag/NAME"; empty: public
	Interval  time.Duration // between two questions while there is no stream; 0: ten seconds
}

const (
	interval      = 10 * time.Second // two timelines stay below 300 questions in 15 minutes
	leastInterval = time.Second      // a shorter one is a burden to others
	maxInterval   = time.Hour
	silence       = time.Minute // servers say something every 15 to 30 seconds
)

// Source hears instances. It implements ingest.Source; Run must not be called
// twice at once.
type Source struct {
	name  string
	parts []*part // a timeline of an instance each
	runs  int
	log   *slog.Logger
}

// Name implements ingest.Source.
func (s *Source) Name() string { return s.name }

// Run implements ingest.Source. An instance that is away is tried again, later
// each time, and holds up no other.
func (s *Source) Run(parent context.Context, saved string, emit func(ingest.Event) error) error {
	ctx, fail := context.WithCancelCause(parent)
	defer fail(nil)
	s.runs++
	r := &run{number: s.runs, source: s, turn: newTurn(), emit: emit, fail: fail}
	known := parseCursor(saved)
	var group errgroup.Group
	for _, p := range s.parts {
		p.begin(r, known[p.name])
	}
	for _, p := range s.parts {
		group.Go(func() error { p.poll(ctx); return nil })
		if p.instance.token != "" {
			group.Go(func() error { p.stream(ctx); return nil })
		}
	}
	group.Wait()
	return context.Cause(ctx)
}

// run is one call of Run. All that its parts know is for one at a time, as the
// cursor is one for all; while the queue is full all wait.
type run struct {
	number int
	source *Source
	turn   turn
	emit   func(ingest.Event) error
	fail   context.CancelCauseFunc
}

// publish emits events, the last with the cursor. An error of the queue ends
// the whole run.
func (r *run) publish(events []ingest.Event) error {
	for _, e := range events {
		if err := r.emit(e); err != nil {
			r.fail(err)
			return err
		}
	}
	return nil
}

// cursor is where all parts are.
func (r *run) cursor() string {
	c := cursor{}
	for _, p := range r.source.parts {
		if !p.mark.Heard.IsZero() {
			c[p.name] = p.mark
		}
	}
	return c.String()
}

// turn is a lock whose wait ends with a context.
type turn chan struct{}

func newTurn() turn { return make(turn, 1) }

func (t turn) take(ctx context.Context) error {
	select {
	case t <- struct{}{}:
		return ctx.Err()
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (t turn) give() { <-t }
