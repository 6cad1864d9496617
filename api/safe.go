package api

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// mostMarks is how many marks one letter may carry. Languages need up to four or
// five; floods of them paint over the lines around.
const mostMarks = 6

// safe is a text of strangers as people may be shown it, in a refusal, a page or
// a terminal: whatever turns the direction of what follows, hides between letters
// or floods them is left out, and control characters are spaces. Joiners stay, as
// Persian, Indic scripts and emoji are written with them, and so do lines.
//
// What programs read stays as it was written: the texts of posts in JSON and CSV
// are evidence.
func safe(text string) string {
	if plainText(text) {
		return text
	}
	var out strings.Builder
	marks := 0
	for _, r := range text {
		if unseen(r) {
			continue
		}
		switch {
		case unicode.In(r, unicode.Mn, unicode.Me):
			if marks++; marks > mostMarks {
				continue
			}
		case r != '\u200c' && r != '\u200d':
			marks = 0
		}
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			r = ' '
		}
		out.WriteRune(r) // what is no UTF-8 has become U+FFFD
	}
	return out.String()
}

// plainText spares most texts the work: nothing below U+0300 but controls matters.
func plainText(text string) bool {
	for _, r := range text {
		if r < ' ' && r != '\n' && r != '\t' || r >= 0x7f && r < 0xa0 || r == 0xad || r >= 0x300 || r == utf8.RuneError {
			return false
		}
	}
	return true
}

// unseen characters are not seen, but change what is.
func unseen(r rune) bool {
	in := func(first, last rune) bool { return first <= r && r <= last }
	switch {
	case in(0x202a, 0x202e), in(0x2066, 0x2069): // turn the direction
		return true
	case in(0x200b, 0x200b), in(0x2060, 0x2065), in(0xfeff, 0xfeff), in(0xad, 0xad), in(0x180e, 0x180e), in(0x34f, 0x34f): // have no width
		return true
	case in(0x115f, 0x1160), in(0x3164, 0x3164), in(0xffa0, 0xffa0): // fill the place of a letter
		return true
	case in(0x206a, 0x206f), in(0xfff9, 0xfffb), in(0xe0000, 0xe007f): // annotate and tag
		return true
	}
	return false
}
