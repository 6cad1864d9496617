package api

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	_ "time/tzdata" // zones are known wherever the program runs
	"unicode"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"
	"golang.org/x/text/language"

	"outcry/aggregate"
	"outcry/aggregate/brief"
	"outcry/nlp/lexicon"
)

// BriefAnswer is the body of /v1/incidents/{id}/brief.
type BriefAnswer struct {
	Lang string `json:"lang"`
	TZ   string `json:"tz"`
	Text string `json:"text"`
}

// writeText writes a brief without anything around it.
func writeText(w io.Writer, v any) error {
	a, ok := v.(BriefAnswer)
	if !ok {
		return fmt.Errorf("%T has no plain form", v)
	}
	_, err := io.WriteString(w, a.Text+"\n")
	return err
}

// briefs is the book of briefs with what chooses among its languages.
type briefs struct {
	*brief.Book
	codes   []string // the fallback first
	matcher language.Matcher
}

func newBriefs(book *brief.Book) (*briefs, error) {
	var err error
	if book == nil {
		if book, err = brief.Load(); err != nil {
			return nil, err
		}
	}
	b := &briefs{Book: book, codes: []string{fallbackLang}}
	for _, code := range book.Languages() {
		if code != fallbackLang {
			b.codes = append(b.codes, code)
		}
	}
	tags := make([]language.Tag, len(b.codes))
	for i, code := range b.codes {
		if tags[i], err = language.Parse(code); err != nil {
			return nil, fmt.Errorf("language %s: %w", code, err)
		}
	}
	b.matcher = language.NewMatcher(tags)
	return b, nil
}

func briefOperation() operation {
	return operation{
		id: "get-brief", path: "/v1/incidents/{id}/brief",
		params: []*huma.Param{
			pathParam("The id of an incident."),
			param("lang", "Language of the brief (ISO 639); by default what Accept-Language likes best, else en.", text("^[a-z]{2,3}$")),
			param("tz", "Zone of its times of day, a name of the IANA database.", choice("UTC", nil)),
		},
		summary:     "One incident in a few sentences",
		description: "Users report; nothing is said of causes.",
		cache:       "public, max-age=1",
		types:       []string{typeJSON, typeText},
		refusals:    []problemKind{unknownIncident(), retracted()},
		vary:        "Accept-Language",
	}
}

func (s *Server) brief(ctx context.Context, q *query) (BriefAnswer, error) {
	lang, zone := q.briefLang(s.briefs), q.zone("tz")
	if err := q.problem(); err != nil {
		return BriefAnswer{}, err
	}
	i, err := s.incidentOf(ctx, q.id)
	if err != nil {
		return BriefAnswer{}, err
	}
	if i.Retracted {
		return BriefAnswer{}, retracted().with("late counts showed that this was no incident; there is nothing to tell")
	}
	written, err := s.briefs.Write(lang, zone, BriefFacts(s.cfg.Catalog, i, q.now))
	return BriefAnswer{Lang: lang, TZ: zone.String(), Text: written}, err
}

func (q *query) briefLang(b *briefs) string {
	if v := q.oneOf("lang", "", b.Languages()); v != "" {
		return v
	}
	_, i := language.MatchStrings(b.matcher, q.langs)
	return b.codes[i]
}

// zone reads the name of a time zone. "Local" is the server's, which is nobody's
// business.
func (q *query) zone(name string) *time.Location {
	v := q.text(name)
	if v == "" {
		return time.UTC
	}
	zone, err := time.LoadLocation(v)
	if err != nil || v == "Local" {
		q.fail(name, "%s must be UTC or the name of a zone in the IANA database, such as Europe/Paris, America/Sao_Paulo or Asia/Kolkata", name)
		return time.UTC
	}
	return zone
}

// BriefFacts are what a brief tells of an incident at now, with the names that the
// catalogue shows.
func BriefFacts(c Catalog, i aggregate.Incident, now time.Time) brief.Facts {
	f := brief.Facts{Onset: i.Onset, End: i.End, Now: now, Peak: i.Peak, PeakPeople: i.PeakPeople, People: i.People, Usual: i.Usual}
	for _, slug := range i.Services {
		f.Names = append(f.Names, display(c, slug))
	}
	if len(i.Services) > 1 && i.Owner != "" {
		f.Owner = ownerName(c, i.Owner)
	}
	shares := i.Symptoms
	if f.Part = partOf(i); f.Part.Apart {
		f.People, f.Usual, f.PeakPeople, shares = i.Noticed.People, i.Noticed.Usual, 0, i.Noticed.Symptoms
	}
	for _, share := range shares {
		if slices.Contains(lexicon.Symptoms(), share.Name) { // another version may have stored others
			f.Symptoms = append(f.Symptoms, brief.Share{Name: share.Name, Share: share.Share})
		}
	}
	return f
}

// partOf is what sets an incident apart, as things are now: the part in which it was
// noticed, if only that rose. Where the whole service has twice the usual, a symptom
// is one of its shares, and a language is worth a word if most posts are in it now.
func partOf(i aggregate.Incident) brief.Part {
	switch n := i.Noticed; {
	case i.Apart() && n.By == aggregate.PartLang:
		return brief.Part{Lang: briefLang(n.Name), Apart: true}
	case i.Apart() && slices.Contains(lexicon.Symptoms(), n.Name):
		return brief.Part{Symptom: n.Name, Apart: true}
	}
	return brief.Part{Lang: briefLang(i.MainlyIn)}
}

// briefLang is the code that briefs have for a language of posts.
func briefLang(code string) string {
	if code == "tl" {
		return "fil"
	}
	return code
}

func display(c Catalog, slug string) string {
	if s, ok := c.Lookup(slug); ok {
		return s.Name
	}
	return slug
}

// ownerName is the name of an owner, whom the catalogue knows by the slug of a
// service, by a name, or by a slug that no service has: meta.
func ownerName(c Catalog, owner string) string {
	if name := display(c, owner); name != owner || strings.ContainsFunc(owner, unicode.IsUpper) {
		return name
	}
	first, size := utf8.DecodeRuneInString(owner)
	return string(unicode.ToUpper(first)) + owner[size:]
}
