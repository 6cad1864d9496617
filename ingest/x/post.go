package x

import (
	"html"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"outcry/ingest"
)

// tweet is what is read of a post.
type tweet struct {
	ID        string `json:"id"`
	Text      string `json:"text"`
	CreatedAt string `json:"created_at"`
	Lang      string `json:"lang"`
	AuthorID  string `json:"author_id"`
	ReplyTo   string `json:"in_reply_to_user_id"`
	Note      struct {
		Text string `json:"text"` // the whole of a long post
	} `json:"note_tweet"`
	Referenced []struct {
		Type string `json:"type"`
	} `json:"referenced_tweets"`
	Edits    []string `json:"edit_history_tweet_ids"` // the first is the post as it was written
	Entities struct {
		Mentions []struct {
			Username string `json:"username"`
		} `json:"mentions"`
		Hashtags []struct {
			Tag string `json:"tag"`
		} `json:"hashtags"`
	} `json:"entities"`
}

// postID is the form of ids of posts and users.
var postID = regexp.MustCompile(`^[0-9]{1,19}$`)

// identity is the id that stays when a post is edited.
func (t tweet) identity() string {
	if len(t.Edits) > 0 {
		return t.Edits[0]
	}
	return t.ID
}

// times are when X passed this version on, and when the post was written: each
// version has an id and a time of its own.
func (t tweet) times() (at, written time.Time) {
	at, err := time.Parse(time.RFC3339, t.CreatedAt)
	if err != nil {
		at = idTime(t.ID)
	}
	written = at
	if first := t.identity(); first != t.ID {
		written = idTime(first)
	}
	return at.UTC(), written.UTC()
}

// idTime is when an id was given: its upper bits are milliseconds since a moment of
// 2010, before which ids were mere numbers;
// https://docs.x.com/resources/fundamentals/x-ids.
func idTime(id string) time.Time {
	n, err := strconv.ParseInt(id, 10, 64)
	if err != nil || n < 1e11 {
		return time.Time{}
	}
	return time.UnixMilli(n>>22 + 1288834974657).UTC()
}

func (t tweet) retweet() bool {
	for _, r := range t.Referenced {
		if r.Type == "retweeted" {
			return true
		}
	}
	return false
}

func (t tweet) text() string {
	text := t.Text
	if t.Note.Text != "" {
		text = t.Note.Text
	}
	text = strings.TrimSpace(html.UnescapeString(text)) // X writes & < > as in HTML
	if len(text) > ingest.MaxTextBytes {
		text = strings.ToValidUTF8(text[:ingest.MaxTextBytes], "")
	}
	return text
}

// language is the tag that X gives, but where it stands for none: und, zxx, and q
// with two letters for mere links, pictures, tags.
func (t tweet) language() string {
	if t.Lang == "und" || t.Lang == "zxx" || t.Lang == "art" || len(t.Lang) == 3 && t.Lang[0] == 'q' {
		return ""
	}
	return t.Lang
}

// maxAbout bounds what a post may be about: a list of a hundred tags is none.
const maxAbout = 8

// about lists the accounts that a post answers, quotes or mentions, and its
// hashtags. users are those that X names beside it.
func (t tweet) about(users []user) (about []string) {
	add := func(sign, name string) {
		if name != "" && len(about) < maxAbout && !slices.Contains(about, sign+name) {
			about = append(about, sign+name)
		}
	}
	for _, u := range users { // first whom it answers
		if u.ID == t.ReplyTo {
			add("@", u.Username)
		}
	}
	for _, u := range users {
		if u.ID != t.AuthorID {
			add("@", u.Username)
		}
	}
	for _, m := range t.Entities.Mentions {
		add("@", m.Username)
	}
	for _, h := range t.Entities.Hashtags {
		add("#", h.Tag)
	}
	return about
}
