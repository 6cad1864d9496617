package x

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"outcry/ingest"
)

const streamPath = "/2/tweets/search/stream"

// maxLine is the longest line that is read, in bytes: a post with all that belongs
// to it has some kilobytes. A longer one is refused, and the stream goes on.
const maxLine = 1 << 20

var (
	errSilent = errors.New("the stream is silent")
	errLong   = fmt.Errorf("a line of more than %d bytes", maxLine)
)

// fields are what is asked for of a post.
func fields() url.Values {
	return url.Values{
		"tweet.fields": {"created_at,lang,author_id,in_reply_to_user_id,entities,referenced_tweets,edit_history_tweet_ids,note_tweet"},
		"expansions":   {"in_reply_to_user_id,referenced_tweets.id.author_id"},
		"user.fields":  {"username"},
	}
}

// listen reads the stream of posts until it ends. What was missed in a pause is
// asked for again, where the plan allows it.
func (s *Source) listen(ctx context.Context, from cursor, emit func(ingest.Event) error) error {
	minutes, all := from.backfill(time.Now(), s.cfg.BackfillMinutes)
	if !all && !s.warned {
		s.cfg.Log.Warn("X cannot be asked for all that was missed", "since", from.At, "minutes", minutes)
	}
	err := s.hear(ctx, from, minutes, emit)
	var refused *statusError
	if minutes > 0 && errors.As(err, &refused) && (refused.status == http.StatusBadRequest || refused.status == http.StatusForbidden) {
		if !s.warned {
			s.cfg.Log.Warn("backfill_minutes: the plan of the app does not allow it; what was missed stays missing", "err", err)
		}
		s.warned = true
		err = s.hear(ctx, from, 0, emit)
	}
	return err
}

func (s *Source) hear(ctx context.Context, from cursor, minutes int, emit func(ingest.Event) error) error {
	query := fields()
	if minutes > 0 {
		query.Set("backfill_minutes", strconv.Itoa(minutes))
	}
	missed := from.missed(time.Now().UTC(), minutes)
	return s.stream(ctx, streamPath, query, func(line []byte, fault error) error {
		e, end := s.decode(line, fault)
		if end != nil {
			return end
		}
		if missed != nil && e.At.After(missed.To) { // what was missed comes first
			e.Heard, missed = missed, nil
		}
		if len(line) > 0 && e.At.After(from.At) && e.At.Before(time.Now().Add(margin)) {
			from.At = e.At
			e.Cursor = from.String()
		}
		return emit(e)
	})
}

// stream reads lines until the stream ends, is silent or each fails. Only what X
// does is timed, not each.
func (s *Source) stream(ctx context.Context, path string, query url.Values, each func(line []byte, fault error) error) error {
	if err := s.pause.wait(ctx); err != nil {
		return err
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	watch := time.AfterFunc(s.cfg.Silence, func() { cancel(fmt.Errorf("%w for %s", errSilent, s.cfg.Silence)) })
	defer watch.Stop()
	answer, err := s.ask(ctx, http.MethodGet, path, query, nil)
	if err != nil {
		return because(ctx, err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		body, _ := io.ReadAll(io.LimitReader(answer.Body, 64<<10)) // what there is of it
		return refusal(answer.StatusCode, body)
	}
	lines := lineReader{in: bufio.NewReaderSize(answer.Body, 64<<10)}
	for {
		line, fault, err := lines.next()
		if err != nil {
			return because(ctx, err)
		}
		watch.Stop()
		if err := each(line, fault); err != nil {
			return err
		}
		watch.Reset(s.cfg.Silence)
	}
}

// because makes of the end of a stream an error that says more than EOF.
func because(ctx context.Context, err error) error {
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case errors.Is(err, io.EOF):
		return errors.New("the stream was closed by X")
	}
	return fmt.Errorf("the connection broke: %w", err)
}

// lineReader reads lines, of which none is longer than maxLine.
type lineReader struct {
	in   *bufio.Reader
	line []byte
}

// next returns a line without its end, valid until the next call; empty for a
// keep-alive. A fault is the line's own, of which line is then the beginning. Of a
// line that breaks off nothing is returned, unless it is whole but for its end.
func (r *lineReader) next() (line []byte, fault, err error) {
	r.line = r.line[:0]
	for {
		part, err := r.in.ReadSlice('\n')
		if room := maxLine - len(r.line); len(part) > room {
			part, fault = part[:room], errLong
		}
		r.line = append(r.line, part...)
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case errors.Is(err, io.EOF) && fault == nil && len(r.line) > 0 && json.Valid(r.line):
		case err != nil:
			return nil, nil, err
		}
		return bytes.TrimSpace(r.line), fault, nil
	}
}
