package reddit

import (
	"encoding/json"
	"html"
	"regexp"
	"slices"
	"strings"
	"time"

	"outcry/ingest"
)

// maxThing is the longest post that is read, in bytes; Reddit's own limit is 40,000
// characters, which come twice. maxRaw is how much is kept of what is refused.
const (
	maxThing = 1 << 20
	maxRaw   = 64 << 10
)

// moderator is Reddit's own robot: what it says are the rules of a subreddit.
const moderator = "AutoModerator"

// seconds is a Unix time as Reddit writes it: 1753970400.0.
type seconds float64

func (s seconds) valid() bool     { return s > 0 && s < 1e11 }
func (s seconds) time() time.Time { return time.UnixMilli(int64(s * 1000)).UTC() }

// item is what is read of a post (t3) or comment (t1).
type item struct {
	Name      string
	Title     string
	Selftext  string
	Body      string
	Author    string
	Subreddit string
	Created   seconds `json:"created_utc"`
	RemovedBy string  `json:"removed_by_category"`
}

// heard is a thing as it was heard: a post, the end of one, or one refused.
type heard struct {
	key     string // its name, or a hash of what cannot be read
	created time.Time
	post    *ingest.Post
	blank   bool // it says nothing, which is news only if it did before
	refusal *ingest.Refusal
}

// ended is a post that is to be forgotten.
func ended(key, source string, created time.Time) heard {
	return heard{key: key, created: created, post: &ingest.Post{ID: key, Source: source, Deleted: true}}
}

// read makes of a thing what there is to tell.
func read(raw json.RawMessage, source string) heard {
	refuse := func(reason ingest.Reason, detail string) heard {
		return heard{key: rawKey(raw), refusal: &ingest.Refusal{Reason: reason, Detail: detail, Raw: slices.Clone(raw[:min(len(raw), maxRaw)])}}
	}
	if len(raw) > maxThing {
		return refuse(ingest.LineTooLong, "a post of more than a megabyte")
	}
	var t struct {
		Kind string
		Data item
	}
	if err := json.Unmarshal(raw, &t); err != nil {
		return refuse(ingest.NotJSON, err.Error())
	}
	i := t.Data
	switch {
	case t.Kind != "t1" && t.Kind != "t3":
		return refuse(ingest.NotJSON, "kind must be t1 or t3")
	case !strings.HasPrefix(i.Name, t.Kind+"_"):
		return refuse(ingest.BadID, "name must be that of a "+t.Kind)
	case i.Created == 0:
		return refuse(ingest.NoTime, "created_utc is absent")
	case !i.Created.valid():
		return refuse(ingest.BadTime, "created_utc is no Unix time")
	}
	h := ended(i.Name, source, i.Created.time())
	if i.gone() {
		return h
	}
	if text := i.text(); text == "" || i.Author == moderator {
		h.blank = true
	} else {
		h.post = &ingest.Post{ID: i.Name, Source: source, Text: text, About: []string{i.Subreddit}, Author: i.Author, CreatedAt: h.created}
	}
	return h
}

// takenBack is what Reddit shows in place of a text that is gone.
var takenBack = regexp.MustCompile(`(?i)^\[ ?(deleted|removed)( by [a-z ]{1,30})?\]$`)

// gone says whether a thing was deleted or removed, or its author has left.
func (i item) gone() bool {
	if i.RemovedBy != "" || i.Author == "[deleted]" {
		return true
	}
	for _, text := range []string{i.Title, i.Selftext, i.Body} {
		if takenBack.MatchString(strings.TrimSpace(text)) {
			return true
		}
	}
	return false
}

func (i item) text() string {
	text := strings.TrimSpace(i.Title + "\n" + plain(i.Selftext+i.Body))
	if len(text) > ingest.MaxTextBytes {
		text = strings.ToValidUTF8(text[:ingest.MaxTextBytes], "")
	}
	return text
}

// Patterns of Reddit's markdown.
var (
	quote   = regexp.MustCompile(`(?m)^ {0,3}>(?:[^!\n].*)?$`) // but >!this is a spoiler!<
	link    = regexp.MustCompile(`(!?)\[([^\]\n]*)\]\([^)\n]*\)`)
	markup  = regexp.MustCompile(`(?m)\*\*|~~|^ {0,3}#{1,6} +|>!|!<`)
	escaped = regexp.MustCompile("\\\\([\\\\`*_{}\\[\\]()#+.!~^>|-])")
)

// plain is what a reader sees of markdown, without what is quoted: those are the
// words of another.
func plain(markdown string) string {
	text := quote.ReplaceAllString(markdown, "")
	text = link.ReplaceAllStringFunc(text, func(s string) string {
		if m := link.FindStringSubmatch(s); m[1] == "" {
			return m[2]
		}
		return "" // a picture
	})
	text = escaped.ReplaceAllString(markup.ReplaceAllString(text, ""), "$1")
	text = strings.ReplaceAll(html.UnescapeString(text), "\u200b", "") // empty lines are written &#x200B;
	return strings.TrimSpace(text)
}
