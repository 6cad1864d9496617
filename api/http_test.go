package api_test

import (
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"
	"github.com/prometheus/client_golang/prometheus"

	"outcry/api"
)

func TestNegotiation(t *testing.T) {
	const csv, plain = "text/csv; charset=utf-8", "application/json"
	for accept, want := range map[string]string{
		"":                                      plain,
		"*/*":                                   plain,
		"application/*":                         plain,
		"application/json":                      plain,
		"APPLICATION/JSON":                      plain,
		"text/csv":                              csv,
		"text/*":                                csv,
		"text/csv, application/json":            plain, // equals: the server's choice
		"text/csv, application/json;q=.9":       csv,
		"text/csv;q=0.2,application/json;q=0.8": plain,
		"text/csv;q=0.5, */*;q=0.1":             csv,
		"application/json;q=0, */*":             csv,
		"text/html,application/xhtml+xml,*/*;q=0.8":          plain,
		"*/*;q=0.3, application/json;q=0.1":                  csv,
		"text/html":                                          "",
		"application/json;q=0":                               "",
		"*/*;q=0":                                            "",
		"application/xml;q=0.9, text/plain":                  "",
		"text/csv;q=5, application/json;q=NaN, image/png":    "",
		";;;,,, / ,text/csv;q=":                              "", // malformed
		"application/problem+json;q=0.9, application/json":   plain,
		"text/csv;header=present, application/json;q=0.4321": csv,
	} {
		res := newRig(t).get("/v1/curves?service=x&from=0&to=60", "Accept", accept)
		if vary := strings.Join(res.Header.Values("Vary"), ", "); !strings.Contains(vary, "Accept") {
			t.Errorf("%q: Vary is %q", accept, vary)
		}
		if want == "" {
			if p := problem(t, res, 406); !strings.Contains(p.Detail, "text/csv") {
				t.Errorf("%q: %s", accept, p.Detail)
			}
		} else if got := res.Header.Get("Content-Type"); got != want || res.StatusCode != 200 {
			t.Errorf("%q: %d %q", accept, res.StatusCode, got)
		}
	}
	res := newRig(t).get("/v1/curves?service=x&from=0&to=60&format=json", "Accept", "text/html")
	if res.StatusCode != 200 {
		t.Errorf("format= does not win: %d", res.StatusCode)
	}
	if res := newRig(t).get("/v1/curves?service=x&from=0&to=60", "Accept", "text/html", "Accept", "text/csv"); res.StatusCode != 200 {
		t.Errorf("a second Accept line is not read: %d", res.StatusCode)
	}
	problem(t, newRig(t).get("/v1/curves?service=nope", "Accept", "text/csv"), 404)
}

func TestStoreErrors(t *testing.T) {
	for _, c := range []struct {
		err    error
		status int
		logged bool
	}{
		{errors.New("code 62: syntax error near secret_table"), 500, true},
		{fmt.Errorf("query: %w", context.DeadlineExceeded), 504, true},
		{fmt.Errorf("query: %w", &net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}), 503, true},
		{fmt.Errorf("query: %w", &net.DNSError{IsTimeout: true}), 504, true},
		{fmt.Errorf("query: %w", context.Canceled), 499, false},
	} {
		for _, target := range []string{"/v1/curves?service=x", "/v1/posts?service=x", "/v1/services", "/v1/incidents", "/v1/incidents/a", "/v1/incidents/a/brief"} {
			r := newRig(t)
			r.store.err = c.err
			res := r.get(target)
			if (res.Header.Get("Retry-After") != "") != (c.status == 503) {
				t.Errorf("%d: Retry-After %q", c.status, res.Header.Get("Retry-After"))
			}
			p := problem(t, res, c.status)
			if strings.Contains(p.Detail, "secret") || strings.Contains(p.Detail, "query:") {
				t.Errorf("leaks: %s", p.Detail)
			}
			if n := strings.Count(r.log.String(), "\n"); (n == 1) != c.logged {
				t.Errorf("%v: %d log lines: %s", c.err, n, r.log)
			}
		}
	}
}

func TestTimeout(t *testing.T) {
	r := newRig(t, func(c *api.Config) { c.Timeout = 20 * time.Millisecond })
	r.store.block = true
	problem(t, r.get("/v1/curves?service=x"), 504)
}

func TestPanic(t *testing.T) {
	r := newRig(t)
	r.store.panics = true
	p := problem(t, r.get("/v1/curves?service=x"), 500)
	if strings.Contains(p.Detail, "secret") || !strings.Contains(r.log.String(), "secret of the inside") {
		t.Errorf("detail %q, log %.200q", p.Detail, r.log)
	}
	if text := body(t, r.get("/metrics")); !strings.Contains(text, `outcry_http_requests_total{code="500",route="/v1/curves"} 1`) {
		t.Error(text)
	}
}

func TestUnknownPathsAndMethods(t *testing.T) {
	r := newRig(t)
	for _, path := range []string{"/v1", "/v1/", "/v1/curve", "/v1/curves/", "/nope", "/docs/", "/schemas/Problem.json"} {
		problem(t, r.get(path), 404)
	}
	for _, path := range []string{"/v1/curves", "/v1/posts", "/openapi.json", "/healthz"} {
		res := r.do(http.MethodPost, path)
		if allow := res.Header.Get("Allow"); !strings.Contains(allow, "GET") {
			t.Errorf("%s: Allow is %q", path, allow)
		}
		problem(t, res, 405)
	}
	if text := body(t, r.get("/metrics")); strings.Contains(text, "nope") || !strings.Contains(text, `code="404",route="none"`) {
		t.Error("a path of the user is in a label")
	}
}

// A browser shows people what was wrong with an address, and what the document holds.
func TestBrowsersShowRefusals(t *testing.T) {
	r := newRig(t)
	for path, kind := range map[string]string{"/v1/curves?service=nope": "application/problem+json", "/v1/curves?step=2m": "application/problem+json", "/nope": "application/problem+json", "/openapi.json": "application/openapi+json"} {
		people := r.get(path, "Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8")
		programs := r.get(path)
		if people.Header.Get("Content-Type") != "application/json" || programs.Header.Get("Content-Type") != kind || body(t, people) != body(t, programs) {
			t.Errorf("%s: %v for people, %v for programs", path, people.Header, programs.Header)
		}
		if !slices.Contains(programs.Header.Values("Vary"), "Accept") {
			t.Errorf("%s: Vary is %v", path, programs.Header.Values("Vary"))
		}
	}
}

func TestHeaders(t *testing.T) {
	r := newRig(t)
	for path, cors := range map[string]string{"/v1/curves?service=x": "*", "/v1/nope": "*", "/openapi.json": "*", "/embed/x.svg": "*", "/embed/nope": "*", "/oembed": "*", "/": "", "/metrics": "", "/docs": ""} {
		h := r.get(path, "Origin", "https://news.example").Header
		if h.Get("Access-Control-Allow-Origin") != cors || h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Referrer-Policy") == "" {
			t.Errorf("%s: %v", path, h)
		}
		if (h.Get("Access-Control-Expose-Headers") != "") != (cors != "") {
			t.Errorf("%s exposes %q", path, h.Get("Access-Control-Expose-Headers"))
		}
		if csp := h.Get("Content-Security-Policy"); !strings.Contains(csp, "default-src 'none'") || strings.Contains(csp, "http") {
			t.Errorf("%s: CSP %q", path, csp)
		}
	}
	res := r.do(http.MethodOptions, "/v1/curves", "Origin", "https://news.example", "Access-Control-Request-Method", "GET")
	if res.StatusCode != 204 || res.Header.Get("Access-Control-Allow-Methods") != "GET, HEAD" {
		t.Errorf("preflight: %d %v", res.StatusCode, res.Header)
	}
	for _, header := range []string{"Authorization", "If-None-Match", "Last-Event-ID", "Range"} {
		if !strings.Contains(res.Header.Get("Access-Control-Allow-Headers"), header) {
			t.Errorf("preflight does not allow %s", header)
		}
	}
	if cc := r.get("/v1/curves?service=x").Header.Get("Cache-Control"); cc != "public, max-age=1, s-maxage=2, stale-while-revalidate=10" {
		t.Errorf("Cache-Control %q", cc)
	}
}

func TestHealth(t *testing.T) {
	var broken error
	r := newRig(t, func(c *api.Config) {
		c.Ready = []api.Check{
			{Name: "queue", Run: func(context.Context) error { return nil }},
			{Name: "store", Run: func(context.Context) error { return broken }},
		}
	})
	if res := r.get("/readyz"); res.StatusCode != 200 {
		t.Errorf("readyz %d", res.StatusCode)
	}
	broken = errors.New("password wrong")
	p := problem(t, r.get("/readyz"), 503)
	if p.Detail != "not ready: store" || !strings.Contains(r.log.String(), "password wrong") {
		t.Errorf("%q, log %q", p.Detail, r.log)
	}
	if res := r.get("/healthz"); res.StatusCode != 200 {
		t.Errorf("healthz %d", res.StatusCode)
	}
}

func TestOpenAPI(t *testing.T) {
	r := newRig(t)
	var doc struct {
		OpenAPI string
		Paths   map[string]map[string]struct {
			Parameters []struct{ Name string }
			Responses  map[string]any
		}
	}
	text := body(t, r.get("/openapi.json"))
	if err := json.Unmarshal([]byte(text), &doc); err != nil {
		t.Fatal(err)
	}
	curves := doc.Paths["/v1/curves"]["get"]
	if !strings.HasPrefix(doc.OpenAPI, "3.1") || len(doc.Paths) < 7 || len(curves.Parameters) < 9 || curves.Responses["406"] == nil || curves.Responses["429"] == nil {
		t.Errorf("%.2000s", text)
	}
	if yaml := body(t, r.get("/openapi.yaml")); !strings.Contains(yaml, "/v1/posts:") {
		t.Errorf("%.300s", yaml)
	}
	if strings.Contains(text, "http://") || strings.Contains(text, "https://") {
		t.Error("the document names another host")
	}
}

func TestConfig(t *testing.T) {
	if _, err := api.New(api.Config{}); err == nil || !strings.Contains(err.Error(), "Catalog") || !strings.Contains(err.Error(), "Store") {
		t.Errorf("%v", err)
	}
	reg := prometheus.NewRegistry()
	cfg := api.Config{Catalog: services(), Store: &memory{}, Registry: reg}
	if _, err := api.New(cfg); err != nil {
		t.Fatal(err)
	}
	if _, err := api.New(cfg); err == nil {
		t.Error("the metrics were registered twice")
	}
}

// TestServed goes through a real connection: compression, HEAD.
func TestServed(t *testing.T) {
	r := newRig(t)
	r.store.posts = hostile()
	server := httptest.NewServer(r)
	defer server.Close()
	for _, c := range []struct{ target, accepts, coding string }{
		{"/v1/curves?service=whatsapp", "gzip", "gzip"},
		{"/v1/curves?service=whatsapp", "gzip, deflate, br, zstd", "zstd"},
		{"/v1/curves?service=whatsapp", "zstd;q=0, gzip;q=0.1", "gzip"},
		{"/v1/curves?service=whatsapp", "identity", ""},
		{"/v1/curves?service=whatsapp&format=csv", "zstd", "zstd"},
		{"/v1/curves?service=whatsapp&format=arrow", "zstd", "zstd"},
		{"/v1/curves?service=whatsapp&format=parquet", "zstd", ""}, // it is packed already
		{"/v1/incidents", "zstd", ""},                              // too short
		{"/embed/whatsapp.svg", "zstd", "zstd"},
		{"/docs", "gzip", "gzip"},
	} {
		res := fetch(t, server.URL+c.target, "Accept-Encoding", c.accepts)
		if got := res.Header.Get("Content-Encoding"); got != c.coding || !slices.Contains(res.Header.Values("Vary"), "Accept-Encoding") {
			t.Errorf("%s for %s: %q, %v", c.target, c.accepts, got, res.Header)
		}
		if text := unpacked(t, res); res.StatusCode != 200 || len(text) < 5 || strings.IndexByte("{<tP\xff", text[0]) < 0 {
			t.Errorf("%s for %s: %d %.80q", c.target, c.accepts, res.StatusCode, text)
		}
	}
	head, err := http.Head(server.URL + "/v1/services")
	if err != nil || head.StatusCode != 200 {
		t.Errorf("HEAD: %v %v", head, err)
	}
	head.Body.Close()
}

// A packed answer is not byte for byte the plain one, so its tag is weak; it is
// still good for asking whether there is something new.
func TestTagsOfPackedAnswers(t *testing.T) {
	server := httptest.NewServer(newRig(t))
	defer server.Close()
	plain := fetch(t, server.URL+"/embed/whatsapp.svg", "Accept-Encoding", "identity").Header.Get("ETag")
	packed := fetch(t, server.URL+"/embed/whatsapp.svg", "Accept-Encoding", "zstd").Header.Get("ETag")
	if plain == "" || packed != "W/"+plain {
		t.Errorf("tags %q and %q", plain, packed)
	}
	for _, tag := range []string{plain, packed} {
		res := fetch(t, server.URL+"/embed/whatsapp.svg", "Accept-Encoding", "zstd", "If-None-Match", tag)
		if res.StatusCode != 304 || res.Header.Get("ETag") != tag {
			t.Errorf("asked with %s: %d %s", tag, res.StatusCode, res.Header.Get("ETag"))
		}
	}
}

// Every page names an icon that is there, and that its own policy lets in.
func TestPagesHaveAnIcon(t *testing.T) {
	r := newReportRig(t)
	for _, path := range []string{"/embed/whatsapp.svg", "/embed/whatsapp.png", "/v1/services"} {
		if policy := r.get(path).Header.Get("Content-Security-Policy"); !strings.Contains(policy, "img-src 'self'") || r.get("/favicon.ico").StatusCode != 200 {
			t.Errorf("%s has no icon: %s", path, policy)
		}
	}
	for _, path := range []string{"/docs", "/embed/whatsapp", "/report/whatsapp"} {
		res := r.get(path)
		found := regexp.MustCompile(`<link rel="icon" href="([^"]+)"`).FindStringSubmatch(body(t, res))
		if res.StatusCode != 200 || found == nil || !strings.Contains(res.Header.Get("Content-Security-Policy"), "img-src 'self'") {
			t.Errorf("%s: %d %v %v", path, res.StatusCode, found, res.Header)
			continue
		}
		page, err := url.Parse(path)
		if err != nil {
			t.Fatal(err)
		}
		to, err := page.Parse(found[1])
		if err != nil {
			t.Fatal(err)
		}
		icon := r.get(to.Path)
		if icon.StatusCode != 200 || icon.Header.Get("Content-Type") != "image/svg+xml" {
			t.Errorf("%s: %d %v", path, icon.StatusCode, icon.Header)
		}
	}
}

func fetch(t *testing.T, url string, header ...string) *http.Response {
	t.Helper()
	req, err := http.NewRequest(http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	res, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { res.Body.Close() })
	return res
}

func unpacked(t *testing.T, res *http.Response) string {
	t.Helper()
	var from io.Reader = res.Body
	var err error
	switch res.Header.Get("Content-Encoding") {
	case "gzip":
		from, err = gzip.NewReader(res.Body)
	case "zstd":
		from, err = zstd.NewReader(res.Body)
	}
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(from)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
