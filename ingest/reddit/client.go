package reddit

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"
)

// maxBody is the longest answer that is read: a page of the longest posts has 30 MB.
const maxBody = 32 << 20

// statusError is an answer other than 200.
type statusError struct {
	status int
	reason string // private, banned, quarantined, …
}

func (e *statusError) Error() string {
	text := fmt.Sprintf("the server answers %d %s", e.status, http.StatusText(e.status))
	if e.reason != "" {
		text += ": " + e.reason
	}
	return text
}

// client asks the API, as fast as it allows.
type client struct {
	base    string
	timeout time.Duration
	auth    clientcredentials.Config
	http    *http.Client
	token   *oauth2.Token
	pace    pace
}

func newClient(cfg Config) *client {
	h := *cfg.HTTP
	h.Transport = named{cfg.UserAgent, h.Transport}
	h.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse } // one says that a subreddit does not exist
	return &client{base: cfg.APIURL, timeout: cfg.Timeout, http: &h, auth: clientcredentials.Config{
		ClientID: cfg.ClientID, ClientSecret: cfg.ClientSecret, TokenURL: cfg.AuthURL, AuthStyle: oauth2.AuthStyleInHeader,
	}}
}

// named says who asks, when a token is asked for too: Reddit turns others away.
type named struct {
	agent string
	next  http.RoundTripper
}

// RoundTrip implements http.RoundTripper.
func (n named) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set("User-Agent", n.agent)
	if n.next == nil {
		return http.DefaultTransport.RoundTrip(r)
	}
	return n.next.RoundTrip(r)
}

// get asks for a path and decodes the answer. A token that is refused is asked for
// anew, once.
func (c *client) get(ctx context.Context, path string, query url.Values, into any) error {
	err := c.try(ctx, path, query, into)
	var refused *statusError
	if errors.As(err, &refused) && refused.status == http.StatusUnauthorized && c.token != nil {
		c.token = nil
		err = c.try(ctx, path, query, into)
	}
	return err
}

func (c *client) try(ctx context.Context, path string, query url.Values, into any) error {
	if err := c.pace.wait(ctx); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	if err := c.authorize(ctx); err != nil {
		return err
	}
	q := url.Values{"raw_json": {"1"}} // or & is written &amp;
	for key, values := range query {
		q[key] = values
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, c.base+path+"?"+q.Encode(), nil)
	if err != nil {
		return err
	}
	c.token.SetAuthHeader(request)
	answer, err := c.http.Do(request)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	c.pace.note(answer, time.Now())
	body, err := io.ReadAll(io.LimitReader(answer.Body, maxBody+1))
	switch {
	case answer.StatusCode != http.StatusOK:
		return refusal(answer.StatusCode, body)
	case err != nil:
		return fmt.Errorf("the answer broke off: %w", err)
	case len(body) > maxBody:
		return fmt.Errorf("the answer is longer than %d bytes", maxBody)
	}
	if err := json.Unmarshal(body, into); err != nil {
		return fmt.Errorf("the answer is no JSON of the API: %w", err)
	}
	return nil
}

func refusal(status int, body []byte) error {
	var said struct{ Reason string }
	if json.Unmarshal(body, &said) != nil {
		said.Reason = "" // a page for people
	}
	return &statusError{status, said.Reason[:min(len(said.Reason), 80)]}
}

// authorize gets a token unless there is one that is good for some time.
func (c *client) authorize(ctx context.Context) error {
	if c.token.Valid() {
		return nil
	}
	token, err := c.auth.Token(context.WithValue(ctx, oauth2.HTTPClient, c.http))
	var refused *oauth2.RetrieveError
	switch {
	case errors.As(err, &refused) && refused.Response.StatusCode == http.StatusUnauthorized:
		return fmt.Errorf("client_id, client_secret: Reddit does not know them: %w", &statusError{status: http.StatusUnauthorized})
	case errors.As(err, &refused): // it holds what the server wrote, which may be anything
		c.pace.note(refused.Response, time.Now())
		return fmt.Errorf("get a token: the server answers %s", refused.Response.Status)
	case err != nil:
		return fmt.Errorf("get a token: %w", err)
	}
	c.token = token
	return nil
}
