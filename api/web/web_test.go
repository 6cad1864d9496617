package web_test

import (
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"

	"outcry/api/web"
)

func TestPage(t *testing.T) {
	built := fstest.MapFS{
		"index.html":           {Data: []byte("<p>built</p>")},
		"assets/index-1a2b.js": {Data: []byte("let a")},
		"assets/licenses.md":   {Data: []byte("# MIT")},
		"secret":               {Data: []byte("no")},
	}
	for _, c := range []struct {
		files            fstest.MapFS
		path, says, keep string
		status           int
	}{
		{built, "/", "built", "no-cache", 200},
		{built, "/assets/index-1a2b.js", "let a", "public, max-age=31536000, immutable", 200},
		{built, "/assets/licenses.md", "MIT", "no-cache", 200},
		{built, "/assets/", "nothing", "", 404},
		{built, "/assets/none.js", "nothing", "", 404},
		{built, "/secret", "", "", 404},
		{fstest.MapFS{}, "/", "make web", "no-cache", 200},
	} {
		h, err := web.From(c.files)
		if err != nil {
			t.Fatal(err)
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest("GET", c.path, nil))
		if w.Code != c.status || !strings.Contains(w.Body.String(), c.says) || w.Header().Get("Cache-Control") != c.keep {
			t.Errorf("%s: %d %v %s", c.path, w.Code, w.Header(), w.Body)
		}
		for _, own := range []string{"default-src 'none'", "script-src 'self'", "frame-src 'self'"} {
			if c.path == "/" && !strings.Contains(w.Header().Get("Content-Security-Policy"), own) {
				t.Errorf("%s: no %s in %v", c.path, own, w.Header())
			}
		}
	}
}

// TestEmbedded holds on a fresh clone as well as after a build.
func TestEmbedded(t *testing.T) {
	h, err := web.Handler()
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
	if w.Code != 200 || !strings.Contains(w.Body.String(), "Outcry") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}
