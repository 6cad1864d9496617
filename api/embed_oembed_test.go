package api_test

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"outcry/api"
)

// styleHash is the hash of the first style sheet in a text, as policies name it.
func styleHash(t *testing.T, text string) string {
	t.Helper()
	_, rest, ok := strings.Cut(text, "<style>")
	style, _, closed := strings.Cut(rest, "</style>")
	if !ok || !closed {
		t.Fatalf("no style in %s", text)
	}
	sum := sha256.Sum256([]byte(style))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

func TestOEmbed(t *testing.T) {
	r := embedRig(t)
	for given, want := range map[string]string{
		"http://example.com/embed/whatsapp":                          "http://example.com/embed/whatsapp",
		"https://example.com/embed/whatsapp.svg?window=3h&utm=x":     "https://example.com/embed/whatsapp?window=3h",
		"https://EXAMPLE.com/news/embed/whatsapp?lang=fr&theme=dark": "https://EXAMPLE.com/news/embed/whatsapp?lang=fr&amp;theme=dark",
		"http://example.com/?service=whatsapp&range=6h":              "http://example.com/embed/whatsapp?window=6h",
		"http://example.com?service=whatsapp":                        "http://example.com/embed/whatsapp",
	} {
		res := r.get("/oembed?format=json&maxwidth=500&maxheight=9000&url=" + url.QueryEscape(given))
		var a map[string]any
		if err := json.Unmarshal([]byte(body(t, res)), &a); err != nil {
			t.Fatal(err)
		}
		frame, _ := a["html"].(string)
		if a["type"] != "rich" || a["version"] != "1.0" || a["width"] != 500.0 || a["height"] != 600.0 || a["title"] != "WhatsApp" || a["provider_name"] != "Outcry" ||
			!strings.Contains(frame, `src="`+want+`"`) || !strings.Contains(frame, `width="500"`) || res.Header.Get("Access-Control-Allow-Origin") != "*" {
			t.Errorf("%s: %v", given, a)
		}
	}
}

// A thumbnail is as large as it may be, and absent where that is too small.
func TestOEmbedThumbnail(t *testing.T) {
	r := embedRig(t)
	for query, want := range map[string]string{
		"":                            "http://example.com/n/embed/whatsapp.png?lang=fr&posts=es&size=og 1200 630",
		"&maxwidth=600":               "http://example.com/n/embed/whatsapp.png?height=315&lang=fr&posts=es&width=600 600 315",
		"&maxwidth=600&maxheight=900": "http://example.com/n/embed/whatsapp.png?height=315&lang=fr&posts=es&width=600 600 315",
		"&maxwidth=300":               " 0 0",
	} {
		var a struct {
			URL    string `json:"thumbnail_url"`
			Width  int    `json:"thumbnail_width"`
			Height int    `json:"thumbnail_height"`
		}
		text := body(t, r.get("/oembed?url="+url.QueryEscape("http://example.com/n/embed/whatsapp.png?lang=fr&posts=es&size=card&width=500")+query))
		if err := json.Unmarshal([]byte(text), &a); err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprint(a.URL, " ", a.Width, " ", a.Height); got != want {
			t.Errorf("%s: %s, want %s", query, got, want)
		}
		if a.URL != "" {
			if res := r.get(strings.TrimPrefix(a.URL, "http://example.com/n")); res.StatusCode != 200 || res.Header.Get("Content-Type") != "image/png" {
				t.Errorf("%s: %d", a.URL, res.StatusCode)
			}
		}
	}
}

func TestOEmbedRefuses(t *testing.T) {
	r := embedRig(t)
	for query, status := range map[string]int{
		"": 400,
		"format=xml&url=http://example.com/embed/x":                             501,
		"maxwidth=wide&url=http://example.com/embed/x":                          400,
		"maxheight=0&url=http://example.com/embed/x":                            400,
		"url=http://evil.example/embed/x":                                       404,
		"url=javascript://example.com/embed/x":                                  404,
		"url=/embed/x":                                                          404,
		"url=http://example.com/embed/nobody-knows-this":                        404,
		"url=http://example.com/embed/":                                         404,
		"url=http://example.com/v1/services":                                    404,
		"url=" + url.QueryEscape("http://example.com/embed/x?theme=pink"):       404,
		"url=" + url.QueryEscape("http://example.com/?service=nobody-knows-it"): 404,
	} {
		problem(t, r.get("/oembed?"+query), status)
	}
}

func TestEmbedFiles(t *testing.T) {
	r := embedRig(t)
	for path, kind := range map[string]string{"/embed.js": "text/javascript", "/embed.frame.js": "text/javascript", "/embed.css": "text/css"} {
		res := r.get(path)
		if res.StatusCode != 200 || !strings.HasPrefix(res.Header.Get("Content-Type"), kind) || len(body(t, res)) < 100 || res.Header.Get("ETag") == "" {
			t.Errorf("%s: %d %v", path, res.StatusCode, res.Header)
		}
	}
}

// behind is a server that believes the proxy that tests come from, or another alone.
func behind(t *testing.T, proxy string) rig {
	t.Helper()
	guard, err := api.NewGuard(api.GuardConfig{TrustProxies: []string{proxy}})
	if err != nil {
		t.Fatal(err)
	}
	return embedRig(t, func(c *api.Config) { c.Guard = guard })
}

const ourProxy, nobodys = "192.0.2.1", "198.51.100.1" // the first is where httptest comes from

// A proxy may serve everything below a path, which it then has to tell.
func TestEmbedBelowAPath(t *testing.T) {
	r := behind(t, ourProxy)
	for given, want := range map[string]string{"/status/": "http://example.com/status/embed/whatsapp.png?", "//evil.example": "http://example.com/embed/", `/"><x`: "http://example.com/embed/", "evil": "http://example.com/embed/"} {
		if text := body(t, r.get("/embed/whatsapp?lang=en", "X-Forwarded-Prefix", given)); !strings.Contains(text, `og:image" content="`+want) {
			t.Errorf("%q: no %s in %.900s", given, want, text)
		}
	}
}

// A page finds the chart's oEmbed address with the scheme that readers use.
func TestOEmbedBehindAProxy(t *testing.T) {
	r := behind(t, ourProxy)
	for proto, want := range map[string]string{"https": "url=https%3A%2F%2Fexample.com", "": "url=http%3A%2F%2Fexample.com", "javascript": "url=http%3A%2F%2Fexample.com"} {
		if text := body(t, r.get("/embed/whatsapp?lang=en", "X-Forwarded-Proto", proto)); !strings.Contains(text, want) {
			t.Errorf("%q: no %s in %.900s", proto, want, text)
		}
	}
}

// What strangers say of where this server is, is not believed: their links would stand
// in pages that are kept for others.
func TestEmbedOfStrangers(t *testing.T) {
	for name, r := range map[string]rig{"no guard": embedRig(t), "another proxy": behind(t, nobodys)} {
		text := body(t, r.get("/embed/whatsapp?lang=en", "X-Forwarded-Prefix", "/elsewhere", "X-Forwarded-Proto", "https", "X-Forwarded-Host", "evil.example"))
		if strings.Contains(text, "elsewhere") || strings.Contains(text, "https%3A%2F%2Fexample.com") || strings.Contains(text, "evil.example") || !strings.Contains(text, `og:image" content="http://example.com/embed/whatsapp.png?`) {
			t.Errorf("%s: %.900s", name, text)
		}
	}
}
