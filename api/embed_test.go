package api_test

import (
	"encoding/xml"
	"errors"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"outcry/aggregate"
	"outcry/api"
	"outcry/nlp/catalog"
)

const embedMorning = "from=2022-10-25T07:00:00Z&to=2022-10-25T08:00:00Z"

func embedRig(t *testing.T, edit ...func(*api.Config)) rig {
	t.Helper()
	r := newRig(t, edit...)
	r.store.incident = outages()[:1]
	r.store.newest = at("2022-10-25T11:58:00Z")
	r.store.sources = []aggregate.SourceActivity{{Source: "bluesky-sim", Posts: 5}, {Source: "mastodon", Posts: 0}}
	r.store.coverage = []aggregate.Coverage{{Source: "bluesky-sim", Shares: deafFor(8)}}
	r.store.expected = []aggregate.Expected{{Service: "whatsapp", Quarter: at("2022-10-25T07:00:00Z"), Usual: 2, Alpha: 0.2}, {Service: "whatsapp", Quarter: at("2022-10-25T07:15:00Z"), Usual: 1, Alpha: 0.2}}
	return r
}

// deafFor are shares of a source that is heard but for some minutes, 20 after the
// hour that is asked for has begun.
func deafFor(minutes int) []float64 {
	shares := make([]float64, int(aggregate.DeafAfter/time.Minute)+60)
	for i := range shares {
		if at := i - int(aggregate.DeafAfter/time.Minute) - 20; at < 0 || at >= minutes {
			shares[i] = 1
		}
	}
	return shares
}

func wellFormed(t *testing.T, text string) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(text))
	for {
		if _, err := d.Token(); err == io.EOF {
			return
		} else if err != nil {
			t.Fatalf("%v in %s", err, text)
		}
	}
}

func TestEmbedGolden(t *testing.T) {
	for name, query := range map[string]string{
		"embed_light_fr.svg": "&theme=light&lang=fr&tz=Europe/Paris",
		"embed_dark_ar.svg":  "&theme=dark&lang=ar&width=1200&height=630",
		"embed_auto_en.svg":  "&lang=en-GB&width=360&height=240&tz=Asia/Kolkata",
	} {
		res := embedRig(t).get("/embed/whatsapp.svg?" + embedMorning + query)
		text := body(t, res)
		if res.StatusCode != 200 || res.Header.Get("Content-Type") != "image/svg+xml; charset=utf-8" || !strings.HasPrefix(res.Header.Get("Cache-Control"), "public, max-age=30,") {
			t.Errorf("%d %v", res.StatusCode, res.Header)
		}
		wellFormed(t, text)
		golden(t, name, text)
	}
}

func TestEmbedPicture(t *testing.T) {
	text := body(t, embedRig(t).get("/embed/whatsapp.svg?"+embedMorning+"&lang=en&theme=light"))
	for _, want := range []string{`role="img"`, "<title", "<desc", ">WhatsApp<", "Complaints: 183 · 2022-10-25 07:00 – 08:00 UTC", "Complaints / 1\u00a0min", ">Usual<", ">People<",
		">Not fully heard<", "url(#chart-deaf)", ">Incident<", ">Simulated data<", ">Outcry<", ">07:30<", `width="600" height="400"`} {
		if !strings.Contains(text, want) {
			t.Errorf("no %s in %s", want, text)
		}
	}
	for _, never := range []string{"<script", "<style", "Updated", "http:", "https:"} {
		if strings.Contains(strings.Replace(text, "http://www.w3.org/2000/svg", "", 1), never) {
			t.Errorf("%s in %s", never, text)
		}
	}
}

// Without a range the chart ends with what was heard last, and says so; the
// step is as long as the picture can show.
func TestEmbedIsLive(t *testing.T) {
	for query, want := range map[string]struct {
		from, to string
		step     time.Duration
		text     string
	}{
		"":                               {"2022-10-24T12:00:00Z", "2022-10-25T12:00:00Z", 5 * time.Minute, "Complaints in the last 24\u00a0h: "},
		"&window=1h":                     {"2022-10-25T10:59:00Z", "2022-10-25T11:59:00Z", time.Minute, "Complaints in the last 60\u00a0min: "},
		"&window=7d":                     {"2022-10-18T12:00:00Z", "2022-10-25T12:00:00Z", time.Hour, "Complaints in the last 7\u00a0d: "},
		"&window=30d":                    {"2022-09-25T12:00:00Z", "2022-10-25T12:00:00Z", 3 * time.Hour, "Complaints in the last 30\u00a0d: "},
		"&posts=fr&window=3h":            {"2022-10-25T08:59:00Z", "2022-10-25T11:59:00Z", time.Minute, ">WhatsApp · French<"},
		"&window=6h":                     {"2022-10-25T06:00:00Z", "2022-10-25T12:00:00Z", 5 * time.Minute, "Complaints in the last 6\u00a0h: "},
		"&to=1666700000&window=1h":       {"2022-10-25T11:14:00Z", "2022-10-25T12:14:00Z", time.Minute, "2022-10-25 11:14 – 12:14 UTC"},
		"&from=2022-10-01T00:00:00Z":     {"2022-10-01T00:00:00Z", "2022-10-25T12:00:00Z", 3 * time.Hour, "2022-10-01 00:00 – 2022-10-25 12:00 UTC"},
		"&symptom=messages&window=3h":    {"2022-10-25T08:59:00Z", "2022-10-25T11:59:00Z", time.Minute, ">WhatsApp · Messages<"},
		"&from=1666681200&to=1666681260": {"2022-10-25T07:00:00Z", "2022-10-25T07:01:00Z", time.Minute, ">Outcry<"},
	} {
		r := embedRig(t)
		r.store.coverage = nil
		text := body(t, r.get("/embed/whatsapp.svg?lang=en"+query))
		if q := r.store.curve; stamp(q.From) != want.from || stamp(q.To) != want.to || q.Step != want.step || !strings.Contains(text, want.text) {
			t.Errorf("%s: %+v %.900s", query, q, text)
		}
		if want := map[bool]string{true: "fr"}[strings.Contains(query, "posts=fr")]; r.store.curve.Lang != want {
			t.Errorf("%s: posts in %q are counted", query, r.store.curve.Lang)
		}
		if frozen := strings.Contains(query, "to="); frozen == strings.Contains(text, "Updated 2022-10-25 11:58 UTC") {
			t.Errorf("%s: %s", query, text)
		}
	}
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }

func TestEmbedPage(t *testing.T) {
	r := embedRig(t)
	res := r.get("/embed/whatsapp?theme=dark&window=3h", "Accept-Language", "de-AT, en;q=0.5")
	text, csp := body(t, res), res.Header.Get("Content-Security-Policy")
	if res.StatusCode != 200 || !strings.Contains(csp, "frame-ancestors *") || !strings.Contains(csp, "default-src 'none'") || strings.Contains(csp, "unsafe") ||
		!strings.Contains(strings.Join(res.Header.Values("Vary"), ","), "Accept-Language") || res.Header.Get("Set-Cookie") != "" {
		t.Errorf("%d %v", res.StatusCode, res.Header)
	}
	for _, want := range []string{`<html lang="de" dir="ltr" data-theme="dark">`, `<main data-live>`, `id="wide-title"`, `id="narrow-title"`, "Beschwerden in den letzten 3\u00a0h: ", `<p class="brief" lang="de">`,
		`<th scope="row"><bdi dir="ltr">2022-10-25 11:57</bdi></th>`, `property="og:title" content="WhatsApp"`, `type="application/json+oembed" href="http://example.com/oembed?format=json&amp;url=http%3A%2F%2Fexample.com%2Fembed%2Fwhatsapp%3Ftheme%3Ddark%26window%3D3h"`,
		`href="../?range=3h&amp;service=whatsapp"`,
		`property="og:url" content="http://example.com/embed/whatsapp?theme=dark&amp;window=3h"`, `property="og:image" content="http://example.com/embed/whatsapp.png?lang=de&amp;size=og&amp;theme=dark&amp;window=3h"`,
		`name="twitter:card" content="summary_large_image"`, `name="twitter:image" content="http://example.com/embed/whatsapp.png?`, `<p class="stale" role="status" hidden>Stand: 2022-10-25 11:58 UTC</p>`} {
		if !strings.Contains(text, want) {
			t.Errorf("no %s in %s", want, text)
		}
	}
	if strings.Contains(text, "style=") {
		t.Error(text)
	}
	text = body(t, r.get("/embed/whatsapp?lang=he&"+embedMorning))
	if !strings.Contains(text, "<main>") || !strings.Contains(text, `dir="rtl"`) || strings.Contains(text, "11:57") {
		t.Errorf("the frozen page: %s", text)
	}
	tag := func(r rig) string { return r.get("/embed/whatsapp?lang=en&" + embedMorning).Header.Get("ETag") }
	later := embedRig(t)
	later.store.newest = at("2022-10-25T11:59:00Z")
	if before := tag(embedRig(t)); before == "" || before != tag(later) {
		t.Error("a frozen page is another one when more was heard")
	}
	r.store.incident, r.store.newest = nil, time.Time{}
	if text := body(t, newRig(t).get("/embed/x")); strings.Contains(text, `class="brief"`) || !strings.Contains(text, "<svg") || strings.Contains(text, "<td>") {
		t.Errorf("nothing heard yet: %s", text)
	}
}

// The style that a policy names by its hash is the one in the picture.
func TestEmbedPolicies(t *testing.T) {
	r := embedRig(t)
	svg := r.get("/embed/whatsapp.svg?theme=auto")
	if csp := svg.Header.Get("Content-Security-Policy"); !strings.Contains(csp, styleHash(t, body(t, svg))) || strings.Contains(csp, "script") {
		t.Error(csp)
	}
	page := r.get("/embed/whatsapp")
	if csp := page.Header.Get("Content-Security-Policy"); !strings.Contains(csp, styleHash(t, body(t, page))) || !strings.Contains(csp, "script-src 'self'") {
		t.Error(csp)
	}
}

func TestEmbedIsCached(t *testing.T) {
	r := embedRig(t)
	for _, path := range []string{"/embed/whatsapp.svg?lang=en", "/embed/whatsapp?lang=en", "/oembed?url=http://example.com/embed/x"} {
		tag := r.get(path).Header.Get("ETag")
		if res := r.get(path, "If-None-Match", tag); tag == "" || res.StatusCode != 304 || body(t, res) != "" {
			t.Errorf("%s: %q %d", path, tag, res.StatusCode)
		}
	}
	if tags := r.get("/embed/whatsapp.svg?lang=en").Header.Get("ETag"); tags == r.get("/embed/whatsapp.svg?lang=fr").Header.Get("ETag") {
		t.Error("another picture has the same tag")
	}
	asked := r.store.asked
	for range 5 {
		r.get("/embed/whatsapp.svg?lang=es")
	}
	if r.store.asked != asked {
		t.Errorf("the store was asked %d times again", r.store.asked-asked)
	}
}

func TestEmbedRefuses(t *testing.T) {
	r := embedRig(t)
	for path, want := range map[string]string{
		"/embed/whatsap":                              `404 <a href="whatsapp">`,
		"/embed/whatsap.svg":                          `404 did you mean whatsapp?`,
		"/embed/%3Cscript%3E":                         `404 &lt;script&gt;`,
		"/embed/x?width=199":                          "400 width must be",
		"/embed/x.svg?height=2401":                    "400 height must be",
		"/embed/x?window=2h":                          "400 window must be one of 24h, 6h, 3h, 1h",
		"/embed/x?theme=pink&symptom=nap":             "400 theme must be",
		"/embed/x?tz=Mars":                            "400 tz must be",
		"/embed/x?from=yesterday":                     "400 from must be a time",
		"/embed/x?from=60&to=0":                       "400 from (1970-01-01T00:01:00Z) must be before to",
		"/embed/x?from=0":                             "400 a chart shows at most 300 days",
		"/embed/x?from=2022-10-26T00:00:00Z":          "400 from must be before 2022-10-25T11:59:00Z",
		"/embed/x?from=0&to=60&window=1h":             "400 leave out one of the two",
		"/embed/x?from=0&window=1h":                   "400 leave out one of the two",
		"/embed/x?posts=fra":                          "400 posts must be an ISO 639-1 code",
		"/embed/x?size=og":                            "400 unknown parameter",
		"/embed/x.svg?scale=2":                        "400 unknown parameter",
		"/embed/x.png?scale=4":                        "400 scale must be a whole number from 1 to 3",
		"/embed/x.png?size=huge":                      "400 size must be one of og, card",
		"/embed/x.png?size=og&width=500":              "400 size cannot stand beside width and height",
		"/embed/x.png?width=2400&height=2400&scale=2": "400 ask for a smaller scale, width or height",
		"/embed/x?windw=1h":                           "400 did you mean window?",
		"/embed/x?%22onload=%3Cscript%3E":             "400 unknown parameter",
		"/embed/x?lang=fr&lang=de":                    "400 lang was given 2 times",
	} {
		res := r.get(path)
		text := body(t, res)
		status, say, _ := strings.Cut(want, " ")
		if res.Status[:3] != status || !strings.Contains(strings.ReplaceAll(text, "&#34;", `"`), say) || !strings.HasPrefix(res.Header.Get("Content-Type"), "text/html") ||
			strings.Contains(text, "<script>") || res.Header.Get("Cache-Control") != "no-store" || !strings.Contains(res.Header.Get("Content-Security-Policy"), "frame-ancestors *") {
			t.Errorf("%s: %d %v %s", path, res.StatusCode, res.Header, text)
		}
	}
	r.store.err = errors.New("secret table")
	if res := r.get("/embed/telegram"); res.StatusCode != 500 || strings.Contains(body(t, res), "secret") || !strings.Contains(r.log.String(), "secret table") {
		t.Error(res.StatusCode)
	}
	if res := r.do(http.MethodPost, "/embed/telegram"); res.StatusCode != 405 {
		t.Error(res.StatusCode)
	}
}

// Names and words of others stay text.
func TestEmbedTakesNoMarkup(t *testing.T) {
	const evil = `</title></svg><script>alert(1)</script>"'&` + "\x00\u0085\ufffe"
	r := embedRig(t, func(c *api.Config) {
		c.Catalog = shelf{{Slug: "evil", Name: evil, Owner: evil}, catalog.Service{Slug: "x", Name: "X"}}
	})
	r.store.incident[0].Services, r.store.incident[0].Owner, r.store.incident[0].Words = []string{"evil", evil}, evil, []string{evil}
	r.store.sources = []aggregate.SourceActivity{{Source: evil + "-sim", Posts: 1}}
	svg := body(t, r.get("/embed/evil.svg?lang=en"))
	wellFormed(t, svg)
	page := body(t, r.get("/embed/evil?lang=en"))
	oembed := body(t, r.get("/oembed?url=http://example.com/embed/evil"))
	for _, text := range []string{svg, page, oembed} {
		if strings.Contains(text, "<script>") || strings.Contains(text, "alert(1)</") || !strings.Contains(text, "alert(1)") {
			t.Error(text)
		}
	}
}

func TestEmbedTextsAreChecked(t *testing.T) {
	file, err := os.ReadFile("embed.yaml")
	if err != nil {
		t.Fatal(err)
	}
	edits := strings.NewReplacer(`"Updated {time}"`, `"Updated"`, `"Beschwerden"`, `" "`, "\nvi:", "\nxx:", "{span} : {count}", "{span}")
	err = api.CheckEmbedTexts([]byte(edits.Replace(string(file))))
	for _, want := range []string{"en.updated must hold {time} once", "de.complaints is missing", "xx is no language of report.yaml", "vi is missing", "fr.last must hold {count} once"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("no %q in %v", want, err)
		}
	}
	if err := api.CheckEmbedTexts([]byte("en: {complaint: x}")); err == nil {
		t.Error("an unknown key is taken")
	}
	if n := strings.Count(string(file), "  last: "); n != 28 {
		t.Errorf("%d languages", n)
	}
}
