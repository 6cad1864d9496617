package api_test

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/url"
	"strings"
	"testing"
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
		if a["type"] != "rich" || a["version"] != "1.0" || a["width"] != 500.0 || a["height"] != 560.0 || a["title"] != "WhatsApp" || a["provider_name"] != "Outcry" ||
			!strings.Contains(frame, `src="`+want+`"`) || !strings.Contains(frame, `width="500"`) || res.Header.Get("Access-Control-Allow-Origin") != "*" {
			t.Errorf("%s: %v", given, a)
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

// A page finds the chart's oEmbed address with the scheme that readers use.
func TestOEmbedBehindAProxy(t *testing.T) {
	r := embedRig(t)
	for proto, want := range map[string]string{"https": "url=https%3A%2F%2Fexample.com", "": "url=http%3A%2F%2Fexample.com", "javascript": "url=http%3A%2F%2Fexample.com"} {
		if text := body(t, r.get("/embed/whatsapp?lang=en", "X-Forwarded-Proto", proto)); !strings.Contains(text, want) {
			t.Errorf("%q: no %s in %.900s", proto, want, text)
		}
	}
}
