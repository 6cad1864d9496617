package api_test

import (
	"encoding/csv"
	"encoding/json"
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"

	"outcry/aggregate"
	"outcry/api"
	"outcry/nlp/catalog"
)

// nasty are texts that strangers may send.
func nasty() map[string]string {
	return map[string]string{
		"script":    `<script>alert("x")</script>`,
		"attribute": `" onmouseover="alert(1)`,
		"comment":   "--><img src=x onerror=alert(1)>]]>",
		"bidi":      "down \u202eetis elbaliava\u202c \u2066x\u2069",
		"zero":      "Whats\u200bApp\ufeff is\u2060 down\U000e0041",
		"marks":     "do" + strings.Repeat("\u0301", 50) + "wn",
		"controls":  "down\x1b[31m\x07\x00\u0085",
		"broken":    "down\xff\xc3\x28",
		"formula":   `=HYPERLINK("http://evil.example","x")`,
		"wide":      "\uff1d1+1",
		"long":      strings.Repeat("長い", 3000),
	}
}

func TestSafe(t *testing.T) {
	for text, want := range map[string]string{
		"WhatsApp est en panne, c'est fini\n\tencore": "",
		"ن\u200cمی\u200cتوانم پیام بفرستم":            "", // Persian joins not
		"👩\u200d💻 क्षत्रिय שָׁלוֹם tiếng Việt ที่นี่": "",
		nasty()["bidi"]:                         "down etis elbaliava x",
		nasty()["zero"]:                         "WhatsApp is down",
		nasty()["marks"]:                        "do" + strings.Repeat("\u0301", 6) + "wn",
		nasty()["controls"]:                     "down [31m   ",
		nasty()["broken"]:                       "down\ufffd\ufffd(",
		"a" + strings.Repeat("\u0301\u200b", 9): "a" + strings.Repeat("\u0301", 6),
	} {
		if want == "" {
			want = text
		}
		if got := api.Safe(text); got != want {
			t.Errorf("%q became %q", text, got)
		}
	}
}

func FuzzSafe(f *testing.F) {
	for _, text := range nasty() {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got := api.Safe(text)
		if !utf8.ValidString(got) || api.Safe(got) != got || strings.ContainsAny(got, "\x00\x1b\u202e\u200b") || strings.Contains(got, strings.Repeat("\u0301", 7)) {
			t.Errorf("%q became %q", text, got)
		}
	})
}

// Whatever is sent, the refusal is JSON that shows none of it as it was.
func TestHostileQueries(t *testing.T) {
	r := newRig(t)
	for name, text := range nasty() {
		v := url.QueryEscape(text)
		for _, target := range []string{
			"/v1/curves?service=" + v, "/v1/curves?service=x&step=" + v, "/v1/posts?service=x&lang=" + v, "/v1/services?" + v + "=1", "/v1/incidents?cursor=" + v,
			"/v1/incidents/" + url.PathEscape(text), "/v1/" + url.PathEscape(text), "/oembed?url=" + v, "/oembed?format=" + v, "/v1/sources?from=" + v,
		} {
			res := r.get(target)
			if res.StatusCode >= 500 && !strings.HasPrefix(target, "/oembed?format=") || res.StatusCode < 400 {
				t.Errorf("%s: %.80s: %d", name, target, res.StatusCode)
			}
			text := body(t, res)
			if !json.Valid([]byte(text)) || !strings.HasPrefix(res.Header.Get("Content-Type"), "application/problem+json") || res.Header.Get("X-Content-Type-Options") != "nosniff" {
				t.Errorf("%s: %.80s: %v %q", name, target, res.Header, text)
			}
			var p api.Problem
			if err := json.Unmarshal([]byte(text), &p); err != nil || len(text) > 5000 || unsafe(p.Detail+p.Instance) {
				t.Errorf("%s: %.80s: %v %.300q", name, target, err, text)
			}
		}
	}
}

// unsafe says whether a text has what safe takes out.
func unsafe(text string) bool {
	return strings.ContainsAny(text, "\x00\x1b\x07\u202e\u2066\u200b\ufeff") || strings.Contains(text, strings.Repeat("\u0301", 7)) || !utf8.ValidString(text)
}

// Pages, pictures and oEmbed of a service whose name is as bad as can be.
func TestHostileNames(t *testing.T) {
	for name, text := range nasty() {
		if name == "broken" || name == "controls" {
			continue // no catalogue has these: YAML refuses them
		}
		r := newRig(t, func(c *api.Config) {
			c.Catalog = shelf{catalog.Service{Slug: "bad", Name: text, Owner: text, Sector: "messaging"}}
		})
		for _, target := range []string{"/embed/bad", "/embed/bad.svg", "/embed/bad?tz=" + url.QueryEscape(text), "/embed/" + url.PathEscape(text), "/v1/services", "/oembed?url=http://example.com/embed/bad"} {
			res := r.get(target)
			got := body(t, res)
			kind := res.Header.Get("Content-Type")
			if res.Header.Get("X-Content-Type-Options") != "nosniff" || res.Header.Get("Content-Security-Policy") == "" || strings.Contains(res.Header.Get("Content-Security-Policy"), "unsafe") {
				t.Errorf("%s: %s: %v", name, target, res.Header)
			}
			if !strings.Contains(kind, "json") && (strings.Contains(got, "<script>alert") || strings.Contains(got, "<img src=x") || strings.Contains(got, `" onmouseover="alert`)) {
				t.Errorf("%s: %s: %.500s", name, target, got)
			}
			switch {
			case strings.Contains(kind, "svg"):
				wellFormed(t, got)
			case strings.Contains(kind, "json") && strings.HasPrefix(target, "/oembed"):
				var a struct{ HTML string }
				if err := json.Unmarshal([]byte(got), &a); err != nil || strings.Count(a.HTML, "<") != 2 || strings.Contains(a.HTML, `" onmouseover="alert`) {
					t.Errorf("%s: %v %s", name, err, got)
				}
			}
		}
	}
}

// Texts of posts are evidence: JSON has them as they are, CSV as well, but no cell
// begins like a formula.
func TestHostilePosts(t *testing.T) {
	for name, text := range nasty() {
		r := newRig(t)
		r.store.posts = []aggregate.Evidence{{ID: text, Source: text, Kind: text, Lang: text, Symptoms: []string{text}, Text: text}}
		var a api.PostsAnswer
		res := r.get("/v1/posts?service=x")
		if err := json.NewDecoder(res.Body).Decode(&a); err != nil || len(a.Posts) != 1 || a.Posts[0].Text != strings.ToValidUTF8(strings.ReplaceAll(text, "\xff\xc3", "\ufffd\ufffd"), "\ufffd") {
			t.Errorf("%s: %v %.200v", name, err, a.Posts)
		}
		rows, err := csv.NewReader(r.get("/v1/posts?service=x&format=csv").Body).ReadAll()
		if err != nil || len(rows) != 2 {
			t.Fatalf("%s: %v %.200q", name, err, rows)
		}
		for _, cell := range rows[1] {
			if cell != "" && strings.ContainsAny(cell[:1], "=+-@\t\r\n") {
				t.Errorf("%s: a cell begins like a formula: %q", name, cell)
			}
		}
	}
}
