package api

import (
	"mime"
	"slices"
	"strconv"
	"strings"
)

const (
	typeJSON = "application/json"
	typeCSV  = "text/csv"
	typeText = "text/plain"
)

// media chooses the type of the answer: format= wins over the Accept header.
func (q *query) media(accept string, offers []string) (string, error) {
	switch q.oneOf("format", "", []string{"json", "csv"}) {
	case "json":
		return typeJSON, nil
	case "csv":
		return typeCSV, nil
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
