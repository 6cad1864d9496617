package api_test

import (
	"encoding/csv"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"outcry/aggregate"
	"outcry/api"
)

func heard() []aggregate.ServiceActivity {
	return []aggregate.ServiceActivity{
		{Service: "x", Posts: 7, Last: at("2022-10-25T09:00:00Z")},
		{Service: "whatsapp", Posts: 412, Last: at("2022-10-25T09:01:00Z").In(time.FixedZone("", 7200))},
		{Service: "unknown", Posts: 7, Last: at("2022-10-25T08:00:00Z")},
		{Service: "gone-from-the-catalogue", Posts: 9},
	}
}

func TestServicesGolden(t *testing.T) {
	r := newRig(t)
	r.store.activity, r.store.newest = heard(), at("2022-10-25T09:01:00Z")
	golden(t, "services.json", body(t, r.get("/v1/services")))
	golden(t, "services.csv", body(t, r.get("/v1/services?format=csv")))
	golden(t, "services_sector.json", body(t, r.get("/v1/services?sector=social")))
	// 24 hours up to the newest minute, which is part of it.
	if !r.store.from.Equal(at("2022-10-24T09:02:00Z")) || !r.store.to.Equal(at("2022-10-25T09:02:00Z")) {
		t.Errorf("asked from %s to %s", r.store.from, r.store.to)
	}
}

func TestSourcesGolden(t *testing.T) {
	r := newRig(t)
	r.store.sources = []aggregate.SourceActivity{
		{Source: "mastodon", Coverage: 0.5},
		{Source: "helpdesk", Posts: 12, Last: at("2022-10-25T09:01:00Z"), Coverage: -1},
		{Source: "bluesky", Posts: 4_000_000, Last: at("2022-10-25T11:59:00Z"), Coverage: 1},
	}
	golden(t, "sources.json", body(t, r.get("/v1/sources")))
	golden(t, "sources.csv", body(t, r.get("/v1/sources?format=csv")))
	if !r.store.from.Equal(at("2022-10-24T12:01:00Z")) || !r.store.to.Equal(at("2022-10-25T12:01:00Z")) {
		t.Errorf("asked from %s to %s", r.store.from, r.store.to)
	}
}

func TestServicesRange(t *testing.T) {
	for _, c := range []struct{ name, query, newest, from, to string }{
		{"nothing heard", "", "", "2022-10-24T12:01:00Z", "2022-10-25T12:01:00Z"},
		{"up to newest", "", "2020-01-02T00:00:00Z", "2020-01-01T00:01:00Z", "2020-01-02T00:01:00Z"},
		{"from alone ends now", "?from=2022-10-25T11:30:10Z", "2020-01-02T00:00:00Z", "2022-10-25T11:30:00Z", "2022-10-25T12:01:00Z"},
		{"to alone", "?to=2022-10-25T00:00:00Z", "2020-01-02T00:00:00Z", "2022-10-24T00:00:00Z", "2022-10-25T00:00:00Z"},
		{"both", "?from=1666681200&to=1666684801", "", "2022-10-25T07:00:00Z", "2022-10-25T08:01:00Z"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newRig(t)
			if c.newest != "" {
				r.store.newest = at(c.newest)
			}
			var a api.ServicesAnswer
			res := r.get("/v1/services" + c.query)
			if err := json.NewDecoder(res.Body).Decode(&a); err != nil || res.StatusCode != 200 {
				t.Fatalf("%d %v", res.StatusCode, err)
			}
			if !r.store.from.Equal(at(c.from)) || !r.store.to.Equal(at(c.to)) {
				t.Errorf("asked from %s to %s", r.store.from, r.store.to)
			}
			if (a.Newest == nil) != (c.newest == "") || len(a.Services) != 6 || !a.From.Equal(r.store.from) {
				t.Errorf("answer %+v", a)
			}
		})
	}
}

func TestServicesRefusals(t *testing.T) {
	for query, says := range map[string]string{
		"sector=shoes":    "bank, messaging, social",
		"service=x":       "known are from, to, sector, format",
		"from=5&to=4":     "must be before",
		"sectro=social":   "did you mean sector?",
		"to=x&to=y":       "2 times",
		"from=2200-01-01": "must be a time",
	} {
		if p := problem(t, newRig(t).get("/v1/services?"+query), 400); !strings.Contains(p.Detail, says) {
			t.Errorf("%s: %s", query, p.Detail)
		}
	}
}

func hostile() []aggregate.Evidence {
	return []aggregate.Evidence{
		{ID: "2", Source: "bluesky", Kind: "complaint", Lang: "pt", Symptoms: []string{"login", "messages"}, Score: 0.93, Text: "=HYPERLINK(\"http://evil\") não envia,\n\"nada\"", CreatedAt: at("2022-10-25T09:31:05.25+02:00")},
		{ID: "-1", Source: "mastodon", Kind: "complaint", Text: "<script>alert(1)</script> \u202edown\xff", CreatedAt: at("2022-10-25T07:30:00Z")},
	}
}

func TestPostsGolden(t *testing.T) {
	r := newRig(t)
	r.store.posts = hostile()
	res := r.get("/v1/posts?service=whatsapp&limit=2&from=2022-10-25T07:00:30Z")
	if res.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("a deleted post may stay in a cache: %q", res.Header.Get("Cache-Control"))
	}
	golden(t, "posts.json", body(t, res))
	golden(t, "posts.csv", body(t, r.get("/v1/posts?service=whatsapp", "Accept", "text/csv")))
	r.get("/v1/posts?service=whatsapp&limit=2&from=2022-10-25T07:00:30Z")
	want := aggregate.EvidenceQuery{Service: "whatsapp", Kind: "complaint", From: at("2022-10-25T07:00:30Z"), To: noon(), Limit: 3} // one more, to know whether there is a next page
	if r.store.evidence != want {
		t.Errorf("store was asked %+v", r.store.evidence)
	}
}

func TestPostsAreNeverNull(t *testing.T) {
	if got := body(t, newRig(t).get("/v1/posts?service=x")); got != `{"posts":[]}`+"\n" {
		t.Error(got)
	}
}

func TestCellsAreInert(t *testing.T) {
	for _, text := range []string{"=1+1", "+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "\n=1"} {
		r := newRig(t)
		r.store.posts = []aggregate.Evidence{{ID: "1", Text: text}}
		rows, err := csv.NewReader(r.get("/v1/posts?service=x&format=csv").Body).ReadAll()
		if err != nil || len(rows) != 2 || !strings.HasPrefix(rows[1][6], "'") {
			t.Errorf("%q: %q %v", text, rows, err)
		}
	}
}

func TestPostsLimit(t *testing.T) {
	for limit, status := range map[string]int{"1": 200, "200": 200, "": 200, "0": 400, "201": 400, "-5": 400, "ten": 400, "1e2": 400, "99999999999999999999": 400} {
		res := newRig(t).get("/v1/posts?service=x&limit=" + limit)
		if res.StatusCode != status {
			t.Errorf("limit %q: %d", limit, res.StatusCode)
		}
	}
	r := newRig(t)
	r.get("/v1/posts?service=x&kind=news")
	if r.store.evidence.Limit != 51 || r.store.evidence.Kind != "news" {
		t.Errorf("%+v", r.store.evidence)
	}
}
