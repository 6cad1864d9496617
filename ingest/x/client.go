package x

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// maxAnswer is the longest answer that is read, but for streams: a thousand of the
// longest rules have 3 MB.
const maxAnswer = 16 << 20

// problem is how X says what is wrong, in place of an answer or in a stream; RFC 7807.
type problem struct {
	Title      string   `json:"title"`
	Detail     string   `json:"detail"`
	Details    []string `json:"details"`
	Type       string   `json:"type"`
	Issue      string   `json:"connection_issue"`
	Disconnect string   `json:"disconnect_type"`
	Message    string   `json:"message"`
	Value      string   `json:"value"` // the rule that it is of
	ID         string   `json:"id"`    // of the rule that there is already
}

// String is what there is to say, in one line.
func (p problem) String() string {
	var parts []string
	for _, part := range append([]string{p.Title, p.Issue, p.Disconnect, p.Detail, p.Message}, p.Details...) {
		if part != "" {
			parts = append(parts, cut(part, 200))
		}
	}
	return strings.Join(parts, ": ")
}

func cut(text string, most int) string {
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return text
}

// statusError is an answer other than 200.
type statusError struct {
	status int
	why    string
}

func (e *statusError) Error() string {
	text := fmt.Sprintf("X answers %d %s", e.status, http.StatusText(e.status))
	switch e.status {
	case http.StatusUnauthorized:
		text = "token: X does not know it: " + text
	case http.StatusForbidden:
		text = "the plan of the app does not allow it: " + text
	}
	if e.why != "" {
		text += ": " + e.why
	}
	return text
}

// problems are those of a body, which may have one or a list.
func problems(body []byte) []problem {
	var said struct {
		problem
		Errors []problem `json:"errors"`
	}
	if json.Unmarshal(body, &said) != nil {
		return nil // a page for people
	}
	if len(said.Errors) == 0 && said.String() != "" {
		return []problem{said.problem}
	}
	return said.Errors
}

func refusal(status int, body []byte) *statusError {
	var whys []string
	for _, p := range problems(body) {
		whys = append(whys, p.String())
	}
	return &statusError{status, cut(strings.Join(whys, "; "), 500)}
}

// ask sends a request, and takes no answer but 200.
func (s *Source) ask(ctx context.Context, method, path string, query url.Values, body []byte) (*http.Response, error) {
	if err := s.pause.wait(ctx); err != nil {
		return nil, err
	}
	request, err := http.NewRequestWithContext(ctx, method, s.cfg.BaseURL+path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	request.URL.RawQuery = query.Encode()
	request.Header.Set("Authorization", "Bearer "+s.cfg.Token)
	request.Header.Set("User-Agent", "Outcry")
	request.Header.Set("Accept-Encoding", "identity") // compressed, a post would wait for the next
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	answer, err := s.http.Do(request)
	if err != nil {
		return nil, err
	}
	s.pause.note(answer, time.Now())
	return answer, nil
}

// call sends a request and decodes the answer, for which it does not wait for long.
func (s *Source) call(ctx context.Context, method, path string, query url.Values, body, into any) error {
	if err := s.pause.wait(ctx); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, s.cfg.Silence)
	defer cancel()
	var text []byte
	if body != nil {
		var err error
		if text, err = json.Marshal(body); err != nil {
			return err
		}
	}
	answer, err := s.ask(ctx, method, path, query, text)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	said, err := io.ReadAll(io.LimitReader(answer.Body, maxAnswer))
	if answer.StatusCode/100 != 2 {
		return refusalOf(answer.StatusCode, said, into)
	}
	if err != nil {
		return fmt.Errorf("the answer broke off: %w", err)
	}
	if err := json.Unmarshal(said, into); err != nil {
		return fmt.Errorf("the answer is no JSON of the API: %w", err)
	}
	return nil
}

// refusalOf is the error of an answer, and decodes what it says: of rules some may
// be in force although others are refused.
func refusalOf(status int, said []byte, into any) error {
	if status == http.StatusBadRequest || status == http.StatusUnprocessableEntity {
		if err := json.Unmarshal(said, into); err != nil {
			return refusal(status, nil)
		}
	}
	return refusal(status, said)
}
