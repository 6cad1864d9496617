package api

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"slices"
	"time"

	"outcry/ingest/push/keys"
)

// Problem is a refusal as RFC 9457 describes it, sent as
// application/problem+json.
type Problem struct {
	Type        string       `json:"type" doc:"Identifies the kind of problem." example:"urn:outcry:problem:invalid-query"`
	Title       string       `json:"title" doc:"The kind of problem in words." example:"Invalid query"`
	Status      int          `json:"status" doc:"The HTTP status." example:"400"`
	Detail      string       `json:"detail" doc:"What went wrong this time."`
	Instance    string       `json:"instance,omitempty" doc:"The path that was asked for."`
	Errors      []FieldError `json:"errors,omitempty" doc:"Every parameter that is wrong."`
	Suggestions []string     `json:"suggestions,omitempty" doc:"Slugs that may have been meant."`

	retry time.Duration // after which to try again, told as Retry-After; 0: not known
}

// FieldError says what is wrong with one parameter.
type FieldError struct {
	Message  string `json:"message" example:"step must be one of 1m, 5m, 1h"`
	Location string `json:"location" example:"query.step"`
	Value    string `json:"value,omitempty" doc:"What was sent, cut when long."`
}

// problemKind is a row of the table of problems; the slug ends the type.
type problemKind struct {
	slug, title string
	status      int
}

func (k problemKind) with(detail string) *Problem {
	return &Problem{Type: "urn:outcry:problem:" + k.slug, Title: k.title, Status: k.status, Detail: safe(detail)}
}

func invalidQuery() problemKind   { return problemKind{"invalid-query", "Invalid query", 400} }
func unknownService() problemKind { return problemKind{"unknown-service", "Unknown service", 404} }
func unknownIncident() problemKind {
	return problemKind{"unknown-incident", "Unknown incident", 404}
}
func retracted() problemKind { return problemKind{"retracted", "Retracted incident", 410} }
func notFound() problemKind  { return problemKind{"not-found", "Not found", 404} }
func badMethod() problemKind {
	return problemKind{"method-not-allowed", "Method not allowed", 405}
}
func unauthorized() problemKind { return problemKind{"unauthorized", "Unauthorized", 401} }
func forbidden() problemKind    { return problemKind{"forbidden", "Forbidden", 403} }
func tooLarge() problemKind     { return problemKind{"too-large", "Content too large", 413} }
func tooLongTarget() problemKind {
	return problemKind{"too-long-address", "Address too long", 414}
}
func tooMany() problemKind { return problemKind{"too-many-requests", "Too many requests", 429} }
func tooLongHeader() problemKind {
	return problemKind{"too-long-header", "Header too long", 431}
}
func notAcceptable() problemKind { return problemKind{"not-acceptable", "Not acceptable", 406} }
func clientGone() problemKind    { return problemKind{"client-gone", "Client closed request", 499} }
func internal() problemKind      { return problemKind{"internal", "Internal error", 500} }
func unavailable() problemKind   { return problemKind{"unavailable", "Store unavailable", 503} }
func notReady() problemKind      { return problemKind{"not-ready", "Not ready", 503} }
func timedOut() problemKind      { return problemKind{"timeout", "Query timed out", 504} }

// Error returns the detail.
func (p *Problem) Error() string { return p.Detail }

// GetStatus returns the HTTP status.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType returns application/problem+json, whatever was negotiated.
func (p *Problem) ContentType(string) string { return "application/problem+json" }

// GetHeaders returns the headers that go with the problem. A refusal is never
// cached: the next try may succeed.
func (p *Problem) GetHeaders() http.Header {
	h := http.Header{"Cache-Control": {"no-store"}}
	switch {
	case p.retry > 0:
		h.Set("Retry-After", keys.Seconds(p.retry))
	case p.Status == http.StatusServiceUnavailable:
		h.Set("Retry-After", "5")
	case p.Status == http.StatusUnauthorized:
		h.Set("WWW-Authenticate", `Bearer realm="outcry"`)
	}
	return h
}

// MarshalJSON shows what the client sent in a form that is safe to look at: a
// refusal is read by people, in terminals and logs.
func (p *Problem) MarshalJSON() ([]byte, error) {
	type plain Problem // without this method
	shown := plain(*p)
	shown.Detail, shown.Instance = safe(p.Detail), safe(p.Instance)
	shown.Errors = slices.Clone(p.Errors)
	for i, e := range shown.Errors {
		shown.Errors[i] = FieldError{safe(e.Message), safe(e.Location), safe(e.Value)}
	}
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	err := enc.Encode(shown)
	return bytes.TrimRight(out.Bytes(), "\n"), err
}

func (p *Problem) write(w http.ResponseWriter) {
	for name, values := range p.GetHeaders() {
		w.Header()[name] = values
	}
	w.Header().Set("Content-Type", p.ContentType(""))
	w.WriteHeader(p.Status)
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(p) // the client is gone; nobody is left to tell
}

// storeProblem turns a store's error into an answer that tells the client what
// to do next and nothing of the inside.
func storeProblem(err error) *Problem {
	var timeout net.Error
	var network *net.OpError
	switch {
	case errors.Is(err, context.Canceled):
		return clientGone().with("the client closed the request")
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		return timedOut().with("the store did not answer in time; ask for a shorter range or a longer step")
	case errors.As(err, &network):
		return unavailable().with("the store cannot be reached; try again in a few seconds")
	}
	return internal().with("something went wrong on the server")
}
