package chart_test

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/png"
	"strings"
	"sync"
	"testing"
	"time"

	"outcry/api/chart"
)

func paint(t testing.TB, p *chart.Painter, scale int, edit func(*chart.Chart)) image.Image {
	t.Helper()
	file, err := p.PNG(context.Background(), sampleChart(edit), scale)
	if err != nil {
		t.Fatal(err)
	}
	picture, err := png.Decode(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	return picture
}

func at(picture image.Image, x, y int) color.RGBA {
	return color.RGBAModel.Convert(picture.At(x, y)).(color.RGBA)
}

// count is how many pixels of a part have exactly that colour.
func count(picture image.Image, part image.Rectangle, want color.RGBA) (n int) {
	for y := part.Min.Y; y < part.Max.Y; y++ {
		for x := part.Min.X; x < part.Max.X; x++ {
			if at(picture, x, y) == want {
				n++
			}
		}
	}
	return n
}

func TestPNG(t *testing.T) {
	p := chart.NewPainter(1)
	white, night := color.RGBA{255, 255, 255, 255}, color.RGBA{0x17, 0x1e, 0x26, 255}
	orange := color.RGBA{0xb9, 0x38, 0x15, 255}
	for theme, want := range map[string]color.RGBA{chart.Light: white, chart.Dark: night, chart.Auto: white} {
		picture := paint(t, p, 2, func(c *chart.Chart) { c.Width, c.Height, c.Theme = 300, 200, theme })
		if picture.Bounds() != image.Rect(0, 0, 600, 400) || at(picture, 1, 1) != want {
			t.Errorf("%s: %v %v", theme, picture.Bounds(), at(picture, 1, 1))
		}
	}
	picture := paint(t, p, 1, nil)
	if n := count(picture, image.Rect(100, 100, 500, 300), orange); n < 200 {
		t.Errorf("%d pixels of the line of posts", n)
	}
	ink := color.RGBA{0x16, 0x20, 0x2c, 255}
	if n := count(picture, image.Rect(16, 10, 200, 40), ink); n < 50 {
		t.Errorf("%d pixels of the name", n)
	}
	if n := count(picture, image.Rect(400, 10, 600, 40), white); n != 200*30 {
		t.Errorf("the name is not where the layout has it: %d", n)
	}
	rtl := paint(t, p, 1, func(c *chart.Chart) { c.RTL = true })
	if n := count(rtl, image.Rect(400, 10, 600, 40), ink); n < 50 {
		t.Errorf("%d pixels of the name at the right", n)
	}
}

// A fifth of what was not heard is hatched, and nothing else.
func TestPNGHatches(t *testing.T) {
	p := chart.NewPainter(1)
	grey := color.RGBA{0x87, 0x91, 0x9c, 255}
	deaf := paint(t, p, 2, func(c *chart.Chart) {
		c.Points = c.Points[:20]
		for i := range c.Points {
			c.Points[i].Posts, c.Points[i].People, c.Points[i].Deaf = 0, 0, i >= 10
		}
	})
	whole := deaf.Bounds()
	left, right := image.Rect(0, 150, whole.Dx()/6, 500), image.Rect(whole.Dx()/5, 150, whole.Dx()/3, 500)
	if n := count(deaf, left, grey); n != 0 {
		t.Errorf("%d pixels where all was heard", n)
	}
	if n, all := count(deaf, right, grey), right.Dx()*right.Dy(); n < all/40 || n > all/4 {
		t.Errorf("%d of %d pixels are hatched", n, all)
	}
}

func TestPNGIsBounded(t *testing.T) {
	p := chart.NewPainter(1)
	if _, err := p.PNG(context.Background(), sampleChart(func(c *chart.Chart) { c.Width, c.Height = 2400, 2400 }), 2); err == nil {
		t.Error("23 million pixels are drawn")
	}
	if _, err := p.PNG(context.Background(), sampleChart(nil), 0); err == nil {
		t.Error("a picture without pixels is drawn")
	}
}

// Pictures drawn at once are those drawn one by one; who leaves does not wait.
// The memory of a picture that is larger than most is not held for ever.
func TestPNGLetsGo(t *testing.T) {
	p := chart.NewPainter(1)
	for _, c := range []struct{ wide, high, scale, most int }{{600, 400, 1, 2 << 20}, {2400, 1600, 1, 0}, {600, 400, 1, 2 << 20}} {
		_, err := p.PNG(t.Context(), sampleChart(func(s *chart.Chart) { s.Width, s.Height = c.wide, c.high }), c.scale)
		if n := p.Kept(); err != nil || n > c.most || c.most > 0 && n == 0 {
			t.Errorf("%d×%d: %d bytes are kept, want at most %d (%v)", c.wide, c.high, n, c.most, err)
		}
	}
}

func TestPNGAtOnce(t *testing.T) {
	p := chart.NewPainter(2)
	draw := func(lang string) []byte {
		file, err := p.PNG(context.Background(), sampleChart(func(c *chart.Chart) { c.Head, c.Lang = "故障 "+lang, lang }), 1)
		if err != nil {
			t.Error(err)
		}
		return file
	}
	ja, zh := draw("ja"), draw("zh")
	if bytes.Equal(ja, zh) {
		t.Error("Chinese characters look as in Japanese")
	}
	var wait sync.WaitGroup
	for range 4 {
		wait.Go(func() {
			if !bytes.Equal(draw("ja"), ja) || !bytes.Equal(draw("zh"), zh) {
				t.Error("pictures mix")
			}
		})
	}
	wait.Wait()
}

func TestTextStandsInOrder(t *testing.T) {
	for _, c := range []struct {
		text, want string
		rtl        bool
	}{
		{"abc 12", "abc 12", false},
		{"abc אב 12 גד", "abc דג 12 בא", false},
		{"אב abc 12", "abc 12 בא", true},
		{"(אב)", ")בא(", true},
		{"abc!", "!abc", true},
		{"אב \u206612:30 – 13:00 UTC\u2069", "12:30 – 13:00 UTC בא", true},
	} {
		got, err := chart.Visual(c.text, c.rtl)
		if err != nil {
			t.Fatal(err)
		}
		if got = strings.NewReplacer("\u2066", "", "\u2069", "").Replace(got); got != c.want {
			t.Errorf("%q rtl=%v: %q, want %q", c.text, c.rtl, got, c.want)
		}
	}
}

// Joined letters and those before which a vowel stands take other shapes than alone.
func TestTextIsShaped(t *testing.T) {
	p := chart.NewPainter(1)
	draw := func(head string, rtl bool) int {
		picture := paint(t, p, 1, func(c *chart.Chart) { c.Head, c.RTL = head, rtl })
		return count(picture, image.Rect(0, 0, 600, 42), color.RGBA{0x16, 0x20, 0x2c, 255})
	}
	for joined, apart := range map[string]string{"عطل": "ع\u200cط\u200cل", "क्ष": "क\u094d\u200cष"} {
		if a, b := draw(joined, false), draw(apart, false); a == b || a == 0 {
			t.Errorf("%s is drawn as %s: %d pixels", joined, apart, a)
		}
	}
}

// A letter that no font has is a box, not a gap.
func TestMissingLetters(t *testing.T) {
	p := chart.NewPainter(1)
	if missing, err := p.Missing("Aß故\u200f ე😀"); err != nil || string(missing) != "ე😀" {
		t.Errorf("%q %v", string(missing), err)
	}
	picture := paint(t, p, 1, func(c *chart.Chart) { c.Head = "ეე" })
	if n := 600*42 - count(picture, image.Rect(0, 0, 600, 42), color.RGBA{255, 255, 255, 255}); n < 40 {
		t.Errorf("%d pixels of boxes", n)
	}
}

// No text reaches out of its line, whoever wrote it.
func FuzzText(f *testing.F) {
	for _, text := range []string{"", "\u202eevil", "\u2066\u2067\u2068", strings.Repeat("\u0301", 50), "a" + strings.Repeat("\u0489", 50), "\u200b\u200d\ufeff", "<script>", "\xff\xfe", "עב\u200f12", "𓀀"} {
		f.Add(text, true)
		f.Add(text, false)
	}
	p := chart.NewPainter(1)
	f.Fuzz(func(t *testing.T, text string, rtl bool) {
		edit := func(c *chart.Chart) {
			c.Width, c.Height, c.RTL, c.Head, c.Count, c.Legend.Posts = 300, 200, rtl, text, text, text
			c.Points = c.Points[:2]
		}
		svg := sample(edit)
		check(t, svg)
		if strings.ContainsAny(svg, "\u202a\u202b\u202c\u202d\u202e") || strings.Contains(svg, strings.Repeat("\u0301", 5)) {
			t.Errorf("%q", svg)
		}
		if picture := paint(t, p, 1, edit); picture.Bounds().Dx() != 300 {
			t.Error(picture.Bounds())
		}
	})
}

func BenchmarkPNG(b *testing.B) {
	p := chart.NewPainter(1)
	for name, size := range map[string][3]int{"card": {600, 400, 1}, "og": {1200, 630, 1}, "card2": {600, 400, 2}} {
		c := sampleChart(func(c *chart.Chart) { c.Width, c.Height = size[0], size[1] })
		for i := range 300 {
			c.Points = append(c.Points[:i], chart.Point{T: c.From.Add(time.Duration(i) * 12 * time.Second), Posts: uint64(i * i % 97), People: uint64(i * i % 89)})
		}
		c.Step = 12 * time.Second
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := p.PNG(context.Background(), c, size[2]); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
