package api_test

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/png"
	"maps"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"outcry/api"
	"outcry/api/chart"
	"outcry/nlp/catalog"
)

func decoded(t *testing.T, res *http.Response) image.Image {
	t.Helper()
	file := body(t, res)
	if res.StatusCode != 200 || res.Header.Get("Content-Type") != "image/png" || res.Header.Get("Cross-Origin-Resource-Policy") != "cross-origin" {
		t.Fatalf("%d %v %.300s", res.StatusCode, res.Header, file)
	}
	picture, err := png.Decode(strings.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	return picture
}

func TestEmbedPNG(t *testing.T) {
	r := embedRig(t)
	for query, want := range map[string]image.Point{
		"": {600, 400}, "&size=og": {1200, 630}, "&width=200&height=220&scale=3": {600, 660}, "&width=300&height=250&scale=2": {600, 500},
	} {
		if c, err := png.DecodeConfig(r.get("/embed/whatsapp.png?" + embedMorning + query).Body); err != nil || image.Pt(c.Width, c.Height) != want {
			t.Errorf("%s: %d×%d %v", query, c.Width, c.Height, err)
		}
	}
	dark := decoded(t, r.get("/embed/whatsapp.png?theme=dark&lang=ar"))
	if got := color.RGBAModel.Convert(dark.At(2, 2)); got != (color.RGBA{0x17, 0x1e, 0x26, 255}) {
		t.Error(got)
	}
}

// The letters of all languages and of all names are in the fonts: where this fails,
// the fonts have to be cut anew (make fonts).
func TestEmbedFontsHaveAllLetters(t *testing.T) {
	p := chart.NewPainter(1)
	words, err := api.EmbedWords()
	if err != nil {
		t.Fatal(err)
	}
	services, err := catalog.Default()
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range services.Services() {
		words["names"] += s.Name
	}
	if len(words) != 29 || len(words["names"]) < 10_000 {
		t.Fatalf("only %d languages, %d bytes of names", len(words)-1, len(words["names"]))
	}
	writeLetters(t, words)
	for lang, text := range words {
		if missing, err := p.Missing(text); err != nil || len(missing) > 0 {
			t.Errorf("%s: no font has %q %v", lang, string(missing), err)
		}
	}
}

// writeLetters writes what the fonts are cut to.
func writeLetters(t *testing.T, words map[string]string) {
	t.Helper()
	if !*update {
		return
	}
	letters := func(text string) string {
		all := []rune(text)
		slices.Sort(all)
		return strings.TrimSpace(string(slices.Compact(all)))
	}
	names := words["names"]
	delete(words, "names")
	texts := strings.Join(slices.Collect(maps.Values(words)), "")
	if err := os.WriteFile("chart/fonts/letters.txt", []byte(letters(texts)+"\n"+letters(names)+"\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	t.Skip("letters.txt is written; the fonts are to be cut")
}

// Every language draws its own words, none of them outside.
func TestEmbedPNGInAllLanguages(t *testing.T) {
	words, err := api.EmbedWords()
	if err != nil {
		t.Fatal(err)
	}
	r, seen := embedRig(t), map[string]string{}
	for lang := range words {
		file := body(t, r.get("/embed/whatsapp.png?width=360&height=240&symptom=messages&lang="+lang))
		if same := seen[file]; same != "" || len(file) < 1000 {
			t.Errorf("%s is %s", lang, same)
		}
		seen[file] = lang
		picture, err := png.Decode(strings.NewReader(file))
		if err != nil {
			t.Fatal(err)
		}
		for y := range 240 {
			for _, x := range []int{0, 359} {
				if picture.At(x, y) != picture.At(0, 0) {
					t.Fatalf("%s: something at the edge, line %d", lang, y)
				}
			}
		}
	}
}

func TestPicturesAreBounded(t *testing.T) {
	p := api.NewPictures(100)
	drawn := 0
	get := func(tag string, size int) {
		t.Helper()
		got, err := p.Get(tag, func() ([]byte, error) { drawn++; return bytes.Repeat([]byte("x"), size), nil })
		if err != nil || len(got) != size {
			t.Errorf("%s: %d %v", tag, len(got), err)
		}
	}
	for _, c := range []struct {
		tag         string
		size, drawn int
	}{{"a", 60, 1}, {"b", 40, 2}, {"a", 60, 2}, {"c", 30, 3}, {"a", 60, 3}, {"b", 40, 4}, {"huge", 101, 5}, {"huge", 101, 6}, {"b", 40, 6}} {
		if get(c.tag, c.size); drawn != c.drawn {
			t.Errorf("%s: %d drawn, want %d", c.tag, drawn, c.drawn)
		}
	}
	if _, err := p.Get("bad", func() ([]byte, error) { return nil, errors.New("no ink") }); err == nil {
		t.Error("an error is kept to itself")
	}
}

// A tag changes with the data, and stays where they are the same as before.
func TestEmbedTags(t *testing.T) {
	var passed atomic.Int64 // what is usual is asked for anew while nobody waits
	clock := func(c *api.Config) { c.Now = func() time.Time { return noon().Add(time.Duration(passed.Load())) } }
	r := embedRig(t, clock)
	for _, path := range []string{"/embed/whatsapp.png?" + embedMorning, "/embed/whatsapp.svg?" + embedMorning} {
		tag := r.get(path).Header.Get("ETag")
		for _, other := range []string{"&lang=fr", "&theme=dark", "&width=500", "&tz=Asia/Tokyo", "&symptom=login", "&posts=fr"} {
			if r.get(path+other).Header.Get("ETag") == tag {
				t.Errorf("%s%s has the same tag", path, other)
			}
		}
		r.store.newest = r.store.newest.Add(time.Minute) // after its end
		passed.Add(int64(time.Minute))
		if res := r.get(path, "If-None-Match", `"x", W/`+tag); tag == "" || res.StatusCode != 304 || body(t, res) != "" {
			t.Errorf("%s: %s %d", path, tag, res.StatusCode)
		}
		r.store.sources = nil
		passed.Add(int64(time.Minute))
		if res := r.get(path, "If-None-Match", tag); res.StatusCode != 200 {
			t.Errorf("%s: not simulated any more, and answered %d", path, res.StatusCode)
		}
		r = embedRig(t, clock)
	}
}

// Where the store does not answer, the last picture stays for an hour, with its time.
func TestEmbedStaysWithoutStore(t *testing.T) {
	now := noon()
	r := embedRig(t, func(c *api.Config) { c.Now = func() time.Time { return now } })
	before := body(t, r.get("/embed/whatsapp.svg?lang=en"))
	r.store.err = errors.New("the store is away")
	now = now.Add(50 * time.Minute)
	if res := r.get("/embed/whatsapp.svg?lang=en"); res.StatusCode != 200 || body(t, res) != before || !strings.Contains(before, "Updated 2022-10-25 11:58 UTC") {
		t.Errorf("%d", res.StatusCode)
	}
	if !strings.Contains(r.log.String(), "the store is away") {
		t.Error("nothing is logged")
	}
	now = now.Add(20 * time.Minute)
	if res := r.get("/embed/whatsapp.svg?lang=en"); res.StatusCode != 500 {
		t.Errorf("after an hour: %d", res.StatusCode)
	}
}
