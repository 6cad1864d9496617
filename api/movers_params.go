package api

import "github.com/danielgtaylor/huma/v2"

// lateParams are from and to of what is asked for by the hour.
func lateParams() []*huma.Param {
	const form = " RFC 3339, or seconds since 1970; widened to whole minutes."
	return []*huma.Param{
		param("from", "Begin of the range, inclusive; by default an hour before its end, at most 31 days."+form, text("")),
		param("to", "End of the range, exclusive; by default just after the newest post heard."+form, text("")),
	}
}

func langParam() *huma.Param {
	return param("lang", "Only posts in this language (ISO 639-1).", text("^[a-z]{2}$"))
}

func sourceParam() *huma.Param {
	return param("source", "Only posts from this source.", text("^[A-Za-z0-9._-]{1,64}$"))
}

func kindParam() *huma.Param {
	return param("kind", "What the posts do.", choice(kinds()[0], kinds()))
}

// atMost is a limit of its own default and height.
func atMost(description string, fallback, most int) *huma.Param {
	low, high := 1.0, float64(most)
	return param("limit", description, huma.Schema{Type: huma.TypeInteger, Default: fallback, Minimum: &low, Maximum: &high})
}

func (q *query) kind() string { return q.oneOf("kind", kinds()[0], kinds()) }

func (q *query) lang() string {
	return q.formed("lang", "an ISO 639-1 code of two lower-case letters, such as fr", isLang)
}

func (q *query) source() string {
	return q.formed("source", "1 to 64 letters, digits, dots, hyphens or underscores", isSource)
}
