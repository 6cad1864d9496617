package x_test

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"outcry/ingest"
	"outcry/ingest/x"
)

// run runs a source once, until it has emitted an event with a post or refusal.
func run(t *testing.T, cfg x.Config, cursor string) (heard ingest.Event, err error) {
	t.Helper()
	source, err := x.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
	defer cancel()
	err = source.Run(ctx, cursor, func(e ingest.Event) error {
		if e.Post == nil && e.Refusal == nil {
			return nil
		}
		heard = e
		cancel()
		return ctx.Err()
	})
	return heard, err
}

// Wanted rules are put in force, ours that are not wanted are taken away, others are
// left alone, and one that X does not take is named and not sent again.
func TestRulesInForce(t *testing.T) {
	for _, whole := range []bool{false, true} {
		n := serve(t, fault{after: 0, end: true})
		n.plan["whole or nothing"] = whole
		n.rules = []rule{{"1", "old", "outcry"}, {"2", "cats", "others"}, {"3", "shared", "others"}, {"4", "kept", "outcry"}}
		var log strings.Builder
		cfg := config(t, n)
		cfg.Log = slog.New(slog.NewTextHandler(&log, nil))
		cfg.Rules = []string{"new", "bad: one", "shared", "kept"}
		source, err := x.New(cfg)
		if err != nil {
			t.Fatal(err)
		}
		if err := source.Run(t.Context(), "", func(ingest.Event) error { return nil }); err == nil || !strings.Contains(err.Error(), "closed") {
			t.Fatal(err)
		}
		var now []string
		for _, r := range n.rules {
			now = append(now, r.Value+" of "+r.Tag)
		}
		if want := []string{"cats of others", "shared of others", "kept of outcry", "new of outcry"}; !slices.Equal(now, want) {
			t.Errorf("in force %q, want %q", now, want)
		}
		if !strings.Contains(log.String(), `"bad: one"`) || !strings.Contains(log.String(), "There is no operator bad:") {
			t.Errorf("logged %s", log.String())
		}
		ctx, cancel := context.WithCancel(t.Context())
		n.sent = nil
		err = source.Run(ctx, "", func(ingest.Event) error { cancel(); return ctx.Err() })
		if len(n.sent) > 0 || !errors.Is(err, context.Canceled) {
			t.Errorf("sent again %q: %v", n.sent, err)
		}
	}
}

// When there is no room for new rules beside the old, those go first.
func TestRulesWithoutRoom(t *testing.T) {
	n := serve(t, fault{after: 0, end: true})
	n.rules = []rule{{"1", "old", "outcry"}, {"2", "older", "outcry"}}
	cfg := config(t, n)
	cfg.MaxRules = 2
	run(t, cfg, "")
	if len(n.rules) != 1 || n.rules[0].Value != cfg.Rules[0] {
		t.Errorf("in force %+v", n.rules)
	}
}

// A rule that X has already, unknown to us, is as good as ours; without any rule the
// source fails; rules that cannot be read once hold up no stream.
func TestRulesInTrouble(t *testing.T) {
	n := serve(t)
	n.answers = []fault{{}, {status: 400, body: `{"errors":[{"value":"(whatsapp) -is:retweet","id":"101","title":"DuplicateRule"}]}`}}
	n.say(0, 1)
	if e, err := run(t, config(t, n), cursorAt(time.Now())); e.Post == nil {
		t.Errorf("a duplicate: %v", err)
	}
	cfg := config(t, n)
	cfg.Rules = []string{"bad: one"}
	if _, err := run(t, cfg, ""); err == nil || !strings.Contains(err.Error(), "rules: none of them is accepted") {
		t.Errorf("got %v", err)
	}
	again := serve(t, fault{after: 0, end: true})
	again.say(0, 1)
	source, err := x.New(config(t, again))
	if err != nil {
		t.Fatal(err)
	}
	source.Run(t.Context(), "", func(ingest.Event) error { return nil })
	again.answers = []fault{{status: 503}}
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
	defer cancel()
	err = source.Run(ctx, "", func(e ingest.Event) error {
		if e.Post != nil {
			cancel()
		}
		return ctx.Err()
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("without rules: %v", err)
	}
}

func cursorAt(at time.Time) string {
	return fmt.Sprintf(`{"at":%q}`, at.UTC().Format(time.RFC3339Nano))
}

func TestRulesOfNames(t *testing.T) {
	rules, left := x.Rules([]string{"WhatsApp", "Bank of Ann", "whatsapp", "or", `a "b"`, "", "AT&T", "@ann_b", "#down", "ネット"}, 0, 0)
	want := []string{`(#down OR @ann_b OR "a b" OR "AT&T" OR "Bank of Ann" OR "or" OR WhatsApp OR ネット) -is:retweet`}
	if !slices.Equal(rules, want) || left != nil {
		t.Errorf("got %q and %q, want %q", rules, left, want)
	}
	var names []string
	for i := range 3000 {
		names = append(names, fmt.Sprintf("Service %04d", i))
	}
	rules, left = x.Rules(names, 0, 0)
	if len(rules) != 54 || left != nil { // 59 names of 14 bytes and an OR of 4 fit, but for the frame
		t.Errorf("%d rules, left %d", len(rules), len(left))
	}
	all := strings.Join(rules, "")
	for i, rule := range rules {
		if len(rule) > 1024 {
			t.Errorf("rule %d has %d bytes", i, len(rule))
		}
	}
	for _, name := range names {
		if strings.Count(all, `"`+name+`"`) != 1 {
			t.Errorf("%s is in no rule, or in two", name)
		}
	}
	rules, left = x.Rules(append(names, strings.Repeat("x", 200)), 2, 100)
	if len(rules) != 2 || len(left)+strings.Count(strings.Join(rules, " OR "), "Service") != 3001 {
		t.Errorf("%d rules, left %d", len(rules), len(left))
	}
}

func TestWhatLinesMean(t *testing.T) {
	at := time.Now().UTC().Truncate(time.Millisecond).Add(-time.Second)
	first, second := id(at, 0), id(at.Add(time.Minute), 1)
	post := func(change func(*ingest.Post)) *ingest.Post {
		p := &ingest.Post{ID: first, Source: "x", Text: "is it down?", Lang: "en", Author: "42", CreatedAt: at}
		if change != nil {
			change(p)
		}
		return p
	}
	line := func(more string) string { return tweet(first, at, "is it down?", "101", more) }
	for name, tc := range map[string]struct {
		line string
		want *ingest.Post
		why  ingest.Reason // it is refused
	}{
		"a post":      {line(""), post(nil), ""},
		"escapes":     {tweet(first, at, "A &amp; B &lt;3", "101", ""), post(func(p *ingest.Post) { p.Text = "A & B <3" }), ""},
		"no tongue":   {line(`,"lang":"qme"`), post(func(p *ingest.Post) { p.Lang = "" }), ""},
		"a long post": {line(`,"note_tweet":{"text":"is it down? It is."}`), post(func(p *ingest.Post) { p.Text = "is it down? It is." }), ""},
		"a reply": {strings.Replace(line(`,"in_reply_to_user_id":"7","referenced_tweets":[{"type":"replied_to","id":"5"}],"entities":{"mentions":[{"start":0,"end":5,"username":"shop","id":"7"},{"username":"ann"}],"hashtags":[{"tag":"down"}]}`),
			`"matching`, `"includes":{"users":[{"id":"42","username":"me"},{"id":"8","username":"bob"},{"id":"7","username":"shop"}]},"matching`, 1),
			post(func(p *ingest.Post) { p.About = []string{"@shop", "@bob", "@ann", "#down"} }), ""},
		"a quote":     {line(`,"referenced_tweets":[{"type":"quoted","id":"5"}]`), post(nil), ""},
		"a retweet":   {line(`,"referenced_tweets":[{"type":"retweeted","id":"5"}]`), nil, ""},
		"others'":     {tweet(first, at, "cats", "2", ""), nil, ""},
		"an old rule": {strings.Replace(tweet(first, at, "is it down?", "99", ""), `"tag":""`, `"tag":"outcry"`, 1), post(nil), ""},
		"a number":    {strings.Replace(line(""), `"id":"101"`, `"id":101`, 1), post(nil), ""},
		"an edit": {tweet(second, at.Add(time.Minute), "it is up", "101", fmt.Sprintf(`,"edit_history_tweet_ids":[%q,%q]`, first, second)),
			post(func(p *ingest.Post) { p.Text = "it is up" }), ""},
		"no time":        {line(`,"created_at":null`), post(nil), ""},
		"a bad time":     {line(`,"created_at":"soon"`), post(nil), ""},
		"no time at all": {tweet("12", at, "x", "101", `,"created_at":"soon"`), nil, ingest.NoTime},
		"no id":          {tweet("x", at, "x", "101", ""), nil, ingest.BadID},
		"no text":        {tweet(first, at, " ", "101", ""), nil, ""},
		"partly wrong":   {strings.TrimSuffix(line(""), "}") + `,"errors":[{"title":"Not Found Error","detail":"Could not find user"}]}`, post(nil), ""},
		"a deletion":     {`{"delete":{"tweet":{"id":"5","author_id":"42"},"event_at":"2026-07-04T14:00:00.000Z"}}`, &ingest.Post{ID: "5", Source: "x", Deleted: true}, ""},
		"a protection":   {`{"data":{"user_protect":{"user":{"id":"42"},"event_at":"2026-07-04T14:00:00.000Z"}}}`, &ingest.Post{Author: "42", Source: "x", Deleted: true}, ""},
		"no object":      {`[]`, nil, ingest.NotJSON},
		"a wrong type":   {`{"data":{"id":7}}`, nil, ingest.NotJSON},
		"5 MB":           {tweet(first, at, strings.Repeat("x", 5<<20), "101", ""), nil, ingest.LineTooLong},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n := serve(t)
			n.tell(streamPath, tc.line)
			n.tell(streamPath, `{"data":{}}`) // is refused, so that there is an end
			e, err := run(t, config(t, n), cursorAt(time.Now()))
			if tc.want == nil && tc.why == "" {
				if e.Refusal == nil || string(e.Refusal.Raw) != `{"data":{}}` {
					t.Errorf("heard %+v", e)
				}
				return
			}
			if tc.why != "" && (e.Refusal == nil || e.Refusal.Reason != tc.why || len(e.Refusal.Raw) == 0 || len(e.Refusal.Raw) > 64<<10) {
				t.Errorf("got %+v, %v, want it refused as %s", e, err, tc.why)
			}
			if tc.why == "" && !reflect.DeepEqual(e.Post, tc.want) {
				t.Errorf("got %+v, %v, want %+v", e.Post, err, tc.want)
			}
		})
	}
}

// Errors say what is wrong, and hold no secret.
func TestWhatIsWrong(t *testing.T) {
	secure := httptest.NewUnstartedServer(http.NotFoundHandler())
	secure.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	secure.StartTLS()
	defer secure.Close()
	for want, change := range map[string]func(*x.Config, *network){
		"token: X does not know it": func(c *x.Config, _ *network) { c.Token = "s3cret2" },
		"the plan of the app does not allow it: X answers 403 Forbidden: Client Forbidden: no": func(_ *x.Config, n *network) {
			n.faults = []fault{{status: 403, body: `{"title":"Client Forbidden","detail":"no"}`}}
		},
		"certificate": func(c *x.Config, _ *network) {
			c.BaseURL, c.HTTP = secure.URL, &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{MinVersion: tls.VersionTLS12}}}
		},
		"no such host": func(c *x.Config, _ *network) {
			c.HTTP = &http.Client{Transport: &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) {
				return nil, &net.DNSError{Err: "no such host", Name: "x.example", IsNotFound: true}
			}}}
		},
		"X answers 302 Found": func(_ *x.Config, n *network) {
			n.faults = []fault{{status: 302, header: map[string]string{"Location": "/elsewhere"}}}
		},
		"ConnectionException: TooManyConnections": func(_ *x.Config, n *network) {
			n.faults = []fault{{after: 0, line: `{"title":"ConnectionException","connection_issue":"TooManyConnections"}`, end: true}}
			n.say(0, 1)
		},
		"the stream is silent for 2s": func(c *x.Config, n *network) {
			n.faults = []fault{{after: 0, stall: true}}
			n.say(0, 1)
		},
		"rules: the answer is no JSON": func(_ *x.Config, n *network) { n.answers = []fault{{status: 200, body: "<html>"}} },
	} {
		n := serve(t)
		cfg := config(t, n)
		cfg.Silence = 2 * time.Second // a handshake is slow on a busy machine
		change(&cfg, n)
		_, err := run(t, cfg, "")
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "s3cret") {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

// X is left alone as long as it asks.
func TestPause(t *testing.T) {
	until := time.Now().Truncate(time.Second).Add(2 * time.Second)
	n := serve(t, fault{status: 429, header: map[string]string{"X-Rate-Limit-Remaining": "0", "X-Rate-Limit-Reset": fmt.Sprint(until.Unix())}})
	n.say(0, 1)
	q := newQueue()
	listen(t, q, saved(t, time.Now()), config(t, n), 0)
	q.awaitAll(t, 1)
	if time.Now().Before(until) {
		t.Error("asked before the time")
	}
}

// Whatever the cursor file holds, the source runs.
func TestCursors(t *testing.T) {
	for cursor, want := range map[string]string{
		"": "", "null": "", "x": "", "[]": "", `{"at":7}`: "", `{"at":"2999-01-01T00:00:00Z"}`: "backfill_minutes=1&", `{"at":"2020-01-01T00:00:00Z"}`: "backfill_minutes=5&",
	} {
		n := serve(t, fault{after: 0, end: true})
		n.say(0, 1)
		run(t, config(t, n), cursor)
		asked := n.requests("GET " + streamPath + "?")
		if len(asked) != 1 || want == "" && strings.Contains(asked[0], "backfill") || !strings.Contains(asked[0], want) {
			t.Errorf("%q: asked %v, want %s", cursor, asked, want)
		}
	}
}

// A keep-alive is a sign of life, and no place to resume at: posts may stand before
// it that were not queued.
func TestKeepAlives(t *testing.T) {
	source, err := x.New(config(t, serve(t)))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	alive := 0
	source.Run(ctx, cursorAt(time.Now()), func(e ingest.Event) error {
		if e.Cursor != "" || time.Since(e.At) > time.Second {
			t.Errorf("heard %+v", e)
		}
		if alive++; alive == 5 {
			cancel()
		}
		return ctx.Err()
	})
	if alive != 5 {
		t.Errorf("%d signs of life", alive)
	}
}

func TestNewNamesTheField(t *testing.T) {
	good := x.Config{Token: "s3cret", Rules: []string{"whatsapp"}, HTTP: http.DefaultClient, Log: slog.New(slog.DiscardHandler)}
	if s, err := x.New(good); err != nil || s.Name() != "x" {
		t.Fatal(err)
	}
	for want, change := range map[string]func(*x.Config){
		"token: ":                func(c *x.Config) { c.Token = "s3cret s3cret" },
		"rules: 0, ":             func(c *x.Config) { c.Rules = nil },
		"rules: 2, ":             func(c *x.Config) { c.Rules, c.MaxRules = []string{"a", "b"}, 1 },
		"rules[1]: 0 characters": func(c *x.Config) { c.Rules = []string{"a", ""} },
		"rules[0]: 1025 ":        func(c *x.Config) { c.Rules = []string{strings.Repeat("é", 1025)} },
		"max_rules, ":            func(c *x.Config) { c.MaxRules = -1 },
		"backfill_minutes: 6 ":   func(c *x.Config) { c.BackfillMinutes = 6 },
		"silence: ":              func(c *x.Config) { c.Silence = -1 },
		"url: ":                  func(c *x.Config) { c.BaseURL = "x.com" },
		"name: ":                 func(c *x.Config) { c.Name = "X Com" },
	} {
		cfg := good
		change(&cfg)
		if _, err := x.New(cfg); err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "s3cret") {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

// lines is a transport that gives one text for a stream.
type lines string

func (l lines) RoundTrip(r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	if strings.HasSuffix(r.URL.Path, "/rules") {
		fmt.Fprint(w, `{"data":[{"id":"101","value":"whatsapp"}]}`)
	} else {
		fmt.Fprint(w, l)
	}
	return w.Result(), nil
}

// Whatever X says, it is refused or is a post that can be queued.
func FuzzStream(f *testing.F) {
	at := time.Date(2026, 7, 4, 14, 0, 0, 0, time.UTC)
	f.Add(tweet(id(at, 0), at, "is it down?", "101", "") + "\r\n\r\n" + `{"data":{"delete":{"tweet":{"id":"5"}}}}` + "\r\n")
	f.Add(`{"errors":[{"title":"operational-disconnect"}]}`)
	f.Fuzz(func(t *testing.T, text string) {
		source, err := x.New(x.Config{Token: "t", Rules: []string{"whatsapp"}, HTTP: &http.Client{Transport: lines(text)}, Log: slog.New(slog.DiscardHandler)})
		if err != nil {
			t.Fatal(err)
		}
		err = source.Run(t.Context(), "", func(e ingest.Event) error {
			if p := e.Post; p != nil && (p.Source == "" || p.ID == "" && p.Author == "" || !p.Deleted && (p.Text == "" || p.CreatedAt.IsZero())) {
				t.Errorf("%+v", p)
			}
			return nil
		})
		if err == nil {
			t.Error("a stream never ends well")
		}
	})
}
