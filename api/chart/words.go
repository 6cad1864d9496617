package chart

import (
	"strconv"
	"strings"
	"unicode"
)

// escape makes any text fit for XML, between tags and in attributes: what XML
// cannot hold at all is left out.
func escape(s string) string {
	s = strings.Map(func(r rune) rune {
		if r == '\n' || r == '\t' {
			return ' '
		}
		if r < 0x20 || r >= 0x7f && r < 0xa0 || r == 0xfffe || r == 0xffff || r == unicode.ReplacementChar {
			return -1
		}
		return r
	}, s)
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&#34;", "'", "&#39;").Replace(s)
}

// width is about how wide a text is, rather too much than too little: fonts differ.
func width(s string, size float64) float64 {
	em := 0.0
	for _, r := range s {
		switch {
		case unicode.Is(unicode.Mn, r) || unicode.Is(unicode.Cf, r):
		case r >= 0x1100 && unicode.In(r, unicode.Han, unicode.Hangul, unicode.Hiragana, unicode.Katakana) || r >= 0x1f000 || r >= 0xff00:
			em++
		case unicode.IsUpper(r):
			em += 0.72
		case unicode.IsSpace(r) || unicode.IsPunct(r):
			em += 0.4
		default:
			em += 0.57
		}
	}
	return em * size
}

// fit makes a text smaller, and then shorter, until it has room.
func fit(s string, size, room float64) (string, float64) {
	if w := width(s, size); w > room {
		size *= max(0.75, room/w)
	}
	runes := []rune(s)
	for width(s, size) > room && len(runes) > 1 {
		runes = runes[:len(runes)-1]
		s = strings.TrimRightFunc(string(runes), unicode.IsSpace) + "…"
	}
	return s, size
}

// num writes a length: a tenth of a pixel is exact enough.
func num(x float64) string {
	s := strings.TrimSuffix(strconv.FormatFloat(x, 'f', 1, 64), ".0")
	if s == "-0" {
		return "0"
	}
	return s
}

// write puts a text on the picture. anchor is which end of it x is at, on the
// picture, whichever way it runs: left, middle or right.
func (d *drawing) write(s string, x, y, size float64, anchor string, colour ink, bold bool) {
	if s == "" {
		return
	}
	where := map[string]string{"left": "start", "middle": "middle", "right": "end"}[anchor]
	way := ""
	if d.RTL {
		way = ` direction="rtl"`
		where = map[string]string{"left": "end", "middle": "middle", "right": "start"}[anchor]
	}
	weight := ""
	if bold {
		weight = ` font-weight="600"`
	}
	d.add(`<text x="%s" y="%s" font-size="%s" text-anchor="%s"%s%s%s>%s</text>`+"\n",
		num(x), num(y), num(size), where, way, weight, d.fill(colour), escape(s))
}

// begin is where lines of text begin: the side, and its name.
func (d *drawing) begin() (float64, string) {
	if d.RTL {
		return float64(d.Width) - d.pad, "right"
	}
	return d.pad, "left"
}

// end is where they end.
func (d *drawing) end() (float64, string) {
	if d.RTL {
		return d.pad, "left"
	}
	return float64(d.Width) - d.pad, "right"
}
