package main_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// found are the ids of the complaints with the words, the newest first.
func (s *server) found(words string) (ids string) {
	s.t.Helper()
	var answer struct{ Posts []struct{ ID string } }
	if err := json.Unmarshal(s.get("/v1/search?q="+url.QueryEscape(words), "application/json"), &answer); err != nil {
		s.t.Fatal(err)
	}
	for _, p := range answer.Posts {
		ids += p.ID
	}
	return ids
}

// TestSearchOutlivesKills lets posts in, kills the program, and takes posts back.
func TestSearchOutlivesKills(t *testing.T) {
	t.Parallel()
	data, now := t.TempDir(), time.Now().UTC()
	file := filepath.Join(data, "posts.ndjson")
	write := func(lines string) {
		if err := os.WriteFile(file, []byte(lines), 0o600); err != nil {
			t.Fatal(err)
		}
		if out, errs, code := outcry(t, "", "ingest", "--data", data, "--file", file, "--source", "test"); code != 0 {
			t.Fatalf("ingest: %d\n%s%s", code, out, errs)
		}
	}
	post := func(id, author, text string, age time.Duration) string {
		return fmt.Sprintf("{%q:%q,%q:%q,%q:%q,%q:%q}\n", "id", id, "author", author, "text", text, "created_at", now.Add(-age).Format(time.RFC3339))
	}
	s := start(t, data)
	write(post("a", "ann", "WhatsApp is down, my messages are not sending", time.Minute) +
		post("b", "bob", "whatsapp down again, no message goes out", 2*time.Minute) +
		post("c", "bob", "Impossible d'envoyer un message sur WhatsApp", 49*time.Hour))
	s.await("three posts", func() bool { return s.found("messages") == "abc" })
	s.kill()

	s = start(t, data)
	if got := s.found("message"); got != "abc" {
		t.Errorf("after a kill: %q", got)
	}
	write(`{"id":"a","source":"test","deleted":true}` + "\n")
	s.await("one post less", func() bool { return s.found("message") == "bc" })
	write(`{"author":"bob","source":"test","deleted":true}` + "\n")
	s.await("no posts", func() bool { return s.found("message") == "" })
	s.kill()

	s = start(t, data)
	if got := s.found("message"); got != "" {
		t.Errorf("deleted posts are back: %q", got)
	}
	s.stop()
}

func TestNoSearch(t *testing.T) {
	t.Parallel()
	s := start(t, t.TempDir(), "--no-search")
	response, err := http.Get(s.url + "/v1/search?q=x")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if body, _ := io.ReadAll(response.Body); response.StatusCode != http.StatusNotImplemented {
		t.Errorf("%s: %s", response.Status, body)
	}
	if _, err := os.Stat(filepath.Join(s.data, "search")); err == nil {
		t.Error("an index was made")
	}
	s.stop()
	_, errs, code := outcry(t, "", "run", "--data", t.TempDir(), "--listen", "127.0.0.1:0", "--queue-port", "0", "--search-days", "31")
	if code == 0 || errs == "" {
		t.Errorf("--search-days 31: %d %s", code, errs)
	}
}
