package main_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// forum is a server that speaks Reddit's API: tokens that end, listings in pages of
// a hundred, and things that are asked for by name.
type forum struct {
	t *testing.T

	mu     sync.Mutex
	things []*thing // the oldest first
	tokens int      // that were given; the last one is good
	pages  int      // that were asked for by what stands before them
	names  []string // that were asked for
	first  time.Time
	last   time.Time // when listings were asked for
}

// thing is a post, whose name begins with t3, or a comment, t1.
type thing struct {
	name, author, title, text, removed string
	created                            time.Time
	unlisted, gone                     bool
}

// openForum says where its API is.
func openForum(t *testing.T) (f *forum, url string) {
	f = &forum{t: t}
	server := httptest.NewServer(http.HandlerFunc(f.handle))
	t.Cleanup(server.Close)
	return f, server.URL
}

func (f *forum) say(name, author, title, text string, created time.Time) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.things = append(f.things, &thing{name: name, author: author, title: title, text: text, created: created})
}

// change does something with a thing.
func (f *forum) change(name string, do func(*thing)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	i := slices.IndexFunc(f.things, func(p *thing) bool { return p.name == name })
	do(f.things[i])
}

func (f *forum) handle(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	if r.UserAgent() != "test:outcry" {
		f.t.Errorf("%s comes from %q", r.URL, r.UserAgent())
	}
	if r.URL.Path == "/api/v1/access_token" {
		f.giveToken(w, r)
		return
	}
	if r.Header.Get("Authorization") != fmt.Sprint("Bearer token", f.tokens) {
		w.WriteHeader(http.StatusUnauthorized)
		fmt.Fprint(w, `{"message":"Unauthorized","error":401}`)
		return
	}
	w.Header().Set("X-Ratelimit-Remaining", "600.0")
	w.Header().Set("X-Ratelimit-Reset", "30")
	switch r.URL.Path {
	case "/r/whatsapp/about":
		fmt.Fprint(w, `{"kind":"t5","data":{"display_name":"whatsapp"}}`)
	case "/r/hidden/about":
		w.WriteHeader(http.StatusForbidden)
		fmt.Fprint(w, `{"reason":"private","message":"Forbidden","error":403}`)
	case "/r/whatsapp/new":
		f.list(w, r, "t3_")
	case "/r/whatsapp/comments":
		f.list(w, r, "t1_")
	case "/api/info":
		f.byName(w, strings.Split(r.FormValue("id"), ","))
	default:
		f.t.Errorf("nobody asks Reddit for %s", r.URL)
		http.NotFound(w, r)
	}
}

func (f *forum) giveToken(w http.ResponseWriter, r *http.Request) {
	id, secret, _ := r.BasicAuth()
	if r.Method != http.MethodPost || id != "client" || secret != "s3cret" || r.FormValue("grant_type") != "client_credentials" {
		f.t.Errorf("a token is asked for with %s %s:%s %v", r.Method, id, secret, r.Form)
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	f.tokens++
	fmt.Fprintf(w, `{"access_token":"token%d","token_type":"bearer","expires_in":86400,"scope":"*"}`, f.tokens)
}

// list is a page of a listing, the newest first.
func (f *forum) list(w http.ResponseWriter, r *http.Request, prefix string) {
	if f.last = time.Now(); f.first.IsZero() {
		f.first = f.last
	}
	var listed []*thing
	for _, p := range slices.Backward(f.things) {
		if strings.HasPrefix(p.name, prefix) && !p.unlisted {
			listed = append(listed, p)
		}
	}
	if after := r.FormValue("after"); after != "" {
		f.pages++
		listed = listed[1+slices.IndexFunc(listed, func(p *thing) bool { return p.name == after }):]
	}
	next := ""
	if len(listed) > 100 {
		listed = listed[:100]
		next = listed[99].name
	}
	f.tell(w, listed, next)
}

func (f *forum) byName(w http.ResponseWriter, names []string) {
	f.names = append(f.names, names...)
	var found []*thing
	for _, p := range f.things {
		if slices.Contains(names, p.name) && !p.gone {
			found = append(found, p)
		}
	}
	f.tell(w, found, "")
}

func (f *forum) tell(w http.ResponseWriter, things []*thing, after string) {
	children := make([]any, 0, len(things))
	for _, p := range things {
		data := map[string]any{"name": p.name, "subreddit": "whatsapp", "author": p.author, "created_utc": float64(p.created.Unix()), "removed_by_category": nil}
		if p.removed != "" {
			data["removed_by_category"] = p.removed
		}
		if p.title != "" {
			data["title"], data["selftext"] = p.title, p.text
		} else {
			data["body"] = p.text
		}
		children = append(children, map[string]any{"kind": p.name[:2], "data": data})
	}
	data := map[string]any{"children": children, "dist": len(children), "before": nil, "after": nil}
	if after != "" {
		data["after"] = after
	}
	if err := json.NewEncoder(w).Encode(map[string]any{"kind": "Listing", "data": data}); err != nil {
		f.t.Error(err)
	}
}

// TestRedditThroughTheStreet hears a subreddit as far as the curve, past the end of
// a token; a post that is edited, deleted or removed shows what is left of it, and
// what is written while nobody listens is heard after.
func TestRedditThroughTheStreet(t *testing.T) {
	t.Parallel()
	f, url := openForum(t)
	begin := time.Now().UTC().Truncate(time.Second)
	from, to := begin.Add(-time.Minute).Truncate(time.Minute), begin.Add(5*time.Minute).Truncate(time.Minute)
	const many = 120 // more than a page has
	for i := range many {
		f.say(fmt.Sprint("t3_many", i), fmt.Sprint("author", i), "WhatsApp is down", fmt.Sprint("cannot send messages, try ", i), begin.Add(time.Duration(i-many)*time.Second/2))
	}
	f.say("t3_calm", "ann", "Lovely weather", "and a good day to all of you", begin)
	f.say("t3_old", "old", "WhatsApp is down", "an hour ago, long before anybody listened", begin.Add(-time.Hour))
	f.say("t1_about", "bob", "", "It is down for me too", begin) // the subreddit says of what
	f.say("t1_again", "bob", "", "whatsapp is still down, still", begin)
	f.say("t1_leaves", "eve", "", "whatsapp is down, what a day", begin)
	f.say("t1_ends", "sam", "", "whatsapp not working for anyone else?", begin)
	f.say("t1_removed", "tim", "", "whatsapp is broken, so cross", begin)
	f.say("t1_edited", "joe", "", "whatsapp is not loading", begin)
	f.say("t1_rules", "AutoModerator", "", "If whatsapp is down read the rules", begin)
	path := settings(t, "reddit: {subreddits: [r/whatsapp, hidden], client_id: client, client_secret: s3cret, user_agent: 'test:outcry', "+
		"interval: 100ms, recheck: 300ms, auth_url: '"+url+"/api/v1/access_token', api_url: '"+url+"'}")
	data := t.TempDir()
	s := start(t, data, "--sources", path)
	const complaints = many + 6
	count := func() (posts uint64) { posts, _ = s.sum("whatsapp", from, to, "&source=reddit"); return posts }
	s.await("all complaints", func() bool { return count() >= complaints })

	f.mu.Lock()
	f.tokens++ // the token in use is good no more
	f.mu.Unlock()
	f.change("t1_leaves", func(p *thing) { p.unlisted, p.author, p.text = true, "[deleted]", "[deleted]" })
	f.change("t1_ends", func(p *thing) { p.unlisted, p.gone = true, true })
	f.change("t1_removed", func(p *thing) { p.unlisted, p.removed = true, "moderator" })
	f.change("t1_edited", func(p *thing) { p.text = "whatsapp is down, edited: for hours" })
	s.await("the deleted posts gone", func() bool {
		text := s.evidence("whatsapp", from, to)
		return strings.Contains(text, "for hours") && !strings.Contains(text, "not loading") &&
			!strings.Contains(text, "what a day") && !strings.Contains(text, "anyone else") && !strings.Contains(text, "so cross")
	})
	s.stop()

	f.say("t3_away", "kim", "WhatsApp is down", "and nobody listens", time.Now())
	s = start(t, data, "--sources", path)
	s.await("what was written meanwhile", func() bool { return count() > complaints })
	if posts, people := s.sum("whatsapp", from, to, "&source=reddit"); posts != complaints+1 || people != complaints {
		t.Errorf("%d posts of %d people are counted, there were %d of %d", posts, people, complaints+1, complaints)
	}
	if text := s.evidence("whatsapp", from, to); strings.Contains(text, "what a day") || strings.Contains(text, "anyone else") || strings.Contains(text, "long before") {
		t.Errorf("what is not to be shown is there after a second start: %s", text)
	}
	f.checkCoverage(s, from, to)
	s.stop()
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.tokens < 4 || f.pages == 0 || !slices.Contains(f.names, "t1_ends") {
		t.Errorf("%d tokens, %d further pages, looked again at %v", f.tokens, f.pages, f.names)
	}
	if !strings.Contains(s.log.String(), "hidden") {
		t.Errorf("nothing is said of the subreddit that is closed: %s", s.log)
	}
}

// checkCoverage wants what lies between two listings to be heard, the pause between
// the two starts included, for the listings tell of it.
func (f *forum) checkCoverage(s *server, from, to time.Time) {
	f.t.Helper()
	f.mu.Lock()
	first, least := f.first, f.last.Sub(f.first)
	f.mu.Unlock()
	var got float64
	s.await("coverage", func() bool {
		got = s.coverage("reddit", from, to)
		return got >= (least-2*time.Second).Seconds()/to.Sub(from).Seconds()
	})
	if most := (time.Since(first) + time.Second).Seconds() / to.Sub(from).Seconds(); got > most {
		f.t.Errorf("coverage %g, of at most %g", got, most)
	}
}
