package api_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"outcry/api"
	"outcry/ingest"
	"outcry/ingest/report"
	"outcry/nlp/catalog"
)

// shelfOfReports stands in for the queue: it keeps what it is given, or fails.
type shelfOfReports struct {
	posts []ingest.Post
	err   error
}

func (q *shelfOfReports) Accept(_ context.Context, _ string, events []ingest.Event) (ingest.Stats, error) {
	if q.err != nil {
		return ingest.Stats{}, q.err
	}
	for _, e := range events {
		q.posts = append(q.posts, *e.Post)
	}
	return ingest.Stats{Kept: int64(len(events))}, nil
}

type reportRig struct {
	rig
	queue *shelfOfReports
	url   string
	http  http.Client // follows no redirect
}

func newReportRig(t *testing.T) *reportRig {
	t.Helper()
	r := &reportRig{queue: &shelfOfReports{}}
	handler, err := report.New(report.Config{Queue: r.queue, Known: api.KnownReport(services()), Most: 2, Now: noon, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	r.rig = newRig(t, func(c *api.Config) { c.Reports, c.Push = handler, http.NotFoundHandler() })
	server := httptest.NewServer(r)
	t.Cleanup(server.Close)
	r.url = server.URL
	r.http.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return r
}

func (r *reportRig) ask(t *testing.T, method, path, send string, header ...string) (*http.Response, string) {
	t.Helper()
	req, err := http.NewRequest(method, r.url+path, strings.NewReader(send))
	if err != nil {
		t.Fatal(err)
	}
	if method == http.MethodPost {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	res, err := r.http.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res, string(text)
}

func TestReportsAreTaken(t *testing.T) {
	r := newReportRig(t)
	res, text := r.ask(t, "POST", "/v1/reports", `{"service":"whatsapp","symptom":"messages"}`, "Content-Type", "application/json")
	if res.StatusCode != 200 || text != `{"service":"whatsapp","symptom":"messages","counted":true}`+"\n" || strings.Join(res.Header.Values("Access-Control-Allow-Origin"), " ") != "*" {
		t.Errorf("%d %v %s", res.StatusCode, res.Header, text)
	}
	if len(r.queue.posts) != 1 || r.queue.posts[0].Report.Service != "whatsapp" {
		t.Errorf("%+v", r.queue.posts)
	}
	for body, want := range map[string]string{
		"service=whatsap":                    `"suggestions":["whatsapp"]`,
		"service=zzzzzzz":                    "/v1/services lists them all",
		"service=unknown":                    `"location":"body.service"`,
		"service=whatsapp&symptom=mesages":   `"suggestions":["messages"]`,
		"service=whatsapp&symptom=qqqqqqqqq": "must be one of account, app",
	} {
		if res, text := r.ask(t, "POST", "/v1/reports", body); res.StatusCode != 422 || !strings.Contains(text, want) {
			t.Errorf("%s: %d %s", body, res.StatusCode, text)
		}
	}
}

// TestTheReportPage goes the way of a visitor whose browser runs no script.
func TestTheReportPage(t *testing.T) {
	r := newReportRig(t)
	res, text := r.ask(t, "GET", "/report/whatsapp?theme=dark", "", "Accept-Language", "de-AT,de;q=0.9,en;q=0.5")
	csp := res.Header.Get("Content-Security-Policy")
	if res.StatusCode != 200 || !strings.Contains(csp, "frame-ancestors *") || !strings.Contains(csp, "default-src 'none'") || res.Header.Get("X-Frame-Options") != "" || !strings.Contains(strings.Join(res.Header.Values("Vary"), ","), "Accept-Language") {
		t.Errorf("%d %v", res.StatusCode, res.Header)
	}
	for _, want := range []string{`<html lang="de" dir="ltr" data-theme="dark">`, "Probleme mit <bdi>WhatsApp</bdi>?", `name="symptom" value="down">Nichts geht<`, `value="login"`, `method="post"`} {
		if !strings.Contains(text, want) {
			t.Errorf("no %s in %s", want, text)
		}
	}
	if strings.Contains(text, "//") || strings.Contains(text, "style=") || strings.Contains(text, "Danke") {
		t.Errorf("%s", text)
	}
	res, _ = r.ask(t, "POST", "/report/whatsapp?theme=dark", "symptom=messages&lang=de")
	next, err := url.Parse("/report/whatsapp?theme=dark")
	if err != nil {
		t.Fatal(err)
	}
	if next, err = next.Parse(res.Header.Get("Location")); err != nil || res.StatusCode != 303 || strings.HasPrefix(res.Header.Get("Location"), "/") {
		t.Fatalf("%d %v %v", res.StatusCode, res.Header, err)
	}
	if p := r.queue.posts[0]; p.Lang != "de" || *p.Report != (ingest.Report{Service: "whatsapp", Symptom: "messages"}) {
		t.Errorf("%+v %+v", p, p.Report)
	}
	res, text = r.ask(t, "GET", next.String(), "")
	if !strings.Contains(text, `role="status">Danke, `) || !strings.Contains(text, "Meldungen in der letzten Stunde: 1") || strings.Contains(text, "<form") || !strings.Contains(text, `data-theme="dark"`) || res.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("%v %s", res.Header, text)
	}
	if q := r.store.curve; q.Source != "reports" || q.Service != "whatsapp" || q.To.Sub(q.From) != time.Hour || q.To.Before(noon()) {
		t.Errorf("asked %+v", q)
	}
}

func TestTheReportPageInTrouble(t *testing.T) {
	r := newReportRig(t)
	r.queue.err = errors.New("away")
	if res, text := r.ask(t, "POST", "/report/x", "symptom=down&lang=en"); res.StatusCode != 503 || !strings.Contains(text, "Your report could not be taken") || !strings.Contains(text, "<form") {
		t.Errorf("%d %s", res.StatusCode, text)
	}
	r.queue.err = nil
	for _, service := range []string{"x", "sbi"} {
		if res, text := r.ask(t, "POST", "/report/"+service, "symptom="); res.StatusCode != 303 {
			t.Errorf("%d %s", res.StatusCode, text)
		}
	}
	if res, text := r.ask(t, "POST", "/report/telegram?lang=he", "symptom=down"); res.StatusCode != 429 || res.Header.Get("Retry-After") == "" || !strings.Contains(text, `dir="rtl"`) || !strings.Contains(text, "נסו שוב מאוחר יותר") {
		t.Errorf("%d %v %s", res.StatusCode, res.Header, text)
	}
	if res, _ := r.ask(t, "POST", "/report/x", "symptom=nap"); res.StatusCode != 422 {
		t.Errorf("no symptom: %d", res.StatusCode)
	}
	if res, text := r.ask(t, "GET", "/report/%3Cscript%3E", ""); res.StatusCode != 404 || !strings.Contains(text, "<h1>Unknown service</h1>") || strings.Contains(text, "<script>") {
		t.Errorf("%d %s", res.StatusCode, text)
	}
	if text := body(t, r.get("/report/whatsap")); !strings.Contains(text, `<a href="whatsapp">`) {
		t.Errorf("%s", text)
	}
}

// Thanks come without a number where the store has none, and the store is not
// asked by every visitor.
func TestThanksNeedNoNumber(t *testing.T) {
	r := newReportRig(t)
	r.store.err = errors.New("away")
	for range 3 {
		if res, text := r.ask(t, "GET", "/report/whatsapp?said=thanks&lang=en", ""); res.StatusCode != 200 || !strings.Contains(text, "Thank you") || strings.Contains(text, "last hour") {
			t.Errorf("%d %s", res.StatusCode, text)
		}
	}
	if r.store.asked != 1 {
		t.Errorf("the store was asked %d times", r.store.asked)
	}
}

func TestReportFiles(t *testing.T) {
	r := newReportRig(t)
	for path, kind := range map[string]string{"/report.js": "text/javascript", "/report.frame.js": "text/javascript", "/report.css": "text/css"} {
		res, text := r.ask(t, "GET", path, "")
		if res.StatusCode != 200 || !strings.HasPrefix(res.Header.Get("Content-Type"), kind) || len(text) < 100 {
			t.Errorf("%s: %d %v", path, res.StatusCode, res.Header)
		}
		if res, _ := r.ask(t, "GET", path, "", "If-None-Match", res.Header.Get("ETag")); res.StatusCode != 304 {
			t.Errorf("%s again: %d", path, res.StatusCode)
		}
	}
}

func TestReportIsDocumented(t *testing.T) {
	_, text := newReportRig(t).ask(t, "GET", "/openapi.json", "")
	for _, want := range []string{`"/v1/reports":{"post"`, `"Receipt"`, `"/v1/posts":{`} {
		if !strings.Contains(text, want) {
			t.Errorf("no %s in %s", want, text)
		}
	}
}

// Browsers ask before they send JSON from another's page.
func TestAnyPageMayReport(t *testing.T) {
	r := newReportRig(t)
	for path, want := range map[string]string{"/v1/reports": "POST", "/v1/curves": "GET, HEAD", "/v1/posts": "GET, HEAD"} {
		res, _ := r.ask(t, "OPTIONS", path, "", "Origin", "https://news.example", "Access-Control-Request-Method", "POST")
		if got := res.Header.Get("Access-Control-Allow-Methods"); res.StatusCode != 204 || got != want || res.Header.Get("Access-Control-Allow-Origin") != "*" {
			t.Errorf("%s: %d %v", path, res.StatusCode, res.Header)
		}
	}
}

func TestEveryLanguageAndSector(t *testing.T) {
	r := newReportRig(t)
	for code, want := range map[string]string{
		"fr": `lang="fr"`, "pt-BR": `lang="pt"`, "zh-TW": `lang="zh"`, "fil-PH": `lang="tl"`, "tl": `lang="tl"`, "iw": `lang="he"`,
		"ar-EG": `lang="ar" dir="rtl"`, "fa": `lang="fa" dir="rtl"`, "xx": `lang="en"`, "!": `lang="en"`, "": `lang="en" dir="ltr"`,
	} {
		if _, text := r.ask(t, "GET", "/report/sbi?lang="+code, ""); !strings.Contains(text, want) || !strings.Contains(text, "State Bank of India") {
			t.Errorf("%s: no %s in %.200s", code, want, text)
		}
	}
	all, err := catalog.Default()
	if err != nil {
		t.Fatal(err)
	}
	var sectors []string
	for _, s := range all.Services() {
		sectors = append(sectors, s.Sector)
	}
	if err := api.ReportButtons(sectors); err != nil {
		t.Errorf("no buttons for %v", err)
	}
}

// Whoever edits the file learns all that is wrong at once, and where.
func TestReportTextsAreChecked(t *testing.T) {
	file, err := os.ReadFile("report.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(file), "    title: "); n != 28 {
		t.Errorf("%d languages", n)
	}
	edits := strings.NewReplacer(`"Problem with {service}?"`, `"Problem?"`, `"Reports in the last hour: {count}"`, `"Reports"`, `"Zurück"`, `" "`,
		`      tv: "Télévision"`, `      telly: "Télévision"`, "  other: [down,", "  other: [down, down, dwon,", "\n  vi:", "\n  vietnamese:")
	err = api.CheckReportTexts([]byte(edits.Replace(string(file))))
	for _, want := range []string{"languages.en.title must hold {service} once", "languages.en.count must hold {count} once", "languages.de.back is missing",
		"languages.fr.symptoms.tv is missing", "languages.fr.symptoms.telly is no symptom", "buttons.other: down stands twice", `buttons.other: "dwon" is none of`, "languages.vietnamese: "} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("no %q in %v", want, err)
		}
	}
	for broken, want := range map[string]string{"buttons: [": "report.yaml: ", "button: {}": "button", "": "report.yaml", "buttons: {}": "languages.en is missing"} {
		if err := api.CheckReportTexts([]byte(broken)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", broken, err)
		}
	}
}
