package api_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"outcry/aggregate"
	"outcry/api"
)

func outages() []aggregate.Incident {
	return []aggregate.Incident{{
		ID: "whatsapp-20221025T0712Z", Services: []string{"whatsapp", "instagram"}, Owner: "meta", Severity: aggregate.Critical,
		// Another zone must not show in the answer.
		Onset: at("2022-10-25T09:12:00+02:00"), Earliest: at("2022-10-25T07:11:00Z"), Latest: at("2022-10-25T07:13:00Z"),
		Detected: at("2022-10-25T07:15:00Z"), Updated: at("2022-10-25T12:00:00Z"),
		Peak: at("2022-10-25T07:40:00Z"), PeakPeople: 93, People: 4210, Posts: 4408, Usual: 12.5, Excess: 4197.5,
		Symptoms:  []aggregate.Share{{Name: "messages", Share: 0.75}, {Name: "login", Share: 0.125}, {Name: "from-another-version", Share: 0.1}},
		Languages: []aggregate.Share{{Name: "pt", Share: 0.5}, {Name: "en", Share: 0.5}}, Sources: []aggregate.Share{{Name: "bluesky", Share: 1}},
		Words: []string{"=mensagens", "envia"},
	}, {
		ID: "sbi-20221024T0400Z", Services: []string{"sbi"}, Severity: aggregate.Minor,
		Onset: at("2022-10-24T04:00:00Z"), Earliest: at("2022-10-24T04:00:00Z"), Latest: at("2022-10-24T04:02:00Z"),
		Peak: at("2022-10-24T04:31:00Z"), PeakPeople: 4, People: 31, Posts: 31, Usual: 0.5, Excess: 30.5, Detected: at("2022-10-24T04:05:00Z"), Updated: at("2022-10-24T05:30:00Z"), End: at("2022-10-24T05:30:00Z"),
	}, {
		ID: "line-20221023T0500Z", Services: []string{"line"}, Severity: aggregate.Minor,
		Onset: at("2022-10-23T05:00:00Z"), Earliest: at("2022-10-23T04:58:00Z"), Latest: at("2022-10-23T05:01:00Z"), Detected: at("2022-10-23T05:12:00Z"), Updated: at("2022-10-23T06:00:00Z"), End: at("2022-10-23T06:00:00Z"),
		Peak: at("2022-10-23T05:31:00Z"), PeakPeople: 24, People: 731, Posts: 760, Usual: 655.5, Excess: 62.5,
		Noticed:   aggregate.Noticed{By: aggregate.PartLang, Name: "ja", People: 73, Usual: 10.5, Excess: 62.5, Symptoms: []aggregate.Share{{Name: "messages", Share: 0.75}}},
		Symptoms:  []aggregate.Share{{Name: "login", Share: 0.4}},
		Languages: []aggregate.Share{{Name: "en", Share: 0.9}, {Name: "ja", Share: 0.1}},
	}, {
		ID: "x-20221023T0400Z", Services: []string{"x"}, Severity: aggregate.Minor, Onset: at("2022-10-23T04:00:00Z"), Retracted: true,
	}}
}

func outageRig(t *testing.T) rig {
	r := newRig(t)
	r.store.incident = outages()
	return r
}

func TestIncidentsGolden(t *testing.T) {
	r := outageRig(t)
	golden(t, "incidents.json", body(t, r.get("/v1/incidents?limit=2")))
	golden(t, "incidents.csv", body(t, r.get("/v1/incidents?format=csv")))
	golden(t, "incident.json", body(t, r.get("/v1/incidents/sbi-20221024T0400Z")))
	golden(t, "incident.csv", body(t, r.get("/v1/incidents/sbi-20221024T0400Z", "Accept", "text/csv")))
	golden(t, "incident_part.json", body(t, r.get("/v1/incidents/line-20221023T0500Z")))
	if got := body(t, newRig(t).get("/v1/incidents")); got != `{"incidents":[],"next":null}`+"\n" {
		t.Error(got)
	}
}

func TestIncidentsQuery(t *testing.T) {
	for query, want := range map[string]aggregate.IncidentQuery{
		"":                                {Limit: 51},
		"open=true&limit=200":             {Open: true, Limit: 201},
		"open=false&service=x":            {Service: "x", Limit: 51},
		"service=whatsapp&severity=major": {Service: "whatsapp", Severity: "major", Limit: 51},
		"from=60&to=2022-10-25T00:00:00Z": {From: time.Unix(60, 0).UTC(), To: at("2022-10-25T00:00:00Z"), Limit: 51},
	} {
		r := newRig(t)
		if res := r.get("/v1/incidents?" + query); res.StatusCode != 200 || len(r.store.asks) != 1 || !reflect.DeepEqual(r.store.asks[0], want) {
			t.Errorf("%s: %d, asked %+v", query, res.StatusCode, r.store.asks)
		}
	}
}

// TestIncidentsPages follows both ways to the next page to the end.
func TestIncidentsPages(t *testing.T) {
	for name, follow := range map[string]func(target string, next *string, link string) string{
		"next": func(_ string, next *string, _ string) string {
			if next == nil {
				return ""
			}
			return "/v1/incidents?limit=1&open=false&cursor=" + *next
		},
		"Link": func(_ string, _ *string, link string) string {
			return strings.TrimSuffix(strings.Replace(link, "<", "/v1/incidents", 1), `>; rel="next"`)
		},
	} {
		r := outageRig(t)
		var seen []string
		for target := "/v1/incidents?limit=1&open=false"; target != "" && len(seen) < 9; {
			res := r.get(target)
			var a api.IncidentsAnswer
			if err := json.NewDecoder(res.Body).Decode(&a); err != nil || res.StatusCode != 200 || len(a.Incidents) != 1 {
				t.Fatalf("%s: %s: %d %v", name, target, res.StatusCode, err)
			}
			seen = append(seen, a.Incidents[0].ID)
			target = follow(target, a.Next, res.Header.Get("Link"))
		}
		if fmt.Sprint(seen) != "[whatsapp-20221025T0712Z sbi-20221024T0400Z line-20221023T0500Z x-20221023T0400Z]" {
			t.Errorf("%s: %s", name, seen)
		}
		if last := r.store.asks[len(r.store.asks)-1]; last.Limit != 2 || !last.Before.Onset.Equal(at("2022-10-23T05:00:00Z")) {
			t.Errorf("%s: asked %+v", name, last)
		}
	}
}

func TestIncidentsRefusals(t *testing.T) {
	encoded := func(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) }
	for query, says := range map[string]string{
		"severity=bad":                     "minor, major, critical",
		"open=yes":                         "true, false",
		"limit=0":                          "1 to 200",
		"from=5&to=5":                      "must be before",
		"opne=true":                        "did you mean open?",
		"id=3":                             "unknown parameter",
		"cursor=***":                       "next of an answer",
		"cursor=" + encoded("x"):           "next of an answer",
		"cursor=" + encoded("1666681200 "): "next of an answer",
		"cursor=" + encoded("-5 a"):        "next of an answer",
		"cursor=" + encoded("9e9 a"):       "next of an answer",
		"cursor=" + encoded(fmt.Sprint(1<<62, " a")): "next of an answer",
	} {
		r := newRig(t)
		if p := problem(t, r.get("/v1/incidents?"+query), 400); !strings.Contains(p.Detail, says) || len(r.store.asks) != 0 {
			t.Errorf("%s: %s", query, p.Detail)
		}
	}
	if p := problem(t, newRig(t).get("/v1/incidents?service=whatsap"), 404); !strings.Contains(p.Detail, "whatsapp") {
		t.Error(p.Detail)
	}
}

func TestUnknownIncident(t *testing.T) {
	r := outageRig(t)
	for _, path := range []string{"/v1/incidents/nope", "/v1/incidents/nope/brief", "/v1/incidents/a%2Fb", "/v1/incidents/%3Cb%3E?format=csv"} {
		p := problem(t, r.get(path), 404)
		if p.Type != "urn:outcry:problem:unknown-incident" || !strings.HasPrefix(p.Instance, "/v1/incidents/") || strings.Contains(p.Instance, "{") {
			t.Errorf("%s: %+v", path, p)
		}
	}
	for _, path := range []string{"/v1/incidents/", "/v1/incidents/a/b", "/v1/incidents/a/brief/"} {
		if p := problem(t, r.get(path), 404); p.Type != "urn:outcry:problem:not-found" {
			t.Errorf("%s: %+v", path, p)
		}
	}
	if text := body(t, r.get("/metrics")); strings.Contains(text, "nope") || !strings.Contains(text, `route="/v1/incidents/{id}/brief"`) {
		t.Error("routes are not the patterns")
	}
}

func TestBrief(t *testing.T) {
	const path = "/v1/incidents/whatsapp-20221025T0712Z/brief"
	for _, c := range []struct{ query, accept, langs, lang, tz, holds string }{
		{"", "", "", "en", "UTC", "7:12"},
		{"", "", "fr-CA,fr;q=0.9,en;q=0.5", "fr", "UTC", "7:12"},
		{"", "", "nb, da;q=0.5", "en", "UTC", "7:12"},
		{"?lang=fr&tz=Europe/Paris", "", "de", "fr", "Europe/Paris", "9:12"},
		{"?lang=en&tz=Asia/Kolkata", "application/json", "", "en", "Asia/Kolkata", "12:42"},
	} {
		r := outageRig(t)
		header := []string{"Accept", c.accept, "Accept-Language", c.langs}
		var a api.BriefAnswer
		res := r.get(path+c.query, header...)
		if err := json.NewDecoder(res.Body).Decode(&a); err != nil || res.StatusCode != 200 {
			t.Fatalf("%+v: %d %v", c, res.StatusCode, err)
		}
		clock := regexp.MustCompile(`(\d)\pZ*h\pZ*(\d)`).ReplaceAllString(a.Text, "$1:$2") // as French has it
		if a.Lang != c.lang || a.TZ != c.tz || !strings.Contains(clock, c.holds) || !strings.Contains(a.Text, "WhatsApp") || !strings.Contains(a.Text, "Instagram") || !strings.Contains(a.Text, "Meta") {
			t.Errorf("%+v: got %+v", c, a)
		}
		if vary := strings.Join(res.Header.Values("Vary"), ","); !strings.Contains(vary, "Accept-Language") {
			t.Errorf("Vary is %q", vary)
		}
	}
	r := outageRig(t)
	res := r.get(path, "Accept", "text/plain")
	if got := body(t, res); res.Header.Get("Content-Type") != "text/plain; charset=utf-8" || !strings.Contains(got, "WhatsApp") || strings.ContainsAny(got, "{\"") || !strings.HasSuffix(got, ".\n") {
		t.Errorf("%s: %s", res.Header.Get("Content-Type"), got)
	}
}

// The figures of a brief are those of the part, where only that rose.
func TestBriefOfAPart(t *testing.T) {
	const whole, part = "731", "73 "
	for name, c := range map[string]struct {
		change     func(*aggregate.Incident)
		has, hasnt []string
	}{
		"one language":                    {func(*aggregate.Incident) {}, []string{"above all in Japanese", "three quarters of the reports mention messages", part + "people complained in Japanese, about 7 times"}, []string{whole, "peak", "logging"}},
		"in Filipino":                     {func(i *aggregate.Incident) { i.Noticed.Name = "tl" }, []string{"above all in Filipino"}, []string{whole}},
		"unknown language":                {func(i *aggregate.Incident) { i.Noticed.Name = "bn" }, []string{"for 1 hour.\n"}, []string{whole, part, "above all"}},
		"one symptom":                     {func(i *aggregate.Incident) { i.Noticed.By, i.Noticed.Name = "symptom", "login" }, []string{"More reports than usual mention trouble logging in. In all, 73 people complained of this"}, []string{whole, "peak", "40%", "above all"}},
		"unknown symptom":                 {func(i *aggregate.Incident) { i.Noticed.By, i.Noticed.Name = "symptom", "new" }, []string{whole}, []string{part, "new"}},
		"the whole rose":                  {func(i *aggregate.Incident) { i.People, i.Excess = 4731, 4000 }, []string{"4,731", "about 7 times", "40% of the reports mention trouble logging in", "peak: 24"}, []string{part, "Japanese"}},
		"mostly in it":                    {func(i *aggregate.Incident) { i.Usual, i.MainlyIn = 100, "ja" }, []string{"above all in Japanese", whole, "about 7 times"}, []string{part, "complained in"}},
		"no longer most":                  {func(i *aggregate.Incident) { i.Usual = 100 }, []string{whole}, []string{part, "Japanese"}},
		"a language that was not noticed": {func(i *aggregate.Incident) { i.Usual, i.Noticed, i.MainlyIn = 100, aggregate.Noticed{}, "tl" }, []string{"above all in Filipino", whole, "about 7 times", "peak: 24"}, []string{part, "Japanese", "complained in"}},
		"symptom of all":                  {func(i *aggregate.Incident) { i.Usual, i.Noticed.By, i.Noticed.Name = 100, "symptom", "login" }, []string{whole, "40% of the reports mention trouble logging in"}, []string{part, "More reports"}},
		"figures not known":               {func(i *aggregate.Incident) { i.Noticed.Excess = 0 }, []string{whole}, []string{part, "Japanese"}},
	} {
		r := newRig(t)
		i := outages()[2]
		c.change(&i)
		r.store.incident = []aggregate.Incident{i}
		text := body(t, r.get("/v1/incidents/"+i.ID+"/brief?lang=en", "Accept", "text/plain"))
		for _, want := range c.has {
			if !strings.Contains(text, want) {
				t.Errorf("%s: no %q in %s", name, want, text)
			}
		}
		for _, not := range c.hasnt {
			if strings.Contains(text, not) {
				t.Errorf("%s: %q in %s", name, not, text)
			}
		}
	}
}

func TestBriefRefusals(t *testing.T) {
	r := outageRig(t)
	for query, says := range map[string]string{
		"lang=tlh":            "de",
		"lang=FR":             "fr",
		"tz=Local":            "Europe/Paris",
		"tz=../../etc/passwd": "Europe/Paris",
		"tz=Mars/Olympus":     "Europe/Paris",
		"format=csv":          "unknown parameter",
	} {
		if p := problem(t, r.get("/v1/incidents/sbi-20221024T0400Z/brief?"+query), 400); !strings.Contains(p.Detail, says) {
			t.Errorf("%s: %s", query, p.Detail)
		}
	}
	problem(t, r.get("/v1/incidents/sbi-20221024T0400Z/brief", "Accept", "text/csv"), 406)
	if p := problem(t, r.get("/v1/incidents/x-20221023T0400Z/brief"), 410); !strings.Contains(p.Detail, "late counts") {
		t.Error(p.Detail)
	}
}

// FuzzIncidents sends any query: never a 500.
func FuzzIncidents(f *testing.F) {
	for _, seed := range []string{"cursor=MTY2NjY4MTIwMDAwMCBh", "cursor=&limit=2&severity=minor&open=true", "from=x&to=2022-10-25T09:00:00+02:00&service=x"} {
		f.Add(seed)
	}
	r := newRig(f)
	r.store.incident = outages()
	f.Fuzz(func(t *testing.T, raw string) {
		req := httptest.NewRequest("GET", "/v1/incidents", nil)
		req.URL.RawQuery = raw
		w := httptest.NewRecorder()
		r.ServeHTTP(w, req)
		if code := w.Result().StatusCode; code != 200 && code != 400 && code != 404 {
			t.Fatalf("status %d", code)
		}
	})
}
