package main_test

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

// feedX is a server that speaks X's API: rules, a stream of posts that match them,
// with a sign of life between, and streams of what is deleted. It says again what
// was said in the last minutes when it is asked to.
type feedX struct {
	t *testing.T

	mu      sync.Mutex
	rules   []ruleX
	given   int         // rules that were ever put in force
	lines   []lineX     // the oldest first
	order   string      // to the stream of posts: cut, or stall
	streams []time.Time // when each stream of posts was opened,
	signs   []time.Time // and when something was last said in it
	dead    int         // which of them was stalled
	asked   []string    // their backfill_minutes
	others  map[string]bool
}

type ruleX struct {
	ID    string `json:"id"`
	Value string `json:"value"`
	Tag   string `json:"tag,omitempty"`
}

type lineX struct {
	at         time.Time
	path, text string
}

const postsOfX = "/2/tweets/search/stream"

// openX says where its API is.
func openX(t *testing.T, rules ...ruleX) (x *feedX, url string) {
	x = &feedX{t: t, rules: rules, given: 100, others: map[string]bool{}}
	server := httptest.NewServer(http.HandlerFunc(x.handle))
	t.Cleanup(func() {
		server.CloseClientConnections()
		server.Close()
	})
	return x, server.URL
}

// numberX is an id as X gives them at a time.
func numberX(at time.Time, n int64) string {
	return strconv.FormatInt((at.UnixMilli()-1288834974657)<<22|n, 10)
}

// post says a post; more are further fields.
func (x *feedX) post(id, author string, at time.Time, text, tag, more string) {
	x.say(postsOfX, fmt.Sprintf(`{"data":{"id":%q,"text":%q,"author_id":%q,"lang":"en","created_at":%q%s},"matching_rules":[{"id":"7","tag":%q}]}`,
		id, text, author, at.UTC().Format("2006-01-02T15:04:05.000Z"), more, tag))
}

func (x *feedX) say(path, text string) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.lines = append(x.lines, lineX{time.Now(), path, text + "\r\n"})
}

// command cuts the stream of posts in the middle of a line, or stalls it.
func (x *feedX) command(order string) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.order = order
}

// opened is how many streams of posts there were.
func (x *feedX) opened() int {
	x.mu.Lock()
	defer x.mu.Unlock()
	return len(x.streams)
}

func (x *feedX) handle(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("Authorization") != "Bearer s3cret" {
		x.t.Errorf("%s comes with %q", r.URL, r.Header.Get("Authorization"))
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	switch partition := r.FormValue("partition"); {
	case r.URL.Path == postsOfX+"/rules":
		x.handleRules(w, r)
	case r.URL.Path == postsOfX:
		x.posts(w, r)
	case (r.URL.Path == "/2/tweets/compliance/stream" || r.URL.Path == "/2/users/compliance/stream") && partition >= "1" && partition <= "4":
		x.mu.Lock()
		x.others[r.URL.Path+partition] = true
		x.mu.Unlock()
		x.stream(w, r, r.URL.Path+partition, 0, func() {})
	default:
		x.t.Errorf("nobody asks X for %s", r.URL)
		http.NotFound(w, r)
	}
}

func (x *feedX) handleRules(w http.ResponseWriter, r *http.Request) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if r.Method == http.MethodGet {
		answer := map[string]any{"data": x.rules, "meta": map[string]any{"result_count": len(x.rules)}}
		if err := json.NewEncoder(w).Encode(answer); err != nil {
			x.t.Error(err)
		}
		return
	}
	var body struct {
		Add    []ruleX
		Delete struct{ IDs []string }
	}
	if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
		x.t.Error(err)
	}
	x.rules = slices.DeleteFunc(x.rules, func(r ruleX) bool { return slices.Contains(body.Delete.IDs, r.ID) })
	for i := range body.Add {
		x.given++
		body.Add[i].ID = strconv.Itoa(x.given)
	}
	x.rules = append(x.rules, body.Add...)
	w.WriteHeader(http.StatusCreated)
	if err := json.NewEncoder(w).Encode(map[string]any{"data": body.Add}); err != nil {
		x.t.Error(err)
	}
}

// posts is the stream of posts: those to come, and those of the minutes before.
func (x *feedX) posts(w http.ResponseWriter, r *http.Request) {
	x.mu.Lock()
	minutes, _ := strconv.Atoi(r.FormValue("backfill_minutes"))
	since := time.Now().Add(-time.Duration(minutes) * time.Minute)
	next := slices.IndexFunc(x.lines, func(l lineX) bool { return l.at.After(since) })
	if minutes == 0 || next < 0 {
		next = len(x.lines)
	}
	n := len(x.streams)
	x.streams, x.signs, x.asked = append(x.streams, time.Now()), append(x.signs, time.Now()), append(x.asked, r.FormValue("backfill_minutes"))
	x.mu.Unlock()
	x.stream(w, r, postsOfX, next, func() { x.obey(w, r, n) })
}

// obey does what was ordered, or notes a sign of life.
func (x *feedX) obey(w http.ResponseWriter, r *http.Request, n int) {
	x.mu.Lock()
	order := x.order
	x.order = ""
	switch order {
	case "":
		x.signs[n] = time.Now()
	case "stall":
		x.dead = n
	}
	x.mu.Unlock()
	switch order {
	case "cut":
		fmt.Fprint(w, `{"data":{"id":"15`)
		w.(http.Flusher).Flush()
		panic(http.ErrAbortHandler)
	case "stall":
		<-r.Context().Done()
	}
}

// stream says the lines of a path from one on; before each look for more it calls
// sign, and says that it lives.
func (x *feedX) stream(w http.ResponseWriter, r *http.Request, path string, next int, sign func()) {
	for r.Context().Err() == nil {
		sign()
		x.mu.Lock()
		lines := x.lines[next:]
		next = len(x.lines)
		x.mu.Unlock()
		for _, l := range lines {
			if l.path == path {
				fmt.Fprint(w, l.text)
			}
		}
		fmt.Fprint(w, "\r\n")
		w.(http.Flusher).Flush()
		time.Sleep(20 * time.Millisecond)
	}
}

// TestXThroughTheStreet hears a filtered stream as far as the curve, over a cut and
// a connection that dies without a word; what is deleted is shown no more.
func TestXThroughTheStreet(t *testing.T) {
	t.Setenv("STREET_X_TOKEN", "s3cret")
	x, url := openX(t, ruleX{"1", "(kitten OR puppy)", "others"}, ruleX{"2", "(yesterday) -is:retweet", "outcry"})
	const silence = 2 * time.Second
	path := settings(t, "x: {token: $STREET_X_TOKEN, services: [whatsapp], backfill_minutes: 5, compliance: true, silence: 2s, url: '"+url+"'}")
	begin := time.Now().UTC().Truncate(time.Second)
	from, to := begin.Add(-time.Minute).Truncate(time.Minute), begin.Add(5*time.Minute).Truncate(time.Minute)
	id := func(n int) string { return numberX(begin, int64(n)) }
	s := start(t, t.TempDir(), "--sources", path)
	await := func(what string, posts uint64) {
		t.Helper()
		s.await(what, func() bool { n, _ := s.sum("whatsapp", from, to, "&source=x"); return n >= posts })
	}
	s.await("a stream", func() bool { return x.opened() == 1 })

	x.post(id(1), "11", begin, "WhatsApp is down, cannot send messages", "outcry", "")
	x.post(id(2), "12", begin, "whatsapp not working for anyone else?", "outcry", `,"edit_history_tweet_ids":["`+id(2)+`"]`)
	x.post(id(3), "13", begin, "whatsapp is down, what a day", "outcry", "")
	x.post(id(4), "13", begin, "whatsapp still down, so cross", "outcry", "")
	x.post(id(5), "14", begin, "whatsapp is…", "outcry", `,"note_tweet":{"text":"whatsapp is down &amp; nobody tells us why"}`)
	x.post(id(6), "15", begin, "lovely weather today", "outcry", "")
	x.post(id(7), "16", begin, "RT @ann: whatsapp is down for me too", "outcry", `,"referenced_tweets":[{"type":"retweeted","id":"`+id(1)+`"}]`)
	x.post(id(8), "17", begin, "my kitten says that whatsapp is down", "others", "")
	x.post(id(9), "12", begin.Add(time.Second), "whatsapp is down, edited: for hours", "outcry", `,"edit_history_tweet_ids":["`+id(2)+`","`+id(9)+`"]`)
	await("five complaints", 5)
	x.command("cut")
	x.post(id(10), "18", begin, "whatsapp is down, said in the cut", "outcry", "")
	await("what was said while the connection was cut", 6)
	x.command("stall")
	x.post(id(11), "19", begin, "whatsapp is down, said in the silence", "outcry", "")
	await("what was said while the connection was dead", 7)

	x.say("/2/tweets/compliance/stream3", `{"data":{"delete":{"tweet":{"id":"`+id(1)+`","author_id":"11"},"event_at":"2026-07-04T14:00:00.000Z"}}}`)
	x.say("/2/users/compliance/stream2", `{"data":{"user_delete":{"user":{"id":"13"},"event_at":"2026-07-04T14:00:00.000Z"}}}`)
	s.await("the deleted posts gone", func() bool {
		text := s.evidence("whatsapp", from, to)
		return !strings.Contains(text, "cannot send") && !strings.Contains(text, "what a day") && !strings.Contains(text, "so cross")
	})
	text := s.evidence("whatsapp", from, to)
	for _, left := range []string{"edited: for hours", "nobody tells us why", "in the cut", "in the silence"} {
		if strings.Count(text, left) != 1 {
			t.Errorf("%q is not shown once: %s", left, text)
		}
	}
	if strings.Contains(text, "anyone else") || strings.Contains(text, "kitten") || strings.Contains(text, "…") {
		t.Errorf("what is not to be shown is there: %s", text)
	}
	if posts, people := s.sum("whatsapp", from, to, "&source=x"); posts != 7 || people != 6 {
		t.Errorf("%d posts of %d people are counted, there were 7 of 6", posts, people)
	}
	x.checkCoverage(s, begin, from, to, silence)
	s.stop()
	x.checkAsked()
}

// checkCoverage wants all to be heard from the first stream on: what a cut and a dead
// connection made us miss was sent again.
func (x *feedX) checkCoverage(s *server, begin, from, to time.Time, silence time.Duration) {
	x.t.Helper()
	x.mu.Lock()
	first, last := x.streams[0], x.signs[len(x.signs)-1]
	deaf := x.streams[x.dead+1].Sub(x.signs[x.dead])
	x.mu.Unlock()
	if deaf < silence {
		x.t.Errorf("a dead connection was given up after %s", deaf)
	}
	const rounding = 2 * time.Second // a second is heard or it is not
	share := func(d time.Duration) float64 { return d.Seconds() / to.Sub(from).Seconds() }
	var got float64
	s.await("coverage", func() bool { got = s.coverage("x", from, to); return got > 0 && got >= share(last.Sub(first)-rounding) })
	if most := share(time.Since(begin) + rounding); got > most {
		x.t.Errorf("coverage %g, of at most %g", got, most)
	}
}

// checkAsked looks at what was asked of the server.
func (x *feedX) checkAsked() {
	x.t.Helper()
	x.mu.Lock()
	defer x.mu.Unlock()
	has := func(id, part string) bool {
		return slices.ContainsFunc(x.rules, func(r ruleX) bool { return strings.HasPrefix(r.ID, id) && strings.Contains(r.Value, part) })
	}
	if !has("1", "(kitten OR puppy)") || !has("10", " whatsapp ") && !has("10", " WhatsApp") || !has("10", "@whatsapp ") || has("2", "") {
		x.t.Errorf("rules in force: %v", x.rules)
	}
	if x.asked[0] != "" || slices.Contains(x.asked[1:], "") {
		x.t.Errorf("asked for minutes %q: the first time none, then those of the pause", x.asked)
	}
	if len(x.others) != 8 {
		x.t.Errorf("compliance streams that were heard: %v", x.others)
	}
}
