package reddit

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"outcry/ingest"
)

// lookAgain asks by name for some of the things that were not seen for long, and
// tells those as deleted that are. A hundred a round are all of them in an hour.
func (s *Source) lookAgain(ctx context.Context) (events []ingest.Event, err error) {
	now := time.Now()
	names := s.known.old(now, s.cfg.Recheck)
	if len(names) == 0 {
		return nil, nil
	}
	p, err := s.listing(ctx, "/api/info", url.Values{"id": {strings.Join(names, ",")}})
	if err != nil {
		return nil, err
	}
	var things []heard
	for _, raw := range p.things {
		if h := read(raw, s.cfg.Name); h.refusal == nil && slices.Contains(names, h.key) {
			things = append(things, h)
		}
	}
	// An answer without any of many is a fault of the server: a mass deletion is not
	// believed.
	if len(things) == 0 && len(names) > 1 {
		return nil, errors.New("the answer has none of the posts that were asked for")
	}
	for _, name := range names {
		if !slices.ContainsFunc(things, func(h heard) bool { return h.key == name }) {
			things = append(things, ended(name, s.cfg.Name, s.known[name].created))
		}
	}
	for _, h := range things {
		if e, news := s.known.take(h, time.Time{}, now); news {
			e.Position = "/api/info"
			events = append(events, e)
		}
	}
	return events, nil
}

// test asks now and then whether every subreddit can be heard: in a request for
// many, one that is private or banned is left out without a word.
func (s *Source) test(ctx context.Context) error {
	if !s.tested.IsZero() && time.Since(s.tested) < testEvery {
		return nil
	}
	var whys []error
	for _, name := range s.cfg.Subreddits {
		why, err := s.whyNot(ctx, name)
		if err != nil {
			return err
		}
		if why != "" {
			whys = append(whys, errors.New("r/"+name+" "+why))
		}
		switch before := s.absent[name]; {
		case why == "" && before != "":
			s.cfg.Log.Info("the subreddit can be heard again", "subreddit", name)
		case why != before:
			s.cfg.Log.Warn("the subreddit cannot be heard", "subreddit", name, "why", why)
		}
		s.absent[name] = why
	}
	if len(whys) == len(s.cfg.Subreddits) {
		return errors.Join(whys...)
	}
	s.tested = time.Now()
	return nil
}

// whyNot says why a subreddit cannot be heard; empty when it can.
func (s *Source) whyNot(ctx context.Context, name string) (why string, err error) {
	var about struct{ Kind string }
	err = s.api.get(ctx, "/r/"+name+"/about", nil, &about)
	var refused *statusError
	switch {
	case errors.As(err, &refused) && refused.status == http.StatusForbidden && refused.reason != "":
		return "is closed: " + refused.reason, nil
	case errors.As(err, &refused) && refused.status == http.StatusNotFound && refused.reason != "":
		return "is closed: " + refused.reason, nil
	case errors.As(err, &refused) && (refused.status == http.StatusNotFound || refused.status/100 == 3):
		return "does not exist", nil
	case err != nil:
		return "", err
	case about.Kind != "t5":
		return "does not exist", nil
	}
	return "", nil
}
