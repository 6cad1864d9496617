package main_test

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestKeysOpenWhatTheySay makes a key, names it in a file, and uses it.
func TestKeysOpenWhatTheySay(t *testing.T) {
	out, _, code := outcry(t, "", "key")
	made := regexp.MustCompile(`^secret: (outcry_\S{43})\nhash:   (sha256:[0-9a-f]{64})\n$`).FindStringSubmatch(out)
	if code != 0 || made == nil {
		t.Fatalf("%d %q", code, out)
	}
	t.Setenv("WALL_KEY", "the secret of a wall of screens")
	path := filepath.Join(t.TempDir(), "keys.yaml")
	file := fmt.Sprintf("helpdesk:\n  secret: %s\n  scopes: [posts]\nwall:\n  secret: $WALL_KEY\n  scopes: [read]\n  rate: 77\n", made[2])
	if err := os.WriteFile(path, []byte(file), 0o600); err != nil {
		t.Fatal(err)
	}
	s := start(t, t.TempDir(), "--keys", path)
	for _, c := range []struct {
		method, path, key string
		status            int
		policy            string
	}{
		{"POST", "/v1/posts", made[1], 200, `"posts";q=10000;w=20`},
		{"POST", "/v1/posts", "the secret of a wall of screens", 403, ""},
		{"POST", "/v1/posts", made[1] + "x", 401, ""},
		{"GET", "/v1/services", "the secret of a wall of screens", 200, `"key";q=77;w=60`},
		{"GET", "/v1/services", "", 200, ""}, // from this machine
	} {
		body := strings.NewReader("")
		if c.method == "POST" {
			body = strings.NewReader(`{"id":"1","text":"WhatsApp is down"}`)
		}
		r, err := http.NewRequest(c.method, s.url+c.path, body)
		if err != nil {
			t.Fatal(err)
		}
		if c.key != "" {
			r.Header.Set("Authorization", "Bearer "+c.key)
		}
		res, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if res.StatusCode != c.status || res.Header.Get("RateLimit-Policy") != c.policy {
			t.Errorf("%s %s: %d %q, want %d %q", c.method, c.path, res.StatusCode, res.Header.Get("RateLimit-Policy"), c.status, c.policy)
		}
	}
	s.stop()
}

// TestBadKeysAndLimits names what is wrong, and shows no secret.
func TestBadKeysAndLimits(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "keys.yaml")
	if err := os.WriteFile(path, []byte("a:\n  secret: s3cret-of-many-letters\n  scopes: [read]\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for want, args := range map[string][]string{
		"keys.yaml: line 2: a.secret: it must be $NAME": {"--keys", path},
		"--keys: open":   {"--keys", path + ".absent"},
		"--rate-limit":   {"--rate-limit=-1"},
		"--live-streams": {"--live-streams=-1"},
		"--trust-proxy":  {"--trust-proxy", "proxy.example"},
	} {
		_, errs, code := outcry(t, "", append([]string{"run", "--data", t.TempDir()}, args...)...)
		if code != 2 || !strings.Contains(errs, want) || strings.Contains(errs, "s3cret") {
			t.Errorf("%s: code %d, %s", want, code, errs)
		}
	}
}
