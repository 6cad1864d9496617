package mastodon

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// infoAge is how long what an instance says of itself is believed.
const infoAge = time.Hour

// instance is one server.
type instance struct {
	number   int // in the configuration
	base     *url.URL
	token    string
	interval time.Duration
	silence  time.Duration
	source   string
	http     *http.Client
	endless  *http.Client // for streams
	log      *slog.Logger
	budget   budget
	known    *memory

	asking turn // for info
	info   info
}

// info is what an instance says of itself.
type info struct {
	home      string   // the domain of its accounts, which need not be its host
	streaming *url.URL // where its streams are, which need not be its host either
	at        time.Time
}

// learn asks what the instance says of itself, unless that is known.
func (i *instance) learn(ctx context.Context) (info, error) {
	if err := i.asking.take(ctx); err != nil {
		return info{}, err
	}
	defer i.asking.give()
	if time.Since(i.info.at) < infoAge {
		return i.info, nil
	}
	var v2 struct {
		Domain        string
		AccountDomain string `json:"account_domain"` // of GoToSocial
		Configuration struct{ URLs struct{ Streaming string } }
	}
	var v1 struct {
		URI           string // in spite of its name a domain, an address only of Pleroma
		AccountDomain string `json:"account_domain"`
		URLs          struct {
			Streaming string `json:"streaming_api"`
		}
	}
	found := info{home: i.base.Hostname(), streaming: i.base, at: time.Now()}
	if has, err := i.ask(ctx, "/api/v2/instance", &v2); err != nil {
		return info{}, err
	} else if has {
		found.read(v2.AccountDomain, v2.Domain, v2.Configuration.URLs.Streaming)
	} else if has, err = i.ask(ctx, "/api/v1/instance", &v1); err != nil {
		return info{}, err
	} else if has {
		found.read(v1.AccountDomain, v1.URI, v1.URLs.Streaming)
	}
	i.info = found
	return found, nil
}

// ask reads a JSON object; an instance need not have it.
func (i *instance) ask(ctx context.Context, path string, into any) (has bool, err error) {
	body, _, err := i.get(ctx, path, nil)
	var answer *answerError
	if errors.As(err, &answer) && answer.status < 500 && answer.status != http.StatusTooManyRequests {
		return false, nil
	}
	return err == nil && json.Unmarshal(body, into) == nil, err
}

// read takes what is usable of what was said. A token is not sent in the clear
// to another host when the instance itself is spoken to in secret.
func (f *info) read(accounts, domain, streaming string) {
	for _, name := range []string{domain, accounts} {
		if u, err := url.Parse("//" + strings.ToLower(name[strings.LastIndex(strings.TrimSuffix(name, "/"), "/")+1:])); err == nil && u.Hostname() != "" {
			f.home = u.Hostname()
		}
	}
	u, err := url.Parse(streaming)
	if err != nil || u.Host == "" {
		return
	}
	scheme := "https"
	if f.streaming.Scheme == "http" && (u.Scheme == "ws" || u.Scheme == "http") {
		scheme = "http"
	}
	f.streaming = &url.URL{Scheme: scheme, Host: u.Host, Path: u.Path}
}
