package api_test

import (
	"encoding/csv"
	"net/http/httptest"
	"strings"
	"testing"

	"outcry/aggregate"
)

func TestTags(t *testing.T) {
	r := newRig(t)
	for _, path := range []string{"/v1/curves?service=x", "/v1/curves?service=x&format=csv", "/v1/services", "/v1/incidents", "/v1/sources", "/v1/posts?service=x"} {
		first := r.get(path)
		tag, text := first.Header.Get("ETag"), body(t, first)
		if first.StatusCode != 200 || len(tag) < 10 || tag[0] != '"' {
			t.Errorf("%s: %d, tag %q", path, first.StatusCode, tag)
		}
		for _, known := range []string{tag, "W/" + tag, `"other", ` + tag, "*"} {
			res := r.get(path, "If-None-Match", known)
			if res.StatusCode != 304 || body(t, res) != "" || strings.TrimPrefix(res.Header.Get("ETag"), "W/") != tag || res.Header.Get("Cache-Control") != first.Header.Get("Cache-Control") ||
				!strings.Contains(strings.Join(res.Header.Values("Vary"), ","), "Accept") {
				t.Errorf("%s with %s: %d %v", path, known, res.StatusCode, res.Header)
			}
		}
		for _, known := range []string{`"other"`, "W/", "", "tag", tag[1:]} {
			if res := r.get(path, "If-None-Match", known); res.StatusCode != 200 || body(t, res) != text {
				t.Errorf("%s with %q: %d", path, known, res.StatusCode)
			}
		}
	}
	if a, b := r.get("/v1/curves?service=x").Header.Get("ETag"), r.get("/v1/curves?service=x&format=csv").Header.Get("ETag"); a == b {
		t.Error("two forms have one tag")
	}
	refused := r.get("/v1/curves?service=nope", "If-None-Match", "*")
	if problem(t, refused, 404); refused.Header.Get("ETag") != "" {
		t.Error("a refusal has a tag")
	}
	r.store.newest = noon()
	changed := r.get("/v1/services", "If-None-Match", r.get("/v1/services").Header.Get("ETag"))
	if changed.StatusCode != 304 {
		t.Errorf("nothing changed: %d", changed.StatusCode)
	}
	later := newRig(t) // whose clock stands: it would give what is kept for a moment
	later.store.newest, later.store.activity = noon(), []aggregate.ServiceActivity{{Service: "x", Posts: 3, Last: noon()}}
	if res := later.get("/v1/services", "If-None-Match", changed.Header.Get("ETag")); res.StatusCode != 200 {
		t.Errorf("something changed: %d", res.StatusCode)
	}
	long := r.get("/v1/curves?service=x&format=csv&from=2022-01-01T00:00:00Z&to=2022-10-01T00:00:00Z")
	if text := body(t, long); long.Header.Get("ETag") != "" || strings.Count(text, "\n") != 273*24*60+1 {
		t.Errorf("a long answer goes out as it comes: %d bytes, %v", len(text), long.Header)
	}
}

// No cell is a formula to a spreadsheet, and numbers stay numbers.
func TestCSVFormulas(t *testing.T) {
	for text, runs := range map[string]bool{
		"=1+1": true, "+1+cmd|' /C calc'!A0": true, "-1+1": true, "@SUM(A1)": true, "\t=1": true, "\r=1": true, "\n=1": true, " =1+1": true,
		"\u200b=1": true, "\u202e=1": true, "\ufeff=1": true, "\u00a0@x": true, "\uff1d1+1": true, "\uff20x": true, "\x00=1": true,
		"-1.5": false, "-1e-07": false, "1.5": false, "-": true, "-e": true, "--1": true, "-1.": true, "a=b": false, "é": false, "": false, "'=1": false,
	} {
		r := newRig(t)
		r.store.posts = []aggregate.Evidence{{ID: "1", Text: text}}
		rows, err := csv.NewReader(strings.NewReader(body(t, r.get("/v1/posts?service=x&format=csv")))).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		cell := rows[1][6]
		if strings.HasPrefix(cell, "'") != (runs || strings.HasPrefix(text, "'")) || strings.ReplaceAll(strings.TrimPrefix(cell, "'"), "\r", "") != strings.ReplaceAll(strings.TrimPrefix(text, "'"), "\r", "") {
			t.Errorf("%q became %q", text, cell)
		}
	}
}

// A browser asks for HEAD and for a live stream too; neither is kept back.
func TestTagsOfHead(t *testing.T) {
	r := newRig(t)
	w := httptest.NewRecorder()
	r.ServeHTTP(w, httptest.NewRequest("HEAD", "/v1/curves?service=x", nil))
	if w.Code != 200 || w.Header().Get("ETag") != r.get("/v1/curves?service=x").Header.Get("ETag") {
		t.Errorf("%d %v", w.Code, w.Header())
	}
}
