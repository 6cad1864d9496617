// Package reddit hears new posts and comments of chosen subreddits through
// Reddit's API, as an application of its own (OAuth client credentials),
// https://www.reddit.com/dev/api and
// https://support.reddithelp.com/hc/en-us/articles/16160319875092.
package reddit

import (
	"cmp"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"outcry/ingest"
)

// Config says what to hear. Subreddits, ClientID, ClientSecret, HTTP and Log are
// needed; the zero value of the others has a default.
type Config struct {
	Name         string        // of the source; default reddit
	Subreddits   []string      // names, with or without r/
	ClientID     string        // of an application registered at https://www.reddit.com/prefs/apps
	ClientSecret string        // of the same
	UserAgent    string        // Reddit's rules ask for one that names the program and who runs it
	Interval     time.Duration // between two questions; default 30 s
	Recheck      time.Duration // after which a post is looked at again, whether it is deleted; default an hour
	Timeout      time.Duration // of one request; default 30 s
	AuthURL      string        // gives tokens; default that of Reddit
	APIURL       string        // default https://oauth.reddit.com
	HTTP         *http.Client
	Log          *slog.Logger
}

const (
	interval  = 30 * time.Second
	recheck   = time.Hour
	timeout   = 30 * time.Second
	userAgent = "server:outcry:1 (public monitor of outages)"
	authURL   = "https://www.reddit.com/api/v1/access_token"
	apiURL    = "https://oauth.reddit.com"
)

// perMinute is how many requests Reddit allows an application; groupSize how many
// subreddits are asked for at once, so that addresses stay short.
const (
	perMinute = 100
	groupSize = 50
)

// subredditName is the form of a subreddit's name.
var subredditName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_]{1,23}$`)

// Source hears subreddits. It implements ingest.Source; Run must not be called
// twice at once.
//
// Which posts were heard is kept in memory, at most 10,000 of the last day: each
// is looked at again every Recheck, and what is gone is told as deleted. A new
// process knows of those only which its first questions bring: what is deleted
// while none runs and is off the first page then is not told.
type Source struct {
	cfg    Config
	api    *client
	parts  []part
	known  memory
	absent map[string]string // subreddits that cannot be heard, and why
	tested time.Time         // when all were tried
	sent   string            // the cursor that was emitted last
}

// New checks the configuration; an error names the field.
func New(cfg Config) (*Source, error) {
	cfg.Name = cmp.Or(cfg.Name, "reddit")
	cfg.UserAgent = cmp.Or(cfg.UserAgent, userAgent)
	cfg.AuthURL, cfg.APIURL = cmp.Or(cfg.AuthURL, authURL), strings.TrimSuffix(cmp.Or(cfg.APIURL, apiURL), "/")
	cfg.Interval, cfg.Recheck, cfg.Timeout = cmp.Or(cfg.Interval, interval), cmp.Or(cfg.Recheck, recheck), cmp.Or(cfg.Timeout, timeout)
	subreddits, errs := readSubreddits(cfg.Subreddits)
	cfg.Subreddits = subreddits
	s := &Source{cfg: cfg, parts: partsOf(cfg.Subreddits), known: memory{}, absent: map[string]string{}}
	if err := errors.Join(append(errs, cfg.check(len(s.parts)))...); err != nil {
		return nil, err
	}
	s.api = newClient(cfg)
	return s, nil
}

// check names the fields that are wrong, the subreddits aside.
func (cfg Config) check(parts int) error {
	var errs []error
	fail := func(format string, args ...any) { errs = append(errs, fmt.Errorf(format, args...)) }
	if r := ingest.Check(ingest.Post{Source: cfg.Name, ID: "any", Deleted: true}, time.Time{}); r != nil {
		fail("name: %s", r.Detail)
	}
	if cfg.ClientID == "" {
		fail("client_id: there is none; register an application at https://www.reddit.com/prefs/apps")
	}
	if cfg.ClientSecret == "" {
		fail("client_secret: there is none; it stands beside the client_id at https://www.reddit.com/prefs/apps")
	}
	if strings.ContainsFunc(cfg.UserAgent, func(r rune) bool { return r < ' ' || r == 0x7f }) {
		fail("user_agent: it has characters that no header may have")
	}
	for field, d := range map[string]time.Duration{"interval": cfg.Interval, "recheck": cfg.Recheck, "timeout": cfg.Timeout} {
		if d < 0 || d > 24*time.Hour {
			fail("%s: %s must be more than 0 and at most 24h", field, d)
		}
	}
	// A round is a request a part and one for what may be deleted.
	if least := time.Duration(parts+1) * time.Minute / perMinute; cfg.APIURL == apiURL && cfg.Interval >= 0 && cfg.Interval < least {
		fail("interval: %s is too short for %d requests a round; Reddit allows %d a minute, so take %s or more", cfg.Interval, parts+1, perMinute, least)
	}
	for field, address := range map[string]string{"auth_url": cfg.AuthURL, "api_url": cfg.APIURL} {
		if u, err := url.Parse(address); err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil {
			fail("%s: %q is no http address", field, ingest.PublicAddress(address))
		}
	}
	return errors.Join(errs...)
}

// readSubreddits checks names and takes the r/ from them; one that is there twice
// is taken once.
func readSubreddits(names []string) (subreddits []string, errs []error) {
	if len(names) == 0 {
		errs = append(errs, errors.New("subreddits: there is none"))
	}
	for i, given := range names {
		name := strings.TrimPrefix(strings.Trim(given, "/"), "r/")
		same := func(s string) bool { return strings.EqualFold(s, name) }
		switch {
		case same("all") || same("popular"):
			errs = append(errs, fmt.Errorf("subreddits[%d]: r/%s says more than can be heard; name the subreddits", i, name))
		case !subredditName.MatchString(name):
			errs = append(errs, fmt.Errorf("subreddits[%d]: %q is no name of a subreddit: letters, digits, _, at most 24", i, given))
		case !slices.ContainsFunc(subreddits, same):
			subreddits = append(subreddits, name)
		}
	}
	return subreddits, errs
}

// Name implements ingest.Source.
func (s *Source) Name() string { return s.cfg.Name }
