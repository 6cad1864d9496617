package api_test

import (
	"bufio"
	"context"
	"crypto/tls"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// follow opens a stream over the network, and sends the lines that have a prefix.
func follow(t *testing.T, server *httptest.Server, last, prefix string) (lines <-chan string, cut func()) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, server.URL+"/v1/live?service=whatsapp", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Accept", "text/event-stream")
	req.Header.Set("Accept-Encoding", "gzip")
	req.Header.Set("Last-Event-ID", last)
	res, err := server.Client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	if res.StatusCode != http.StatusOK || res.Header.Get("Content-Encoding") != "" || res.Header.Get("No-Gzip-Compression") != "" {
		t.Fatalf("%d %v", res.StatusCode, res.Header)
	}
	found := make(chan string, 1000)
	go func() {
		defer close(found)
		defer res.Body.Close()
		for scan := bufio.NewScanner(res.Body); scan.Scan(); {
			if strings.HasPrefix(scan.Text(), prefix) {
				found <- scan.Text()
			}
		}
	}()
	return found, cancel
}

// TestLiveServed goes through real connections, taken over in HTTP/1.1 and not in
// HTTP/2: events come while the answer goes on, a client that was cut goes on, one
// that reads nothing holds up nobody, and the server's end is theirs.
func TestLiveServed(t *testing.T) {
	for _, version := range []string{"HTTP/1.1", "HTTP/2"} {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			r, s := ride(t)
			server := httptest.NewUnstartedServer(r)
			server.EnableHTTP2 = version == "HTTP/2"
			if server.EnableHTTP2 {
				server.StartTLS()
			} else {
				server.Start()
			}
			defer server.Close()
			defer r.Close()
			stuck(t, server)
			ids, cut := follow(t, server, "", "id: ")
			last := strings.TrimPrefix(<-ids, "id: ")
			cut()
			for range ids {
			}
			s.set("whatsapp", "2022-10-25T07:40:00Z", 71)
			data, _ := follow(t, server, last, "data: ")
			if got := <-data; !strings.Contains(got, `"posts":71`) {
				t.Errorf("missed: %s", got)
			}
			s.set("whatsapp", "2022-10-25T07:40:00Z", 72)
			if got := <-data; !strings.Contains(got, `"posts":72`) {
				t.Errorf("then: %s", got)
			}
			r.Close()
			if got, more := <-data; more {
				t.Errorf("after the end: %s", got)
			}
		})
	}
}

// stuck opens a stream and reads nothing of it.
func stuck(t *testing.T, server *httptest.Server) {
	t.Helper()
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, ReadBufferSize: 1}}
	res, err := client.Get(server.URL + "/v1/live?service=whatsapp")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { res.Body.Close() })
}
