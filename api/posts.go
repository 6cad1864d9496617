package api

import (
	"context"
	"iter"
	"strconv"
	"strings"

	"outcry/aggregate"
)

// PostsAnswer is the body of /v1/posts, newest first.
type PostsAnswer struct {
	Posts []aggregate.Evidence `json:"posts" nullable:"false"`
}

func (PostsAnswer) header() []string {
	return []string{"id", "source", "kind", "lang", "symptoms", "score", "text", "created_at"}
}

func (a PostsAnswer) rows() iter.Seq[[]string] {
	return func(yield func([]string) bool) {
		for _, p := range a.Posts {
			score := strconv.FormatFloat(p.Score, 'g', -1, 64)
			row := []string{p.ID, p.Source, p.Kind, p.Lang, strings.Join(p.Symptoms, " "), score, p.Text, stamp(p.CreatedAt)}
			if !yield(row) {
				return
			}
		}
	}
}

func postsOperation() operation {
	params := append(filterParams(), spanParams()...)
	params = append(params, limitParam("How many posts at most."), formatParam())
	return operation{
		id: "get-posts", path: "/v1/posts", params: params,
		summary:     "The posts behind a curve",
		description: "Newest first. Texts are what strangers wrote: never show them as HTML.",
		// A post that its author deletes must vanish here too.
		cache: "no-store",
	}
}

func (s *Server) posts(ctx context.Context, q *query) (PostsAnswer, error) {
	f, r, limit := q.filter(), q.span(q.now, 0), q.integer("limit", 50, 1, 200)
	if err := q.problem(); err != nil {
		return PostsAnswer{}, err
	}
	if err := s.known(f.service); err != nil {
		return PostsAnswer{}, err
	}
	posts, err := s.cfg.Store.Evidence(ctx, aggregate.EvidenceQuery{
		Service: f.service, Kind: f.kind, Symptom: f.symptom, Lang: f.lang, Source: f.source,
		From: r.from, To: r.to, Limit: limit,
	})
	if err != nil {
		return PostsAnswer{}, err
	}
	a := PostsAnswer{Posts: make([]aggregate.Evidence, len(posts))}
	for i, p := range posts {
		p.CreatedAt = p.CreatedAt.UTC()
		p.Symptoms = append([]string{}, p.Symptoms...) // [] rather than null
		a.Posts[i] = p
	}
	return a, nil
}
