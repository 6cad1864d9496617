package mastodon

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"time"

	"outcry/ingest"
)

const (
	pageSize = 40 // the most that is given at once
	// fullPage is how many posts let expect more: servers take some from a page
	// after they counted them.
	fullPage = pageSize / 2
	// maxBack is how many pages are read backwards where there is nothing to begin at.
	maxBack = 25
)

// page asks for one page of the list, the newest first.
func (p *part) page(ctx context.Context, key, id string) (posts []json.RawMessage, asked time.Time, err error) {
	query := url.Values{}
	maps.Copy(query, p.timeline.query)
	query.Set("limit", strconv.Itoa(pageSize))
	if id != "" {
		query.Set(key, id)
	}
	body, asked, err := p.instance.get(ctx, p.timeline.path, query)
	if err != nil {
		return nil, asked, err
	}
	if err := json.Unmarshal(body, &posts); err != nil {
		return nil, asked, fmt.Errorf("the instance answers with no list of posts: %w", err)
	}
	return posts, asked, nil
}

// now begins a timeline: what is there already is not heard.
func (p *part) now(ctx context.Context) (asked time.Time, err error) {
	posts, asked, err := p.page(ctx, "", "")
	if err != nil {
		return asked, err
	}
	if err := p.run.turn.take(ctx); err != nil {
		return asked, err
	}
	defer p.run.turn.give()
	for _, raw := range posts {
		if s, _, err := parseStatus(raw); err == nil && newer(s.ID, p.mark.From) {
			p.mark.From = s.ID
		}
	}
	p.head = p.mark.From
	return asked, nil
}

// forwards reads from a post on, page by page, each handed on before the next is
// asked for.
func (p *part) forwards(ctx context.Context, w way, home string) (asked time.Time, err error) {
	for from := w.from; ; {
		posts, asked, err := p.page(ctx, "min_id", from)
		if err != nil {
			return asked, err
		}
		slices.Reverse(posts)
		newest, err := p.hear(ctx, list(posts), home, true)
		if err != nil {
			return asked, err
		}
		if !newer(newest, from) || len(posts) < fullPage && !newer(w.head, newest) {
			return asked, nil
		}
		from = newest
		if err := p.settled(ctx); err != nil {
			return asked, err
		}
	}
}

// settled saves how far a long reading is.
func (p *part) settled(ctx context.Context) error {
	if err := p.run.turn.take(ctx); err != nil {
		return err
	}
	defer p.run.turn.give()
	id := p.trail.settle(time.Now().Add(-depth))
	if id == "" {
		return nil
	}
	p.mark.From = id
	return p.run.publish([]ingest.Event{{Position: p.name, Cursor: p.run.cursor()}})
}

// backwards reads a timeline that had nothing to begin at. lost is when the oldest
// post was written that was reached, where there may be older ones.
func (p *part) backwards(ctx context.Context, home string) (asked, lost time.Time, err error) {
	var all []json.RawMessage
	var oldest string
	for n := range maxBack {
		posts, at, err := p.page(ctx, "max_id", oldest)
		if err != nil {
			return asked, lost, err
		}
		if n == 0 {
			asked = at // what was written since is newer than this page
		}
		all = append(all, posts...)
		if len(posts) < fullPage {
			lost = time.Time{}
			break
		}
		s, _, err := parseStatus(posts[len(posts)-1])
		if err != nil || oldest != "" && !newer(oldest, s.ID) {
			break
		}
		oldest, lost = s.ID, s.written(at)
	}
	slices.Reverse(all)
	_, err = p.hear(ctx, list(all), home, true)
	return asked, lost, err
}

func list(posts []json.RawMessage) []told {
	out := make([]told, len(posts))
	for n, raw := range posts {
		out[n] = told{raw: raw}
	}
	return out
}
