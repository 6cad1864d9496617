package main_test

import (
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"outcry/ingest/bus"
)

// push sends lines as posts with a key.
func (s *server) push(key, lines string) {
	s.t.Helper()
	request, err := http.NewRequest(http.MethodPost, s.url+"/v1/posts", strings.NewReader(lines))
	if err != nil {
		s.t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+key)
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		s.t.Fatal(err)
	}
	defer answer.Body.Close()
	if text, err := io.ReadAll(answer.Body); err != nil || answer.StatusCode != 200 || !strings.Contains(string(text), `"refused":[]`) {
		s.t.Fatalf("%s %s %v", answer.Status, text, err)
	}
}

// TestSearchOfRolesApart runs ingest, classify and serve as processes that share
// nothing but a broker that they know by its address: posts that are pushed or
// read from a file are found, and deleted ones are not.
func TestSearchOfRolesApart(t *testing.T) {
	t.Parallel()
	broker, err := bus.StartEmbedded(t.TempDir(), 0, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { broker.Close() })
	const key = "a key for this test"
	apart := func(args ...string) []string { return append(args, "--kafka", broker.Addr, "--data", t.TempDir()) }
	role(t, "classify", apart()...)
	s := role(t, "serve", apart("--listen", "127.0.0.1:0", "--push-key", "helpdesk="+key)...)
	s.ready()

	post := func(id, text string, age time.Duration) string {
		return fmt.Sprintf("{%q:%q,%q:%q,%q:%q}\n", "id", id, "text", text, "created_at", time.Now().Add(-age).UTC().Format(time.RFC3339))
	}
	s.push(key, post("a", "WhatsApp is down, my messages are not sending", time.Minute)+post("b", "whatsapp down, no message goes out", 2*time.Minute))
	file := filepath.Join(t.TempDir(), "posts.ndjson")
	if err := os.WriteFile(file, []byte(post("c", "WhatsApp messages are not delivered, it is down", 3*time.Minute)), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, errs, code := outcry(t, "", append([]string{"ingest"}, apart("--file", file, "--source", "archive")...)...); code != 0 {
		t.Fatalf("ingest: %d\n%s%s", code, out, errs)
	}
	s.await("three posts", func() bool { return s.found("message") == "abc" })

	s.push(key, `{"id":"a","deleted":true}`)
	s.await("one post less", func() bool { return s.found("message") == "bc" })
	s.stop()
}
