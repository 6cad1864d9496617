package ingest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Record is a post as its source wrote it, every field still text. It holds
// the rules that JSON and CSV share on the way to a Post.
type Record struct {
	ID, Source, Text, Lang, Author, CreatedAt string

	About   []string
	Deleted bool
}

// Post turns r into a Post; defaults stands in for what r leaves empty, its
// ID and Text excepted. A record may have no id: the Runner derives one. A
// deletion needs an id, or an author, and keeps nothing but that and the source.
func (r Record) Post(defaults Post) (Post, *Refusal) {
	p := defaults
	p.ID, p.Text, p.Deleted = strings.TrimSpace(r.ID), r.Text, false
	replace(&p.Source, r.Source)
	replace(&p.Lang, r.Lang)
	replace(&p.Author, r.Author)
	if about := slices.DeleteFunc(slices.Clone(r.About), blank); len(about) > 0 {
		p.About = about
	}
	if r.Deleted {
		return deletion(p)
	}
	if refusal := r.setTime(&p); refusal != nil {
		return Post{}, refusal
	}
	if blank(p.Text) {
		return Post{}, &Refusal{Reason: NoText, Detail: "text is absent or blank"}
	}
	return p, nil
}

func replace(field *string, value string) {
	if value = strings.TrimSpace(value); value != "" {
		*field = value
	}
}

func blank(s string) bool { return strings.TrimSpace(s) == "" }

func deletion(p Post) (Post, *Refusal) {
	switch {
	case p.ID != "":
		return Post{ID: p.ID, Source: p.Source, Deleted: true}, nil
	case p.Author != "":
		return Post{Source: p.Source, Author: p.Author, Deleted: true}, nil
	}
	return Post{}, &Refusal{Reason: BadID, Detail: "id is absent: a deletion must name the post to forget, or the author all of whose posts are"}
}

func (r Record) setTime(p *Post) *Refusal {
	if blank(r.CreatedAt) {
		if p.CreatedAt.IsZero() {
			return &Refusal{Reason: NoTime, Detail: "created_at is absent"}
		}
		return nil
	}
	t, err := ParseTime(r.CreatedAt)
	if err != nil {
		return &Refusal{Reason: BadTime, Detail: "created_at: " + err.Error()}
	}
	p.CreatedAt = t
	return nil
}

// DecodePost reads one JSON object of the Post form. It is lenient where
// exports differ: id and author may be numbers, about a single string,
// created_at any form that ParseTime knows; unknown keys are ignored.
// defaults fills in as for Record.Post. A Refusal carries a copy of line;
// its Position is the caller's to set.
func DecodePost(line []byte, defaults Post) (Post, *Refusal) {
	record, refusal := decodeRecord(line)
	var p Post
	if refusal == nil {
		p, refusal = record.Post(defaults)
	}
	if refusal != nil {
		refusal.Raw = bytes.Clone(line)
	}
	return p, refusal
}

func decodeRecord(line []byte) (Record, *Refusal) {
	// encoding/json would replace bad bytes silently: look before it does.
	if !utf8.Valid(line) {
		return Record{}, &Refusal{Reason: InvalidUTF8, Detail: "not valid UTF-8"}
	}
	// It would also take null for an empty object.
	if line = bytes.TrimSpace(line); len(line) == 0 || line[0] != '{' {
		return Record{}, &Refusal{Reason: NotJSON, Detail: "not a JSON object"}
	}
	var w wirePost
	if err := json.Unmarshal(line, &w); err != nil {
		return Record{}, &Refusal{Reason: NotJSON, Detail: jsonDetail(err)}
	}
	return Record{
		ID: string(w.ID), Source: w.Source, Text: w.Text, Lang: w.Lang, Author: string(w.Author),
		CreatedAt: string(w.CreatedAt), About: w.About, Deleted: w.Deleted,
	}, nil
}

func jsonDetail(err error) string {
	var wrong *json.UnmarshalTypeError
	if errors.As(err, &wrong) {
		return fmt.Sprintf("%s: unexpected JSON %s", wrong.Field, wrong.Value)
	}
	return err.Error()
}

// wirePost is the lenient form of Post.
type wirePost struct {
	ID        scalar  `json:"id"`
	Source    string  `json:"source"`
	Text      string  `json:"text"`
	Lang      string  `json:"lang"`
	About     strList `json:"about"`
	Author    scalar  `json:"author"`
	CreatedAt scalar  `json:"created_at"`
	Deleted   bool    `json:"deleted"`
}

// scalar is a JSON string or number; a number keeps its digits as written,
// for ids may be larger than a float can hold.
type scalar string

// UnmarshalJSON accepts a string, a number or null.
func (s *scalar) UnmarshalJSON(b []byte) error {
	switch c := b[0]; {
	case c == '"':
		return json.Unmarshal(b, (*string)(s))
	case c == '-' || c >= '0' && c <= '9':
		*s = scalar(b)
	case c != 'n':
		return &json.UnmarshalTypeError{Value: jsonKind(c) + ", want a string or a number"}
	}
	return nil
}

// strList is a JSON array of strings or a single string.
type strList []string

// UnmarshalJSON accepts an array of strings, a string or null.
func (l *strList) UnmarshalJSON(b []byte) error {
	switch b[0] {
	case '"':
		*l = make(strList, 1)
		return json.Unmarshal(b, &(*l)[0])
	case '[':
		return json.Unmarshal(b, (*[]string)(l))
	case 'n':
		return nil
	}
	return &json.UnmarshalTypeError{Value: jsonKind(b[0]) + ", want strings"}
}

func jsonKind(first byte) string {
	switch first {
	case '{':
		return "object"
	case '[':
		return "array"
	case 't', 'f':
		return "bool"
	}
	return "number"
}

// timeForms are the layouts that ParseTime tries, most frequent first. Go
// accepts fractions of a second after any of them.
var timeForms = [...]string{
	time.RFC3339,
	"2006-01-02 15:04:05Z07:00",
	"2006-01-02 15:04:05", // taken for UTC, as the next one
	"2006-01-02T15:04:05",
	"2006-01-02T15:04:05Z0700",
	"2006-01-02 15:04:05Z0700",
	"2006-01-02 15:04:05 Z07:00",
	"2006-01-02 15:04:05 Z0700",
	"2006-01-02 15:04:05 UTC",
	"Mon Jan _2 15:04:05 -0700 2006", // Twitter
	time.RFC1123Z,
	time.RFC1123,
}

// ParseTime reads a time in any form that exports of posts are known to use,
// and returns it in UTC: RFC 3339 (with a space for the T too; without an
// offset it is UTC), Unix seconds, milliseconds or microseconds (told apart
// by magnitude), Twitter's "Tue Oct 31 22:10:47 +0000 2017", RFC 1123 with a
// numeric offset, GMT or UTC. The error names the value and these forms.
func ParseTime(s string) (time.Time, error) {
	v := strings.TrimSpace(s)
	if t, ok := parseUnix(v); ok {
		return t, nil
	}
	for _, form := range timeForms {
		// Not time.Parse: that would read "CET" by this machine's own zone.
		if t, err := time.ParseInLocation(form, v, time.UTC); err == nil && knownZone(form, t) {
			return t.UTC(), nil
		}
	}
	if len(v) > 64 {
		v = strings.ToValidUTF8(v[:64], "") + "…"
	}
	return time.Time{}, fmt.Errorf("%q is no time: want RFC 3339 (2017-10-31T22:10:47Z), Unix seconds, milliseconds or microseconds, "+
		"\"2017-10-31 22:10:47\", \"Tue Oct 31 22:10:47 +0000 2017\" or RFC 1123", v)
}

// knownZone refuses abbreviations, for Go gives those it cannot resolve an
// offset of zero.
func knownZone(form string, t time.Time) bool {
	name, _ := t.Zone()
	return form != time.RFC1123 || name == "UTC" || name == "GMT"
}

// parseUnix decides the unit by magnitude: seconds reach the year 5138 below
// 1e11, and above it milliseconds and microseconds begin in 1973.
func parseUnix(v string) (time.Time, bool) {
	if v == "" || strings.Trim(v, "0123456789.eE+-") != "" {
		return time.Time{}, false
	}
	if n, err := strconv.ParseInt(v, 10, 64); err == nil {
		return unixInt(n)
	}
	f, err := strconv.ParseFloat(v, 64)
	if err != nil || math.Abs(f) >= 1e17 {
		return time.Time{}, false
	}
	for math.Abs(f) >= 1e11 {
		f /= 1000
	}
	return time.UnixMicro(int64(math.Round(f * 1e6))).UTC(), true
}

func unixInt(n int64) (time.Time, bool) {
	switch abs := max(n, -n); {
	case abs < 0 || abs >= 1e17: // below zero: the smallest integer has no opposite
		return time.Time{}, false
	case abs < 1e11:
		return time.Unix(n, 0).UTC(), true
	case abs < 1e14:
		return time.UnixMilli(n).UTC(), true
	}
	return time.UnixMicro(n).UTC(), true
}
