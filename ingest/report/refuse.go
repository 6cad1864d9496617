package report

import (
	"fmt"
	"math"
	"net/http"
	"strconv"
	"time"
	"unicode/utf8"
)

// Refusal is why a report is not taken, in the form of RFC 9457.
type Refusal struct {
	Status      int
	Slug        string // ends the type
	Detail      string
	Field       string // of the click, where one is wrong
	Value       string // of that field, cut when long
	Suggestions []string
	Retry       time.Duration // after which it may be tried again; 0: not said
}

func (r *Refusal) Error() string { return r.Detail }

func badBody(detail string) error {
	return &Refusal{Status: http.StatusBadRequest, Slug: "bad-body", Detail: detail}
}

func unprocessable(c Click, u *Unknown) error {
	value := map[string]string{"service": c.Service, "symptom": c.Symptom, "lang": c.Lang}[u.Field]
	return &Refusal{Status: http.StatusUnprocessableEntity, Slug: "unknown-" + u.Field, Detail: u.Detail, Field: u.Field, Value: clip(value), Suggestions: u.Suggestions}
}

func tooMany(most int, wait time.Duration) error {
	return &Refusal{Status: http.StatusTooManyRequests, Slug: "too-many-requests", Retry: wait,
		Detail: fmt.Sprintf("%d services were reported from this address in %d minutes, which is the most", most, int(Span.Minutes()))}
}

func unavailable() error {
	return &Refusal{Status: http.StatusServiceUnavailable, Slug: "unavailable", Retry: 5 * time.Second,
		Detail: "the queue does not take reports now; send it again"}
}

// RetryAfter is the value of that header, in whole seconds; empty for none.
func (r *Refusal) RetryAfter() string {
	if r.Retry <= 0 {
		return ""
	}
	return strconv.Itoa(int(math.Ceil(r.Retry.Seconds())))
}

type problemDoc struct {
	Type        string       `json:"type"`
	Title       string       `json:"title"`
	Status      int          `json:"status"`
	Detail      string       `json:"detail"`
	Instance    string       `json:"instance"`
	Errors      []fieldError `json:"errors,omitempty"`
	Suggestions []string     `json:"suggestions,omitempty"`
}

type fieldError struct {
	Message  string `json:"message"`
	Location string `json:"location"`
	Value    string `json:"value,omitempty"`
}

func (r *Refusal) problem(path string) problemDoc {
	p := problemDoc{Type: "urn:outcry:problem:" + r.Slug, Title: http.StatusText(r.Status), Status: r.Status,
		Detail: r.Detail, Instance: path, Suggestions: r.Suggestions}
	if r.Field != "" {
		p.Errors = []fieldError{{r.Detail, "body." + r.Field, r.Value}}
	}
	return p
}

func clip(s string) string {
	const most = 64
	if len(s) <= most {
		return s
	}
	for cut := most; ; cut-- {
		if utf8.RuneStart(s[cut]) {
			return s[:cut] + "…"
		}
	}
}
