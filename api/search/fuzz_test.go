package search_test

import (
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"outcry/api/search"
)

// FuzzSearch asks anything of a real index: what is refused is refused with its
// place, and what is found is marked within its text.
func FuzzSearch(f *testing.F) {
	for _, q := range []string{"", "word", `"a phrase" -not begi* wrod~`, `"`, "-", "--", "-\"x\"", "*", "~", "a*b", "***", "\x00", "\xed\xa0\x80",
		"((((((", "送信できない", "ส่งข้อความ", "é\u0301\u0301", "\u202eabc", "l'appli", "a:b^2 +c", strings.Repeat("a ", 300), strings.Repeat("é", 400) + "~", "𝓦𝓱𝓪𝓽𝓼~ ﷺ ﷺ*"} {
		f.Add(q)
	}
	index, err := search.Open(search.Config{Dir: f.TempDir(), Keep: 30 * 24 * time.Hour, Now: func() time.Time { return noon }, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { index.Close() })
	text := "WhatsApp is down 送信できない ส่งข้อความ éclair a phrase \u202eabc"
	if err := index.Apply(f.Context(), append(corpus(0, 50, 1), post("a", text)), nil); err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, q string) {
		words, err := search.Parse(q)
		var syntax *search.SyntaxError
		if err == nil {
			var found search.Found
			if found, err = index.Search(t.Context(), search.Query{Words: words, Limit: 10}); err == nil {
				marked(t, found)
				return
			}
		}
		if !errors.As(err, &syntax) || syntax.At < 1 || syntax.At > 1+len(q) || syntax.Reason == "" {
			t.Fatalf("%q: %v", q, err)
		}
	})
}

func marked(t *testing.T, found search.Found) {
	for _, h := range found.Hits {
		last := 0
		for _, m := range h.Marks {
			if m.Start < last || m.End <= m.Start || m.End > len(h.Text) || !utf8.ValidString(h.Text[m.Start:m.End]) {
				t.Fatalf("marks %v of %q", h.Marks, h.Text)
			}
			last = m.End
		}
	}
}
