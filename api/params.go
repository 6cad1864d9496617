package api

import (
	"github.com/danielgtaylor/huma/v2"

	"outcry/nlp/lexicon"
)

// A param is documented here and checked by the reader of the same name in
// query.go, filter.go and span.go: huma's own checks are off.

func param(name, description string, schema huma.Schema) *huma.Param {
	return &huma.Param{Name: name, In: "query", Description: description, Schema: &schema}
}

func text(pattern string) huma.Schema {
	return huma.Schema{Type: huma.TypeString, Pattern: pattern}
}

func choice(fallback string, names []string) huma.Schema {
	s := huma.Schema{Type: huma.TypeString}
	for _, n := range names {
		s.Enum = append(s.Enum, n)
	}
	if fallback != "" {
		s.Default = fallback
	}
	return s
}

func filterParams() []*huma.Param {
	service := param("service", "Slug of a service, or `unknown` for complaints that name none.", text(""))
	service.Required = true
	return []*huma.Param{
		service,
		param("kind", "What the posts do.", choice(kinds()[0], kinds())),
		param("symptom", "Only posts that tell of this symptom.", choice("", lexicon.Symptoms())),
		param("lang", "Only posts in this language (ISO 639-1).", text("^[a-z]{2}$")),
		param("source", "Only posts from this source.", text("^[A-Za-z0-9._-]{1,64}$")),
	}
}

func spanParams() []*huma.Param {
	const form = " RFC 3339, or seconds since 1970."
	return []*huma.Param{
		param("from", "Begin of the range, inclusive; by default 24 hours before its end."+form, text("")),
		param("to", "End of the range, exclusive; by default now."+form, text("")),
	}
}

// curveParams ask for one curve or several.
func curveParams() []*huma.Param {
	params := append(filterParams(), spanParams()...)
	params[0].Description = "Slug of a service, or up to 20 with commas between them; `unknown` for complaints that name none."
	return append(params,
		param("step", "Length of one step. The range is widened to whole steps (UTC; weeks begin on Mondays).", choice("1m", stepNames())),
		param("group", "One curve for each of these, of each service. Without it, and of one service, the answer has `points`; else it has `series`.", choice("", groupNames())),
		param("compare", "Beside every point the same time a week before.", choice("", []string{"week"})),
		param("format", "Wins over the Accept header.", choice("", []string{"json", "csv", "ndjson", "arrow", "parquet"})))
}

func formatParam() *huma.Param {
	return param("format", "Wins over the Accept header.", choice("", []string{"json", "csv"}))
}

func limitParam(description string) *huma.Param {
	low, high := 1.0, 200.0
	return param("limit", description, huma.Schema{Type: huma.TypeInteger, Default: 50, Minimum: &low, Maximum: &high})
}

// pathParam is a part of the path: query.id.
func pathParam(description string) *huma.Param {
	p := param("id", description, text(""))
	p.In, p.Required = "path", true
	return p
}
