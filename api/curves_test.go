package api_test

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"
	"time"

	"outcry/aggregate"
	"outcry/api"
)

func TestCurveGolden(t *testing.T) {
	const query = "/v1/curves?service=whatsapp&symptom=messages&lang=fr&source=bluesky&from=2022-10-25T07:17:20Z&to=2022-10-25T07:20:00Z"
	r := newRig(t)
	shares := make([]float64, 24*60+3)
	shares[24*60] = 1 // heard at 7:17, deaf from then on
	r.store.coverage = []aggregate.Coverage{{Source: "bluesky", Shares: shares}}
	res := r.get(query)
	if res.StatusCode != 200 || res.Header.Get("Content-Type") != "application/json" {
		t.Fatalf("%d %s", res.StatusCode, res.Header.Get("Content-Type"))
	}
	golden(t, "curve.json", body(t, res))
	for _, accept := range []*[2]string{nil, {"Accept", "text/csv"}} {
		target, header := query+"&format=csv", []string{}
		if accept != nil {
			target, header = query, accept[:]
		}
		res := r.get(target, header...)
		if res.StatusCode != 200 || res.Header.Get("Content-Type") != "text/csv; charset=utf-8" {
			t.Fatalf("%d %s", res.StatusCode, res.Header.Get("Content-Type"))
		}
		golden(t, "curve.csv", body(t, res))
	}
	want := aggregate.CurveQuery{
		Service: "whatsapp", Kind: "complaint", Symptom: "messages", Lang: "fr", Source: "bluesky",
		From: at("2022-10-25T07:17:00Z"), To: at("2022-10-25T07:20:00Z"), Step: time.Minute,
	}
	if r.store.curve != want {
		t.Errorf("store was asked %+v", r.store.curve)
	}
}

// What would be usual stands beside the whole curve of a service, not beside a part.
func TestCurveBand(t *testing.T) {
	r := newRig(t)
	r.store.expected = []aggregate.Expected{{Service: "whatsapp", Quarter: at("2022-10-25T07:15:00Z"), Usual: 0.5, Alpha: 1}}
	const query = "/v1/curves?service=whatsapp&from=2022-10-25T07:14:00Z&to=2022-10-25T07:17:00Z"
	golden(t, "curve_band.json", body(t, r.get(query)))
	golden(t, "curve_band.csv", body(t, r.get(query+"&format=csv")))
	if text := body(t, r.get(query+"&lang=fr")); strings.Contains(text, "band") {
		t.Error(text)
	}
}

func TestCurveRange(t *testing.T) {
	for _, c := range []struct{ name, query, from, to, step string }{
		{"defaults", "", "2022-10-24T12:01:00Z", "2022-10-25T12:01:00Z", "1m"},
		{"empty values are none", "from=&to=&step=&symptom=&kind=&lang=&source=&format=", "2022-10-24T12:01:00Z", "2022-10-25T12:01:00Z", "1m"},
		{"widened to the step", "from=2022-10-25T07:17:00Z&to=2022-10-25T07:18:00Z&step=1h", "2022-10-25T07:00:00Z", "2022-10-25T08:00:00Z", "1h"},
		{"already aligned", "from=2022-10-25T07:00:00Z&to=2022-10-25T08:00:00Z&step=1h", "2022-10-25T07:00:00Z", "2022-10-25T08:00:00Z", "1h"},
		{"days are of UTC", "from=2022-10-25T01:00:00%2B02:00&to=2022-10-25T03:00:00%2B02:00&step=1d", "2022-10-24T00:00:00Z", "2022-10-26T00:00:00Z", "1d"},
		{"a bare plus", "from=2022-10-25T09:00:00+02:00&to=2022-10-25T08:00:00Z", "2022-10-25T07:00:00Z", "2022-10-25T08:00:00Z", "1m"},
		{"Unix seconds", "from=1666681200&to=1666684800", "2022-10-25T07:00:00Z", "2022-10-25T08:00:00Z", "1m"},
		{"fraction of a second", "from=2022-10-25T07:00:59.999Z&to=2022-10-25T07:59:00.001Z", "2022-10-25T07:00:00Z", "2022-10-25T08:00:00Z", "1m"},
		{"only from", "from=2022-10-25T11:00:00Z", "2022-10-25T11:00:00Z", "2022-10-25T12:01:00Z", "1m"},
		{"only to", "to=2022-10-25T07:00:00Z&step=3h", "2022-10-24T09:00:00Z", "2022-10-25T09:00:00Z", "3h"},
		{"the first day", "to=1970-01-01T06:00:00Z&step=1h", "1970-01-01T00:00:00Z", "1970-01-01T06:00:00Z", "1h"},
		{"the last day", "from=2106-02-06T00:00:00Z&to=2106-02-07T00:00:00Z&step=1d", "2106-02-06T00:00:00Z", "2106-02-07T00:00:00Z", "1d"},
		{"weeks begin on Mondays", "from=2022-10-25T01:00:00Z&to=2022-10-26T00:00:00Z&step=1w", "2022-10-24T00:00:00Z", "2022-10-31T00:00:00Z", "1w"},
		{"a week by default", "step=1w", "2022-10-24T00:00:00Z", "2022-10-31T00:00:00Z", "1w"},
		{"the first week", "from=0&to=1970-01-13T00:00:00Z&step=1w", "1970-01-05T00:00:00Z", "1970-01-19T00:00:00Z", "1w"},
		{"the last week", "from=2106-01-30T00:00:00Z&to=2106-02-07T00:00:00Z&step=1w", "2106-01-25T00:00:00Z", "2106-02-01T00:00:00Z", "1w"},
		{"20,000 points", "from=2022-10-01T00:00:00Z&to=2022-10-14T21:20:00Z", "2022-10-01T00:00:00Z", "2022-10-14T21:20:00Z", "1m"},
	} {
		t.Run(c.name, func(t *testing.T) {
			res := newRig(t).get("/v1/curves?service=whatsapp&" + c.query)
			text := body(t, res)
			var a api.CurveAnswer
			if err := json.Unmarshal([]byte(text), &a); err != nil || res.StatusCode != 200 {
				t.Fatalf("%d %v %.300s", res.StatusCode, err, text)
			}
			if !a.From.Equal(at(c.from)) || !a.To.Equal(at(c.to)) || a.Step != c.step {
				t.Errorf("from %s to %s step %s", a.From, a.To, a.Step)
			}
			if strings.Contains(text, "+01:00") {
				t.Error("a time is not in UTC")
			}
		})
	}
}

func TestEveryStep(t *testing.T) {
	steps := map[string]int{"1m": 1440, "5m": 288, "10m": 144, "15m": 96, "30m": 48, "1h": 24, "3h": 8, "6h": 4, "12h": 2, "1d": 1, "1w": 1}
	for step, points := range steps {
		var a api.CurveAnswer
		res := newRig(t).get("/v1/curves?service=unknown&from=2022-10-25T00:00:00Z&to=2022-10-26T00:00:00Z&step=" + step)
		if err := json.Unmarshal([]byte(body(t, res)), &a); err != nil || len(a.Points) != points {
			t.Errorf("%s: %d points, want %d (%v)", step, len(a.Points), points, err)
		}
	}
}

func TestCurveRefusals(t *testing.T) {
	const ok = "service=whatsapp&"
	for _, c := range []struct {
		name, query string
		says        []string
	}{
		{"no service", "", []string{"service is required"}},
		{"empty service", "service=", []string{"service is required"}},
		{"step", ok + "step=2m", []string{"1m, 5m, 10m, 15m, 30m, 1h, 3h, 6h, 12h, 1d"}},
		{"step of nothing", ok + "step=0", []string{"1m, 5m"}},
		{"negative step", ok + "step=-1m", []string{"1m, 5m"}},
		{"step in other words", ok + "step=60s", []string{"1m, 5m"}},
		{"kind", ok + "kind=Complaint", []string{"complaint, news, resolved, other"}},
		{"symptom", ok + "symptom=broken", []string{"account, app, calls", "tv"}},
		{"language name", ok + "lang=french", []string{"ISO 639-1"}},
		{"upper-case language", ok + "lang=FR", []string{"ISO 639-1"}},
		{"source", ok + "source=" + url.QueryEscape("'; DROP TABLE"), []string{"source must be"}},
		{"long source", ok + "source=" + strings.Repeat("a", 65), []string{"source must be"}},
		{"from after to", ok + "from=2022-10-25T08:00:00Z&to=2022-10-25T07:00:00Z", []string{"must be before"}},
		{"from at to", ok + "from=2022-10-25T08:00:00Z&to=2022-10-25T08:00:00Z", []string{"must be before"}},
		{"from after now", ok + "from=2022-10-25T13:00:00Z", []string{"must be before"}},
		{"to at the beginning of time", ok + "to=0", []string{"to must be after"}},
		{"a date", ok + "from=2022-10-25", []string{"from must be a time such as"}},
		{"words", ok + "to=yesterday", []string{"to must be a time such as"}},
		{"before 1970", ok + "from=1969-12-31T23:59:59Z", []string{"between 1970-01-01"}},
		{"negative seconds", ok + "from=-1", []string{"between 1970-01-01"}},
		{"after 2106", ok + "to=2107-01-01T00:00:00Z", []string{"and 2106-02-07"}},
		{"milliseconds", ok + "to=1666684800000", []string{"and 2106-02-07"}},
		{"overflow", ok + "to=9223372036854775807", []string{"and 2106-02-07"}},
		{"20,001 points", ok + "from=2022-10-01T00:00:00Z&to=2022-10-14T21:20:01Z", []string{"20001 points", "the limit is 20000", "step=5m would fit"}},
		{"only weeks fit", ok + "from=0&to=2106-01-01T00:00:00Z&step=1d", []string{"the limit is 20000", "step=1w would fit", "format=ndjson"}},
		{"several services", "service=x,whatsapp&from=2022-10-01T00:00:00Z&to=2022-10-08T00:00:00Z", []string{"20160 points", "step=5m would fit"}},
		{"too long for a stream", ok + "from=0&to=2106-01-01T00:00:00Z&format=csv", []string{"the limit is 22000000", "step=5m would fit"}},
		{"21 services", "service=" + strings.Repeat("a,", 20) + "b", []string{"21 slugs", "the limit is 20"}},
		{"an empty service among others", "service=x,,whatsapp", []string{"empty slug"}},
		{"a service twice", "service=x,whatsapp,x", []string{"names x twice"}},
		{"group", ok + "group=country", []string{"group must be one of service, symptom, lang, source"}},
		{"compare", ok + "compare=day", []string{"compare must be one of week"}},
		{"symptoms of a symptom", ok + "group=symptom&symptom=app", []string{"leave symptom out"}},
		{"a week that is not yet", ok + "from=0&to=1970-01-02T00:00:00Z&step=1w", []string{"to must be after"}},
		{"unknown parameter", "serivce=whatsapp", []string{`unknown parameter "serivce"; did you mean service?`}},
		{"foreign parameter", ok + "limit=5", []string{`unknown parameter "limit"; known are service, kind`}},
		{"repeated", ok + "service=x", []string{"service was given 2 times"}},
		{"repeated empty", ok + "step=1m&step=", []string{"step was given 2 times"}},
		{"encoding", ok + "from=%zz", []string{"not well encoded"}},
		{"semicolon", ok + "from=1;to=2", []string{"not well encoded"}},
		{"format", ok + "format=xml", []string{"json, csv"}},
		{"all at once", "step=2m&kind=a&lang=b", []string{"step must", "kind must", "lang must", "service is required"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newRig(t)
			p := problem(t, r.get("/v1/curves?"+c.query), 400)
			for _, words := range c.says {
				if !strings.Contains(p.Detail, words) {
					t.Errorf("%q does not say %q", p.Detail, words)
				}
			}
			if len(p.Errors) == 0 || !strings.HasPrefix(p.Errors[0].Location, "query") {
				t.Errorf("errors: %+v", p.Errors)
			}
			if r.store.asked != 0 || r.log.Len() != 0 {
				t.Errorf("store asked %d times, log %q", r.store.asked, r.log)
			}
		})
	}
}

func TestUnknownService(t *testing.T) {
	for typed, want := range map[string]string{
		"whatsap": "whatsapp", "WhatsApp": "whatsapp", "whats app": "whatsapp", "whatsapp ": "whatsapp", "wahtsapp": "whatsapp",
		"insta": "instagram", "tele": "telegram", "whatsapp.com": "whatsapp", "state-bank": "sbi", "state bank of indai": "sbi", "qqqqqqqq": "", "é": "x",
	} {
		p := problem(t, newRig(t).get("/v1/curves?service="+url.QueryEscape(typed)), 404)
		got := strings.Join(p.Suggestions, ",")
		if !strings.Contains(got, want) || (want == "") != (got == "") {
			t.Errorf("%q: suggested %q, want %q", typed, got, want)
		}
		if want != "" && !strings.Contains(p.Detail, "did you mean "+p.Suggestions[0]) {
			t.Errorf("%q: %s", typed, p.Detail)
		}
	}
	if p := problem(t, newRig(t).get("/v1/curves?service=x,whatsap"), 404); !strings.Contains(p.Detail, "did you mean whatsapp") {
		t.Error(p.Detail)
	}
	long := problem(t, newRig(t).get("/v1/posts?service="+strings.Repeat("é", 5000)), 404)
	if len(long.Detail) > 400 {
		t.Errorf("echoes %d bytes", len(long.Detail))
	}
}
