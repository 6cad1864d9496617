// Package bluesky hears all public posts of Bluesky through Jetstream, the
// network's own stream in JSON, without an account. Both forms of the stream are
// spoken: v1 (/subscribe) and v2 (/xrpc/network.bsky.jetstream.subscribeEvents),
// https://github.com/bluesky-social/jetstream.
package bluesky

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"outcry/ingest"
)

// Config says which servers to ask, and how. The zero value of every field but
// HTTP and Log has a default.
type Config struct {
	Name     string   // of the source; default bluesky
	Hosts    []string // servers in order of preference: host, host:port or ws(s)://host; default: those of Bluesky
	Protocol string   // v1 or v2; default v1, which all servers speak
	Compress *bool    // zstd with the server's dictionary (v2), deflate where the server offers it (v1); default true
	Rewind   time.Duration
	HTTP     *http.Client
	Log      *slog.Logger
}

// rewind is how far before the last event a stream is resumed: servers hand on
// events out of order by some seconds, and each has its own clock. What comes
// twice counts once.
const rewind = 5 * time.Second

// postCollection holds the posts of an account.
const postCollection = "app.bsky.feed.post"

// Hosts are the public servers that Bluesky runs.
func Hosts() []string {
	return []string{
		"jetstream1.us-east.bsky.network", "jetstream2.us-east.bsky.network",
		"jetstream1.us-west.bsky.network", "jetstream2.us-west.bsky.network",
	}
}

// Source hears posts. It implements ingest.Source; Run must not be called twice
// at once.
type Source struct {
	name     string
	servers  []server
	v2       bool
	compress bool
	rewind   time.Duration
	http     *http.Client
	log      *slog.Logger
	next     int        // index of the server to ask
	dict     dictionary // that the server compresses with
}

// server is a base URL, http or https.
type server struct{ *url.URL }

// New checks the configuration; an error names the field.
func New(cfg Config) (*Source, error) {
	s := &Source{name: cfg.Name, v2: cfg.Protocol == "v2", compress: cfg.Compress == nil || *cfg.Compress, rewind: cfg.Rewind, http: cfg.HTTP, log: cfg.Log}
	if s.name == "" {
		s.name = "bluesky"
	}
	if s.rewind == 0 {
		s.rewind = rewind
	}
	var errs []error
	if r := ingest.Check(ingest.Post{Source: s.name, ID: "any", Deleted: true}, time.Time{}); r != nil {
		errs = append(errs, fmt.Errorf("name: %s", r.Detail))
	}
	if !slices.Contains([]string{"", "v1", "v2"}, cfg.Protocol) {
		errs = append(errs, fmt.Errorf("protocol: %q is neither v1 nor v2", cfg.Protocol))
	}
	if s.rewind < 0 {
		errs = append(errs, fmt.Errorf("rewind: %s is less than nothing", s.rewind))
	}
	if len(cfg.Hosts) == 0 {
		cfg.Hosts = Hosts()
	}
	for _, host := range cfg.Hosts {
		base, err := baseURL(host)
		if err != nil {
			errs = append(errs, fmt.Errorf("hosts: %w", err))
		}
		s.servers = append(s.servers, server{base})
	}
	return s, errors.Join(errs...)
}

// Name implements ingest.Source.
func (s *Source) Name() string { return s.name }

// baseURL is where a server's endpoints are.
func baseURL(host string) (*url.URL, error) {
	raw := host
	if !strings.Contains(raw, "://") {
		raw = "wss://" + raw
	}
	u, err := url.Parse(raw)
	if err != nil {
		return nil, fmt.Errorf("%q is no address", ingest.PublicAddress(host))
	}
	scheme, known := map[string]string{"ws": "http", "wss": "https", "http": "http", "https": "https"}[u.Scheme]
	if !known || u.Host == "" || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.User != nil {
		return nil, fmt.Errorf("%q must be a host, host:port or ws(s)://host, without a user", ingest.PublicAddress(host))
	}
	return &url.URL{Scheme: scheme, Host: u.Host}, nil
}

// Run implements ingest.Source: one connection, to one server. The next call
// turns to the next server if this one gave nothing.
func (s *Source) Run(ctx context.Context, saved string, emit func(ingest.Event) error) error {
	at := s.servers[s.next%len(s.servers)]
	heard := false
	err := s.listen(ctx, at, parseCursor(saved), func(e ingest.Event) error {
		heard = true
		return emit(e)
	})
	if !heard && ctx.Err() == nil {
		s.next++
	}
	if err != nil {
		return fmt.Errorf("%s: %w", at.Host, err)
	}
	return nil
}
