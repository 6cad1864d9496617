package api

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"

	"github.com/danielgtaylor/huma/v2"

	"outcry/api/search"
	"outcry/nlp/lexicon"
)

// Searcher finds posts by their words. *search.Index is one.
type Searcher interface {
	Search(ctx context.Context, q search.Query) (search.Found, error)
}

func noSearch() problemKind { return problemKind{"no-search", "No search", 501} }

func searchOperation() operation {
	params := append([]*huma.Param{
		param("q", "Words that a post must have, all of them: `word` in any of its forms, `\"words beside each other\"`, `begin*`, `wrod~` (written much the same), `-without`. Left out: every post.", text("")),
	}, filterParams()...)
	params[1].Required = false
	params[1].Description = "Slug of a service, or `unknown`; left out: all. A post about two services is found under each."
	const form = " RFC 3339, or seconds since 1970."
	params = append(params,
		param("from", "Begin of the range, inclusive; by default all that is kept."+form, text("")),
		param("to", "End of the range, exclusive; by default all that is kept."+form, text("")),
		param("sort", "The newest first, or those that match best.", choice("time", []string{"time", "score"})),
		limitParam("How many posts at most."),
		param("cursor", "Where a page before this one ended: its `next`.", text("^[A-Za-z0-9_-]+$")),
		formatParam())
	return operation{
		id: "search-posts", path: "/v1/search", params: params,
		summary: "Posts by their words",
		description: "Complaints (see `kind`) whose text is still kept, a second or so after they were heard. `total` and `facets` count all that was found, not this page alone; where that takes too long, `partial` says that there may be more." +
			" `parts` are the text, cut where it matched. Texts are what strangers wrote: never show them as HTML.",
		cache:    "no-store", // a post that its author deletes must vanish here too
		refusals: []problemKind{noSearch()},
	}
}

func (s *Server) serveSearch(h huma.API) error {
	huma.Register(h, s.operation(h, searchOperation()), handle(s, searchOperation(), s.search))
	return nil
}

func (s *Server) search(ctx context.Context, q *query) (SearchAnswer, error) {
	ask := q.search()
	if err := q.problem(); err != nil {
		return SearchAnswer{}, err
	}
	if ask.Service != "" {
		if err := s.known(ask.Service); err != nil {
			return SearchAnswer{}, err
		}
	}
	if s.cfg.Search == nil {
		return SearchAnswer{}, noSearch().with("this server has no search: it was started with --no-search, or as `outcry serve` without a queue to read posts from (--kafka)")
	}
	found, err := s.cfg.Search.Search(ctx, ask)
	var syntax *search.SyntaxError
	if errors.As(err, &syntax) {
		q.fail("q", "q: %s", syntax)
		return SearchAnswer{}, q.problem()
	}
	if err != nil {
		return SearchAnswer{}, err
	}
	return searchAnswer(found, ask.ByScore), nil
}

// search reads what is asked for.
func (q *query) search() search.Query {
	ask := search.Query{
		Service: q.text("service"),
		Kind:    q.oneOf("kind", kinds()[0], kinds()),
		Symptom: q.oneOf("symptom", "", lexicon.Symptoms()),
		Lang:    q.formed("lang", "an ISO 639-1 code of two lower-case letters, such as fr", isLang),
		Source:  q.formed("source", "1 to 64 letters, digits, dots, hyphens or underscores", isSource),
		From:    q.instant("from"), To: q.instant("to"), Limit: q.integer("limit", 50, 1, 200),
		ByScore: q.oneOf("sort", "time", []string{"time", "score"}) == "score",
	}
	if !ask.From.IsZero() && !ask.To.IsZero() && !ask.From.Before(ask.To) {
		q.fail("from", "from (%s) must be before to (%s)", stamp(ask.From), stamp(ask.To))
	}
	var err error
	if ask.Words, err = search.Parse(q.text("q")); err != nil {
		q.fail("q", "q: %s", err)
	}
	ask.After = q.searchPlace(ask.ByScore)
	return ask
}

// searchCursor is a place in an answer, in a form that nobody takes for anything
// else. Score tells the two orders apart.
type searchCursor struct {
	Score     bool    `json:"s"`
	Relevance float64 `json:"r,omitempty"`
	Time      int64   `json:"t"`
	ID        string  `json:"i"`
}

func placeCursor(p search.Place, byScore bool) string {
	b, err := json.Marshal(searchCursor{byScore, p.Relevance, p.Time, p.ID})
	if err != nil {
		return "" // no number is infinite here
	}
	return base64.RawURLEncoding.EncodeToString(b)
}

// searchPlace reads what placeCursor made.
func (q *query) searchPlace(byScore bool) *search.Place {
	v := q.text("cursor")
	if v == "" {
		return nil
	}
	b, err := base64.RawURLEncoding.DecodeString(v)
	var c searchCursor
	if err != nil || json.Unmarshal(b, &c) != nil || c.ID == "" || c.Time < 0 || c.Time > latest().UnixMilli() || c.Score != byScore {
		q.fail("cursor", "cursor must be the next of an answer before this one, in the same order (sort); leave it out to begin anew")
		return nil
	}
	return &search.Place{Relevance: c.Relevance, Time: c.Time, ID: c.ID}
}
