package api

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// maxFieldErrors bounds the answer to a query of nothing but errors.
const maxFieldErrors = 20

// query reads the parameters of one request and collects all that is wrong
// with them, so that a client learns everything at once. An empty value is the
// same as none: HTML forms send fields that were left alone.
type query struct {
	values url.Values
	id     string // of the path
	langs  string // Accept-Language
	chosen string // media type of the answer; empty: JSON
	now    time.Time
	errs   []FieldError
}

func newQuery(raw string, known []string, now time.Time) *query {
	values, err := url.ParseQuery(raw)
	q := &query{values: values, now: now.UTC()}
	if err != nil {
		q.errs = append(q.errs, FieldError{Message: "the query is not well encoded: " + clip(err.Error()), Location: "query"})
	}
	names := make([]string, 0, len(values))
	for name := range values {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		q.checkName(name, known)
	}
	return q
}

func (q *query) checkName(name string, known []string) {
	if !slices.Contains(known, name) {
		hint := "known are " + strings.Join(known, ", ")
		if near := nearest(name, known); near != "" {
			hint = "did you mean " + near + "?"
		}
		q.fail(name, "unknown parameter %s; %s", strconv.Quote(clip(name)), hint)
		return
	}
	if n := len(q.values[name]); n > 1 {
		q.fail(name, "%s was given %d times; give it once", name, n)
	}
}

func (q *query) fail(name, format string, args ...any) {
	if len(q.errs) == maxFieldErrors {
		return
	}
	q.errs = append(q.errs, FieldError{
		Message:  fmt.Sprintf(format, args...),
		Location: "query." + clip(name),
		Value:    clip(q.values.Get(name)),
	})
}

// problem returns what is wrong with the query, nil when nothing is.
func (q *query) problem() error {
	switch len(q.errs) {
	case 0:
		return nil
	case 1:
		p := invalidQuery().with(q.errs[0].Message)
		p.Errors = q.errs
		return p
	}
	messages := make([]string, len(q.errs))
	for i, e := range q.errs {
		messages[i] = e.Message
	}
	p := invalidQuery().with(strings.Join(messages, "; "))
	p.Errors = q.errs
	return p
}

func (q *query) text(name string) string { return q.values.Get(name) }

// oneOf reads a value from a closed list; fallback stands for no value, and
// for a refused one, so that what is worked out of it stays in bounds.
func (q *query) oneOf(name, fallback string, allowed []string) string {
	v := q.text(name)
	if v == "" {
		return fallback
	}
	if !slices.Contains(allowed, v) {
		q.fail(name, "%s must be one of %s", name, strings.Join(allowed, ", "))
		return fallback
	}
	return v
}

// formed reads a value that ok accepts; form describes what that is.
func (q *query) formed(name, form string, ok func(string) bool) string {
	v := q.text(name)
	if v != "" && !ok(v) {
		q.fail(name, "%s must be %s", name, form)
	}
	return v
}

func (q *query) integer(name string, fallback, low, high int) int {
	v := q.text(name)
	if v == "" {
		return fallback
	}
	n, err := strconv.Atoi(v)
	if err != nil || n < low || n > high {
		q.fail(name, "%s must be a whole number from %d to %d", name, low, high)
		return fallback
	}
	return n
}

// clip bounds the user's text that is sent back.
func clip(s string) string {
	const limit = 64
	runes := 0
	for i := range s {
		if runes == limit {
			return s[:i] + "…"
		}
		runes++
	}
	return s
}
