package api

import (
	"context"
	"encoding/base64"
	"iter"
	"strconv"
	"strings"
	"time"

	"outcry/aggregate"
	"outcry/ingest"
	"outcry/nlp"
)

// PostsAnswer is the body of /v1/posts, newest first.
type PostsAnswer struct {
	Posts []Post `json:"posts" nullable:"false"`
	Next  string `json:"next,omitempty" doc:"The cursor of the next page, also as a Link header; absent when this is the last."`
}

// Post is one post behind a curve.
type Post struct {
	aggregate.Evidence
	Parts []Part `json:"parts" nullable:"false" doc:"The text in pieces; match marks the words that earned the post its tags."`
}

func (a PostsAnswer) next() string { return a.Next }

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
	params = append(params, param("cursor", "Where a page before this one ended: its `next`. Give the same range as before.", text("^[A-Za-z0-9_-]+$")),
		limitParam("How many posts at most."), formatParam())
	return operation{
		id: "get-posts", path: "/v1/posts", params: params,
		summary:     "The posts behind a curve",
		description: "Newest first. Texts are what strangers wrote: never show them as HTML.",
		// A post that its author deletes must vanish here too.
		cache: "no-store",
	}
}

func (s *Server) posts(ctx context.Context, q *query) (PostsAnswer, error) {
	f, r, limit, after := q.filter(), q.span(q.now, 0), q.integer("limit", 50, 1, 200), q.evidencePlace()
	if err := q.problem(); err != nil {
		return PostsAnswer{}, err
	}
	if err := s.known(f.service); err != nil {
		return PostsAnswer{}, err
	}
	found, err := s.cfg.Store.Evidence(ctx, aggregate.EvidenceQuery{
		Service: f.service, Kind: f.kind, Symptom: f.symptom, Lang: f.lang, Source: f.source,
		From: r.from, To: r.to, After: after, Limit: limit + 1, // one more tells that there is a next page
	})
	if err != nil {
		return PostsAnswer{}, err
	}
	a := PostsAnswer{Posts: make([]Post, 0, len(found))}
	for _, e := range found[:min(limit, len(found))] {
		a.Posts = append(a.Posts, plainPost(e))
	}
	if len(found) > limit {
		a.Next = evidenceCursor(found[limit-1])
	}
	return a, nil
}

func plainPost(e aggregate.Evidence) Post {
	e.CreatedAt = e.CreatedAt.UTC()
	e.Symptoms = append([]string{}, e.Symptoms...) // [] rather than null
	var marks []mark
	for _, s := range e.Spans {
		if !strings.HasPrefix(s.Tag, "lang:") { // every word of a text tells of its language
			marks = append(marks, markOf(s))
		}
	}
	return Post{e, parts(e.Text, marks)}
}

func markOf(s nlp.Span) mark { return mark{s.Start, s.End, s.Tag} }

// evidenceCursor is a post's place in the order.
func evidenceCursor(e aggregate.Evidence) string {
	place := strconv.FormatInt(e.CreatedAt.UnixMilli(), 10) + " " + strconv.FormatUint(ingest.PostHash(e.Source, e.ID), 16)
	return base64.RawURLEncoding.EncodeToString([]byte(place))
}

// evidencePlace reads what evidenceCursor made.
func (q *query) evidencePlace() (place aggregate.EvidencePlace) {
	v := q.text("cursor")
	if v == "" {
		return place
	}
	text, err := base64.RawURLEncoding.DecodeString(v)
	millis, hash, _ := strings.Cut(string(text), " ")
	n, noTime := strconv.ParseInt(millis, 10, 64)
	post, noHash := strconv.ParseUint(hash, 16, 64)
	at := time.UnixMilli(n).UTC()
	if err != nil || noTime != nil || noHash != nil || n < 1 || at.After(latest()) {
		q.fail("cursor", "cursor must be the next of an answer before this one; leave it out to begin anew")
		return place
	}
	return aggregate.EvidencePlace{CreatedAt: at, Post: post}
}
