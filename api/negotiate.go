package api

import (
	"io"
	"mime"
	"slices"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

const (
	typeJSON    = "application/json"
	typeCSV     = "text/csv"
	typeText    = "text/plain"
	typeNDJSON  = "application/x-ndjson"
	typeArrow   = "application/vnd.apache.arrow.stream"
	typeParquet = "application/vnd.apache.parquet"
)

// formats writes answers, by their media type.
func formats() map[string]huma.Format {
	return map[string]huma.Format{
		typeJSON:    {Marshal: writeJSON},
		"json":      {Marshal: writeJSON},
		typeCSV:     {Marshal: writeCSV},
		typeText:    {Marshal: writeText},
		typeNDJSON:  {Marshal: sendAs(newNDJSONSink)},
		typeArrow:   {Marshal: sendAs(newArrowSink)},
		typeParquet: {Marshal: sendAs(newParquetSink)},
	}
}

// writeJSON writes an answer, by its own way where it has one.
func writeJSON(w io.Writer, v any) error {
	if a, ok := v.(CurveAnswer); ok {
		return a.writeJSON(w)
	}
	return huma.DefaultJSONFormat.Marshal(w, v)
}

// media chooses the type of the answer: format= wins over the Accept header.
func (q *query) media(accept string, offers []string) (string, error) {
	named := map[string]string{"json": typeJSON, "csv": typeCSV, "ndjson": typeNDJSON, "arrow": typeArrow, "parquet": typeParquet}
	var names []string
	for _, name := range []string{"json", "csv", "ndjson", "arrow", "parquet"} {
		if slices.Contains(offers, named[name]) {
			names = append(names, name)
		}
	}
	if name := q.oneOf("format", "", names); name != "" {
		return named[name], nil
	}
	if chosen := negotiate(accept, offers...); chosen != "" {
		return chosen, nil
	}
	return "", notAcceptable().with("this can be served as " + strings.Join(offers, " or "))
}

// negotiate returns the offer that an Accept header likes best (RFC 9110,
// 12.5.1), the first of equals; empty when it refuses them all.
func negotiate(accept string, offers ...string) string {
	if strings.TrimSpace(accept) == "" {
		return offers[0]
	}
	best, bestQ := "", 0.0
	for _, offer := range offers {
		if q := quality(accept, offer); q > bestQ {
			best, bestQ = offer, q
		}
	}
	return best
}

// quality is the weight of the most specific range that covers the offer.
func quality(accept, offer string) float64 {
	wildcard := offer[:strings.IndexByte(offer, '/')] + "/*"
	ranges := []string{"*/*", wildcard, offer}
	q, rank := 0.0, -1
	for part := range strings.SplitSeq(accept, ",") {
		name, params, err := mime.ParseMediaType(part)
		if err != nil {
			continue
		}
		if r := slices.Index(ranges, name); r > rank {
			q, rank = weight(params["q"]), r
		}
	}
	return q
}

func weight(text string) float64 {
	if text == "" {
		return 1
	}
	q, err := strconv.ParseFloat(text, 64)
	if err != nil || !(q >= 0 && q <= 1) {
		return 0
	}
	return q
}
