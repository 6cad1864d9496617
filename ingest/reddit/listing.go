package reddit

import (
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"slices"
	"strconv"
	"time"
)

const (
	// pageSize and maxPages are the most that Reddit gives: of any listing there
	// are a thousand things or a few less.
	pageSize = 100
	maxPages = 10
	// overlap is how far before the last question one looks back: Reddit's clock is
	// not ours, and its listings are some seconds behind.
	overlap = 2 * time.Minute
	// maxAnchors is how many things of a page are tried to find the next page by.
	maxAnchors = 4
)

// page is a piece of a listing, the newest first.
type page struct {
	things []json.RawMessage
	more   bool
}

// page asks for what is older than the thing of that name; empty for the newest.
func (s *Source) page(ctx context.Context, path, after string) (page, error) {
	query := url.Values{"limit": {strconv.Itoa(pageSize)}}
	if after != "" {
		query.Set("after", after)
	}
	return s.listing(ctx, path, query)
}

func (s *Source) listing(ctx context.Context, path string, query url.Values) (page, error) {
	var answer struct {
		Kind string
		Data struct {
			After    string
			Children []json.RawMessage
		}
	}
	if err := s.api.get(ctx, path, query, &answer); err != nil {
		return page{}, err
	}
	if answer.Kind != "Listing" {
		return page{}, errors.New("the answer is no listing")
	}
	return page{answer.Data.Children, answer.Data.After != ""}, nil
}

// gather reads pages backwards from the newest until one reaches what was heard
// before, and says from when on it has all: later than until where the listing
// ends sooner.
//
// Going forward from the last known thing (before=) would be less to read. But
// once that thing is deleted, or no longer among the thousand, the answer is empty
// as if there were nothing new, and what moderators let through late stands before
// it.
func (s *Source) gather(ctx context.Context, path string, until time.Time) (found []json.RawMessage, from time.Time, err error) {
	var last page
	for n := range maxPages {
		if last, err = s.pageAfter(ctx, path, last.things); err != nil {
			return nil, from, err
		}
		found = append(found, last.things...)
		oldest, known := oldestOf(last.things)
		switch {
		case known && oldest.Before(until.Add(-overlap)), n == 0 && !last.more:
			return found, until, nil
		case known:
			from = oldest
		}
		if !last.more {
			break
		}
	}
	if from.Before(until) {
		from = until
	}
	return found, from, nil
}

// pageAfter is the page after the given one. When the thing that it is found by was
// deleted just now the answer is empty: then the one before is tried.
func (s *Source) pageAfter(ctx context.Context, path string, things []json.RawMessage) (p page, err error) {
	if len(things) == 0 {
		return s.page(ctx, path, "")
	}
	tried := 0
	for _, raw := range slices.Backward(things) {
		var name struct{ Data struct{ Name string } }
		if json.Unmarshal(raw, &name) != nil || name.Data.Name == "" {
			continue
		}
		p, err = s.page(ctx, path, name.Data.Name)
		if tried++; err != nil || len(p.things) > 0 || tried == maxAnchors {
			break
		}
	}
	return p, err
}

// oldestOf is when the oldest thing of a page was written. The page is in order, but
// for pinned things and those that cannot be read.
func oldestOf(things []json.RawMessage) (oldest time.Time, known bool) {
	for _, raw := range slices.Backward(things) {
		var t struct {
			Data struct {
				Created seconds `json:"created_utc"`
			}
		}
		if json.Unmarshal(raw, &t) == nil && t.Data.Created.valid() {
			return t.Data.Created.time(), true
		}
	}
	return time.Time{}, false
}
