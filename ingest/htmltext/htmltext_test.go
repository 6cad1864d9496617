package htmltext_test

import (
	"testing"

	"outcry/ingest/htmltext"
)

func TestText(t *testing.T) {
	for in, want := range map[string]string{
		"plain &amp; simple":                       "plain & simple",
		"<p>WhatsApp ist <b>down</b></p><p>wieder": "WhatsApp ist down\nwieder",
		"one<br>two<br/>three":                     "one\ntwo\nthree",
		`<a href="https://x.y/z"><span class="invisible">https://</span><span class="ellipsis">x.y/z</span><span class="invisible">?q=1</span></a> ok`: "x.y/z ok",
		`<span class="h-card"><a href="#" class="u-url mention">@<span>ann</span></a></span> hi`:                                                       "@ann hi",
		"<script>alert('x')</script>a<style>b{}</style>":                                                                                               "a",
		"a < b & c > d": "a < b & c > d",
		"":              "",
		"<p":            "",
		"</p></p>x":     "x",
		"<div class=invisible>a<br>b<img src=x>c</div>d": "d",
		"  spaces \t and\n\n\nlines ":                    "spaces and\nlines",
	} {
		if got := htmltext.Text(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

func FuzzText(f *testing.F) {
	f.Add("<p>a<br>b</p>")
	f.Fuzz(func(t *testing.T, in string) {
		if out := htmltext.Text(in); len(out) > 4*len(in)+16 {
			t.Errorf("%d bytes of %d", len(out), len(in))
		}
	})
}
