package api

import (
	"maps"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// input is a request as it was sent. huma does not parse it: repeated and
// unknown parameters, and lists of what is allowed, need words of our own.
type input struct{ path, id, rawQuery, accept, langs string }

// Resolve keeps the path, the query and the headers that choose among answers.
func (in *input) Resolve(ctx huma.Context) []error {
	u := ctx.URL()
	in.path, in.id, in.rawQuery = u.Path, ctx.Param("id"), u.RawQuery
	in.accept, in.langs = headerOf(ctx, "Accept"), headerOf(ctx, "Accept-Language")
	return nil
}

// headerOf joins all lines of a header.
func headerOf(ctx huma.Context, want string) string {
	var lines []string
	ctx.EachHeader(func(name, value string) {
		if strings.EqualFold(name, want) {
			lines = append(lines, value)
		}
	})
	return strings.Join(lines, ",")
}

// paged is an answer that may go on in another.
type paged interface{ next() string }

// link points to the next page of an answer (RFC 8288); empty where there is none.
func (in *input) link(q *query, body any) string {
	p, ok := body.(paged)
	if !ok || p.next() == "" {
		return ""
	}
	values := maps.Clone(q.values)
	values.Set("cursor", p.next())
	return "<?" + values.Encode() + `>; rel="next"`
}
