package bluesky_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/klauspost/compress/zstd"
)

// jetstream is a server that speaks the real protocol and has its oddities: it
// hands on what it has from a cursor on, then waits for more. Faults are told it
// per connection.
type jetstream struct {
	*httptest.Server
	t      *testing.T
	v2     bool
	dictID atomic.Uint32 // the one that it takes
	oldest atomic.Int64  // sequence number below which it has forgotten
	faults []fault       // of the first connections

	mu       sync.Mutex
	more     *sync.Cond
	dict     []byte
	events   []string // JSON; of v1, the i-th has time start+i seconds
	requests []*http.Request
}

// fault is what goes wrong with one connection.
type fault struct {
	status int    // answered in place of a stream
	cut    int    // bytes after which the connection is cut
	after  int    // events after which something happens, -1 for none:
	code   int    // it closes the stream with that code; 1006 is without a word
	stall  bool   // it says nothing more
	frame  string // it sends that frame
	junk   bool   // it sends a frame that is no zstd
}

var start = time.Date(2026, 7, 4, 14, 0, 0, 0, time.UTC)

func serve(t *testing.T, v2 bool, faults ...fault) *jetstream {
	t.Helper()
	s := &jetstream{t: t, v2: v2, faults: faults}
	s.more = sync.NewCond(&s.mu)
	s.Server = httptest.NewUnstartedServer(http.HandlerFunc(s.handle))
	s.Listener = &cutListener{Listener: s.Listener, server: s}
	s.Start()
	t.Cleanup(func() {
		s.CloseClientConnections()
		s.mu.Lock()
		s.events = append(s.events, "end")
		s.more.Broadcast()
		s.mu.Unlock()
		s.Close()
	})
	return s
}

func (s *jetstream) host() string { return strings.TrimPrefix(s.URL, "http://") }

// say adds events.
func (s *jetstream) say(events ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.events = append(s.events, events...)
	s.more.Broadcast()
}

// asked are the query parameters of the i-th stream that was asked for.
func (s *jetstream) asked(i int) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if i >= len(s.requests) {
		return "never asked"
	}
	return s.requests[i].URL.RawQuery
}

func (s *jetstream) handle(w http.ResponseWriter, r *http.Request) {
	path := "/subscribe"
	if s.v2 {
		path = "/xrpc/network.bsky.jetstream.subscribeEvents"
	}
	switch {
	case r.URL.Path == "/xrpc/network.bsky.jetstream.getZstdDictionary" && s.dictionary() != nil:
		w.Write(s.dictionary())
	case r.URL.Path == path:
		s.stream(w, r)
	default:
		http.NotFound(w, r)
	}
}

func (s *jetstream) dictionary() []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.dict
}

func (s *jetstream) stream(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	n := len(s.requests)
	s.requests = append(s.requests, r)
	s.mu.Unlock()
	f := fault{after: -1}
	if n < len(s.faults) {
		f = s.faults[n]
	}
	if f.status != 0 {
		w.WriteHeader(f.status)
		return
	}
	from, name := s.position(r.URL.Query().Get("cursor"))
	if id := r.URL.Query().Get("zstdDictionary"); id != "" && id != strconv.Itoa(int(s.dictID.Load())) {
		name = "UnknownZstdDictionary"
	}
	if name != "" {
		w.WriteHeader(http.StatusBadRequest)
		json.NewEncoder(w).Encode(map[string]string{"error": name, "message": "as it says"})
		return
	}
	conn, err := websocket.Accept(w, r, &websocket.AcceptOptions{CompressionMode: websocket.CompressionContextTakeover})
	if err != nil {
		return
	}
	defer conn.CloseNow()
	s.hand(conn.CloseRead(r.Context()), conn, from, f, r.URL.Query().Has("zstdDictionary"))
}

// position is the index to begin at, or the name of the error.
func (s *jetstream) position(cursor string) (from int, refused string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	n, err := strconv.ParseInt(cursor, 10, 64)
	switch {
	case cursor == "":
		return len(s.events), ""
	case err != nil:
		return 0, "InvalidRequest"
	case n >= 1e15:
		return max(0, int((n-start.UnixMicro()+999_999)/1_000_000)), ""
	case n < s.oldest.Load():
		return 0, "CursorTooOld"
	}
	return int(n - 1), ""
}

// turned is the index of what v1 sends at i: now and then two events stand in the
// wrong order, as after a change of the upstream server. v2 promises order.
func (s *jetstream) turned(i int) int {
	switch {
	case s.v2 || i%10 < 4 || i%10 > 5:
		return i
	case i%10 == 4:
		return i + 1
	}
	return i - 1
}

// hand sends events from an index on; one in seven comes twice.
func (s *jetstream) hand(ctx context.Context, conn *websocket.Conn, from int, f fault, press bool) {
	send := func(text string) bool {
		if !press {
			return conn.Write(ctx, websocket.MessageText, []byte(text)) == nil
		}
		enc, err := zstd.NewWriter(nil, zstd.WithEncoderDict(s.dictionary()), zstd.WithEncoderConcurrency(1))
		if err != nil {
			s.t.Error(err)
			return false
		}
		defer enc.Close()
		return conn.Write(ctx, websocket.MessageBinary, enc.EncodeAll([]byte(text), nil)) == nil
	}
	for i := from; ; i++ {
		if f.after >= 0 && i-from == f.after {
			switch {
			case f.stall:
				<-ctx.Done()
				return
			case f.junk:
				conn.Write(ctx, websocket.MessageBinary, []byte("junk"))
			case f.frame != "":
				send(f.frame)
			case f.code == 1006:
				return
			case f.code != 0:
				conn.Close(websocket.StatusCode(f.code), "fault")
				return
			}
		}
		s.mu.Lock()
		for max(i, s.turned(i)) >= len(s.events) && !slices.Contains(s.events, "end") {
			s.more.Wait()
		}
		text := "end"
		if j := s.turned(i); j < len(s.events) {
			text = s.events[j]
		}
		s.mu.Unlock()
		if text == "end" || !send(text) || i%7 == 3 && !send(text) {
			return
		}
	}
}

// cutListener cuts connections after some bytes.
type cutListener struct {
	net.Listener
	server *jetstream
}

func (l *cutListener) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	l.server.mu.Lock()
	defer l.server.mu.Unlock()
	n := len(l.server.requests)
	if n < len(l.server.faults) && l.server.faults[n].cut > 0 {
		return &cutConn{Conn: conn, left: l.server.faults[n].cut}, nil
	}
	return conn, nil
}

type cutConn struct {
	net.Conn
	left int
}

func (c *cutConn) Write(b []byte) (int, error) {
	if len(b) < c.left {
		c.left -= len(b)
		return c.Conn.Write(b)
	}
	n, _ := c.Conn.Write(b[:c.left])
	c.Conn.Close()
	return n, net.ErrClosed
}

// postV1 is the creation of the i-th post, as /subscribe tells it.
func postV1(i int) string {
	at := start.Add(time.Duration(i) * time.Second)
	return fmt.Sprintf(`{"did":"did:plc:author%d","time_us":%d,"kind":"commit","commit":{"rev":"r","operation":"create","collection":"app.bsky.feed.post","rkey":"k%d","record":{"$type":"app.bsky.feed.post","createdAt":%q,"langs":["en"],"text":"post %d: is WhatsApp down?"},"cid":"c"}}`,
		i%5, at.UnixMicro(), i, at.Format(time.RFC3339Nano), i)
}

func postV2(i int) string {
	at := start.Add(time.Duration(i) * time.Second)
	return fmt.Sprintf(`{"$type":"message","payload":{"$type":"network.bsky.jetstream.subscribeEvents#commit","seq":%d,"did":"did:plc:author%d","time":%q,"rev":"r","operation":"create","collection":"app.bsky.feed.post","rkey":"k%d","cid":"c","record":{"$type":"app.bsky.feed.post","createdAt":%q,"langs":["en"],"text":"post %d: is WhatsApp down?"}}}`,
		i+1, i%5, at.Format("2006-01-02T15:04:05.000000Z"), i, at.Format(time.RFC3339Nano), i)
}
