package api_test

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"outcry/aggregate"
	"outcry/api"
)

func (m *memory) Minutes(_ context.Context, services []string, from, to time.Time) (map[string][]aggregate.Point, error) {
	return (&tide{}).minutes(services, from, to), m.err
}

// tide is a store whose counts change while streams are open.
type tide struct {
	memory
	mu    sync.Mutex
	top   time.Time
	count map[string]map[time.Time]aggregate.Point
	heard uint64
	list  []aggregate.Incident
	gone  map[string]aggregate.Incident // not listed: retracted
	wrong error
	polls int
}

func (s *tide) do(f func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f()
}

// set changes a minute of a service.
func (s *tide) set(service, clock string, posts uint64) {
	s.do(func() {
		if s.count == nil {
			s.count = map[string]map[time.Time]aggregate.Point{}
		}
		if s.count[service] == nil {
			s.count[service] = map[time.Time]aggregate.Point{}
		}
		s.count[service][at(clock)] = aggregate.Point{Posts: posts, Authors: posts}
	})
}

// polled is how often the store was asked since the last time.
func (s *tide) polled() (n int) {
	s.do(func() { n, s.polls = s.polls, 0 })
	return n
}

func (s *tide) Newest(context.Context) (time.Time, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.polls++
	return s.top, s.wrong
}

func (s *tide) Minutes(_ context.Context, services []string, from, to time.Time) (map[string][]aggregate.Point, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.minutes(services, from, to), s.wrong
}

func (s *tide) minutes(services []string, from, to time.Time) map[string][]aggregate.Point {
	curves := map[string][]aggregate.Point{}
	for _, service := range services {
		points := []aggregate.Point{}
		for t := from; t.Before(to); t = t.Add(time.Minute) {
			p := s.count[service][t]
			p.T, p.Heard = t, s.heard
			points = append(points, p)
		}
		curves[service] = points
	}
	return curves
}

func (s *tide) Incidents(context.Context, aggregate.IncidentQuery) ([]aggregate.Incident, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]aggregate.Incident{}, s.list...), s.wrong
}

func (s *tide) Incident(_ context.Context, id string) (aggregate.Incident, bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	i, ok := s.gone[id]
	return i, ok, nil
}

// ride is a server whose store is a tide.
func ride(t testing.TB, edit ...func(*api.Config)) (rig, *tide) {
	s := &tide{top: at("2022-10-25T07:40:00Z"), heard: 1000}
	r := newRig(t, append(edit, func(c *api.Config) { c.Store = s })...)
	return r, s
}

// listener is a client of a stream.
type listener struct {
	mu   sync.Mutex
	text bytes.Buffer
	conn net.Conn
	ends bool
}

// pipe is an answer whose connection can be taken over.
type pipe struct {
	*httptest.ResponseRecorder
	conn net.Conn
}

func (p pipe) Hijack() (net.Conn, *bufio.ReadWriter, error) { return p.conn, nil, nil }

// listen opens a stream and returns when it has begun, or was refused.
func listen(t *testing.T, r rig, target string, header ...string) *listener {
	t.Helper()
	l, answer := dial(r, target, header...)
	go l.read(l.conn)
	synctest.Wait()
	if answer.Code != http.StatusOK {
		t.Fatalf("%d: %s", answer.Code, answer.Body)
	}
	return l
}

// dial opens a stream that nobody reads yet.
func dial(r rig, target string, header ...string) (*listener, *httptest.ResponseRecorder) {
	ours, theirs := net.Pipe()
	l, answer := &listener{conn: ours}, httptest.NewRecorder()
	req := httptest.NewRequest(http.MethodGet, target, nil)
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	go r.ServeHTTP(pipe{answer, theirs}, req)
	return l, answer
}

func (l *listener) read(r io.Reader) {
	part := make([]byte, 4096)
	for {
		n, err := r.Read(part)
		l.mu.Lock()
		l.text.Write(part[:n])
		l.ends = l.ends || err != nil
		l.mu.Unlock()
		if err != nil {
			return
		}
	}
}

// hears takes what came since it was asked last: an event a line.
func (l *listener) hears() (events []string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	text := l.text.String()
	l.text.Reset()
	if strings.HasPrefix(text, "HTTP/1.1") {
		_, text, _ = strings.Cut(text, "\r\n\r\n")
		text = strings.TrimPrefix(text, "retry: 2000\n") // of the first event
	}
	for block := range strings.SplitSeq(text, "\n\n") {
		if block != "" {
			events = append(events, strings.ReplaceAll(block, "\n", " "))
		}
	}
	return events
}

func (l *listener) ended() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.ends
}

// id is the id of an event as hears gives it.
func id(event string) string {
	_, rest, _ := strings.Cut(event, "id: ")
	id, _, _ := strings.Cut(rest, " ")
	return id
}

// plain is what events say, without their ids.
func plain(events []string) string {
	var said []string
	for _, e := range events {
		if name := id(e); name != "" {
			e = strings.Replace(e, "id: "+name+" ", "", 1)
		}
		said = append(said, strings.NewReplacer("event: ", "", "data: ", "", "2022-10-25T", "", ":00Z", "").Replace(e))
	}
	return strings.Join(said, "\n")
}
