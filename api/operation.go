package api

import (
	"context"
	"errors"
	"net/http"
	"reflect"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// operation says what one path of /v1 answers. Its parameters are at once the
// documentation and the list of what the query may hold.
type operation struct {
	id, path, summary, description string
	params                         []*huma.Param
	cache                          string        // Cache-Control of the answer
	types                          []string      // that it is served as, the default first; none: JSON and CSV
	refusals                       []problemKind // beside those that every operation has
	vary                           string        // by what else than Accept the answers differ
}

func (o operation) known() []string {
	names := make([]string, 0, len(o.params))
	for _, p := range o.params {
		if p.In == "query" {
			names = append(names, p.Name)
		}
	}
	return names
}

func (o operation) offers() []string {
	if o.types == nil {
		return []string{typeJSON, typeCSV}
	}
	return o.types
}

type output[T any] struct {
	ContentType  string `header:"Content-Type" hidden:"true"`
	CacheControl string `header:"Cache-Control"`
	Link         string `header:"Link" hidden:"true"`
	Body         T
}

// handle makes a huma handler of a function from query to body.
func handle[T any](s *Server, o operation, answer func(context.Context, *query) (T, error)) func(context.Context, *input) (*output[T], error) {
	return func(ctx context.Context, in *input) (*output[T], error) {
		q := newQuery(in.rawQuery, o.known(), s.cfg.Now())
		q.id, q.langs = in.id, in.langs
		media, err := q.media(in.accept, o.offers())
		q.chosen = media
		if err != nil {
			return nil, s.refuse(ctx, o, in, err)
		}
		body, err := answer(ctx, q)
		if err != nil {
			return nil, s.refuse(ctx, o, in, err)
		}
		return &output[T]{ContentType: withCharset(media), CacheControl: o.cacheControl(media), Link: in.link(q, body), Body: body}, nil
	}
}

func withCharset(media string) string {
	if strings.HasPrefix(media, "text/") {
		return media + "; charset=utf-8"
	}
	return media
}

// cacheControl lets a cache that many share carry a front page: it asks for an
// answer at most every two seconds, and nobody waits while it does. Not so for
// what may be long.
func (o operation) cacheControl(media string) string {
	if media != typeJSON || o.cache != "public, max-age=1" {
		return o.cache
	}
	return o.cache + ", s-maxage=2, stale-while-revalidate=10"
}

// refuse turns an error into a Problem. The cause of one that is not the
// client's is logged here, once.
func (s *Server) refuse(ctx context.Context, o operation, in *input, err error) *Problem {
	var p *Problem
	if !errors.As(err, &p) {
		p = storeProblem(err)
		if p.Status != clientGone().status {
			s.cfg.Log.ErrorContext(ctx, "query failed", "route", o.path, "status", p.Status, "err", err)
		}
	}
	p.Instance = clip(in.path)
	return p
}

// operation describes o to huma: its parameters, its answers, its deadline.
func (s *Server) operation(h huma.API, o operation) huma.Operation {
	return huma.Operation{
		OperationID:        o.id,
		Method:             http.MethodGet,
		Path:               o.path,
		Summary:            o.summary,
		Description:        o.description,
		Parameters:         o.params,
		SkipValidateParams: true,
		Responses:          o.responses(h.OpenAPI().Components.Schemas),
		Middlewares:        huma.Middlewares{o.varies, s.deadline, s.kept.tagging.tagged},
	}
}

func (s *Server) deadline(ctx huma.Context, next func(huma.Context)) {
	whole := context.WithValue(ctx.Context(), wholeKey{}, whole{ctx.Context(), ctx.Method() == http.MethodHead})
	limited, cancel := context.WithTimeout(whole, s.cfg.Timeout)
	defer cancel()
	next(settled{huma.WithContext(ctx, limited)})
}

// whole is a request without the deadline of one query, for answers that are read
// piece by piece.
type whole struct {
	context.Context
	head bool // nobody reads the body
}

type wholeKey struct{}

// varies tells caches which headers of the request choose among the answers.
func (o operation) varies(ctx huma.Context, next func(huma.Context)) {
	ctx.AppendHeader("Vary", "Accept")
	if o.vary != "" {
		ctx.AppendHeader("Vary", o.vary)
	}
	next(ctx)
}

// settled hides the Accept header from huma, whose own negotiation panics on
// some malformed ones; handle has read it already, through EachHeader.
type settled struct{ inner }

type inner = huma.Context // under this name, as huma.Context has a method Context

// Header returns a header of the request, but no Accept.
func (c settled) Header(name string) string {
	if strings.EqualFold(name, "Accept") {
		return ""
	}
	return c.inner.Header(name)
}

// Unwrap returns the context beneath, which adapters look for.
func (c settled) Unwrap() huma.Context { return c.inner }

func (o operation) responses(schemas huma.Registry) map[string]*huma.Response {
	content := map[string]*huma.MediaType{}
	for _, media := range o.offers() {
		content[media] = &huma.MediaType{Schema: &huma.Schema{Type: huma.TypeString}}
	}
	content[typeJSON] = &huma.MediaType{} // whose schema huma works out
	all := map[string]*huma.Response{"200": {Description: "OK", Content: content}}
	problem := schemas.Schema(reflect.TypeFor[Problem](), true, "Problem")
	kinds := []problemKind{invalidQuery(), unknownService(), notAcceptable(), internal(), unavailable(), timedOut()}
	for _, k := range append(kinds, o.refusals...) {
		all[strconv.Itoa(k.status)] = &huma.Response{
			Description: k.title,
			Content:     map[string]*huma.MediaType{"application/problem+json": {Schema: problem}},
		}
	}
	return all
}
