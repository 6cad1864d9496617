package reddit

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"outcry/ingest"
)

// late is how long after it was written a post may appear: a moderator lets it
// through, or it hung in Reddit's own queues.
const late = time.Hour

// testEvery is how often it is asked whether subreddits can be heard.
const testEvery = time.Hour

// part is one kind of thing, of a group of subreddits, that is asked for at once.
type part struct {
	name       string
	kind       string // new or comments
	subreddits []string
	until      time.Time // it is heard; zero for never
	floor      time.Time // what is older was heard, or was not to be
}

// partsOf divides subreddits into parts.
func partsOf(subreddits []string) (parts []part) {
	i := 0
	for group := range slices.Chunk(subreddits, groupSize) {
		suffix := ""
		if i++; len(subreddits) > groupSize {
			suffix = fmt.Sprint(" ", i)
		}
		parts = append(parts,
			part{name: "posts" + suffix, kind: "new", subreddits: group},
			part{name: "comments" + suffix, kind: "comments", subreddits: group})
	}
	return parts
}

// path is where a part is asked for, without the subreddits that cannot be heard;
// empty when none can.
func (s *Source) path(p part) string {
	can := slices.DeleteFunc(slices.Clone(p.subreddits), func(name string) bool { return s.absent[name] != "" })
	if len(can) == 0 {
		return ""
	}
	return "/r/" + strings.Join(can, "+") + "/" + p.kind
}

// Run implements ingest.Source: it asks for every part in turn until one cannot be
// had. The others are asked first.
func (s *Source) Run(ctx context.Context, saved string, emit func(ingest.Event) error) error {
	s.resume(parseCursor(saved))
	if saved != s.sent { // what was emitted since is not queued: it is to come again
		s.known.doubt()
	}
	for {
		if err := s.round(ctx, emit); err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(s.cfg.Interval):
		}
	}
}

// resume sets every part to where it was heard; a time to come is a wrong clock.
func (s *Source) resume(c cursor) {
	now := time.Now()
	for i := range s.parts {
		p := &s.parts[i]
		at, saved := c[p.name]
		switch {
		case saved && at.Before(now):
			p.until, p.floor = at, at.Add(-late)
		case p.until.IsZero(): // or it is this process that has not heard it yet
			p.until, p.floor = now, now.Add(-overlap)
		}
	}
}

// round asks once for everything.
func (s *Source) round(ctx context.Context, emit func(ingest.Event) error) error {
	if err := s.test(ctx); err != nil {
		return err
	}
	var errs []error
	for i := range s.parts {
		events, err := s.poll(ctx, &s.parts[i])
		if err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", s.parts[i].name, err))
		}
		if hopeless(ctx, err) {
			break
		}
		if err := emitAll(events, emit); err != nil {
			return err
		}
	}
	if err := errors.Join(errs...); err != nil {
		return err
	}
	events, err := s.lookAgain(ctx)
	if err != nil {
		return fmt.Errorf("look for what is deleted: %w", err)
	}
	s.known.prune(time.Now())
	return emitAll(events, emit)
}

// hopeless says whether the next request would fail as this one did.
func hopeless(ctx context.Context, err error) bool {
	var refused *statusError
	return err != nil && ctx.Err() != nil || errors.As(err, &refused) && (refused.status == http.StatusTooManyRequests || refused.status == http.StatusUnauthorized)
}

func emitAll(events []ingest.Event, emit func(ingest.Event) error) error {
	for _, e := range events {
		if err := emit(e); err != nil {
			return err
		}
	}
	return nil
}

// poll makes events of what is new in a part, the oldest first. The last event says
// from when to when all was heard, and carries the cursor.
func (s *Source) poll(ctx context.Context, p *part) (events []ingest.Event, err error) {
	path := s.path(*p)
	if path == "" {
		return nil, nil
	}
	asked := time.Now().UTC()
	found, from, err := s.gather(ctx, path, p.until)
	if err != nil {
		if refused := (*statusError)(nil); errors.As(err, &refused) && (refused.status == http.StatusForbidden || refused.status == http.StatusNotFound) {
			s.tested = time.Time{} // a subreddit may have closed
		}
		return nil, err
	}
	if from.After(p.until) {
		s.cfg.Log.Warn("Reddit lists no more than a thousand; what came before is lost", "part", p.name, "from", p.until, "to", from)
	}
	for _, raw := range slices.Backward(found) {
		if e, ok := s.known.take(read(raw, s.cfg.Name), p.floor, asked); ok {
			e.Position = path
			events = append(events, e)
		}
	}
	last := ingest.Event{At: asked}
	if from.Before(asked) {
		last.Heard = &ingest.Span{Part: p.name, Parts: len(s.parts), From: from, To: asked}
	}
	p.until = asked
	last.Cursor = s.cursor()
	s.sent = last.Cursor
	return append(events, last), nil
}

func (s *Source) cursor() string {
	c := cursor{}
	for _, p := range s.parts {
		c[p.name] = p.until.UTC()
	}
	return c.String()
}
