// Package x hears posts of X that match rules, through the filtered stream of its
// API v2, and where the plan has them the compliance streams that tell deletions,
// https://docs.x.com/x-api/posts/filtered-stream/introduction.
package x

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"outcry/ingest"
)

// Config says what to hear. Token, Rules, HTTP and Log are needed; the zero value
// of the others has a default.
type Config struct {
	Name            string        // of the source; default x
	Token           string        // the bearer token of an app
	Rules           []string      // in the language of X, see Rules
	MaxRules        int           // that the plan allows; default 1000
	MaxRuleLength   int           // in characters; default 1024
	BackfillMinutes int           // how much is asked for again after a pause, 0 to 5; not every plan has it
	Compliance      bool          // hear what is deleted; a plan for enterprises has it
	Silence         time.Duration // after which a stream is dead: it says something every 20 s; default 30 s
	BaseURL         string        // default https://api.x.com
	HTTP            *http.Client
	Log             *slog.Logger
}

// What the plan Pro and pay-per-use allow (2026); enterprises have more.
const (
	maxRules      = 1000
	maxRuleLength = 1024
)

const (
	silence     = 30 * time.Second
	baseURL     = "https://api.x.com"
	maxBackfill = 5
)

// Source hears posts. It implements ingest.Source; Run must not be called twice
// at once.
//
// Each stream is ended here when it has been silent; waiting for the queue is no
// silence. While X asks to be left alone Run waits without a sign of life.
type Source struct {
	cfg     Config
	http    *http.Client
	pause   pause
	ours    map[string]bool // ids of the rules in force that are wanted
	refused map[string]bool // rules that X does not take
	warned  bool            // that the plan has no backfill
	began   time.Time       // the first Run
}

// New checks the configuration; an error names the field.
func New(cfg Config) (*Source, error) {
	cfg.Name = cmp.Or(cfg.Name, "x")
	cfg.MaxRules, cfg.MaxRuleLength = cmp.Or(cfg.MaxRules, maxRules), cmp.Or(cfg.MaxRuleLength, maxRuleLength)
	cfg.Silence, cfg.BaseURL = cmp.Or(cfg.Silence, silence), strings.TrimSuffix(cmp.Or(cfg.BaseURL, baseURL), "/")
	if err := cfg.check(); err != nil {
		return nil, err
	}
	client := *cfg.HTTP
	client.Timeout = 0                                                                                   // a stream has no end
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse } // the token is for X alone
	return &Source{cfg: cfg, http: &client, ours: map[string]bool{}, refused: map[string]bool{}}, nil
}

func (cfg Config) check() error {
	var errs []error
	fail := func(format string, args ...any) { errs = append(errs, fmt.Errorf(format, args...)) }
	if r := ingest.Check(ingest.Post{Source: cfg.Name, ID: "any", Deleted: true}, time.Time{}); r != nil {
		fail("name: %s", r.Detail)
	}
	if cfg.Token == "" || strings.ContainsFunc(cfg.Token, func(r rune) bool { return r <= ' ' || r > '~' }) {
		fail("token: it must be the bearer token of an app at https://developer.x.com, without blanks")
	}
	if cfg.MaxRules < 0 || cfg.MaxRuleLength < 0 {
		fail("max_rules, max_rule_length: they must be more than 0")
	}
	if n := len(cfg.Rules); n == 0 || n > cfg.MaxRules {
		fail("rules: %d, there must be 1 to %d (max_rules)", n, cfg.MaxRules)
	}
	for i, rule := range cfg.Rules {
		if n := utf8.RuneCountInString(rule); strings.TrimSpace(rule) == "" || n > cfg.MaxRuleLength {
			fail("rules[%d]: %d characters, there must be 1 to %d (max_rule_length)", i, n, cfg.MaxRuleLength)
		}
	}
	if cfg.BackfillMinutes < 0 || cfg.BackfillMinutes > maxBackfill {
		fail("backfill_minutes: %d must be 0 to %d", cfg.BackfillMinutes, maxBackfill)
	}
	if cfg.Silence < 0 {
		fail("silence: %s is no time", cfg.Silence)
	}
	if u, err := url.Parse(cfg.BaseURL); err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil {
		fail("url: %q is no http address", ingest.PublicAddress(cfg.BaseURL))
	}
	return errors.Join(errs...)
}

// Name implements ingest.Source.
func (s *Source) Name() string { return s.cfg.Name }

// Run implements ingest.Source: it puts the rules in force, then reads one stream
// until it ends. The compliance streams end with it.
func (s *Source) Run(ctx context.Context, saved string, emit func(ingest.Event) error) error {
	if err := s.putRules(ctx); err != nil {
		return fmt.Errorf("rules: %w", err)
	}
	from := s.begin(parseCursor(saved))
	if !s.cfg.Compliance {
		return s.listen(ctx, from, emit)
	}
	ctx, cancel := context.WithCancel(ctx)
	var one sync.Mutex // emit is for one at a time
	together := func(e ingest.Event) error {
		one.Lock()
		defer one.Unlock()
		return emit(e)
	}
	var streams sync.WaitGroup
	defer streams.Wait()
	defer cancel()
	for _, path := range complianceStreams() {
		streams.Go(func() { s.comply(ctx, path, together) })
	}
	return s.listen(ctx, from, together)
}

// begin is where to begin: without a cursor now, but at a second attempt where the
// first was to begin.
func (s *Source) begin(saved cursor) cursor {
	first := s.began.IsZero()
	if first {
		s.began = time.Now().UTC()
	}
	if saved.At.IsZero() && !first {
		saved.At = s.began
	}
	return saved
}
