package api

import (
	"context"
	"iter"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"outcry/aggregate"
	"outcry/nlp/catalog"
)

// Words answers with the texts of complaints, for their words alone.
type Words interface {
	Said(ctx context.Context, q aggregate.SaidQuery) ([]aggregate.Said, error)
}

// WordsAnswer is the body of /v1/words, the most telling first.
type WordsAnswer struct {
	Service string    `json:"service"`
	From    time.Time `json:"from" doc:"Inclusive."`
	To      time.Time `json:"to" doc:"Exclusive."`
	Words   []WordRow `json:"words" nullable:"false"`
}

// WordRow is a word that is new in complaints, or far more frequent than before.
type WordRow struct {
	Word   string    `json:"word"`
	Posts  int       `json:"posts" doc:"Complaints of that language in the range that it stands in."`
	Before int       `json:"before" doc:"The same of the 24 hours before, and of the same range a week before."`
	First  time.Time `json:"first" doc:"When it was first said in the range."`
	Lang   string    `json:"lang" doc:"The language of these complaints; empty: undetermined."`
}

func (WordsAnswer) header() []string { return []string{"word", "posts", "before", "first", "lang"} }

func (a WordsAnswer) rows() iter.Seq[[]string] {
	return func(yield func([]string) bool) {
		for _, w := range a.Words {
			if !yield([]string{w.Word, strconv.Itoa(w.Posts), strconv.Itoa(w.Before), stamp(w.First), w.Lang}) {
				return
			}
		}
	}
}

const (
	wordsNow    = 2000 // texts that are read of the range
	wordsBefore = 2000 // and of the day before, and of the week before
	wordsFew    = 500  // below which those about other services are read too
)

func wordsOperation() operation {
	service := param("service", "Slug of a service, or `unknown` for complaints that name none.", text(""))
	service.Required = true
	return operation{
		id: "list-words", path: "/v1/words",
		params:  append(append([]*huma.Param{service}, lateParams()...), langParam(), atMost("How many words at most.", 20, 100), formatParam()),
		summary: "What people begin to say",
		description: "Words of complaints in the range that hardly stood in those of the 24 hours before, nor in those of the same range a week before; three people or more must say them. Languages are looked at one by one; where a service has fewer than 500 earlier complaints, those about other services tell what anybody says. " +
			"Names of services, handles, addresses and function words are left out. Of more than 2,000 complaints a fair sample is read. There are none where nothing was said before, and none of texts older than 30 days.",
		cache: "no-store", // a post that its author deletes must vanish here too
	}
}

// serveWords registers /v1/words.
func (s *Server) serveWords(h huma.API) error {
	var kept shelf[WordsAnswer]
	lexis := sync.OnceValue(func() *aggregate.Lexis { return aggregate.NewLexis(plainNames(s.cfg.Catalog.Services())) })
	huma.Register(h, s.operation(h, wordsOperation()), handle(s, wordsOperation(), func(ctx context.Context, q *query) (WordsAnswer, error) {
		service, lang, limit := q.text("service"), q.lang(), q.integer("limit", 20, 1, 100)
		if service == "" {
			q.fail("service", "service is required: a slug of /v1/services, such as whatsapp")
		}
		if err := q.problem(); err != nil {
			return WordsAnswer{}, err
		}
		if err := s.known(service); err != nil {
			return WordsAnswer{}, err
		}
		return kept.get(ctx, q.key(), s.keeping(0), func(ctx context.Context) (WordsAnswer, error) {
			_, r, err := s.late(ctx, q)
			if err != nil {
				return WordsAnswer{}, err
			}
			return s.words(ctx, lexis(), service, lang, r, limit)
		})
	}))
	return nil
}

func (s *Server) words(ctx context.Context, lexis *aggregate.Lexis, service, lang string, r span, limit int) (WordsAnswer, error) {
	a := WordsAnswer{Service: service, From: r.from, To: r.to, Words: []WordRow{}}
	now, err := s.cfg.Store.Said(ctx, aggregate.SaidQuery{Service: service, Lang: lang, From: r.from, To: r.to, Limit: wordsNow})
	if err != nil || len(now) == 0 {
		return a, err
	}
	past, err := s.past(ctx, service, lang, r)
	if err != nil {
		return a, err
	}
	for _, w := range lexis.FirstWords(now, past, s.namesOf(service), limit) {
		a.Words = append(a.Words, WordRow{w.Word, w.Posts, w.Before, w.First.UTC(), w.Lang})
	}
	return a, nil
}

// past is what was said in the day before, and in the same range a week before.
func (s *Server) past(ctx context.Context, service, lang string, r span) (past aggregate.Earlier, err error) {
	ask := aggregate.SaidQuery{Service: service, Lang: lang, From: r.from.Add(-day), To: r.from, Limit: wordsBefore}
	if past.Before, err = s.cfg.Store.Said(ctx, ask); err != nil {
		return past, err
	}
	if week := r.to.Add(-aggregate.Week); !week.After(ask.From) { // else it was read already
		then, err := s.cfg.Store.Said(ctx, aggregate.SaidQuery{Service: service, Lang: lang, From: r.from.Add(-aggregate.Week), To: week, Limit: wordsBefore})
		if err != nil {
			return past, err
		}
		past.Before = append(past.Before, then...)
	}
	if len(past.Before) >= wordsFew {
		return past, nil
	}
	ask.Service = ""
	past.Beside, err = s.cfg.Store.Said(ctx, ask)
	past.Beside = slices.DeleteFunc(past.Beside, func(b aggregate.Said) bool { return b.Service == service })
	return past, err
}

func (s *Server) namesOf(slug string) []string {
	c, ok := s.cfg.Catalog.Lookup(slug)
	if !ok {
		return nil
	}
	names := append(allNames(c), c.Domains...)
	return append(names, c.Owner)
}

// plainNames are names of services that are a single word and no everyday word.
func plainNames(services []catalog.Service) (names []string) {
	for _, c := range services {
		ruled := slices.ContainsFunc(c.Rules, func(r catalog.Rule) bool { return slices.Contains(r.Names, c.Name) })
		for _, n := range slices.Concat(c.Names, c.Handles, []string{c.Name}) {
			if !strings.ContainsAny(n, " \t") && !(ruled && n == c.Name) {
				names = append(names, n)
			}
		}
	}
	return names
}

func allNames(c catalog.Service) []string {
	names := append([]string{c.Slug, c.Name}, c.Names...)
	for _, r := range c.Rules {
		names = append(names, r.Names...)
	}
	return append(names, c.Handles...)
}
