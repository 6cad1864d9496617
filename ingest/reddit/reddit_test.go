package reddit_test

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
	"outcry/ingest/reddit"
)

// hear runs a source for some rounds and returns what it emitted before the end.
func hear(t *testing.T, cfg reddit.Config, cursor string, rounds int) (events []ingest.Event, err error) {
	t.Helper()
	source, err := reddit.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	err = source.Run(ctx, cursor, func(e ingest.Event) error {
		events = append(events, e)
		if strings.Contains(e.Cursor, "posts") {
			if rounds--; rounds < 0 {
				cancel()
				return ctx.Err()
			}
		}
		return nil
	})
	return events, err
}

func cursorAt(at time.Time) string {
	return fmt.Sprintf(`{"posts":%q,"comments":%[1]q}`, at.UTC().Format(time.RFC3339Nano))
}

// Of a listing that ends before what was heard, the time before its oldest thing is
// not said to be heard.
func TestWhatIsLostIsNotSaidToBeHeard(t *testing.T) {
	f := serve(t)
	began := time.Now().Add(-time.Hour).Truncate(time.Millisecond)
	f.say(began, 2600) // 300 posts and 300 comments are more than listed
	events, _ := hear(t, config(t, f), cursorAt(began.Add(-time.Hour)), 1)
	posts := 0
	for _, e := range events {
		if e.Post != nil {
			posts++
		}
		if e.Heard != nil && posts <= 2000 && e.Heard.From.Before(began.Add(598*time.Millisecond)) {
			t.Errorf("heard from %s, though nothing is listed before %s", e.Heard.From, began.Add(600*time.Millisecond))
		}
		if e.Heard != nil {
			break
		}
	}
	if posts != 1000 {
		t.Errorf("%d posts", posts)
	}
}

// A thing that is deleted just when the next page is asked for by it hides none.
func TestAPageEndsInADeletedPost(t *testing.T) {
	f := serve(t)
	f.say(time.Now().Add(-10*time.Minute), 500)
	f.mu.Lock()
	f.between = func(f *forum) {
		f.mu.Lock()
		defer f.mu.Unlock()
		f.things[300].gone, f.things[302].gone = true, true // the last of the first page of posts
	}
	f.mu.Unlock()
	q := newQueue()
	listen(t, q, saved(t, time.Now().Add(-11*time.Minute)), config(t, f))
	q.awaitAll(t, 500)
	for _, id := range []string{"t3_p300", "t3_p298", "t3_p0"} {
		if q.kept()[id].ID == "" {
			t.Errorf("%s is missing", id)
		}
	}
	if f.requests("after=t3_p300") == nil || f.requests("after=t3_p304") == nil {
		t.Errorf("asked %v", f.requests("after=t3"))
	}
}

// What is edited comes again, what is deleted is told as deleted: at once on the
// first page, and by asking by name elsewhere.
func TestEditsAndDeletions(t *testing.T) {
	f := serve(t)
	f.say(time.Now().Add(-10*time.Minute), 300)
	cfg := config(t, f)
	cfg.Recheck = 100 * time.Millisecond
	q := newQueue()
	listen(t, q, saved(t, time.Now().Add(-11*time.Minute)), cfg)
	q.awaitAll(t, 300)
	f.change(299, func(p *thing) { p.text = "it works again" })
	f.change(298, func(p *thing) { p.text, p.removed = "[removed]", "moderator" })
	f.change(297, func(p *thing) { p.text, p.author = "[deleted]", "[deleted]" })
	f.change(10, func(p *thing) { p.text, p.gone = "[deleted]", true })
	f.change(11, func(p *thing) { p.removed, p.gone = "nothing is left", true })
	f.change(12, func(p *thing) { p.text = "it works again" })
	gone := []string{"t3_p298", "t1_c297", "t3_p10", "t1_c11"}
	q.await(t, "deleted", func(posts map[string]ingest.Post) bool {
		for _, id := range gone {
			if p := posts[id]; !p.Deleted || p.Text != "" || p.Source != "reddit" {
				return false
			}
		}
		return posts["t1_c299"].Text == "it works again" && posts["t3_p12"].Text == "Is it down?\nit works again"
	})
	for id, p := range q.kept() {
		if p.Deleted && !slices.Contains(gone, id) {
			t.Errorf("%s is told as deleted", id)
		}
	}
}

// A server that knows none of many posts is out of order.
func TestAMassDeletionIsNotBelieved(t *testing.T) {
	f := serve(t)
	f.say(time.Now().Add(-10*time.Minute), 300)
	f.info = func() string { return listing(nil, "") }
	cfg := config(t, f)
	cfg.Recheck = 50 * time.Millisecond
	events, err := hear(t, cfg, cursorAt(time.Now().Add(-11*time.Minute)), 100)
	if err == nil || !strings.Contains(err.Error(), "none of the posts") {
		t.Errorf("got %v", err)
	}
	for _, e := range events {
		if e.Post != nil && e.Post.Deleted {
			t.Fatalf("told as deleted: %+v", e.Post)
		}
	}
}

// The first start begins now; what a moderator lets through late is heard.
func TestBeginning(t *testing.T) {
	f := serve(t)
	f.say(time.Now().Add(-time.Hour), 10)
	f.change(5, func(p *thing) { p.gone = true })
	q := newQueue()
	listen(t, q, saved(t, time.Now().Add(-time.Minute)), config(t, f))
	f.say(time.Now(), 1)
	q.await(t, "the new one", func(posts map[string]ingest.Post) bool { return posts["t3_p10"].ID != "" })
	f.change(5, func(p *thing) { p.gone, p.created = false, time.Now().Add(-30*time.Minute) })
	q.await(t, "the late one", func(posts map[string]ingest.Post) bool { return posts["t1_c5"].ID != "" })
	if n := len(q.kept()); n != 2+9 { // nine are of the hour in which some may have been late
		t.Errorf("%d posts", n)
	}
	for _, cursor := range []string{"", "null", "x", `{"posts":7}`, `{"other":"2020-01-01T00:00:00Z"}`, `[]`} {
		events, _ := hear(t, config(t, f), cursor, 2)
		for _, e := range events {
			if e.Post != nil && time.Since(e.Post.CreatedAt) > 3*time.Minute {
				t.Errorf("cursor %q: heard %+v", cursor, e.Post)
			}
		}
	}
}

// Subreddits that cannot be heard are named, the others are heard; of those that are
// all closed the source fails.
func TestClosedSubreddits(t *testing.T) {
	f := serve(t)
	f.say(time.Now(), 2)
	f.closed = map[string]string{"secret": "private", "bad": "banned", "naught": "unknown", "ill": "quarantined"}
	var log strings.Builder
	cfg := config(t, f)
	cfg.Log = slog.New(slog.NewTextHandler(&log, nil))
	cfg.Subreddits = []string{"secret", "r/whatsapp", "bad", "/r/naught/", "ill", "WhatsApp"}
	events, _ := hear(t, cfg, cursorAt(time.Now().Add(-time.Minute)), 1)
	if !slices.ContainsFunc(events, func(e ingest.Event) bool { return e.Post != nil }) {
		t.Error("the open one is not heard")
	}
	for _, want := range []string{`subreddit=secret why="is closed: private"`, `subreddit=bad why="is closed: banned"`, `subreddit=naught why="does not exist"`, `subreddit=ill why="is closed: quarantined"`} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("no %s in %s", want, log.String())
		}
	}
	cfg.Subreddits = []string{"secret", "bad"}
	if _, err := hear(t, cfg, "", 1); err == nil || !strings.Contains(err.Error(), "r/secret is closed: private\nr/bad is closed: banned") {
		t.Errorf("got %v", err)
	}
}

// The allowance is spread over its time; one who asks too much waits as long as told.
func TestPace(t *testing.T) {
	f := serve(t)
	f.headers = http.Header{"X-Ratelimit-Remaining": {"10.0"}, "X-Ratelimit-Used": {"90"}, "X-Ratelimit-Reset": {"1"}}
	if _, err := hear(t, config(t, f), "", 2); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	for i, pause := range f.pauses() {
		if i > 0 && pause < 95*time.Millisecond { // that for a token is not counted
			t.Errorf("request %d comes %s after the last", i+1, pause)
		}
	}
	busy := serve(t, fault{status: 429, header: map[string]string{"Retry-After": "1"}})
	q := newQueue()
	listen(t, q, saved(t, time.Now().Add(-time.Minute)), config(t, busy))
	busy.say(time.Now(), 1)
	q.awaitAll(t, 1)
	if pause := busy.pauses()[2]; pause < 990*time.Millisecond {
		t.Errorf("the request after 429 comes after %s", pause)
	}
}

// Errors say what is wrong, and hold no secret.
func TestWhatIsWrong(t *testing.T) {
	f := serve(t)
	secure := httptest.NewTLSServer(http.NotFoundHandler())
	defer secure.Close()
	secure.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	for want, change := range map[string]func(*reddit.Config){
		"client_id, client_secret: Reddit does not know them": func(c *reddit.Config) { c.ClientSecret = "another s3cret" },
		"certificate": func(c *reddit.Config) {
			c.AuthURL, c.HTTP = secure.URL, &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{MinVersion: tls.VersionTLS12}}}
		},
		"no such host": func(c *reddit.Config) {
			c.HTTP = &http.Client{Transport: &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) {
				return nil, &net.DNSError{Err: "no such host", Name: "reddit.example", IsNotFound: true}
			}}}
		},
		"get a token: the server answers 404": func(c *reddit.Config) { c.AuthURL += "/elsewhere" },
		"get a token: oauth2":                 func(c *reddit.Config) { c.AuthURL, c.HTTP = "http://token.example", say("<html>") },
	} {
		cfg := config(t, f)
		cfg.Timeout = 4 * time.Second // a handshake is slow on a busy machine
		change(&cfg)
		_, err := hear(t, cfg, "", 1)
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "s3cret") {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

// answer is a transport that answers all with one text, and asks for a token with one.
type answer string

func (a answer) RoundTrip(r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	w.Header().Set("Content-Type", "application/json")
	switch {
	case r.Method == http.MethodPost && strings.HasPrefix(string(a), "<"):
		fmt.Fprint(w, a)
	case r.Method == http.MethodPost:
		fmt.Fprint(w, `{"access_token":"t","expires_in":3600}`)
	case strings.HasSuffix(r.URL.Path, "/about"):
		fmt.Fprint(w, `{"kind":"t5"}`)
	default:
		fmt.Fprint(w, a)
	}
	return w.Result(), nil
}

func say(text string) *http.Client { return &http.Client{Transport: answer(text)} }

var at = time.Date(2026, 7, 4, 14, 0, 0, 0, time.UTC)

// of is a listing of one thing.
func of(kind, data string) string {
	return fmt.Sprintf(`{"kind":"Listing","data":{"after":null,"children":[{"kind":%q,"data":{"name":"%[1]s_a","created_utc":1783173600.0,"subreddit":"whatsapp","author":"ann"%s}}]}}`, kind, data)
}

func TestWhatThingsMean(t *testing.T) {
	long := strings.Repeat("é", 50_000)
	post := func(id, text string) *ingest.Post {
		return &ingest.Post{ID: id, Source: "reddit", Text: text, About: []string{"whatsapp"}, Author: "ann", CreatedAt: at}
	}
	end := func(id string) *ingest.Post { return &ingest.Post{ID: id, Source: "reddit", Deleted: true} }
	for name, tc := range map[string]struct {
		listing string
		want    *ingest.Post
		why     ingest.Reason // it is refused
	}{
		"a link":        {of("t3", `,"title":"It is down","selftext":""`), post("t3_a", "It is down"), ""},
		"a text":        {of("t3", `,"title":"Down?","selftext":"For **me** [it](https://a.example) is &amp; &#x200B; foo\\_bar"`), post("t3_a", "Down?\nFor me it is &  foo_bar"), ""},
		"a comment":     {of("t1", `,"body":"> works here\n\nNot here ![gif](x)\n# No"`), post("t1_a", "Not here \nNo"), ""},
		"a spoiler":     {of("t1", `,"body":">!it is down!<"`), post("t1_a", "it is down"), ""},
		"a long one":    {of("t1", `,"body":"`+long+`"`), post("t1_a", long[:ingest.MaxTextBytes]), ""},
		"only a quote":  {of("t1", `,"body":"> it is down"`), nil, ""},
		"removed":       {of("t1", `,"body":"[removed]"`), end("t1_a"), ""},
		"by Reddit":     {of("t1", `,"body":"[ Removed by Reddit ]"`), end("t1_a"), ""},
		"deleted":       {of("t3", `,"title":"It is down","selftext":"[deleted]"`), end("t3_a"), ""},
		"deleted title": {of("t3", `,"title":"[deleted by user]"`), end("t3_a"), ""},
		"category":      {of("t3", `,"title":"It is down","removed_by_category":"moderator"`), end("t3_a"), ""},
		"author left":   {of("t3", `,"title":"It is down","author":"[deleted]"`), end("t3_a"), ""},
		"the robot":     {of("t1", `,"body":"Is it down? Read the rules.","author":"AutoModerator"`), nil, ""},
		"no time":       {of("t1", `,"body":"x","created_utc":null,"created_utc":0`), nil, ingest.NoTime},
		"a bad time":    {of("t1", `,"body":"x","created_utc":1e300`), nil, ingest.BadTime},
		"a kind":        {of("t5", `,"body":"x"`), nil, ingest.NotJSON},
		"another name":  {of("t1", `,"body":"x","name":"t3_a"`), nil, ingest.BadID},
		"a wrong type":  {of("t1", `,"body":7`), nil, ingest.NotJSON},
		"5 MB":          {of("t1", `,"body":"`+strings.Repeat("x", 5<<20)+`"`), nil, ingest.LineTooLong},
	} {
		t.Run(name, func(t *testing.T) {
			cfg := reddit.Config{Subreddits: []string{"whatsapp"}, ClientID: "c", ClientSecret: "s", Interval: time.Millisecond, HTTP: say(tc.listing),
				APIURL: "http://api.example", Log: slog.New(slog.DiscardHandler)}
			events, _ := hear(t, cfg, cursorAt(at.Add(-time.Minute)), 4)
			events = slices.DeleteFunc(events, func(e ingest.Event) bool { return e.Post == nil && e.Refusal == nil })
			if tc.want == nil && tc.why == "" {
				if len(events) > 0 {
					t.Errorf("heard %+v", events[0])
				}
				return
			}
			if len(events) != 1 { // not again by the next questions
				t.Fatalf("%d events", len(events))
			}
			e := events[0]
			if tc.why != "" && (e.Refusal == nil || e.Refusal.Reason != tc.why || len(e.Refusal.Raw) == 0 || len(e.Refusal.Raw) > 64<<10) {
				t.Errorf("got %+v, want it refused as %s", e, tc.why)
			}
			if tc.why == "" && !reflect.DeepEqual(e.Post, tc.want) {
				t.Errorf("got %+v, want %+v", e.Post, tc.want)
			}
		})
	}
}

func TestNewNamesTheField(t *testing.T) {
	good := reddit.Config{Subreddits: []string{"whatsapp"}, ClientID: "c", ClientSecret: "s3cret", HTTP: http.DefaultClient, Log: slog.New(slog.DiscardHandler)}
	if s, err := reddit.New(good); err != nil || s.Name() != "reddit" {
		t.Fatal(err)
	}
	for want, change := range map[string]func(*reddit.Config){
		"subreddits: there is none": func(c *reddit.Config) { c.Subreddits = nil },
		"subreddits[1]: ":           func(c *reddit.Config) { c.Subreddits = []string{"a1", "what's app"} },
		"subreddits[0]: r/all ":     func(c *reddit.Config) { c.Subreddits = []string{"all"} },
		"client_id: ":               func(c *reddit.Config) { c.ClientID = "" },
		"client_secret: ":           func(c *reddit.Config) { c.ClientSecret = "" },
		"user_agent: ":              func(c *reddit.Config) { c.UserAgent = "a\nb" },
		"interval: 100ms is too short for 3 requests ": func(c *reddit.Config) { c.Interval = 100 * time.Millisecond },
		"interval: -1s ": func(c *reddit.Config) { c.Interval = -time.Second },
		"recheck: ":      func(c *reddit.Config) { c.Recheck = -1 },
		"timeout: ":      func(c *reddit.Config) { c.Timeout = -1 },
		"auth_url: ":     func(c *reddit.Config) { c.AuthURL = "reddit.com" },
		"api_url: ":      func(c *reddit.Config) { c.APIURL = "ftp://reddit.com" },
		"name: ":         func(c *reddit.Config) { c.Name = "Red It" },
	} {
		cfg := good
		change(&cfg)
		if _, err := reddit.New(cfg); err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "s3cret") {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

// Whatever a server says, it is refused or is a post that can be queued.
func FuzzListing(f *testing.F) {
	f.Add(of("t3", `,"title":"It is down","selftext":"[a](b) > c"`))
	f.Add(of("t1", `,"body":">!a!<\n> b"`))
	f.Add(`{"kind":"Listing","data":{"after":"t1_x","children":[null,7,{}]}}`)
	f.Fuzz(func(t *testing.T, text string) {
		cfg := reddit.Config{Subreddits: []string{"whatsapp"}, ClientID: "c", ClientSecret: "s", Interval: time.Millisecond, HTTP: say(text),
			APIURL: "http://api.example", Log: slog.New(slog.DiscardHandler)}
		events, _ := hear(t, cfg, cursorAt(at), 1)
		for _, e := range events {
			if e.Post != nil && (e.Post.ID == "" || e.Post.Source == "" || !e.Post.Deleted && strings.TrimSpace(e.Post.Text) == "") {
				t.Errorf("%+v", e.Post)
			}
		}
	})
}
