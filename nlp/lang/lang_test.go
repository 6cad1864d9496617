package lang_test

import (
	"testing"

	"outcry/nlp/lang"
	"outcry/nlp/text"
)

// evidence counts function words and letters as the classifier does.
func evidence(d *lang.Data, post, hint string, deep bool) *lang.Evidence {
	folded := map[string]lang.Mask{}
	for w, m := range d.Words() {
		folded[text.Fold(w)] |= m
	}
	var t text.Text
	t.Analyze(post)
	e := &lang.Evidence{Hint: hint, Text: post, Deep: deep}
	for _, tok := range t.Tokens {
		e.Tally.Word(folded[string(tok.Word)])
	}
	d.Letters(&e.Tally, t.Letters)
	for s, n := range t.Scripts {
		if n > t.Scripts[e.Script] {
			e.Script = text.Script(s)
		}
	}
	return e
}

func TestDecide(t *testing.T) {
	d := lang.Load()
	for _, tc := range []struct {
		post, hint string
		deep       bool
		want       string
	}{
		{"the weather is so nice today", "", false, "en"},
		{"je ne sais pas quoi faire ce soir", "", false, "fr"},
		{"no sé qué hacer esta noche", "", false, "es"},
		{"não sei o que fazer hoje", "", false, "pt"},
		{"ich weiß nicht was ich machen soll", "", false, "de"},
		{"non so cosa fare stasera", "", false, "it"},
		{"ik weet niet wat er aan de hand is", "", false, "nl"},
		{"сегодня опять не работает", "", false, "ru"},
		{"インスタ落ちてる", "", false, "ja"},
		{"안녕하세요", "", false, "ko"},
		{"xyzzy plugh", "", false, ""},
		{"ok", "fr-CA", false, "fr"},
		{"ok", "in", false, "id"},
		{"je ne sais pas quoi faire", "en", false, "fr"},
		{"Rechnungsabgrenzungsposten Versicherungsbedingungen Unterhaltungselektronik", "", true, "de"},
		{"", "", true, ""},
	} {
		for range 20 { // the same answer every time
			if got := d.Decide(evidence(d, tc.post, tc.hint, tc.deep)); got != tc.want {
				t.Errorf("%q (%q): %q, want %q", tc.post, tc.hint, got, tc.want)
				break
			}
		}
	}
}
