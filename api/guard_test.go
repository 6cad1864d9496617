package api_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"outcry/api"
	"outcry/ingest/push/keys"
	"outcry/ingest/report"
)

// visitor takes every report, and notes whom it is from.
type visitor struct{ from []string }

func (v *visitor) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	v.from = append(v.from, r.RemoteAddr)
	w.WriteHeader(http.StatusOK)
}

func (v *visitor) Take(*http.Request, report.Click) (report.Receipt, error) {
	return report.Receipt{}, nil
}

// guardRig lets an address ask 10 times a minute. Its clock stands.
type guardRig struct {
	rig
	now     time.Time
	visitor *visitor
}

func newGuardRig(t *testing.T) *guardRig {
	t.Helper()
	var all []keys.Key
	for _, k := range []struct {
		name   string
		scopes []keys.Scope
		rate   int
	}{{"wall", []keys.Scope{keys.Read}, 60}, {"any", []keys.Scope{keys.Read}, 0}, {"helpdesk", []keys.Scope{keys.Posts}, 0}, {"site", []keys.Scope{keys.Reports}, 0}} {
		key, err := keys.FromSecret(k.name, "the long secret of "+k.name, k.scopes...)
		if err != nil {
			t.Fatal(err)
		}
		key.PerMinute = k.rate
		all = append(all, key)
	}
	ring, err := keys.NewRing(all...)
	if err != nil {
		t.Fatal(err)
	}
	g := &guardRig{now: noon(), visitor: &visitor{}}
	guard, err := api.NewGuard(api.GuardConfig{Keys: ring, PerMinute: 10, KeyPerMinute: 100, TrustProxies: []string{"10.0.0.0/8"}, Addresses: 4, Now: func() time.Time { return g.now }})
	if err != nil {
		t.Fatal(err)
	}
	posted := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	g.rig = newRig(t, func(c *api.Config) { c.Guard, c.Reports, c.Push = guard, g.visitor, posted })
	return g
}

// ask sends a request from an address.
func (g *guardRig) ask(method, from, target string, header ...string) *http.Response {
	r := httptest.NewRequest(method, target, nil)
	r.RemoteAddr = from
	for i := 0; i < len(header); i += 2 {
		r.Header.Add(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	g.ServeHTTP(w, r)
	return w.Result()
}

const one, other = "192.0.2.1:1000", "192.0.2.2:1000"

func TestAnAddressMayAskSoOften(t *testing.T) {
	g := newGuardRig(t)
	for i := range 10 {
		res := g.ask("GET", one, "/v1/services")
		if want := fmt.Sprintf(`"address";r=%d;t=%d`, 9-i, 6*(i+1)); res.StatusCode != 200 || res.Header.Get("RateLimit") != want || res.Header.Get("RateLimit-Policy") != `"address";q=10;w=60` {
			t.Fatalf("request %d: %d %v, want %s", i, res.StatusCode, res.Header, want)
		}
	}
	res := g.ask("GET", one, "/v1/services")
	if res.Header.Get("Retry-After") != "6" || res.Header.Get("Access-Control-Allow-Origin") != "*" || !strings.Contains(res.Header.Get("Access-Control-Expose-Headers"), "RateLimit") {
		t.Errorf("%v", res.Header)
	}
	if p := problem(t, res, 429); p.Type != "urn:outcry:problem:too-many-requests" || p.Instance != "/v1/services" {
		t.Errorf("%+v", p)
	}
	if res := g.ask("GET", other, "/v1/services"); res.StatusCode != 200 {
		t.Errorf("the other address: %d", res.StatusCode)
	}
	for _, free := range []string{"/", "/healthz", "/openapi.json", "/docs", "/embed.js"} {
		if res := g.ask("GET", one, free); res.StatusCode != 200 || res.Header.Get("RateLimit") != "" {
			t.Errorf("%s: %d %v", free, res.StatusCode, res.Header)
		}
	}
	for path, kind := range map[string]string{"/embed/whatsapp": "text/html; charset=utf-8", "/report/whatsapp": "text/html; charset=utf-8",
		"/embed/whatsapp.svg": "application/problem+json", "/oembed?url=x": "application/problem+json", "/v1/nope": "application/problem+json"} {
		if res := g.ask("GET", one, path); res.StatusCode != 429 || res.Header.Get("Content-Type") != kind || res.Header.Get("Retry-After") == "" {
			t.Errorf("%s: %d %v", path, res.StatusCode, res.Header)
		}
	}
	framed := g.ask("GET", one, "/embed/whatsapp")
	if policy := framed.Header.Get("Content-Security-Policy"); !strings.Contains(policy, "frame-ancestors *") {
		t.Errorf("no page may frame the refusal: %s", policy)
	}
	if text := body(t, framed); !strings.Contains(text, "<h1>Too many requests</h1>") || !strings.Contains(text, `http-equiv="refresh" content="30"`) {
		t.Errorf("%s", text)
	}
	if text := body(t, g.get("/metrics")); !strings.Contains(text, `outcry_http_requests_total{code="429",route="/v1/services"} 1`) {
		t.Error("the metrics do not tell what was refused")
	}
	g.now = g.now.Add(6 * time.Second)
	if res := g.ask("GET", one, "/v1/services"); res.StatusCode != 200 {
		t.Errorf("six seconds later: %d", res.StatusCode)
	}
}

func TestWhoCountsAsOne(t *testing.T) {
	const said = "X-Forwarded-For"
	for _, c := range []struct {
		name, first, second string
		header              []string // of both; X-Forwarded-For of the second follows it
		same                bool
	}{
		{"ports", "192.0.2.1:1", "192.0.2.1:2", nil, true},
		{"a household", "[2001:db8:1:2::1]:1", "[2001:db8:1:2:ffff::9]:1", nil, true},
		{"two households", "[2001:db8:1:2::1]:1", "[2001:db8:1:3::1]:1", nil, false},
		{"a stranger's proxies", "192.0.2.1:1", "192.0.2.1:1", []string{said, "198.51.100.1", said, "198.51.100.2"}, true},
		{"through our proxy", "10.0.0.1:1", "10.0.0.1:1", []string{said, "198.51.100.1", said, "198.51.100.2"}, false},
		{"through our proxies", "10.0.0.1:1", "10.0.0.2:1", []string{said, "198.51.100.1", said, "198.51.100.1"}, true},
	} {
		g := newGuardRig(t)
		firstHeader, secondHeader := c.header, c.header
		if len(c.header) == 4 {
			firstHeader, secondHeader = c.header[:2], c.header[2:]
		}
		g.ask("GET", c.first, "/v1/services", firstHeader...)
		res := g.ask("GET", c.second, "/v1/services", secondHeader...)
		if same := strings.Contains(res.Header.Get("RateLimit"), "r=8"); same != c.same {
			t.Errorf("%s: %s", c.name, res.Header.Get("RateLimit"))
		}
	}
}

func TestLoopbackIsNotCounted(t *testing.T) {
	g := newGuardRig(t)
	for range 30 {
		for _, from := range []string{"127.0.0.1:5", "[::1]:5"} {
			if res := g.ask("GET", from, "/v1/services"); res.StatusCode != 200 || res.Header.Get("RateLimit") != "" {
				t.Fatalf("%s: %d %v", from, res.StatusCode, res.Header)
			}
		}
	}
	// A stranger does not come from there by saying so.
	if res := g.ask("GET", one, "/v1/services", "X-Forwarded-For", "127.0.0.1"); res.Header.Get("RateLimit") == "" {
		t.Error("a stranger who says 127.0.0.1 is not counted")
	}
}

func TestWhatIsDear(t *testing.T) {
	for target, left := range map[string]string{
		"/v1/services": "r=9", "/v1/curves?service=x": "r=9", "/embed/x.svg": "r=9", "/v1/incidents": "r=9",
		"/v1/search?q=a": "r=5", "/v1/words?service=x": "r=5", "/v1/movers": "r=5", "/v1/curves?service=x,whatsapp": "r=5", "/v1/curves?service=x&group=lang": "r=5",
		"/v1/curves?service=x&compare=week": "r=5", "/embed/x.png": "r=5",
	} {
		if got := newGuardRig(t).ask("GET", one, target).Header.Get("RateLimit"); !strings.Contains(got, left) {
			t.Errorf("%s: %s, want %s", target, got, left)
		}
	}
}

func TestKeys(t *testing.T) {
	bearer := func(name string) []string { return []string{"Authorization", "Bearer the long secret of " + name} }
	for _, c := range []struct {
		name, method, target string
		header               []string
		status               int
		policy               string
	}{
		{"its own rate", "GET", "/v1/services", bearer("wall"), 200, `"key";q=60;w=60`},
		{"the rate of keys", "GET", "/v1/services", bearer("any"), 200, `"key";q=100;w=60`},
		{"by the other header", "GET", "/v1/services", []string{"X-API-Key", "the long secret of wall"}, 200, `"key";q=60;w=60`},
		{"not for reading", "GET", "/v1/services", bearer("helpdesk"), 200, `"address";q=10;w=60`},
		{"wrong", "GET", "/v1/services", bearer("nobody"), 401, `"address";q=10;w=60`},
		{"of a proxy's own", "GET", "/v1/services", []string{"Authorization", "Basic YTpi"}, 200, `"address";q=10;w=60`},
		{"posts", "POST", "/v1/posts", bearer("helpdesk"), 204, ""}, // counted where they are taken
		{"posts without a key", "POST", "/v1/posts", nil, 204, `"address";q=10;w=60`},
		{"reports", "POST", "/v1/reports", bearer("site"), 200, `"key";q=100;w=60`},
		{"reports without a key", "POST", "/v1/reports", nil, 200, `"address";q=10;w=60`},
		{"reports with another's", "POST", "/v1/reports", bearer("wall"), 403, `"key";q=60;w=60`},
	} {
		res := newGuardRig(t).ask(c.method, one, c.target, c.header...)
		if res.StatusCode != c.status || res.Header.Get("RateLimit-Policy") != c.policy {
			t.Errorf("%s: %d %s", c.name, res.StatusCode, res.Header.Get("RateLimit-Policy"))
		}
		switch c.status {
		case 401:
			if res.Header.Get("WWW-Authenticate") == "" {
				t.Errorf("%s: no WWW-Authenticate", c.name)
			}
			problem(t, res, 401)
		case 403:
			if p := problem(t, res, 403); !strings.Contains(p.Detail, "scope reports") {
				t.Errorf("%s: %s", c.name, p.Detail)
			}
		}
	}
}

// Whoever guesses keys is stopped as anybody else is.
func TestGuessing(t *testing.T) {
	g := newGuardRig(t)
	for i := range 10 {
		problem(t, g.ask("GET", one, "/v1/services", "X-API-Key", fmt.Sprint("guess ", i)), 401)
	}
	problem(t, g.ask("GET", one, "/v1/services", "X-API-Key", "another guess"), 429)
	problem(t, g.ask("POST", one, "/v1/posts", "X-API-Key", "another guess"), 429)
}

// A site that passes its visitors' clicks on says who they are; nobody else does.
func TestWhomAReportIsFrom(t *testing.T) {
	g := newGuardRig(t)
	g.ask("POST", one, "/v1/reports", "X-Forwarded-For", "198.51.100.7")
	g.ask("POST", one, "/v1/reports", "X-Forwarded-For", "203.0.113.1, 198.51.100.7", "X-API-Key", "the long secret of site")
	g.ask("POST", "10.0.0.1:9", "/v1/reports", "X-Forwarded-For", "198.51.100.7, 192.0.2.1", "X-API-Key", "the long secret of site")
	if got := strings.Join(g.visitor.from, " "); got != "192.0.2.1:0 198.51.100.7:0 198.51.100.7:0" {
		t.Error(got)
	}
}

// Only so many addresses are remembered: who has not come for long starts anew.
func TestFewAreRemembered(t *testing.T) {
	g := newGuardRig(t) // room for 4
	for range 10 {
		g.ask("GET", one, "/v1/services")
	}
	g.ask("GET", "192.0.2.50:1", "/v1/services")
	if res := g.ask("GET", one, "/v1/services"); res.StatusCode != 429 {
		t.Errorf("forgotten too soon: %d", res.StatusCode)
	}
	for i := range 6 {
		g.ask("GET", fmt.Sprintf("192.0.2.%d:1", 100+i), "/v1/services")
	}
	if res := g.ask("GET", one, "/v1/services"); res.StatusCode != 200 {
		t.Errorf("never forgotten: %d", res.StatusCode)
	}
}

func TestNewGuardNamesWhatIsWrong(t *testing.T) {
	_, err := api.NewGuard(api.GuardConfig{PerMinute: -1, TrustProxies: []string{"proxy"}})
	if err == nil || !strings.Contains(err.Error(), "0 or more") || !strings.Contains(err.Error(), `"proxy"`) {
		t.Error(err)
	}
	guard, err := api.NewGuard(api.GuardConfig{})
	if err != nil {
		t.Fatal(err)
	}
	r := newRig(t, func(c *api.Config) { c.Guard = guard })
	if res := r.get("/v1/services"); res.StatusCode != 200 || res.Header.Get("RateLimit") != "" {
		t.Errorf("no limits: %d %v", res.StatusCode, res.Header)
	}
}

func TestBounds(t *testing.T) {
	long := strings.Repeat("x", 20_000)
	for _, c := range []struct {
		name, method, target string
		header               []string
		body                 string
		status               int
		says                 string
	}{
		{"a long query", "GET", "/v1/curves?service=" + long, nil, "", 414, "20018 bytes"},
		{"a long path", "GET", "/v1/" + long, nil, "", 414, "the most is 16384"},
		{"many parameters", "GET", "/v1/curves?" + strings.Repeat("a=1&", 100), nil, "", 400, "101 parameters"},
		{"a long header", "GET", "/v1/services", []string{"X-One", long, "X-Two", long}, "", 431, "the most is 32768"},
		{"NUL in the query", "GET", "/v1/curves?service=a%00b", nil, "", 400, "service must be UTF-8 without NUL"},
		{"NUL in a name", "GET", "/v1/curves?ser%00vice=a", nil, "", 400, "without NUL"},
		{"NUL in the path", "GET", "/v1/a%00b", nil, "", 400, "the path must be"},
		{"no UTF-8 in the query", "GET", "/v1/posts?service=%ff%fe", nil, "", 400, "service must be UTF-8"},
		{"no UTF-8 in the path", "GET", "/v1/incidents/%c3%28", nil, "", 400, "the path must be UTF-8"},
		{"a body where none is taken", "GET", "/v1/services", nil, strings.Repeat(long, 4), 413, "80000 bytes"},
		{"a long body", "POST", "/v1/reports", nil, strings.Repeat("x", 8<<20+1), 413, "the most is 8388608"},
		{"a body of no use", "GET", "/v1/services", nil, "{}", 200, ""},
	} {
		r := newGuardRig(t)
		req := httptest.NewRequest(c.method, c.target, strings.NewReader(c.body))
		for i := 0; i < len(c.header); i += 2 {
			req.Header.Add(c.header[i], c.header[i+1])
		}
		w := httptest.NewRecorder()
		r.ServeHTTP(w, req)
		if c.status == 200 {
			if w.Code != 200 {
				t.Errorf("%s: %d %s", c.name, w.Code, w.Body)
			}
			continue
		}
		if p := problem(t, w.Result(), c.status); !strings.Contains(p.Detail, c.says) || len(w.Body.String()) > 1000 {
			t.Errorf("%s: %s", c.name, w.Body)
		}
	}
}

// TestWhatAnAnswerCosts keeps a client from reading a year as often as a minute.
func TestWhatAnAnswerCosts(t *testing.T) {
	for target, units := range map[string]int{
		"/v1/curves?service=x":                                          1,
		"/v1/curves?service=x&from=2022-09-25T00:00:00Z":                1,
		"/v1/curves?service=x,whatsapp":                                 5,
		"/v1/curves?service=x&group=lang":                               5,
		"/v1/curves?service=x&from=1970-01-01T00:00:00Z&step=1w":        10,
		"/v1/services?from=0":                                           10,
		"/v1/sources?from=2021-01-01T00:00:00Z&to=2021-06-01T00:00:00Z": 10,
		"/v1/services?from=yesterday":                                   1,
	} {
		res := newGuardRig(t).ask("GET", one, target)
		if want := fmt.Sprintf(`"address";r=%d;t=`, 10-units); !strings.HasPrefix(res.Header.Get("RateLimit"), want) {
			t.Errorf("%s: %s, want %s", target, res.Header.Get("RateLimit"), want)
		}
	}
}
