package x_test

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

// network is a server that speaks X's API: rules, a stream that says what comes from
// now on and asked for backfill what came before, and compliance streams.
type network struct {
	*httptest.Server
	t      *testing.T
	plan   map[string]bool // what it does not allow: backfill, compliance
	faults []fault         // of the first streams of posts
	others []fault         // of the first compliance streams

	mu       sync.Mutex
	changed  *sync.Cond
	closed   bool
	events   []event
	rules    []rule
	lastRule int
	answers  []fault  // to the first questions for rules
	asked    []string // methods, paths and queries
	sent     []string // bodies
	tokens   []string
}

type event struct {
	at   time.Time
	path string
	text string
}

type rule struct {
	ID    string `json:"id"`
	Value string `json:"value"`
	Tag   string `json:"tag,omitempty"`
}

// fault is what goes wrong with one request.
type fault struct {
	status int
	header map[string]string
	body   string
	cut    int    // bytes after which the connection is cut
	after  int    // lines after which something happens:
	line   string // it says that
	end    bool   // it ends the stream
	stall  bool   // it says nothing more, no keep-alives either
}

const streamPath = "/2/tweets/search/stream"

func serve(t *testing.T, faults ...fault) *network {
	t.Helper()
	n := &network{t: t, faults: faults, plan: map[string]bool{}, lastRule: 100}
	n.changed = sync.NewCond(&n.mu)
	n.Server = httptest.NewServer(http.HandlerFunc(n.handle))
	beats := time.NewTicker(20 * time.Millisecond)
	go func() {
		for range beats.C { // to send keep-alives
			n.changed.Broadcast()
		}
	}()
	t.Cleanup(func() {
		n.mu.Lock()
		n.closed = true
		n.mu.Unlock()
		n.changed.Broadcast()
		n.CloseClientConnections()
		n.Close()
		beats.Reset(time.Hour)
	})
	return n
}

// id is one that X would give at that time.
func id(at time.Time, i int) string {
	return strconv.FormatInt((at.UnixMilli()-1288834974657)<<22|int64(i), 10)
}

// tweet is a line of the stream; more are further fields of data.
func tweet(id string, at time.Time, text, rule, more string) string {
	return fmt.Sprintf(`{"data":{"id":%q,"edit_history_tweet_ids":[%q],"text":%q,"author_id":"42","lang":"en","created_at":%q%s},"matching_rules":[{"id":%q,"tag":""}]}`,
		id, id, text, at.UTC().Format("2006-01-02T15:04:05.000Z"), more, rule)
}

// say adds posts of the rule.
func (n *network) say(from, count int) {
	now := time.Now()
	for i := range count {
		n.tell(streamPath, tweet(id(now, from+i), now, fmt.Sprintf("post %d: is it down?", from+i), "101", ""))
	}
}

func (n *network) tell(path, text string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.events = append(n.events, event{time.Now(), path, text})
	n.changed.Broadcast()
}

// requests are those whose method, path and query hold a text.
func (n *network) requests(part string) (found []string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, r := range n.asked {
		if strings.Contains(r, part) {
			found = append(found, r)
		}
	}
	return found
}

func (n *network) handle(w http.ResponseWriter, r *http.Request) {
	n.mu.Lock()
	n.asked = append(n.asked, r.Method+" "+r.URL.RequestURI())
	n.tokens = append(n.tokens, r.Header.Get("Authorization"))
	n.mu.Unlock()
	switch {
	case r.Header.Get("Authorization") != "Bearer s3cret":
		w.WriteHeader(http.StatusUnauthorized)
		fmt.Fprint(w, `{"title":"Unauthorized","type":"about:blank","status":401,"detail":"Unauthorized"}`)
	case r.URL.Path == streamPath+"/rules":
		n.handleRules(w, r)
	case strings.Contains(r.URL.Path, "/compliance/") && n.plan["compliance"]:
		w.WriteHeader(http.StatusForbidden)
		fmt.Fprint(w, `{"title":"Client Forbidden","detail":"This request must be made using an approved developer account.","type":"https://api.twitter.com/2/problems/client-forbidden"}`)
	case strings.HasSuffix(r.URL.Path, "/stream"):
		n.stream(w, r)
	default:
		http.NotFound(w, r)
	}
}

func (n *network) handleRules(w http.ResponseWriter, r *http.Request) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if len(n.answers) > 0 {
		a := n.answers[0]
		n.answers = n.answers[1:]
		if a.status != 0 {
			for key, value := range a.header {
				w.Header().Set(key, value)
			}
			w.WriteHeader(a.status)
			fmt.Fprint(w, a.body)
			return
		}
	}
	if r.Method == http.MethodGet {
		json.NewEncoder(w).Encode(map[string]any{"data": n.rules, "meta": map[string]any{"sent": "2026-07-04T14:00:00.000Z", "result_count": len(n.rules)}})
		return
	}
	var body struct {
		Add    []rule
		Delete struct{ IDs []string }
	}
	if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
		n.t.Error(err)
	}
	n.rules = slices.DeleteFunc(n.rules, func(r rule) bool { return slices.Contains(body.Delete.IDs, r.ID) })
	var created []rule
	var errors []map[string]any
	for _, add := range body.Add {
		n.sent = append(n.sent, add.Value)
		same := slices.IndexFunc(n.rules, func(r rule) bool { return r.Value == add.Value })
		switch {
		case same >= 0:
			errors = append(errors, map[string]any{"value": add.Value, "id": n.rules[same].ID, "title": "DuplicateRule", "type": "https://api.twitter.com/2/problems/duplicate-rules"})
		case strings.Contains(add.Value, "bad:"):
			errors = append(errors, map[string]any{"value": add.Value, "title": "UnprocessableEntity", "details": []string{"There is no operator bad: (at position 1)"}, "type": "https://api.twitter.com/2/problems/invalid-rules"})
		default:
			n.lastRule++
			add.ID = strconv.Itoa(n.lastRule)
			created = append(created, add)
		}
	}
	answer := map[string]any{"meta": map[string]any{"summary": map[string]int{"created": len(created), "not_created": len(errors)}}}
	if len(errors) > 0 {
		answer["errors"] = errors
	}
	if n.plan["whole or nothing"] && len(errors) > 0 {
		created = nil
		w.WriteHeader(http.StatusBadRequest)
	}
	n.rules = append(n.rules, created...)
	if len(created) > 0 {
		answer["data"] = created
	}
	json.NewEncoder(w).Encode(answer)
}

// stream sends what there is, and what comes, with keep-alives between.
func (n *network) stream(w http.ResponseWriter, r *http.Request) {
	n.mu.Lock()
	now := fault{after: -1}
	if r.URL.Path == streamPath && len(n.faults) > 0 {
		now, n.faults = n.faults[0], n.faults[1:]
	}
	if r.URL.Path != streamPath && len(n.others) > 0 {
		now, n.others = n.others[0], n.others[1:]
	}
	next := len(n.events)
	n.mu.Unlock()
	for key, value := range now.header {
		w.Header().Set(key, value)
	}
	minutes, _ := strconv.Atoi(r.FormValue("backfill_minutes"))
	switch {
	case now.status != 0:
		w.WriteHeader(now.status)
		fmt.Fprint(w, now.body)
		return
	case minutes > 0 && n.plan["backfill"]:
		w.WriteHeader(http.StatusBadRequest)
		fmt.Fprint(w, `{"errors":[{"parameters":{"backfill_minutes":["1"]},"message":"You are not allowed to use backfill"}],"title":"Invalid Request","detail":"One or more parameters to your request was invalid."}`)
		return
	case minutes > 0:
		n.mu.Lock()
		since := time.Now().Add(-time.Duration(minutes) * time.Minute)
		next = slices.IndexFunc(n.events, func(e event) bool { return !e.at.Before(since) })
		if next < 0 {
			next = len(n.events)
		}
		n.mu.Unlock()
	}
	out := &cutWriter{ResponseWriter: w, left: now.cut}
	where := r.URL.Path
	if p := r.FormValue("partition"); p != "" {
		where += "?partition=" + p
	}
	for lines := 0; ; next++ {
		if now.after == lines && now.cut == 0 {
			switch {
			case now.stall:
				out.flush()
				<-r.Context().Done()
				return
			case now.line != "":
				out.send(now.line + "\r\n")
			}
			if now.end {
				return
			}
		}
		text, open := n.await(r, next, out)
		if !open {
			return
		}
		if text.path == where {
			out.send(text.text + "\r\n")
			lines++
		}
	}
}

// await returns the next event, and sends keep-alives until it comes.
func (n *network) await(r *http.Request, next int, out *cutWriter) (event, bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for len(n.events) <= next {
		if n.closed || r.Context().Err() != nil {
			return event{}, false
		}
		n.mu.Unlock()
		out.send("\r\n")
		n.mu.Lock()
		if len(n.events) <= next {
			n.changed.Wait()
		}
	}
	return n.events[next], !n.closed
}

// cutWriter cuts the connection after some bytes.
type cutWriter struct {
	http.ResponseWriter
	left int // 0: never
}

func (w *cutWriter) send(text string) {
	if w.left > 0 && len(text) >= w.left {
		fmt.Fprint(w.ResponseWriter, text[:w.left-1])
		w.flush()
		panic(http.ErrAbortHandler)
	}
	if w.left > 0 {
		w.left -= len(text)
	}
	fmt.Fprint(w.ResponseWriter, text)
	w.flush()
}

func (w *cutWriter) flush() { w.ResponseWriter.(http.Flusher).Flush() }
