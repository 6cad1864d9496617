package api_test

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"outcry/aggregate"
	"outcry/api"
)

// moverMemory is what memory answers of movers, parts and words.
type moverMemory struct {
	mu     sync.Mutex
	movers []aggregate.Mover
	parts  aggregate.Parts
	said   []aggregate.Said
	moved  []aggregate.MoverQuery
	parted []aggregate.PartsQuery
	spoken []aggregate.SaidQuery
}

func (m *memory) Movers(ctx context.Context, q aggregate.MoverQuery) ([]aggregate.Mover, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.moved = append(m.moved, q)
	shown := []aggregate.Mover{}
	for _, a := range m.movers {
		if q.Among(a.Service) {
			shown = append(shown, a)
		}
	}
	return shown, m.fail(ctx)
}

func (m *memory) Parts(ctx context.Context, q aggregate.PartsQuery) (aggregate.Parts, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.parted = append(m.parted, q)
	return m.parts, m.fail(ctx)
}

func (m *memory) Said(ctx context.Context, q aggregate.SaidQuery) ([]aggregate.Said, error) {
	m.spoken = append(m.spoken, q)
	var all []aggregate.Said
	for _, s := range m.said {
		if (q.Service == "" || q.Service == s.Service) && !s.At.Before(q.From) && s.At.Before(q.To) && (q.Lang == "" || s.Lang == q.Lang) {
			all = append(all, s)
		}
	}
	return all, m.fail(ctx)
}

func someMovers() []aggregate.Mover {
	usual, before, none := 2.5, uint64(20), uint64(0)
	spark := make([]uint64, 24)
	spark[23] = 40
	return []aggregate.Mover{
		{Service: "whatsapp", Posts: 50, Authors: 45, Usual: &usual, Above: 12.25, Before: &before, Symptom: "messages", SymptomShare: 2.0 / 3, Spark: spark},
		{Service: "sbi", Posts: 3, Authors: 3, Above: -0.5, Before: &none, Spark: make([]uint64, 24)},
		{Service: "telegram", Posts: 1, Authors: 1, Above: 0.25},
		{Service: "unknown", Posts: 900},
		{Service: "gone-from-the-catalogue", Posts: 9},
	}
}

func TestMoversGolden(t *testing.T) {
	r := newRig(t)
	r.store.newest, r.store.movers = at("2022-10-25T09:01:00Z"), someMovers()
	r.store.incident = []aggregate.Incident{{ID: "whatsapp-1", Services: []string{"whatsapp", "instagram"}, Onset: at("2022-10-25T07:17:00Z")}}
	golden(t, "movers.json", body(t, r.get("/v1/movers")))
	golden(t, "movers.csv", body(t, r.get("/v1/movers?format=csv")))
	q := r.store.moved[0]
	if !q.From.Equal(at("2022-10-25T08:02:00Z")) || !q.To.Equal(at("2022-10-25T09:02:00Z")) || q.Limit != 50 || q.Sort != "above" || q.Kind != "complaint" || !slices.Equal(q.Open, []string{"whatsapp", "instagram"}) {
		t.Errorf("asked %+v", q)
	}
	if i := r.store.asks[0]; !i.From.Equal(q.To) || !i.To.Equal(q.To) { // those that last at the end
		t.Errorf("asked for incidents %+v", i)
	}
	if len(r.store.moved) != 1 {
		t.Errorf("the store was asked %d times within two seconds", len(r.store.moved))
	}
}

// Warm asks as the page does, and says nothing of a store that fails.
func TestWarm(t *testing.T) {
	r := newRig(t)
	r.store.newest, r.store.movers = at("2022-10-25T09:01:00Z"), someMovers()
	r.Warm(t.Context())
	q := r.store.moved[0]
	if len(r.store.moved) != 1 || q.Limit != 100 || !q.Whole() || !q.From.Equal(at("2022-10-25T08:02:00Z")) || !q.To.Equal(at("2022-10-25T09:02:00Z")) {
		t.Errorf("asked %+v", r.store.moved)
	}
	r.store.err = errors.New("away")
	r.Warm(t.Context())
	if r.log.Len() > 0 {
		t.Errorf("it says %s", r.log)
	}
}

func TestMoversAmong(t *testing.T) {
	for query, want := range map[string]string{
		"":                            "whatsapp sbi telegram",
		"sector=messaging":            "whatsapp telegram",
		"country=in":                  "sbi",
		"country=world":               "whatsapp telegram",
		"country=in&sector=messaging": "",
	} {
		r := newRig(t)
		r.store.movers = someMovers()
		var a api.MoversAnswer
		if err := json.NewDecoder(r.get("/v1/movers?" + query).Body).Decode(&a); err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, m := range a.Movers {
			names = append(names, m.Slug)
		}
		if got := strings.Join(names, " "); got != want || a.Movers == nil || a.Newest != nil {
			t.Errorf("%s: got %q (%+v)", query, got, a)
		}
	}
}

func TestMoversRange(t *testing.T) {
	for _, c := range []struct{ query, newest, from, to string }{
		{"", "", "2022-10-25T11:01:00Z", "2022-10-25T12:01:00Z"},
		{"?to=2022-10-25T08:00:10Z", "2022-10-25T09:00:00Z", "2022-10-25T07:01:00Z", "2022-10-25T08:01:00Z"},
		{"?from=2022-10-25T06:30:30Z", "2022-10-25T09:00:00Z", "2022-10-25T06:30:00Z", "2022-10-25T09:01:00Z"},
		{"?from=2022-10-25T10:00:00Z", "2022-10-25T09:00:00Z", "2022-10-25T10:00:00Z", "2022-10-25T12:01:00Z"},
		{"?to=10", "", "1970-01-01T00:00:00Z", "1970-01-01T00:01:00Z"},
	} {
		r := newRig(t)
		if c.newest != "" {
			r.store.newest = at(c.newest)
		}
		res := r.get("/v1/movers" + c.query)
		if res.StatusCode != http.StatusOK {
			t.Fatalf("%s: %s", c.query, body(t, res))
		}
		if q := r.store.moved[0]; !q.From.Equal(at(c.from)) || !q.To.Equal(at(c.to)) {
			t.Errorf("%s: asked from %s to %s", c.query, q.From, q.To)
		}
	}
}

func TestMoversRefusals(t *testing.T) {
	for target, says := range map[string]string{
		"/v1/movers?sort=size":                         "sort must be one of above, posts, change",
		"/v1/movers?country=xx":                        "country must be one of in, world",
		"/v1/movers?sector=shoes":                      "sector must be one of",
		"/v1/movers?limit=501":                         "from 1 to 500",
		"/v1/movers?lang=fra":                          "ISO 639-1",
		"/v1/movers?source=a'b":                        "source must be",
		"/v1/movers?kind=rant":                         "kind must be one of",
		"/v1/movers?service=x":                         "unknown parameter",
		"/v1/movers?from=2022-01-01T00:00:00Z":         "from must lie at most 31 days before to",
		"/v1/movers?from=yesterday":                    "from must be a time",
		"/v1/breakdown?service=x":                      "by is required",
		"/v1/breakdown?by=lang":                        "service is required unless by is service",
		"/v1/breakdown?by=colour&service=x":            "by must be one of symptom, lang, source, service",
		"/v1/breakdown?by=lang&service=x&symptom=gout": "symptom must be one of",
		"/v1/words":                                    "service is required",
		"/v1/words?service=x&limit=0":                  "from 1 to 100",
	} {
		r := newRig(t)
		if p := problem(t, r.get(target), 400); !strings.Contains(p.Detail, says) {
			t.Errorf("%s: %s", target, p.Detail)
		}
		if len(r.store.moved)+len(r.store.parted)+len(r.store.spoken) > 0 {
			t.Errorf("%s: the store was asked", target)
		}
	}
	for _, target := range []string{"/v1/breakdown?by=lang&service=whatsap", "/v1/words?service=whatsap"} {
		if p := problem(t, newRig(t).get(target), 404); !slices.Contains(p.Suggestions, "whatsapp") {
			t.Errorf("%s: %+v", target, p)
		}
	}
}

// A failure is not kept, and many who ask at once are one for the store.
func TestMoversShelf(t *testing.T) {
	r := newRig(t)
	r.store.err = errors.New("away")
	if res := r.get("/v1/movers"); res.StatusCode < 500 {
		t.Errorf("status %d", res.StatusCode)
	}
	r.store.err = nil
	if res := r.get("/v1/movers"); res.StatusCode != 200 {
		t.Errorf("status %d: a failure was kept", res.StatusCode)
	}
	asked := len(r.store.moved)
	r.get("/v1/movers?format=csv")
	r.get("/v1/movers?sort=posts")
	if got := len(r.store.moved) - asked; got != 1 {
		t.Errorf("asked %d times, want once for another order and not for another form", got)
	}
}

func TestMoversShelfForgets(t *testing.T) {
	now := noon()
	r := newRig(t, func(c *api.Config) { c.Now = func() time.Time { return now } })
	r.get("/v1/movers")
	now = now.Add(3 * time.Second)
	if r.get("/v1/movers"); len(r.store.moved) != 2 {
		t.Errorf("asked %d times", len(r.store.moved))
	}
}

func TestBreakdownGolden(t *testing.T) {
	r := newRig(t)
	r.store.newest = at("2022-10-25T09:01:00Z")
	r.store.parts = aggregate.Parts{Posts: 9, Authors: 8, Heard: true, Rows: []aggregate.Part{{Name: "fr", Posts: 6, Authors: 5, Before: 2}, {Name: "", Posts: 3, Authors: 3}}}
	golden(t, "breakdown.json", body(t, r.get("/v1/breakdown?service=whatsapp&by=lang&symptom=messages&source=bluesky")))
	golden(t, "breakdown.csv", body(t, r.get("/v1/breakdown?service=whatsapp&by=lang&symptom=messages&source=bluesky&format=csv")))
	want := aggregate.PartsQuery{Service: "whatsapp", By: "lang", Kind: "complaint", Symptom: "messages", Source: "bluesky",
		From: at("2022-10-25T08:02:00Z"), To: at("2022-10-25T09:02:00Z"), Limit: 50}
	if q := r.store.parted[0]; q != want {
		t.Errorf("asked %+v", q)
	}
	r.store.parts = aggregate.Parts{Rows: []aggregate.Part{{Name: "x", Posts: 3}}}
	var a api.BreakdownAnswer
	if err := json.NewDecoder(r.get("/v1/breakdown?by=service").Body).Decode(&a); err != nil || a.Rows[0].Before != nil || a.Rows[0].Share != 0 {
		t.Errorf("%+v %v", a, err)
	}
	if res := r.get("/v1/breakdown?by=source&service=unknown"); res.StatusCode != 200 {
		t.Errorf("status %d", res.StatusCode)
	}
}

func TestWordsGolden(t *testing.T) {
	r := newRig(t)
	r.store.newest = at("2022-10-25T09:01:00Z")
	say := func(clock, lang, text string, n int) {
		for i := range n {
			r.store.said = append(r.store.said, aggregate.Said{Text: text, Service: "whatsapp", Lang: lang, Author: uint64(len(r.store.said)), At: at(clock).Add(time.Duration(i) * time.Second)})
		}
	}
	say("2022-10-25T03:00:00Z", "en", "WhatsApp slow again", 40)
	say("2022-10-18T08:30:00Z", "en", "tuesdays are slow", 40)
	say("2022-10-25T04:00:00Z", "fr", "WhatsApp rame", 40)
	say("2022-10-25T04:30:00Z", "en", "flip it", 10)
	for i := range r.store.said[120:] {
		r.store.said[120+i].Service = "x"
	}
	say("2022-10-25T08:30:00Z", "en", "whatsapp hourglass <b>spinning</b>, telegram too; tuesdays \u202eflip", 6)
	say("2022-10-25T08:40:00Z", "fr", "sablier sur WhatsApp", 5)
	say("2022-10-25T08:45:00Z", "en", "slow again", 20)
	golden(t, "words.json", body(t, r.get("/v1/words?service=whatsapp")))
	golden(t, "words.csv", body(t, r.get("/v1/words?service=whatsapp&limit=2&format=csv")))
	if res := r.get("/v1/words?service=whatsapp"); res.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("a deleted post may stay in a cache: %q", res.Header.Get("Cache-Control"))
	}
	for i, want := range [][2]string{{"2022-10-25T08:02:00Z", "2022-10-25T09:02:00Z"}, {"2022-10-24T08:02:00Z", "2022-10-25T08:02:00Z"}, {"2022-10-18T08:02:00Z", "2022-10-18T09:02:00Z"}} {
		if q := r.store.spoken[i]; q.Service != "whatsapp" || q.Limit != 2000 || !q.From.Equal(at(want[0])) || !q.To.Equal(at(want[1])) {
			t.Errorf("%d: asked %+v", i, q)
		}
	}
}

func TestMoversTables(t *testing.T) {
	r := newRig(t)
	r.store.movers = someMovers()
	rows, err := csv.NewReader(r.get("/v1/movers?format=csv").Body).ReadAll()
	if err != nil || len(rows) != 4 || len(rows[0]) != len(rows[1]) || rows[2][8] != "-0.5" {
		t.Errorf("%q %v", rows, err)
	}
}
