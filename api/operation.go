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
	cache                          string // Cache-Control of the answer
}

func (o operation) known() []string {
	names := make([]string, len(o.params))
	for i, p := range o.params {
		names[i] = p.Name
	}
	return names
}

// input is a request as it was sent. huma does not parse it: repeated and
// unknown parameters, and lists of what is allowed, need words of our own.
type input struct{ rawQuery, accept string }

// Resolve keeps the query and the Accept header.
func (in *input) Resolve(ctx huma.Context) []error {
	u := ctx.URL()
	in.rawQuery = u.RawQuery
	var accept []string
	ctx.EachHeader(func(name, value string) {
		if strings.EqualFold(name, "Accept") {
			accept = append(accept, value)
		}
	})
	in.accept = strings.Join(accept, ",")
	return nil
}

type output[T any] struct {
	ContentType  string `header:"Content-Type" hidden:"true"`
	CacheControl string `header:"Cache-Control"`
	Body         T
}

// handle makes a huma handler of a function from query to body.
func handle[T any](s *Server, o operation, answer func(context.Context, *query) (T, error)) func(context.Context, *input) (*output[T], error) {
	return func(ctx context.Context, in *input) (*output[T], error) {
		q := newQuery(in.rawQuery, o.known(), s.cfg.Now())
		media, err := q.media(in.accept)
		if err != nil {
			return nil, s.refuse(ctx, o, err)
		}
		body, err := answer(ctx, q)
		if err != nil {
			return nil, s.refuse(ctx, o, err)
		}
		if media == typeCSV {
			media += "; charset=utf-8"
		}
		return &output[T]{ContentType: media, CacheControl: o.cache, Body: body}, nil
	}
}

// refuse turns an error into a Problem. The cause of one that is not the
// client's is logged here, once.
func (s *Server) refuse(ctx context.Context, o operation, err error) *Problem {
	var p *Problem
	if !errors.As(err, &p) {
		p = storeProblem(err)
		if p.Status != clientGone().status {
			s.cfg.Log.ErrorContext(ctx, "query failed", "route", o.path, "status", p.Status, "err", err)
		}
	}
	p.Instance = o.path
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
		Responses:          responses(h.OpenAPI().Components.Schemas),
		Middlewares:        huma.Middlewares{s.deadline},
	}
}

func (s *Server) deadline(ctx huma.Context, next func(huma.Context)) {
	limited, cancel := context.WithTimeout(ctx.Context(), s.cfg.Timeout)
	defer cancel()
	ctx.AppendHeader("Vary", "Accept")
	next(settled{huma.WithContext(ctx, limited)})
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

func responses(schemas huma.Registry) map[string]*huma.Response {
	all := map[string]*huma.Response{"200": {
		Description: "OK",
		Content: map[string]*huma.MediaType{
			typeJSON: {},
			typeCSV:  {Schema: &huma.Schema{Type: huma.TypeString}},
		},
	}}
	problem := schemas.Schema(reflect.TypeFor[Problem](), true, "Problem")
	for _, k := range []problemKind{invalidQuery(), unknownService(), notAcceptable(), internal(), unavailable(), timedOut()} {
		all[strconv.Itoa(k.status)] = &huma.Response{
			Description: k.title,
			Content:     map[string]*huma.MediaType{"application/problem+json": {Schema: problem}},
		}
	}
	return all
}
