package mastodon

import (
	"cmp"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"outcry/ingest"
)

// New checks the configuration; an error names the field.
func New(cfg Config) (*Source, error) {
	var errs []error
	fail := func(format string, args ...any) { errs = append(errs, fmt.Errorf(format, args...)) }
	s := &Source{name: cmp.Or(cfg.Name, "mastodon"), log: cfg.Log}
	if r := ingest.Check(ingest.Post{Source: s.name, ID: "any", Deleted: true}, time.Time{}); r != nil {
		fail("name: %s", r.Detail)
	}
	if len(cfg.Instances) == 0 {
		fail("instances: there is none; name at least one, as url: https://mastodon.example")
	}
	if cfg.Silence < 0 {
		fail("silence: %s is less than nothing", cfg.Silence)
	}
	cfg.Silence = cmp.Or(cfg.Silence, silence)
	taken := map[string]bool{}
	for n, given := range cfg.Instances {
		i, err := newInstance(n, given, cfg)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		for _, t := range timelines(given.Timelines) {
			p, err := newPart(i, t)
			if err != nil {
				errs = append(errs, err)
				continue
			}
			if taken[p.name] {
				fail("instances[%d].timelines: %s is heard already; leave one out", n, p.name)
			}
			taken[p.name] = true
			s.parts = append(s.parts, p)
		}
	}
	return s, errors.Join(errs...)
}

func timelines(given []string) []string {
	if len(given) == 0 {
		return []string{"public"}
	}
	return given
}

// newInstance checks what concerns one instance as a whole.
func newInstance(n int, given Instance, cfg Config) (*instance, error) {
	var errs []error
	fail := func(format string, args ...any) {
		errs = append(errs, fmt.Errorf("instances[%d].%w", n, fmt.Errorf(format, args...)))
	}
	u, err := url.Parse(strings.ToLower(given.URL))
	switch {
	case err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "":
		fail("url: %q is no address of the form https://mastodon.example", ingest.PublicAddress(given.URL))
	case u.User != nil || strings.Trim(u.Path, "/") != "" || u.RawQuery != "":
		fail("url: it must be https:// and the host alone")
	}
	if strings.ContainsFunc(given.Token, func(r rune) bool { return r <= ' ' || r > '~' }) {
		fail("token: it has a character that no token has; look for spaces and line ends")
	}
	every := cmp.Or(given.Interval, interval)
	if every < leastInterval || every > maxInterval {
		fail("interval: %s must be %s to %s", every, leastInterval, maxInterval)
	}
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	i := &instance{
		number: n, base: &url.URL{Scheme: u.Scheme, Host: u.Host}, token: given.Token, interval: every, silence: cfg.Silence,
		source: cmp.Or(cfg.Name, "mastodon"), http: cfg.HTTP, log: cfg.Log.With("instance", u.Host), asking: newTurn(), known: newMemory(maxKnown),
	}
	if i.http != nil { // a stream has no end that could be timed
		endless := *i.http
		endless.Timeout = 0
		i.endless = &endless
	}
	return i, nil
}

// timeline is what is heard, as the two interfaces name it.
type timeline struct {
	name   string
	path   string // of the list
	query  url.Values
	sse    string // path of the stream
	stream url.Values
}

func parseTimeline(given string) (timeline, error) {
	const lists, streams = "/api/v1/timelines/", "/api/v1/streaming/"
	t := timeline{name: given, query: url.Values{}, stream: url.Values{}}
	tag, isTag := strings.CutPrefix(given, "tag/")
	switch {
	case given == "public":
		t.path, t.sse = lists+"public", streams+"public"
		t.stream.Set("stream", "public")
	case given == "public:local":
		t.path, t.sse = lists+"public", streams+"public/local"
		t.query.Set("local", "true")
		t.stream.Set("stream", "public:local")
	case isTag && tag != "" && !strings.ContainsAny(tag, "#/?% \t\n") && len(tag) <= 100:
		t.path, t.sse = lists+"tag/"+tag, streams+"hashtag"
		t.stream.Set("stream", "hashtag")
		t.stream.Set("tag", tag)
	default:
		return t, fmt.Errorf("%q is not public, public:local or tag/NAME", given)
	}
	return t, nil
}

func newPart(i *instance, given string) (*part, error) {
	t, err := parseTimeline(given)
	if err != nil {
		return nil, fmt.Errorf("instances[%d].timelines: %w", i.number, err)
	}
	return &part{
		instance: i, timeline: t, name: i.base.Host + " " + t.name, log: i.log.With("timeline", t.name),
		wake: make(chan struct{}, 1), asked: newAway(), streamed: newAway(),
	}, nil
}
