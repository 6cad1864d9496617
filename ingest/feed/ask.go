package feed

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/mmcdole/gofeed"

	"outcry/ingest"
	"outcry/ingest/htmltext"
)

// maxBody is the longest feed that is read, in bytes.
const maxBody = 16 << 20

// busyError is a server's wish to be left alone for some time.
type busyError struct {
	status string
	wait   time.Duration
}

func (e *busyError) Error() string { return "the server answers " + e.status }

// ask reads a feed unless it is as it was, and makes events of what is new in it.
// since is the time from which on nothing that it said is missing.
func (s *Source) ask(ctx context.Context, f Feed, last mark) (events []ingest.Event, next mark, since time.Time, err error) {
	begun := time.Now().UTC()
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, f.URL, nil)
	if err != nil {
		return nil, last, since, err
	}
	request.Header.Set("User-Agent", "Outcry feed reader")
	request.Header.Set("Accept", "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5")
	setUnlessEmpty(request.Header, "If-None-Match", last.ETag)
	setUnlessEmpty(request.Header, "If-Modified-Since", last.Modified)
	answer, err := s.cfg.HTTP.Do(request)
	if err != nil {
		return nil, last, since, ingest.PublicError(err)
	}
	defer answer.Body.Close()
	switch {
	case answer.StatusCode == http.StatusNotModified:
		next = last
		next.Asked = begun
		return nil, next, last.since(next, true), nil
	case answer.StatusCode != http.StatusOK:
		return nil, last, since, &busyError{answer.Status, retryAfter(answer.Header.Get("Retry-After"), time.Now())}
	}
	body, err := io.ReadAll(io.LimitReader(answer.Body, maxBody+1))
	if err != nil {
		return nil, last, since, err
	}
	if len(body) > maxBody {
		return nil, last, since, fmt.Errorf("it is longer than %d bytes", maxBody)
	}
	parsed, err := gofeed.NewParser().Parse(bytes.NewReader(body))
	if err != nil {
		return nil, last, since, fmt.Errorf("it is no feed: %w", err)
	}
	next = mark{ETag: answer.Header.Get("ETag"), Modified: answer.Header.Get("Last-Modified"), Asked: begun}
	events = s.events(f, parsed, last.Items, &next)
	return events, next, last.since(next, len(events) < len(next.Items)), nil
}

func setUnlessEmpty(h http.Header, key, value string) {
	if value != "" {
		h.Set(key, value)
	}
}

// retryAfter reads the header of that name: seconds or a date; RFC 9110, 10.2.3.
func retryAfter(value string, now time.Time) time.Duration {
	if seconds, err := strconv.Atoi(value); err == nil {
		return min(time.Duration(max(0, seconds))*time.Second, maxInterval)
	}
	if at, err := http.ParseTime(value); err == nil {
		return min(max(0, at.Sub(now)), maxInterval)
	}
	return 0
}

// events are the items that were not there before, or have changed since, the
// oldest first.
func (s *Source) events(f Feed, parsed *gofeed.Feed, known []uint64, next *mark) (events []ingest.Event) {
	for _, item := range slices.Backward(parsed.Items) {
		p := s.post(f, parsed, item)
		hash := ingest.PostHash(p.ID, p.Text)
		next.Items = append(next.Items, hash)
		if !slices.Contains(known, hash) {
			events = append(events, ingest.Event{Post: &p, Position: f.name(), At: p.CreatedAt})
		}
	}
	return events
}

// maxText is how much of an article is taken: its beginning says what it is about.
const maxText = 2000

func (s *Source) post(f Feed, parsed *gofeed.Feed, item *gofeed.Item) ingest.Post {
	title, body := htmltext.Text(item.Title), htmltext.Text(cmp.Or(item.Description, item.Content))
	text := title
	if body != "" && !strings.HasPrefix(body, title) {
		text = strings.TrimSpace(title + "\n" + body)
	} else if body != "" {
		text = body
	}
	if len(text) > maxText {
		text = strings.ToValidUTF8(text[:maxText], "")
	}
	return ingest.Post{
		ID: itemID(f, item, title), Source: s.cfg.Name, Text: text, Lang: parsed.Language, About: f.About,
		Author: f.name(), CreatedAt: itemTime(item), Press: true,
	}
}

// itemID tells items of all feeds apart.
func itemID(f Feed, item *gofeed.Item, title string) string {
	id := f.name() + " " + cmp.Or(item.GUID, item.Link, title)
	if len(id) > 500 {
		id = fmt.Sprintf("%s… %016x", strings.ToValidUTF8(id[:400], ""), ingest.PostHash(id, ""))
	}
	return id
}

// itemTime is when an item was published; now where it does not say.
func itemTime(item *gofeed.Item) time.Time {
	for _, t := range []*time.Time{item.PublishedParsed, item.UpdatedParsed} {
		if t != nil && !t.IsZero() && t.Before(time.Now()) {
			return t.UTC()
		}
	}
	return time.Now().UTC()
}
