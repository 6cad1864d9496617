package x

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/cenkalti/backoff/v5"

	"outcry/ingest"
)

// partitions is into how many streams X divides each kind of compliance event.
const partitions = 4

// complianceStreams are the paths of the streams that tell which posts and accounts
// are gone.
func complianceStreams() (paths []string) {
	for i := range partitions {
		query := "?partition=" + strconv.Itoa(i+1)
		paths = append(paths, "/2/tweets/compliance/stream"+query, "/2/users/compliance/stream"+query)
	}
	return paths
}

// notice is one event: tweet is of the one kind of stream, user of the other.
type notice struct {
	Tweet struct {
		ID string `json:"id"`
	} `json:"tweet"`
	User struct {
		ID string `json:"id"`
	} `json:"user"`
}

// compliance are the events after which a post or all of an author's must not be
// shown, withheld in some country included: our pages are seen in all. What is taken
// back (undrop, user_undelete, …) is nothing, for the text is gone.
type compliance struct {
	Delete       *notice `json:"delete"`
	Drop         *notice `json:"drop"`
	Withheld     *notice `json:"withheld"`
	UserDelete   *notice `json:"user_delete"`
	UserSuspend  *notice `json:"user_suspend"`
	UserProtect  *notice `json:"user_protect"`
	UserWithheld *notice `json:"user_withheld"`
}

// ending is what is to be forgotten after a message, nil for nothing.
func (m message) ending(source string) *ingest.Post {
	all := []*notice{m.Delete}
	if d := m.Data; d != nil {
		c := d.compliance
		all = append(all, c.Delete, c.Drop, c.Withheld, c.UserDelete, c.UserSuspend, c.UserProtect, c.UserWithheld)
	}
	for _, n := range all {
		switch {
		case n == nil:
		case postID.MatchString(n.Tweet.ID):
			return &ingest.Post{ID: n.Tweet.ID, Source: source, Deleted: true}
		case postID.MatchString(n.User.ID):
			return &ingest.Post{Author: n.User.ID, Source: source, Deleted: true}
		}
	}
	return nil
}

// comply reads one compliance stream until ctx ends, again and again: its faults are
// none of the stream of posts. It stops where the plan has no such stream.
func (s *Source) comply(ctx context.Context, path string, emit func(ingest.Event) error) {
	waits := backoff.NewExponentialBackOff()
	waits.InitialInterval, waits.MaxInterval = min(time.Second, s.cfg.Silence), time.Minute
	path, query, _ := strings.Cut(path, "?")
	values, err := url.ParseQuery(query)
	if err != nil {
		return // the paths are our own
	}
	if s.cfg.BackfillMinutes > 0 {
		values.Set("backfill_minutes", strconv.Itoa(s.cfg.BackfillMinutes)) // a deletion that comes twice does no harm
	}
	for ctx.Err() == nil {
		err := s.stream(ctx, path, values, func(line []byte, fault error) error {
			waits.Reset()
			return s.forget(path, line, fault, emit)
		})
		var refused *statusError
		switch {
		case ctx.Err() != nil:
			return
		case errors.As(err, &refused) && (refused.status == http.StatusForbidden || refused.status == http.StatusNotFound):
			s.cfg.Log.Error("compliance: deletions are not heard; the plan of the app has no such stream", "stream", path, "err", err)
			return
		}
		wait := waits.NextBackOff()
		s.cfg.Log.Warn("a compliance stream is away, trying again", "stream", path+"?"+query, "err", err, "in", wait.Round(time.Millisecond))
		select {
		case <-ctx.Done():
		case <-time.After(wait):
		}
	}
}

// forget emits what a line of a compliance stream ends. It says nothing of the
// stream of posts, so that At and Cursor are left out.
func (s *Source) forget(path string, line []byte, fault error, emit func(ingest.Event) error) error {
	switch {
	case fault != nil:
		return emit(ingest.Event{Position: path, Refusal: refuse(ingest.LineTooLong, fault, line)})
	case len(line) == 0:
		return nil
	}
	m, err := parse(line)
	if err != nil {
		return emit(ingest.Event{Position: path, Refusal: refuse(ingest.NotJSON, err, line)})
	}
	if p := m.ending(s.cfg.Name); p != nil {
		return emit(ingest.Event{Position: path, Post: p})
	}
	if m.Data == nil {
		if end := m.end(); end != nil {
			return fmt.Errorf("%s: %w", path, end)
		}
	}
	return nil
}
