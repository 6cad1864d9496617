package api_test

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/url"
	"strings"
	"testing"
	"time"

	"outcry/api"
	"outcry/api/search"
	"outcry/nlp"
)

// searching is a rig with a real index of posts.
func searching(t testing.TB, posts ...nlp.Signal) rig {
	t.Helper()
	index, err := search.Open(search.Config{Dir: t.TempDir(), Keep: 30 * 24 * time.Hour, Now: noon, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { index.Close() })
	if err := index.Apply(t.Context(), posts, nil); err != nil {
		t.Fatal(err)
	}
	return newRig(t, func(c *api.Config) { c.Search = index })
}

func said(id, service, lang, text string, symptoms ...string) nlp.Signal {
	return nlp.Signal{PostID: id, Source: "bluesky", Service: service, Kind: nlp.Complaint, Lang: lang, Symptoms: symptoms,
		Score: 0.93, Text: text, Author: "someone", CreatedAt: noon().Add(-time.Hour)}
}

func (r rig) search(t testing.TB, query string) (a api.SearchAnswer) {
	t.Helper()
	res := r.get("/v1/search?" + query)
	text := body(t, res)
	if res.StatusCode != 200 || res.Header.Get("Cache-Control") != "no-store" {
		t.Fatalf("%s: %d %q %s", query, res.StatusCode, res.Header, text)
	}
	if err := json.Unmarshal([]byte(text), &a); err != nil {
		t.Fatal(err)
	}
	return a
}

func TestSearchGolden(t *testing.T) {
	r := searching(t,
		said("1", "whatsapp", "fr", "Impossible d'envoyer des messages", "messages"),
		said("2", "instagram", "en", "=1+1 <script>alert('messages')</script> \u202emessage", "messages", "login"))
	golden(t, "search.json", body(t, r.get("/v1/search?q=message")))
	golden(t, "search.csv", body(t, r.get("/v1/search?q=message&format=csv")))
	if got := body(t, r.get("/v1/search?q=nothing")); got != `{"total":0,"posts":[],"facets":{"service":[],"symptom":[],"lang":[]},"next":""}`+"\n" {
		t.Error(got)
	}
}

func TestSearchFilters(t *testing.T) {
	r := searching(t,
		said("1", "whatsapp", "fr", "messages bloqués", "messages"),
		said("2", "instagram", "en", "messages stuck", "messages", "login"))
	for query, want := range map[string]int{
		"":                             2,
		"q=messages":                   2,
		"q=messages&service=whatsapp":  1,
		"service=telegram":             0,
		"symptom=login":                1,
		"lang=fr":                      1,
		"lang=de":                      0,
		"source=bluesky":               2,
		"source=mastodon":              0,
		"kind=news":                    0,
		"from=2022-10-25T12:00:00Z":    0,
		"to=2022-10-25T11:00:30Z":      0,
		"from=2022-10-25T11:00:00Z":    2,
		"q=messages+-stuck&sort=score": 1,
	} {
		if got := r.search(t, query); got.Total != want {
			t.Errorf("%s: %d", query, got.Total)
		}
	}
}

func TestSearchPages(t *testing.T) {
	var posts []nlp.Signal
	for i := range 7 {
		posts = append(posts, said(fmt.Sprint(i), "whatsapp", "en", strings.Repeat("broken ", 1+i%3)))
	}
	r := searching(t, posts...)
	for _, order := range []string{"time", "score"} {
		seen := map[string]bool{}
		query := "q=broken&limit=3&sort=" + order
		for range 3 {
			a := r.search(t, query)
			for _, p := range a.Posts {
				seen[p.ID] = true
			}
			link := r.get("/v1/search?" + query).Header.Get("Link")
			if (a.Next == "") != (link == "") || a.Next != "" && !strings.Contains(link, url.QueryEscape(a.Next)) {
				t.Errorf("next %q, Link %q", a.Next, link)
			}
			query = "q=broken&limit=3&sort=" + order + "&cursor=" + a.Next
		}
		if len(seen) != 7 {
			t.Errorf("by %s: %d posts seen", order, len(seen))
		}
	}
	other := r.search(t, "q=broken&limit=3&sort=score").Next
	problem(t, r.get("/v1/search?q=broken&limit=3&cursor="+other), 400)
}

func TestSearchRefuses(t *testing.T) {
	r := searching(t)
	for query, says := range map[string]string{
		"q=" + url.QueryEscape(`ok "never closed`): "at character 4: this quotation mark is never closed",
		"q=*ing":                             "at character 1: * may stand only at the end",
		"q=a+in*side":                        "at character 3: *",
		"q=*":                                "at character 1: * needs the beginning",
		"q=ab*":                              "needs 3 letters",
		"q=ab~":                              "needs 3 letters",
		"q=" + strings.Repeat("a", 30) + "~": "24 letters",
		"q=aaaa~+bbbb~+cccc~+dddd~":          "at character 19: ~",
		"q=!!!":                              "no word to look for",
		"q=" + url.QueryEscape(strings.Repeat("word ", 1000)): "too long",
		"q=" + url.QueryEscape(words(17)):                     "more than 16 words",
		"q=" + url.QueryEscape(strings.Repeat("送信できない", 12)):  "too much to look for",
		"q=" + strings.Repeat("%28", 900):                     "no word to look for",
		"q=x&cursor=abc":                                      "cursor must be",
		"q=x&sort=age":                                        "sort must be one of time, score",
		"q=x&limit=0":                                         "limit must be",
		"q=x&from=5&to=4":                                     "must be before",
		"q=x&q=y":                                             "2 times",
		"q=x&query=y":                                         "unknown parameter",
		"q=x&symptom=none":                                    "symptom must be one of",
	} {
		if p := problem(t, r.get("/v1/search?"+query), 400); !strings.Contains(p.Detail, says) {
			t.Errorf("%.60s: %s", query, p.Detail)
		}
	}
	if p := problem(t, r.get("/v1/search?q=x&service=whatsap"), 404); len(p.Suggestions) == 0 {
		t.Errorf("%+v", p)
	}
	if p := problem(t, newRig(t).get("/v1/search?q=x"), 501); !strings.Contains(p.Detail, "--kafka") {
		t.Error(p.Detail)
	}
}

func words(n int) string {
	var all []string
	for i := range n {
		all = append(all, fmt.Sprint("word", i))
	}
	return strings.Join(all, " ")
}

func TestSearchCellsAreInert(t *testing.T) {
	r := searching(t, said("1", "whatsapp", "en", "=broken()"))
	rows, err := csv.NewReader(r.get("/v1/search?q=broken&format=csv").Body).ReadAll()
	if err != nil || len(rows) != 2 || rows[1][7] != "'=broken()" {
		t.Errorf("%q %v", rows, err)
	}
}
