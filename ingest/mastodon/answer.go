package mastodon

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

const (
	timeout = 30 * time.Second // of an answer
	maxBody = 16 << 20         // the longest answer that is read, in bytes
)

// answerError is an answer other than 200.
type answerError struct {
	status int
	said   string
	advice string
	wait   time.Duration
}

func (e *answerError) Error() string {
	text := fmt.Sprintf("the instance answers %d %s", e.status, http.StatusText(e.status))
	if e.said != "" {
		text += fmt.Sprintf(" (%q)", e.said)
	}
	return text + e.advice
}

// refused says whether only another configuration can help. 422 is what older
// servers answer in place of 401.
func (e *answerError) refused() bool {
	return e.status == http.StatusUnauthorized || e.status == http.StatusForbidden || e.status == http.StatusUnprocessableEntity
}

// request makes a question to an instance, or to where its streams are.
func (i *instance) request(ctx context.Context, base *url.URL, path string, query url.Values) (*http.Request, error) {
	target := base.JoinPath(path)
	target.RawQuery = query.Encode()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, target.String(), nil)
	if err != nil {
		return nil, err
	}
	request.Header.Set("User-Agent", "Outcry")
	if i.token != "" {
		request.Header.Set("Authorization", "Bearer "+i.token)
	}
	return request, nil
}

// get asks an instance once it may be asked, and says when it did.
func (i *instance) get(ctx context.Context, path string, query url.Values) (body []byte, asked time.Time, err error) {
	if err := i.budget.wait(ctx); err != nil {
		return nil, asked, err
	}
	asked = time.Now()
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	request, err := i.request(ctx, i.base, path, query)
	if err != nil {
		return nil, asked, err
	}
	request.Header.Set("Accept", "application/json")
	answer, err := i.http.Do(request)
	if err != nil {
		return nil, asked, err
	}
	defer answer.Body.Close()
	wait := i.budget.learn(answer, time.Now())
	if answer.StatusCode != http.StatusOK {
		return nil, asked, i.refusal(answer, wait)
	}
	body, err = io.ReadAll(io.LimitReader(answer.Body, maxBody+1))
	if err == nil && len(body) > maxBody {
		err = fmt.Errorf("the answer is longer than %d bytes", maxBody)
	}
	return body, asked, err
}

// refusal is what the instance said in place of what was asked for.
func (i *instance) refusal(answer *http.Response, wait time.Duration) error {
	e := &answerError{status: answer.StatusCode, wait: wait}
	var said struct{ Error string }
	if body, err := io.ReadAll(io.LimitReader(answer.Body, 4<<10)); err == nil && json.Unmarshal(body, &said) == nil {
		e.said = i.redact(said.Error)
	}
	switch {
	case e.refused() && i.token == "":
		e.advice = fmt.Sprintf(": it shows this only to its accounts; make a token there (Preferences, Development, scope read:statuses) and set instances[%d].token", i.number)
	case e.refused():
		e.advice = fmt.Sprintf(": it does not take instances[%d].token; make a new one there (Preferences, Development, scope read:statuses)", i.number)
	}
	return e
}

// redact takes the token out of a text from outside.
func (i *instance) redact(text string) string {
	if i.token != "" {
		text = strings.ReplaceAll(text, i.token, "…")
	}
	return strings.ToValidUTF8(text[:min(len(text), 300)], "")
}
