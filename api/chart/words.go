package chart

import (
	"strconv"
	"strings"
	"unicode"
)

// marksMost is how many accents a letter may carry: no written language needs more,
// and a heap of them would grow out of its line.
const marksMost = 4

// plain takes out of a text what could change the order of the letters around it,
// control characters, and heaps of accents.
func plain(s string) string {
	heap := 0
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			heap = 0
			return ' '
		case r < 0x20 || r >= 0x7f && r < 0xa0 || r == 0xfffe || r == 0xffff || r == unicode.ReplacementChar:
			return -1
		case r >= 0x202a && r <= 0x202e: // embeddings and overrides; isolates stay
			return -1
		case unicode.In(r, unicode.Mn, unicode.Me):
			if heap++; heap > marksMost {
				return -1
			}
		case !unicode.Is(unicode.Cf, r):
			heap = 0
		}
		return r
	}, s)
}

// escape makes any text fit for XML, between tags and in attributes: what XML
// cannot hold at all is left out.
func escape(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&#34;", "'", "&#39;").Replace(plain(s))
}

// width is about how wide a text is, rather too much than too little: fonts differ.
func width(s string, size float64) float64 {
	em := 0.0
	for _, r := range s {
		em += wide(r)
	}
	return em * size
}

// wide is about how wide a letter is, in em.
func wide(r rune) float64 {
	switch {
	case unicode.Is(unicode.Mn, r) || unicode.Is(unicode.Cf, r):
		return 0
	case r >= 0x1100 && unicode.In(r, unicode.Han, unicode.Hangul, unicode.Hiragana, unicode.Katakana) || r >= 0x1f000 || r >= 0xff00:
		return 1
	case unicode.IsUpper(r):
		return 0.72
	case unicode.IsSpace(r) || unicode.IsPunct(r):
		return 0.4
	}
	return 0.57
}

// fit makes a text smaller, and then shorter, until it has room. One letter is
// always left.
func fit(s string, size, room float64) (string, float64) {
	if w := width(s, size); w > room {
		size *= max(0.75, room/w)
	}
	runes := []rune(s)
	if width(s, size) <= room || len(runes) < 2 {
		return s, size
	}
	first := make([]float64, len(runes)) // how wide the first letters are, in em: none of them, one, …
	for i := range first[1:] {
		first[i+1] = first[i] + wide(runes[i])
	}
	for n := len(runes) - 1; ; n-- {
		kept := n
		for kept > 0 && unicode.IsSpace(runes[kept-1]) {
			kept--
		}
		if n == 1 || (first[kept]+wide('…'))*size <= room {
			return string(runes[:kept]) + "…", size
		}
	}
}

// num writes a length: a tenth of a pixel is exact enough.
func num(x float64) string {
	s := strings.TrimSuffix(strconv.FormatFloat(x, 'f', 1, 64), ".0")
	if s == "-0" {
		return "0"
	}
	return s
}

// write puts a text on the picture. at is which end of it x is at, on the picture,
// whichever way it runs.
func (d *drawing) write(s string, x, y, size float64, at side, colour ink, bold bool) {
	if s != "" {
		d.add(words{text: s, x: x, y: y, size: size, at: at, rtl: d.RTL, bold: bold, colour: colour, room: width(s, size)})
	}
}

// begin is where lines of text begin.
func (d *drawing) begin() (float64, side) {
	if d.RTL {
		return float64(d.Width) - d.pad, right
	}
	return d.pad, left
}

// end is where they end.
func (d *drawing) end() (float64, side) {
	if d.RTL {
		return d.pad, left
	}
	return float64(d.Width) - d.pad, right
}
