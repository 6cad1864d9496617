package api

import (
	"iter"
	"strconv"
	"strings"
	"time"

	"outcry/api/search"
)

// SearchAnswer is the body of /v1/search.
type SearchAnswer struct {
	Total   int          `json:"total" doc:"How many posts were found; at least so many, if partial."`
	Partial bool         `json:"partial,omitempty" doc:"The time for an answer was over before all was counted: total and facets are too low, and a page may be short of posts, which its next goes on to find. Absent: all was counted."`
	Posts   []FoundPost  `json:"posts" nullable:"false"`
	Facets  SearchFacets `json:"facets"`
	Next    string       `json:"next" doc:"The cursor of the next page, also as a Link header; empty when this is the last."`
}

// FoundPost is one post under one service. It has no author.
type FoundPost struct {
	ID        string    `json:"id"`
	Source    string    `json:"source"`
	Service   string    `json:"service"`
	Kind      string    `json:"kind"`
	Lang      string    `json:"lang"`
	Symptoms  []string  `json:"symptoms" nullable:"false"`
	Score     float64   `json:"score" doc:"How sure the classifier is of the kind."`
	Text      string    `json:"text"`
	CreatedAt time.Time `json:"created_at"`
	Parts     []Part    `json:"parts" nullable:"false" doc:"The text in pieces; match marks the words that were looked for."`
}

// SearchFacets count what was found by its tags, the most frequent first.
type SearchFacets struct {
	Service []Facet `json:"service" nullable:"false"`
	Symptom []Facet `json:"symptom" nullable:"false"`
	Lang    []Facet `json:"lang" nullable:"false"`
}

// Facet is a tag and how many posts have it.
type Facet struct {
	Name  string `json:"name"`
	Posts int    `json:"posts"`
}

func (a SearchAnswer) next() string { return a.Next }

func (SearchAnswer) header() []string {
	return []string{"id", "source", "service", "kind", "lang", "symptoms", "score", "text", "created_at"}
}

func (a SearchAnswer) rows() iter.Seq[[]string] {
	return func(yield func([]string) bool) {
		for _, p := range a.Posts {
			score := strconv.FormatFloat(p.Score, 'g', -1, 64)
			if !yield([]string{p.ID, p.Source, p.Service, p.Kind, p.Lang, strings.Join(p.Symptoms, " "), score, p.Text, stamp(p.CreatedAt)}) {
				return
			}
		}
	}
}

func searchAnswer(found search.Found, byScore bool) SearchAnswer {
	a := SearchAnswer{Total: found.Total, Partial: found.Partial, Posts: make([]FoundPost, len(found.Hits)),
		Facets: SearchFacets{facets(found.Services), facets(found.Symptoms), facets(found.Languages)}}
	for i, h := range found.Hits {
		marks := make([]mark, len(h.Marks))
		for k, m := range h.Marks {
			marks[k] = mark{start: m.Start, end: m.End}
		}
		a.Posts[i] = FoundPost{ID: h.ID, Source: h.Source, Service: h.Service, Kind: h.Kind, Lang: h.Lang,
			Symptoms: append([]string{}, h.Symptoms...), Score: thousandths(h.Score), Text: h.Text, CreatedAt: h.CreatedAt.UTC(), Parts: parts(h.Text, marks)}
	}
	if found.Next != nil {
		a.Next = placeCursor(*found.Next, byScore)
	}
	return a
}

func facets(counts []search.Count) []Facet {
	all := make([]Facet, len(counts))
	for i, c := range counts {
		all[i] = Facet(c)
	}
	return all
}
