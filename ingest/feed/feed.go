// Package feed hears RSS, Atom and JSON feeds: the press, and the status pages of
// companies. What they say is told of others, so it is news by origin.
package feed

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"net/url"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"outcry/ingest"
)

// Feed is one address that is asked every Interval.
type Feed struct {
	URL      string
	Interval time.Duration // 0: that of the source
	About    []string      // services that all of it is about: the slug of a company's own status page
}

// name is the address as it is shown and stored.
func (f Feed) name() string { return ingest.PublicAddress(f.URL) }

// Config lists the feeds. Name, HTTP and Log are needed.
type Config struct {
	Name     string
	Feeds    []Feed
	Interval time.Duration // between two questions; 0: five minutes
	HTTP     *http.Client
	Log      *slog.Logger
}

const (
	interval      = 5 * time.Minute
	leastInterval = 10 * time.Second // a shorter one is a burden to others
	timeout       = 30 * time.Second
	maxInterval   = 24 * time.Hour
)

// Source hears feeds. It implements ingest.Source.
type Source struct {
	cfg Config
}

// New checks the configuration; an error names the field.
func New(cfg Config) (*Source, error) {
	var errs []error
	fail := func(format string, args ...any) { errs = append(errs, fmt.Errorf(format, args...)) }
	if r := ingest.Check(ingest.Post{Source: cfg.Name, ID: "any", Deleted: true}, time.Time{}); r != nil {
		fail("name: %s", r.Detail)
	}
	if len(cfg.Feeds) == 0 {
		fail("feeds: there is none")
	}
	if cfg.Interval == 0 {
		cfg.Interval = interval
	}
	for i, f := range cfg.Feeds {
		if u, err := url.Parse(f.URL); err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
			fail("feeds[%d].url: %q is no http address", i, ingest.PublicAddress(f.URL))
		}
		if f.Interval == 0 {
			cfg.Feeds[i].Interval = cfg.Interval
		}
		if every := cfg.Feeds[i].Interval; every < leastInterval || every > maxInterval {
			fail("feeds[%d].interval: %s must be %s to %s", i, every, leastInterval, maxInterval)
		}
	}
	return &Source{cfg}, errors.Join(errs...)
}

// Name implements ingest.Source.
func (s *Source) Name() string { return s.cfg.Name }

// Run implements ingest.Source. A feed that fails is asked again, later each time,
// and holds up no other.
func (s *Source) Run(ctx context.Context, saved string, emit func(ingest.Event) error) error {
	known := parseCursor(saved)
	var one sync.Mutex // emit and known are for one at a time
	group, ctx := errgroup.WithContext(ctx)
	begin := maps.Clone(known)
	for _, f := range s.cfg.Feeds {
		group.Go(func() error {
			return s.watch(ctx, f, begin[f.name()], func(events []ingest.Event, mark mark, since time.Time) error {
				one.Lock()
				defer one.Unlock()
				known[f.name()] = mark
				events = append(events, ingest.Event{
					Cursor: known.String(), At: time.Now(), Heard: heard(f.name(), len(s.cfg.Feeds), since, mark.Asked)})
				for _, e := range events {
					if err := emit(e); err != nil {
						return err
					}
				}
				return nil
			})
		})
	}
	return group.Wait()
}

// watch asks one feed again and again until ctx ends.
func (s *Source) watch(ctx context.Context, f Feed, last mark, emit func([]ingest.Event, mark, time.Time) error) error {
	pause := f.Interval
	for {
		events, next, since, err := s.ask(ctx, f, last)
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case err != nil:
			pause = min(2*pause, max(f.Interval, time.Hour))
			var busy *busyError
			if errors.As(err, &busy) {
				pause = max(pause, busy.wait)
			}
			s.cfg.Log.Warn("the feed cannot be read, trying again", "feed", f.name(), "err", err, "in", pause)
		default:
			pause, last = f.Interval, next
			if err := emit(events, last, since); err != nil {
				return err
			}
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(pause):
		}
	}
}
