package api_test

import (
	"bytes"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzip"
)

// All that an article loads for a chart of 288 steps is below 60 kB.
func TestEmbedIsLight(t *testing.T) {
	r := embedRig(t)
	total := 0
	for _, path := range []string{"/embed.js", "/embed/whatsapp?lang=el", "/embed.css", "/embed.frame.js"} {
		var packed bytes.Buffer
		w := gzip.NewWriter(&packed)
		if _, err := io.Copy(w, r.get(path).Body); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		total += packed.Len()
	}
	if total > 60_000 || total < 5_000 {
		t.Errorf("%d bytes", total)
	}
}

// The files load nothing from elsewhere, keep nothing, and move nothing.
func TestEmbedKeepsToItself(t *testing.T) {
	r := embedRig(t)
	for _, path := range []string{"/embed.js", "/embed.css", "/embed.frame.js", "/embed/whatsapp?lang=en"} {
		text := body(t, r.get(path))
		for _, never := range []string{"cookie =", "document.cookie", "localStorage", "@import", "@font-face", "transition", "animation", "scroll-behavior", "eval("} {
			if strings.Contains(text, never) {
				t.Errorf("%s: %s", path, never)
			}
		}
		for _, address := range regexp.MustCompile(`https?://[^\s"'<)&]+`).FindAllString(text, -1) {
			if !strings.HasPrefix(address, "http://example.com/") && !strings.HasPrefix(address, "https://outcry.example/") && address != "http://www.w3.org/2000/svg" {
				t.Errorf("%s: %s", path, address)
			}
		}
	}
}

// luminance is the relative luminance of WCAG 2.2.
func luminance(t *testing.T, hex string) float64 {
	t.Helper()
	n, err := strconv.ParseUint(strings.TrimPrefix(hex, "#"), 16, 32)
	if err != nil {
		t.Fatal(err)
	}
	sum := 0.0
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		v := float64(n>>(16-8*i)&0xff) / 255
		if v <= 0.04045 {
			sum += weight * v / 12.92
			continue
		}
		sum += weight * math.Pow((v+0.055)/1.055, 2.4)
	}
	return sum
}

// The texts of the page have 4.5:1 on its ground in every mode; those of a mode that
// the viewer prefers and of one that is asked for are the same.
func TestEmbedPageContrast(t *testing.T) {
	css := body(t, embedRig(t).get("/embed.css"))
	modes := regexp.MustCompile(`(?s)--card:.*?\}`).FindAllString(css, -1)
	if len(modes) != 3 {
		t.Fatalf("%d modes", len(modes))
	}
	for i, mode := range modes {
		colours := map[string]string{}
		for _, m := range regexp.MustCompile(`--(\w+): (#[0-9a-f]{6})`).FindAllStringSubmatch(mode, -1) {
			colours[m[1]] = m[2]
		}
		for _, name := range []string{"text", "muted", "accent"} {
			a, b := luminance(t, colours[name])+0.05, luminance(t, colours["card"])+0.05
			if ratio := max(a, b) / min(a, b); ratio < 4.5 {
				t.Errorf("mode %d: %s has %.2f:1", i, name, ratio)
			}
		}
	}
	if squeezed := func(s string) string { return strings.Join(strings.Fields(s), "") }; squeezed(modes[1]) != squeezed(modes[2]) {
		t.Errorf("two dark modes: %s %s", modes[1], modes[2])
	}
}

func BenchmarkEmbedCached(b *testing.B) {
	for name, path := range map[string]string{"svg": "/embed/whatsapp.svg?lang=en", "png": "/embed/whatsapp.png?size=og&lang=en", "tag": ""} {
		b.Run(name, func(b *testing.B) {
			r := embedBench(b)
			req := httptest.NewRequest(http.MethodGet, path+map[bool]string{true: "/embed/whatsapp.png"}[path == ""], nil)
			req.Header.Set("Accept-Encoding", "gzip")
			first := httptest.NewRecorder()
			r.ServeHTTP(first, req)
			if path == "" {
				req.Header.Set("If-None-Match", first.Header().Get("ETag"))
			}
			for b.Loop() {
				w := httptest.NewRecorder()
				r.ServeHTTP(w, req)
				if w.Code != 200 && w.Code != 304 {
					b.Fatal(w.Code)
				}
			}
		})
	}
}

// BenchmarkEmbedUncached asks for another size each time.
func BenchmarkEmbedUncached(b *testing.B) {
	for name, path := range map[string]string{"svg": "/embed/whatsapp.svg?lang=en&width=1200", "png": "/embed/whatsapp.png?lang=en&width=1200"} {
		b.Run(name, func(b *testing.B) {
			r := embedBench(b)
			for i := 0; b.Loop(); i++ {
				if res := r.get(path + "&height=" + string([]byte{byte('6'), byte('0' + i/10%10), byte('0' + i%10)})); res.StatusCode != 200 {
					b.Fatal(res.StatusCode)
				}
			}
		})
	}
}

func embedBench(b *testing.B) rig {
	r := newRig(b)
	r.store.newest = at("2022-10-25T11:58:00Z")
	return r
}
