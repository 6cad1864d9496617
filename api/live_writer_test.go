package api_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net"
	"net/http/httptest"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"outcry/api"
)

// call opens a stream that takes no goroutine on this side: it is read by whoever asks.
// The system holds about so many bytes for it, 0 for as many as it likes.
func call(t *testing.T, server *httptest.Server, services string, held int) *bufio.Reader {
	t.Helper()
	conn, err := net.Dial("tcp", server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	if held > 0 {
		if err := conn.(*net.TCPConn).SetReadBuffer(held); err != nil {
			t.Fatal(err)
		}
	}
	_ = conn.SetDeadline(time.Now().Add(30 * time.Second))
	if _, err := fmt.Fprintf(conn, "GET /v1/live?service=%s HTTP/1.1\r\nHost: test\r\n\r\n", services); err != nil {
		t.Fatal(err)
	}
	return bufio.NewReader(conn)
}

// hear reads the data of events up to the first that says so.
func hear(r *bufio.Reader, last string) (data []string, err error) {
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			return data, err
		}
		if text, ok := strings.CutPrefix(line, "data: "); ok {
			if !json.Valid([]byte(text)) {
				return data, fmt.Errorf("torn: %q", text)
			}
			if data = append(data, text); strings.Contains(text, last) {
				return data, nil
			}
		}
	}
}

// TestLiveWithoutGoroutines opens many streams, none of which has a goroutine of its own.
func TestLiveWithoutGoroutines(t *testing.T) {
	r, s := ride(t)
	server := httptest.NewServer(r)
	defer server.Close()
	defer r.Close()
	const many = 300
	streams := []*bufio.Reader{call(t, server, "whatsapp", 0)}
	if _, err := hear(streams[0], "newest"); err != nil { // from now on there are the polling and the writer
		t.Fatal(err)
	}
	before := runtime.NumGoroutine()
	for len(streams) < many {
		streams = append(streams, call(t, server, "whatsapp", 0))
	}
	s.set("whatsapp", "2022-10-25T07:40:00Z", 71)
	for _, stream := range streams {
		if _, err := hear(stream, `"posts":71`); err != nil {
			t.Fatal(err)
		}
	}
	for began := time.Now(); runtime.NumGoroutine() > before+many/10; runtime.Gosched() { // the last requests end
		if time.Since(began) > 10*time.Second {
			t.Fatalf("%d goroutines for %d streams, %d for one", runtime.NumGoroutine(), many, before)
		}
	}
	r.Close()
	for _, stream := range streams {
		if _, err := hear(stream, "more"); err == nil || strings.Contains(err.Error(), "timeout") {
			t.Fatalf("after the end: %v", err)
		}
	}
}

// TestLiveSlowAmongMany has a client that takes nothing while far more is sent than the
// system holds for it. The others hear all, at once and in order; it gets whole events,
// a new beginning for what it missed, and from then on what they get.
func TestLiveSlowAmongMany(t *testing.T) {
	t.Parallel()
	r, s := ride(t, func(c *api.Config) { c.Now = func() time.Time { return at("2022-10-27T00:00:00Z") } })
	server := httptest.NewServer(r)
	defer server.Close()
	defer r.Close()
	const services, many, leaps = "whatsapp,x,instagram", 20, 4
	slow := call(t, server, services, 8<<10)
	quick, heard := make([]*bufio.Reader, many), make([][]string, many)
	all := func(last string) {
		t.Helper()
		var wg sync.WaitGroup
		for i := range quick {
			wg.Go(func() {
				data, err := hear(quick[i], last)
				if heard[i] = append(heard[i], data...); err != nil {
					t.Errorf("until %s: %v", last, err)
				}
			})
		}
		wg.Wait()
	}
	for i := range quick {
		quick[i] = call(t, server, services, 0)
	}
	all(`"newest"`)
	var newest string
	for range leaps { // of 900 minutes, all of which are new
		s.do(func() {
			s.top = s.top.Add(5 * time.Hour)
			newest = s.top.Format(time.RFC3339)
		})
		all(`"newest":"` + newest)
	}
	for i, data := range heard {
		if len(data) != 91+leaps*901 || !slices.Equal(data, heard[0]) {
			t.Errorf("client %d heard %d events, and the first %d", i, len(data), len(heard[0]))
		}
	}
	data, err := hear(slow, `"newest":"`+newest)
	if err != nil {
		t.Fatal(err)
	}
	data = slices.DeleteFunc(data, func(text string) bool { return !strings.Contains(text, "newest") })
	if !slices.IsSorted(data) || len(slices.Compact(data)) == leaps+1 {
		t.Errorf("the slow client has no new beginning: %s", data)
	}
	s.set("x", newest, 72)
	all(`"posts":72`)
	if data, err := hear(slow, `"posts":72`); err != nil || len(data) != 1 {
		t.Errorf("then it hears %q, %v", data, err)
	}
}
