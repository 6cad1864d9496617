package api_test

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"outcry/aggregate"
	"outcry/api"
	"outcry/ingest"
	"outcry/nlp"
)

// shown puts parts together, matches in brackets, with what they earned.
func shown(parts []api.Part) string {
	out := ""
	for _, p := range parts {
		if p.Match {
			out += "[" + p.Text + strings.Join(append([]string{""}, p.Tags...), "|") + "]"
		} else {
			out += p.Text
		}
	}
	return out
}

func TestPostsShowWhatEarnedTheirTags(t *testing.T) {
	for _, c := range []struct {
		text  string
		spans []nlp.Span
		want  string
	}{
		{"whatsapp is down", nil, "whatsapp is down"},
		{"whatsapp is down", []nlp.Span{span(0, 8, "service:whatsapp"), span(12, 16, "symptom:app"), span(12, 16, "kind:complaint"), span(0, 16, "lang:en")},
			"[whatsapp|service:whatsapp] is [down|kind:complaint|symptom:app]"},
		{"cannot send", []nlp.Span{span(0, 11, "symptom:messages"), span(0, 6, "kind:complaint")}, "[cannot|kind:complaint|symptom:messages][ send|symptom:messages]"},
		{"ab", []nlp.Span{span(0, 1, "a"), span(0, 1, "a"), span(1, 2, "a")}, "[ab|a]"},
		{"", []nlp.Span{span(0, 1, "a")}, ""},
		{"short", []nlp.Span{span(2, 99, "a"), span(99, 100, "b"), span(-1, 2, "c"), span(3, 3, "d"), span(4, 1, "e")}, "sh[ort|a]"}, // an edit came between
		{"é", []nlp.Span{span(0, 1, "a")}, "[é|a]"},
		{"e\u0301\u0301x", []nlp.Span{span(0, 1, "a")}, "[e\u0301\u0301|a]x"}, // signs stay on their letter
		{"👩\u200d💻 down", []nlp.Span{span(0, 4, "a")}, "[👩\u200d💻|a] down"},
	} {
		r := newRig(t)
		r.store.posts = []aggregate.Evidence{{ID: "1", Text: c.text, Spans: c.spans}}
		var a api.PostsAnswer
		if err := json.Unmarshal([]byte(body(t, r.get("/v1/posts?service=x"))), &a); err != nil {
			t.Fatal(err)
		}
		if got := shown(a.Posts[0].Parts); got != c.want {
			t.Errorf("%q: got %q, want %q", c.text, got, c.want)
		}
		if whole := ""; c.text != "" {
			for _, p := range a.Posts[0].Parts {
				whole += p.Text
			}
			if whole != c.text {
				t.Errorf("the parts of %q make %q", c.text, whole)
			}
		}
	}
}

func TestPostsGoOn(t *testing.T) {
	r := newRig(t)
	for i := range 3 {
		r.store.posts = append(r.store.posts, aggregate.Evidence{ID: fmt.Sprint(i), Source: "test", Text: "x", CreatedAt: noon()})
	}
	res := r.get("/v1/posts?service=x&limit=2")
	var a api.PostsAnswer
	if err := json.Unmarshal([]byte(body(t, res)), &a); err != nil {
		t.Fatal(err)
	}
	if len(a.Posts) != 2 || a.Next == "" || !strings.Contains(res.Header.Get("Link"), "cursor="+url.QueryEscape(a.Next)) {
		t.Fatalf("%d posts, next %q, Link %q", len(a.Posts), a.Next, res.Header.Get("Link"))
	}
	r.get("/v1/posts?service=x&limit=2&cursor=" + a.Next)
	if got, want := r.store.evidence.After, (aggregate.EvidencePlace{CreatedAt: noon(), Post: ingest.PostHash("test", "1")}); got != want {
		t.Errorf("the store was asked for what comes after %+v, want %+v", got, want)
	}
	if res := r.get("/v1/posts?service=x&limit=3"); res.Header.Get("Link") != "" {
		t.Error("a next page after the last")
	}
	for _, cursor := range []string{"x", "!", "MTIz", "LTUgMQ", "MTIzIHh5eg"} {
		if p := problem(t, r.get("/v1/posts?service=x&cursor="+cursor), 400); !strings.Contains(p.Detail, "cursor must be") {
			t.Errorf("%s: %s", cursor, p.Detail)
		}
	}
}

func span(start, end int, tag string) nlp.Span { return nlp.Span{Start: start, End: end, Tag: tag} }
