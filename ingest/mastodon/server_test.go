package mastodon_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"
)

// network is where test servers are reached by name; all is in memory, so that
// time need not pass.
type network struct{ hosts map[string]*wire }

// client calls the servers of a network. A name that none has is a failure of DNS.
func (n *network) client() *http.Client {
	return &http.Client{Transport: &http.Transport{DialContext: func(ctx context.Context, _, address string) (net.Conn, error) {
		host, _, _ := net.SplitHostPort(address)
		w, ok := n.hosts[host]
		if !ok {
			return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
		}
		return w.dial(ctx)
	}}}
}

// wire is a listener in memory.
type wire struct {
	calls chan net.Conn
	done  chan struct{}
	once  sync.Once
}

func (w *wire) dial(ctx context.Context) (net.Conn, error) {
	near, far := net.Pipe()
	select {
	case w.calls <- far:
		return near, nil
	case <-w.done:
		return nil, &net.OpError{Op: "dial", Err: fmt.Errorf("connection refused")}
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (w *wire) Accept() (net.Conn, error) {
	select {
	case c := <-w.calls:
		return &cutConn{Conn: c}, nil
	case <-w.done:
		return nil, net.ErrClosed
	}
}

func (w *wire) Close() error   { w.once.Do(func() { close(w.done) }); return nil }
func (w *wire) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)} }

// cutConn breaks after a number of bytes that is told it later.
type cutConn struct {
	net.Conn
	mu   sync.Mutex
	left int // 0: no limit
}

func (c *cutConn) Write(b []byte) (int, error) {
	c.mu.Lock()
	left := c.left
	c.mu.Unlock()
	if left == 0 || len(b) < left {
		n, err := c.Conn.Write(b)
		if left > 0 {
			c.left -= n
		}
		return n, err
	}
	c.Conn.Write(b[:left])
	c.Conn.Close()
	return 0, net.ErrClosed
}

// fault is what goes wrong with one stream.
type fault struct {
	status int    // answered in place of it
	cut    int    // bytes after which the connection is cut, from the head of the answer on
	after  int    // events after which something happens, -1 for never:
	stall  bool   // it says nothing more
	lazy   bool   // it says that it is there, and nothing else
	raw    string // it says that
}

// server is an instance that speaks the real interface and has its oddities:
// numbers by the time of writing, late posts among older ones, pages counted
// before they are filtered, limits told by its own clock.
type server struct {
	*httptest.Server
	host    string
	domain  string
	streams string // address of the streams, empty for none in the instance's own words
	sockets bool   // streams are WebSockets
	closed  bool   // only for those with a token
	token   string
	limit   int // questions in 15 minutes, 0 for any number
	broken  int // status that lists are answered with
	body    string

	mu       sync.Mutex
	posts    []map[string]any // the oldest number first
	ears     map[chan string]bool
	faults   []fault
	streamed int
	asked    []time.Time
	refused  int
	queries  []string
}

type connKey struct{}

// serve starts an instance.
func (n *network) serve(t *testing.T, host string, secret bool) *server {
	t.Helper()
	s := &server{host: host, domain: host, ears: map[chan string]bool{}}
	s.Server = httptest.NewUnstartedServer(s)
	w := &wire{calls: make(chan net.Conn), done: make(chan struct{})}
	s.Listener.Close()
	s.Listener = w
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.Config.ConnContext = func(ctx context.Context, c net.Conn) context.Context { return context.WithValue(ctx, connKey{}, c) }
	if secret {
		s.StartTLS()
	} else {
		s.Start()
	}
	if n.hosts == nil {
		n.hosts = map[string]*wire{}
	}
	n.hosts[host] = w
	return s
}

func number(at time.Time, n int) string { return strconv.FormatInt(at.UnixMilli()<<16+int64(n), 10) }

// say publishes a post that was written at a time: streams tell it now, and in
// the list it stands where that time is.
func (s *server) say(n int, written time.Time) {
	s.publish(n, written, map[string]any{}, "update", true, true)
}

func (s *server) publish(n int, written time.Time, with map[string]any, event string, listed, told bool) {
	p := map[string]any{
		"id": number(written, n), "uri": fmt.Sprintf("https://far.example/users/ann/statuses/%d", n), "url": nil,
		"created_at": written.UTC().Format("2006-01-02T15:04:05.000Z"), "edited_at": nil, "visibility": "public", "language": "en",
		"spoiler_text": "", "content": fmt.Sprintf("<p>post %d: is WhatsApp down?</p>", n), "reblog": nil,
		"account": map[string]any{"acct": "ann@far.example"}, "mentions": []any{}, "tags": []any{}, "poll": nil,
	}
	for k, v := range with {
		p[k] = v
	}
	s.mu.Lock()
	if listed {
		s.posts = slices.DeleteFunc(s.posts, func(o map[string]any) bool { return o["id"] == p["id"] })
		at, _ := slices.BinarySearchFunc(s.posts, p, func(a, b map[string]any) int { return strings.Compare(a["id"].(string), b["id"].(string)) })
		s.posts = slices.Insert(s.posts, at, p)
	}
	s.mu.Unlock()
	if told {
		text, _ := json.Marshal(p)
		s.tell(event, string(text))
	}
}

// tell sends an event to all streams; nobody is waited for.
func (s *server) tell(event, data string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for ear := range s.ears {
		select {
		case ear <- event + "\n" + data:
		default:
		}
	}
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	known := r.Header.Get("Authorization") == "Bearer "+s.token && s.token != ""
	switch {
	case strings.HasPrefix(r.URL.Path, "/api/v1/streaming"):
		if !known {
			refuse(w, 401, "The access token is invalid")
			return
		}
		s.stream(w, r)
	case r.URL.Path == "/api/v2/instance" && s.count(w):
		json.NewEncoder(w).Encode(map[string]any{"domain": s.domain, "configuration": map[string]any{"urls": map[string]any{"streaming": s.streams}}})
	case strings.HasPrefix(r.URL.Path, "/api/v1/timelines/") && s.count(w):
		switch {
		case s.closed && !known:
			refuse(w, 422, "This method requires an authenticated user")
		case s.broken != 0:
			refuse(w, s.broken, "Something went wrong")
		case s.body != "":
			fmt.Fprint(w, s.body)
		default:
			s.list(w, r)
		}
	default:
		http.NotFound(w, r)
	}
}

func refuse(w http.ResponseWriter, status int, why string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(map[string]string{"error": why})
}

// clockSkew is how far the servers' clocks are behind.
const clockSkew = 7 * time.Minute

// count keeps to the limit, in windows of 15 minutes.
func (s *server) count(w http.ResponseWriter) bool {
	const window = 15 * time.Minute
	now := time.Now()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked = append(s.asked, now)
	if s.limit == 0 {
		return true
	}
	clock := now.Add(-clockSkew)
	begin := clock.Truncate(window)
	n := 0
	for _, at := range s.asked {
		if !at.Before(begin.Add(clockSkew)) {
			n++
		}
	}
	w.Header().Set("Date", clock.UTC().Format(http.TimeFormat))
	w.Header().Set("X-RateLimit-Limit", strconv.Itoa(s.limit))
	w.Header().Set("X-RateLimit-Remaining", strconv.Itoa(max(0, s.limit-n)))
	w.Header().Set("X-RateLimit-Reset", begin.Add(window).UTC().Format("2006-01-02T15:04:05.000000Z"))
	if n > s.limit {
		s.refused++
		w.WriteHeader(http.StatusTooManyRequests)
		return false
	}
	return true
}

// questions is how many were asked and how many of them were too many.
func (s *server) questions() (asked, refused int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.asked), s.refused
}

// opened is how many streams were.
func (s *server) opened() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.streamed
}

// lastQuery is the last list that was asked for.
func (s *server) lastQuery() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.queries[len(s.queries)-1]
}

// list answers as Mastodon does: min_id gives those next to it, all else the
// newest; the newest first either way.
func (s *server) list(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.queries = append(s.queries, r.URL.Path+"?"+r.URL.RawQuery)
	var found []map[string]any
	for _, p := range s.posts {
		id := p["id"].(string)
		if (q.Get("min_id") == "" || id > q.Get("min_id")) && (q.Get("max_id") == "" || id < q.Get("max_id")) {
			found = append(found, p)
		}
	}
	limit, _ := strconv.Atoi(q.Get("limit"))
	if limit = min(limit, 40); len(found) > limit {
		if q.Has("min_id") {
			found = found[:limit]
		} else {
			found = found[len(found)-limit:]
		}
	}
	page := []map[string]any{}
	for _, p := range slices.Backward(found) {
		if p["hidden"] == nil { // filtered after it was counted
			page = append(page, p)
		}
	}
	json.NewEncoder(w).Encode(page)
}

// stream answers with a stream in one of its forms.
func (s *server) stream(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	f := fault{after: -1}
	if s.streamed < len(s.faults) {
		f = s.faults[s.streamed]
	}
	if s.sockets == (r.URL.Path == "/api/v1/streaming") {
		s.streamed++
	}
	ear := make(chan string, 10_000)
	s.mu.Unlock()
	if f.status != 0 {
		refuse(w, f.status, "Not now")
		return
	}
	if c, ok := r.Context().Value(connKey{}).(*cutConn); ok && f.cut > 0 {
		c.mu.Lock()
		c.left = f.cut
		c.mu.Unlock()
	}
	ctx, say, thump := s.events(w, r)
	if say == nil {
		return
	}
	s.mu.Lock()
	s.ears[ear] = true
	s.mu.Unlock()
	defer func() { s.mu.Lock(); delete(s.ears, ear); s.mu.Unlock() }()
	s.pass(ctx, ear, f, say, thump)
}

func (s *server) pass(ctx context.Context, ear chan string, f fault, say func(event, data string) error, thump func() error) {
	alive := time.NewTicker(15 * time.Second)
	defer alive.Stop()
	for n := 0; ; n++ {
		if n == f.after && f.raw != "" {
			say("raw", f.raw)
		} else if n == f.after {
			if f.stall {
				<-ctx.Done()
			}
			say("close", "")
			return
		}
		var err error
		select {
		case word := <-ear:
			event, data, _ := strings.Cut(word, "\n")
			if !f.lazy {
				err = say(event, data)
			}
		case <-alive.C:
			n--
			err = thump()
		case <-ctx.Done():
			return
		}
		if err != nil {
			return
		}
	}
}

// events opens the form of the stream that the server speaks; ctx is of the connection.
func (s *server) events(w http.ResponseWriter, r *http.Request) (ctx context.Context, say func(event, data string) error, thump func() error) {
	if !s.sockets {
		if !strings.HasPrefix(r.URL.Path, "/api/v1/streaming/") {
			http.NotFound(w, r)
			return nil, nil, nil
		}
		w.Header().Set("Content-Type", "text/event-stream; charset=utf-8")
		out := http.NewResponseController(w)
		fmt.Fprint(w, ":)\n")
		out.Flush()
		return r.Context(), func(event, data string) error {
				if event == "raw" {
					fmt.Fprint(w, data)
				} else if event != "close" {
					fmt.Fprintf(w, "event: %s\ndata: %s\n\n", event, data)
				}
				return out.Flush()
			}, func() error {
				fmt.Fprint(w, ":thump\n")
				return out.Flush()
			}
	}
	if r.URL.Path != "/api/v1/streaming" || r.Header.Get("Sec-WebSocket-Protocol") != s.token {
		http.NotFound(w, r)
		return nil, nil, nil
	}
	conn, err := websocket.Accept(w, r, &websocket.AcceptOptions{Subprotocols: []string{s.token}})
	if err != nil {
		return nil, nil, nil
	}
	ctx = conn.CloseRead(context.Background())
	return ctx, func(event, data string) error {
			text, _ := json.Marshal(map[string]any{"stream": []string{r.URL.Query().Get("stream")}, "event": event, "payload": data})
			if event == "close" {
				return conn.Close(websocket.StatusGoingAway, "it restarts")
			} else if event == "raw" {
				text = []byte(data)
			}
			return conn.Write(ctx, websocket.MessageText, text)
		}, func() error {
			return conn.Ping(ctx)
		}
}
