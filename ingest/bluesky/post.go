package bluesky

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"outcry/ingest"
)

// record is what a post says of itself; app.bsky.feed.post in the network's
// lexicon.
type record struct {
	Text      string   `json:"text"`
	CreatedAt string   `json:"createdAt"`
	Langs     []string `json:"langs"`
	Tags      []string `json:"tags"` // besides those in the text
	Facets    []struct {
		Features []struct {
			Tag string `json:"tag"`
			DID string `json:"did"` // of a mention
		} `json:"features"`
	} `json:"facets"`
	Reply struct {
		Parent reference `json:"parent"`
	} `json:"reply"`
	Embed struct {
		Record struct {
			reference           // a quote
			Record    reference `json:"record"` // a quote beside a picture
		} `json:"record"`
	} `json:"embed"`
}

type reference struct {
	URI string `json:"uri"`
}

// written is when a post says that it was written. A later time than the
// network's own, or none, is a wrong clock; an earlier one is believed, for old
// posts that are brought over belong to the minute that they name.
func written(said string, at time.Time) time.Time {
	t, err := time.Parse(time.RFC3339Nano, said)
	if err != nil || t.After(at) || t.Year() < 2000 {
		return at
	}
	return t.UTC()
}

// post makes a post of a record. A post without text, a lone picture, is none.
func (c *change) post(source string) (*ingest.Post, error) {
	var r record
	if err := json.Unmarshal(c.Record, &r); err != nil {
		return nil, fmt.Errorf("record: %w", err)
	}
	if strings.TrimSpace(r.Text) == "" {
		if c.Operation == "update" { // what was said before is taken back
			return &ingest.Post{ID: c.id(), Source: source, Deleted: true}, nil
		}
		return nil, nil
	}
	p := &ingest.Post{ID: c.id(), Source: source, Text: r.Text, Author: c.DID, CreatedAt: written(r.CreatedAt, c.At), About: r.about()}
	if len(r.Langs) > 0 {
		p.Lang = r.Langs[0]
	}
	return p, nil
}

// maxAbout bounds what a post may be about: a list of a hundred tags is none.
const maxAbout = 8

// about lists the accounts that the post answers, quotes or mentions, and its
// hashtags.
func (r *record) about() (about []string) {
	add := func(s string) {
		if s != "" && len(about) < maxAbout {
			about = append(about, s)
		}
	}
	add(r.Reply.Parent.account())
	add(r.Embed.Record.account())
	add(r.Embed.Record.Record.account())
	for _, f := range r.Facets {
		for _, x := range f.Features {
			add(x.DID)
			if x.Tag != "" {
				add("#" + x.Tag)
			}
		}
	}
	for _, t := range r.Tags {
		add("#" + t)
	}
	return about
}

// account is the account whose record is referred to, empty for none.
func (r reference) account() string {
	rest, ok := strings.CutPrefix(r.URI, "at://")
	if !ok {
		return ""
	}
	did, _, _ := strings.Cut(rest, "/")
	return did
}
