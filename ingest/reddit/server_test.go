package reddit_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// forum is a server that speaks Reddit's API and has its oddities: a listing ends
// after a thousand things, one that is asked for by a deleted thing is empty, and in
// a request for many subreddits the closed ones are left out without a word.
type forum struct {
	*httptest.Server
	t *testing.T

	mu       sync.Mutex
	things   []*thing // the oldest first
	closed   map[string]string
	faults   []fault       // of the first requests of listings
	headers  http.Header   // of every answer
	lifetime int           // of a token, in seconds
	tokens   int           // that were given
	invalid  int           // tokens up to this one are no longer good
	asked    []string      // paths with their queries
	times    []time.Time   // of them
	agents   []string      // who asked
	between  func(*forum)  // is called after the first page was sent
	info     func() string // in place of what is asked for by name
}

type thing struct {
	name, subreddit, author, title, text, removed string
	raw                                           string // in place of all that
	created                                       time.Time
	gone                                          bool // in no listing
}

// fault is what goes wrong with one request.
type fault struct {
	status int
	header map[string]string
	body   string // in place of what it should be
	cut    int    // bytes of the answer after which the connection is cut
	stall  bool   // nothing more is said
}

func serve(t *testing.T, faults ...fault) *forum {
	t.Helper()
	f := &forum{t: t, faults: faults, closed: map[string]string{}, lifetime: 3600, headers: http.Header{}}
	f.Server = httptest.NewServer(http.HandlerFunc(f.handle))
	t.Cleanup(func() {
		f.CloseClientConnections()
		f.Close()
	})
	return f
}

// say adds n posts and comments in turn, written at the given time and after.
func (f *forum) say(from time.Time, n int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for range n {
		i := len(f.things)
		p := &thing{subreddit: "whatsapp", author: fmt.Sprintf("author%d", i%5), text: fmt.Sprintf("thing %d: it is down", i), created: from.Add(time.Duration(i) * time.Millisecond)}
		p.name = fmt.Sprintf("t1_c%d", i)
		if i%2 == 0 {
			p.name, p.title = fmt.Sprintf("t3_p%d", i), "Is it down?"
		}
		f.things = append(f.things, p)
	}
}

// change does something with a thing.
func (f *forum) change(i int, do func(*thing)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	do(f.things[i])
}

// requests are those whose path and query hold a text.
func (f *forum) requests(part string) (found []string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, r := range f.asked {
		if strings.Contains(r, part) {
			found = append(found, r)
		}
	}
	return found
}

// pauses are those between requests.
func (f *forum) pauses() (all []time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for i := 1; i < len(f.times); i++ {
		all = append(all, f.times[i].Sub(f.times[i-1]))
	}
	return all
}

func (f *forum) handle(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	f.asked = append(f.asked, r.URL.Path+"?"+r.URL.RawQuery)
	f.times = append(f.times, time.Now())
	f.agents = append(f.agents, r.UserAgent())
	f.mu.Unlock()
	if r.URL.Path == "/api/v1/access_token" {
		f.giveToken(w, r)
		return
	}
	f.mu.Lock()
	n, err := strconv.Atoi(strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer token"))
	good := err == nil && n > f.invalid && n <= f.tokens
	for key, values := range f.headers {
		w.Header()[key] = values
	}
	f.mu.Unlock()
	parts := strings.Split(strings.Trim(r.URL.Path, "/"), "/")
	switch {
	case parts[1] == "v1":
		http.NotFound(w, r)
	case !good:
		w.WriteHeader(http.StatusUnauthorized)
	case r.URL.Path == "/api/info":
		f.tell(w, f.byName(strings.Split(r.FormValue("id"), ",")))
	case parts[0] == "r" && parts[2] == "about":
		f.about(w, r, parts[1])
	case parts[0] == "r":
		f.listing(w, r, strings.Split(parts[1], "+"), parts[2])
	default:
		http.NotFound(w, r)
	}
}

func (f *forum) giveToken(w http.ResponseWriter, r *http.Request) {
	id, secret, _ := r.BasicAuth()
	if id != "client" || secret != "s3cret" {
		w.WriteHeader(http.StatusUnauthorized)
		fmt.Fprint(w, `{"message": "Unauthorized", "error": 401}`)
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.tokens++
	w.Header().Set("Content-Type", "application/json")
	fmt.Fprintf(w, `{"access_token": "token%d", "token_type": "bearer", "expires_in": %d, "scope": "*"}`, f.tokens, f.lifetime)
}

func (f *forum) about(w http.ResponseWriter, r *http.Request, name string) {
	f.mu.Lock()
	why := f.closed[name]
	f.mu.Unlock()
	switch why {
	case "":
		fmt.Fprintf(w, `{"kind":"t5","data":{"display_name":%q}}`, name)
	case "unknown":
		http.Redirect(w, r, "/subreddits/search?q="+name, http.StatusFound)
	case "banned":
		w.WriteHeader(http.StatusNotFound)
		fmt.Fprint(w, `{"reason": "banned", "message": "Not Found", "error": 404}`)
	default:
		w.WriteHeader(http.StatusForbidden)
		fmt.Fprintf(w, `{"reason": %q, "message": "Forbidden", "error": 403}`, why)
	}
}

// listing answers with a page, or with a fault.
func (f *forum) listing(w http.ResponseWriter, r *http.Request, names []string, kind string) {
	f.mu.Lock()
	var now fault
	if len(f.faults) > 0 {
		now, f.faults = f.faults[0], f.faults[1:]
	}
	f.mu.Unlock()
	for key, value := range now.header {
		w.Header().Set(key, value)
	}
	switch {
	case now.stall:
		<-r.Context().Done()
		return
	case now.status != 0:
		w.WriteHeader(now.status)
		return
	case now.body != "":
		fmt.Fprint(w, now.body)
		return
	}
	text := f.page(names, kind, r.FormValue("after"))
	if now.cut == 0 {
		f.tell(w, text)
		return
	}
	conn, _, err := w.(http.Hijacker).Hijack()
	if err != nil {
		f.t.Error(err)
		return
	}
	whole := fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", len(text), text)
	fmt.Fprint(conn, whole[:min(now.cut, len(whole)-1)])
	conn.Close()
}

func (f *forum) tell(w http.ResponseWriter, text string) {
	w.Header().Set("Content-Type", "application/json")
	fmt.Fprint(w, text)
	f.mu.Lock()
	do := f.between
	f.between = nil
	f.mu.Unlock()
	if do != nil {
		do(f)
	}
}

// page is what a listing has after a thing, as JSON.
func (f *forum) page(names []string, kind, after string) string {
	f.mu.Lock()
	defer f.mu.Unlock()
	prefix := map[string]string{"new": "t3_", "comments": "t1_"}[kind]
	var listed []*thing
	for _, p := range slices.Backward(f.things) {
		if strings.HasPrefix(p.name, prefix) && !p.gone && slices.Contains(names, p.subreddit) && f.closed[p.subreddit] == "" && len(listed) < 1000 {
			listed = append(listed, p)
		}
	}
	if after != "" {
		i := slices.IndexFunc(listed, func(p *thing) bool { return p.name == after })
		if i < 0 {
			return listing(nil, "")
		}
		listed = listed[i+1:]
	}
	next := ""
	if len(listed) > 100 {
		listed = listed[:100]
		next = listed[99].name
	}
	return listing(listed, next)
}

func (f *forum) byName(names []string) string {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.info != nil {
		return f.info()
	}
	var found []*thing
	for _, p := range f.things {
		if slices.Contains(names, p.name) && p.removed != "nothing is left" {
			found = append(found, p)
		}
	}
	return listing(found, "")
}

func listing(things []*thing, after string) string {
	children := make([]string, 0, len(things))
	for _, p := range things {
		children = append(children, p.json())
	}
	next := "null"
	if after != "" {
		next = strconv.Quote(after)
	}
	return fmt.Sprintf(`{"kind":"Listing","data":{"after":%s,"before":null,"dist":%d,"children":[%s]}}`, next, len(things), strings.Join(children, ","))
}

func (p *thing) json() string {
	if p.raw != "" {
		return p.raw
	}
	data := map[string]any{"name": p.name, "subreddit": p.subreddit, "author": p.author, "created_utc": float64(p.created.UnixMilli()) / 1000, "edited": false, "removed_by_category": nil}
	if p.removed != "" {
		data["removed_by_category"] = p.removed
	}
	kind := p.name[:2]
	if kind == "t3" {
		data["title"], data["selftext"] = p.title, p.text
	} else {
		data["body"] = p.text
	}
	text, err := json.Marshal(map[string]any{"kind": kind, "data": data})
	if err != nil {
		panic(err)
	}
	return string(text)
}
