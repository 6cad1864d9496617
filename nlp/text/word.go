package text

import (
	"strings"
	"unicode/utf8"
)

// word reads a word, a link or a domain that starts at c.i.
func (c *cutter) word() {
	if isAlphanumeric(c.s[c.i]) && c.plainWord() {
		return
	}
	if link := linkLength(c.s[c.i:]); link > 0 {
		c.i += link
		return
	}
	if n := domainLength(c.s[c.i:]); n > 0 {
		start := c.i
		c.i += n
		c.addFolded(start, c.s[start:c.i], Domain)
		return
	}
	start := c.i
	c.i += wordLength(c.s[start:])
	c.addFolded(start, c.s[start:c.i], Word)
	c.skipApostrophe()
}

// plainWord adds the word that starts at c.i where it is of letters and digits of
// ASCII, and what follows makes nothing else of it: most words of most languages. It
// is measured, folded and hashed in one pass; else nothing of it is kept.
func (c *cutter) plainWord() bool {
	t := Token{Start: c.i, Break: c.brk, Kind: Number, Hash: HashOffset}
	from, end := len(c.t.folded), c.i
	letters, capitals, title := 0, 0, false
	for ; end < len(c.s); end++ {
		b := c.s[end]
		if !isAlphanumeric(b) {
			if goesOn(b) {
				c.t.folded = c.t.folded[:from]
				return false
			}
			break
		}
		if b > '9' {
			letters++
			t.Kind = Word
		}
		if b >= 'A' && b <= 'Z' {
			b |= 0x20
			capitals++
			title = title || letters == 1
		}
		if c.t.put(from, b) {
			t.Long = true
			continue
		}
		t.Hash = (t.Hash ^ uint64(b)) * HashPrime
	}
	c.i, t.End = end, end
	c.t.Scripts[Latin] += end - t.Start
	t.Word = c.t.folded[from:len(c.t.folded):len(c.t.folded)]
	t.Case = casing(letters, capitals, title)
	c.add(t)
	return true
}

// goesOn reports whether a byte after letters of ASCII may make something else of them
// than a plain word.
func goesOn(b byte) bool {
	switch b {
	case '.', '-', ':', '\'', '`', '&', '+':
		return true
	}
	return b >= utf8.RuneSelf
}

// skipApostrophe steps over the apostrophe of n'arrive, it's, geht's: the two
// sides are words of their own.
func (c *cutter) skipApostrophe() {
	if n := apostropheLength(c.s[c.i:]); n > 0 && letterAt(c.s, c.i+n) {
		c.i += n
	}
}

// Length is the length in bytes of the first word of a folded hashtag: of scripts
// without spaces it has several.
func Length(tag []byte) int {
	if n := wordLength(string(tag)); n > 0 {
		return n
	}
	return len(tag)
}

// wordLength is the length in bytes of the word that s starts with. A character
// of a script without spaces is a word of its own, of Thai a cluster of them, and so
// can't, at&t, disney+; katakana ends where other letters or numbers begin.
func wordLength(s string) int {
	i, kana := 0, false
	for i < len(s) {
		if b := s[i]; b|0x20 >= 'a' && b|0x20 <= 'z' {
			if kana {
				return i
			}
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		if alone(r) {
			if i == 0 {
				return aloneLength(s, r, n)
			}
			return i
		}
		if r >= 0x3040 {
			if i > 0 && !kana && isLetter(r) {
				return i
			}
			kana = true
		} else if kana && r < utf8.RuneSelf && isLetter(r) {
			return i // a number
		}
		if !isLetter(r) {
			j := joiner(s, i)
			if j == 0 {
				break
			}
			n = j
		}
		i += n
	}
	return i
}

// joiner is the length of the character at i when it belongs inside a word,
// else 0: the apostrophe of can't, of צ'אט, & between letters, + after one.
func joiner(s string, i int) int {
	if n := apostropheLength(s[i:]); n > 0 {
		rest := s[i+n:]
		if i > 1 && (s[i-1]|0x20) == 'n' && rest != "" && rest[0]|0x20 == 't' && !letterAt(rest, 1) {
			return n
		}
		before, _ := utf8.DecodeLastRuneInString(s[:i])
		after, _ := utf8.DecodeRuneInString(rest)
		if scriptOf(before) == Hebrew && scriptOf(after) == Hebrew {
			return n // the geresh of a foreign sound
		}
		return 0
	}
	if s[i] == '&' && letterAt(s, i+1) || s[i] == '+' && i > 0 && !wordGoesOn(s, i+1) && s[i-1] > '9' {
		return 1
	}
	return 0
}

// apostropheLength is the length of the apostrophe that s starts with, in any
// of the forms that keyboards give, else 0.
func apostropheLength(s string) int {
	if s == "" {
		return 0
	}
	if s[0] == '\'' || s[0] == '`' {
		return 1
	}
	if s[0] < utf8.RuneSelf {
		return 0
	}
	r, n := utf8.DecodeRuneInString(s)
	switch r {
	case '’', '‘', 'ʼ', '´', '′', '＇', '׳':
		return n
	}
	return 0
}

// wordGoesOn reports whether a letter at i belongs to the word before it, as one
// of a script without spaces does not.
func wordGoesOn(s string, i int) bool {
	r, _ := utf8.DecodeRuneInString(s[i:])
	return r < 0x0E00 && isLetter(r)
}

// linkLength is the length of the link with a scheme that s starts with.
func linkLength(s string) int {
	if s[0]|0x20 != 'h' && s[0]|0x20 != 'w' {
		return 0
	}
	for _, scheme := range [...]string{"https://", "http://", "www."} {
		if len(s) > len(scheme) && strings.EqualFold(s[:len(scheme)], scheme) {
			if end := strings.IndexAny(s, " \t\r\n"); end > 0 {
				return end
			}
			return len(s)
		}
	}
	return 0
}

// tlds are the endings that make a dotted word a domain. Endings that are
// words and may follow a full stop with no space (.no, .me, .in) are left out.
const tlds = " com fr de es pt br net org io tv gg ru pl jp kr uk app dev cloud ai edu gov tr ua ar mx cl co nl be ch at eu info ro gr cz se dk fi hu vn id ph za ng ke il ie lv lt ee md lu sk rs hr bg kz uz pk lk np sg hk tw ae qa kw jo eg tn dz ir "

// domainLength is the length of the domain that s starts with, else 0.
func domainLength(s string) int {
	i, dot := 0, -1
	for i < len(s) && (s[i] == '.' || s[i] == '-' || s[i] < utf8.RuneSelf && isLetter(rune(s[i]))) {
		if s[i] == '.' {
			if i+1 == len(s) || !isLetter(rune(s[i+1])) {
				break
			}
			dot = i
		}
		i++
	}
	if dot < 2 || i-dot-1 < 2 || i-dot-1 > 5 || wordGoesOn(s, i) {
		return 0
	}
	var ending [8]byte
	e := append(ending[:0], ' ')
	for _, b := range []byte(s[dot+1 : i]) {
		e = append(e, b|0x20)
	}
	if !strings.Contains(tlds, string(append(e, ' '))) {
		return 0
	}
	return i
}
