package ingest

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"
)

// MaxTextBytes is the longest text that is kept: more than any network
// allows in a post, less than what would hold up the stages behind.
const MaxTextBytes = 64 << 10

// maxNotes is how long what stands beside the text may be, in bytes: Lang,
// and About in all.
const maxNotes = 16 << 10

// clockSkew is how far ahead of our clock another's may run.
const clockSkew = 5 * time.Minute

// sourceName is the form of Post.Source: it becomes a label and a filter.
var sourceName = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{0,63}$`)

// slug is the form of the names of services and symptoms.
var slug = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,63}$`)

// earliest is before any network that Outcry hears; a time before it is a
// zero value or a mistaken unit.
func earliest() time.Time { return time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC) }

// Check says why p cannot be queued, or nil. Raw and Position of the refusal
// are left to the caller.
func Check(p Post, now time.Time) *Refusal {
	refuse := func(reason Reason, format string, args ...any) *Refusal {
		return &Refusal{Reason: reason, Detail: fmt.Sprintf(format, args...)}
	}
	switch {
	case !sourceName.MatchString(p.Source):
		return refuse(BadSource, "source %.80q must be lower-case letters, digits, dots, dashes, at most 64", p.Source)
	case p.Deleted && p.ID == "" && p.Author != "":
		return nil // all posts of the author
	case p.ID == "" || len(p.ID) > 1024:
		return refuse(BadID, "an id of %d bytes; it must have 1 to 1024", len(p.ID))
	case p.Deleted:
		return nil
	case p.Report != nil:
		return checkReport(p, now)
	case strings.TrimSpace(p.Text) == "":
		return refuse(NoText, "the post has no text")
	case len(p.Text) > MaxTextBytes:
		return refuse(TextTooLong, "text of %d bytes, the most is %d", len(p.Text), MaxTextBytes)
	case notes(p) > maxNotes:
		return refuse(TooLarge, "lang and about of %d bytes, the most is %d", notes(p), maxNotes)
	case !utf8.ValidString(p.Text) || !utf8.ValidString(p.ID):
		return refuse(InvalidUTF8, "text or id is not valid UTF-8")
	}
	if err := CheckTime(p.CreatedAt, now); err != nil {
		return refuse(TimeRange, "%v", err)
	}
	return nil
}

// checkReport says why a report cannot be queued, or nil.
func checkReport(p Post, now time.Time) *Refusal {
	if !slug.MatchString(p.Report.Service) || p.Report.Symptom != "" && !slug.MatchString(p.Report.Symptom) {
		return &Refusal{Reason: BadReport, Detail: fmt.Sprintf("a report of service %.80q, symptom %.80q", p.Report.Service, p.Report.Symptom)}
	}
	if p.Text != "" {
		return &Refusal{Reason: BadReport, Detail: "a report has no text"}
	}
	if err := CheckTime(p.CreatedAt, now); err != nil {
		return &Refusal{Reason: TimeRange, Detail: err.Error()}
	}
	return nil
}

// maxSpan is the longest time that one message says to have been heard.
const maxSpan = 31 * 24 * time.Hour

// CheckCoverage says why nothing can have been heard so, or nil.
func CheckCoverage(c Coverage, now time.Time) error {
	switch {
	case !sourceName.MatchString(c.Source):
		return fmt.Errorf("source %.80q must be lower-case letters, digits, dots, dashes, at most 64", c.Source)
	case c.Parts < 1 || c.Parts > maxParts:
		return fmt.Errorf("%d parts; a source has 1 to %d", c.Parts, maxParts)
	case len(c.Part) > 1024:
		return fmt.Errorf("the name of a part has %d bytes, at most 1024", len(c.Part))
	case !c.From.Before(c.To) || c.To.Sub(c.From) > maxSpan:
		return fmt.Errorf("from %s to %s is no span of at most %s", c.From.Format(time.RFC3339), c.To.Format(time.RFC3339), maxSpan)
	}
	return errors.Join(CheckTime(c.From, now), CheckTime(c.To, now))
}

// CheckTime says why nothing can have been written at t, or nil.
func CheckTime(t, now time.Time) error {
	switch {
	case t.Before(earliest()):
		return fmt.Errorf("time %s is before the year 2000", t.Format(time.RFC3339))
	case t.After(now.Add(clockSkew)):
		return fmt.Errorf("time %s is in the future", t.Format(time.RFC3339))
	}
	return nil
}

func notes(p Post) int {
	n := len(p.Lang)
	for _, about := range p.About {
		n += len(about)
	}
	return n
}
