package text

import (
	"strings"
	"unicode/utf8"
)

// maxLetters bounds Text.Letters: telling languages apart needs no more.
const maxLetters = 24

// Analyze cuts s into tokens, replacing what t held.
func (t *Text) Analyze(s string) {
	t.Tokens, t.Letters, t.Scripts = t.Tokens[:0], t.Letters[:0], [ScriptCount]int{}
	// Folding never needs more than four bytes for one, so the buffer that the
	// tokens point into does not move.
	if need := 4*len(s) + 8; cap(t.folded) < need {
		t.folded = make([]byte, 0, need)
	}
	t.folded = t.folded[:0]
	c := cutter{t: t, s: s, brk: Hard}
	for c.i < len(s) {
		c.next()
	}
}

// cutter is the state of one Analyze.
type cutter struct {
	t   *Text
	s   string
	i   int
	brk Break
}

func (c *cutter) next() {
	if c.s[c.i] == ' ' {
		c.i++
		return
	}
	r, n := utf8.DecodeRuneInString(c.s[c.i:])
	switch {
	case r == '@' || r == '#' || r == '＃' || r == '＠':
		c.tagged(r == '@' || r == '＠', n)
	case isLetter(r):
		c.word()
	default:
		c.punctuation(r, n)
	}
}

func (c *cutter) punctuation(r rune, n int) {
	start := c.i
	c.i += n
	switch r {
	case '?', '？', '؟':
		c.mark('?', start)
		c.brk = Hard
	case '%', '$', '€', '£':
		c.mark(r, start)
	case '.', '…':
		if r == '…' || strings.HasPrefix(c.s[c.i:], ".") {
			c.i += len(c.s[c.i:]) - len(strings.TrimLeft(c.s[c.i:], "."))
			c.raise(Soft)
			return
		}
		c.raise(Hard)
	case '!', '\n', '。', '！', '¿', '¡', '|', '•':
		c.raise(Hard)
	case ',', ';', ':', '-', '–', '—', '(', ')', '/', '"', '«', '»', '“', '”', '、', '，':
		c.raise(Soft)
	}
}

func (c *cutter) raise(b Break) { c.brk = max(c.brk, b) }

// mark adds a punctuation token; a run of question marks is one.
func (c *cutter) mark(r rune, start int) {
	if last := len(c.t.Tokens) - 1; last >= 0 && r == '?' {
		if t := &c.t.Tokens[last]; t.Kind == Mark && t.Word[0] == '?' && c.brk == Hard {
			t.End = c.i
			return
		}
	}
	from := len(c.t.folded)
	c.t.folded = utf8.AppendRune(c.t.folded, r)
	brk := c.brk
	if r == '?' { // it closes the sentence that it stands in
		brk = min(brk, Soft)
	}
	c.add(Token{Start: start, End: c.i, Word: c.t.folded[from:], Hash: Hash(HashOffset, c.t.folded[from:]), Kind: Mark, Break: brk})
}

func (c *cutter) add(t Token) {
	c.t.Tokens = append(c.t.Tokens, t)
	c.brk = None
}

// tagged reads @handle or #tag. A lone sign is dropped, and so is the provider in
// an address of mail.
func (c *cutter) tagged(handle bool, n int) {
	start, kind := c.i, Hashtag
	mail := c.i > 0 && isAlphanumeric(c.s[c.i-1])
	c.i += n
	if handle {
		kind = Handle
	}
	from := c.i
	for c.i < len(c.s) {
		r, n := utf8.DecodeRuneInString(c.s[c.i:])
		if handle && c.i > from && c.s[c.i-1] < utf8.RuneSelf && (alone(r) || scriptOf(r) == Kana) {
			break // "@LINEが", "@Grabล่ม": the text goes on without a space
		}
		inName := r == '_' || isLetter(r) || (handle && (r == '.' || r == '-') && letterAt(c.s, c.i+n))
		if !inName {
			break
		}
		c.i += n
	}
	if handle {
		if name := c.s[from:c.i]; !mail || !strings.Contains(name, ".") {
			c.addFolded(start, name, kind)
		}
		return
	}
	c.tagParts(start, c.s[from:c.i])
}

// isAlphanumeric is of ASCII: addresses of mail have no other letters.
func isAlphanumeric(b byte) bool {
	return b >= '0' && b <= '9' || b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z'
}

// tagParts adds the parts of a hashtag that underscores separate.
func (c *cutter) tagParts(start int, tag string) {
	end := c.i
	for tag != "" {
		part, rest, _ := strings.Cut(tag, "_")
		c.i = end - len(rest)
		if rest != "" {
			c.i--
		}
		c.addFolded(start, part, Hashtag)
		start, tag = end-len(rest), rest
	}
	c.i = end
}

func (c *cutter) addFolded(start int, raw string, kind Kind) {
	if raw == "" {
		return
	}
	word, long := c.t.fold(raw)
	if len(word) == 0 {
		return
	}
	if kind == Word && isNumber(word) {
		kind = Number
	}
	c.add(Token{Start: start, End: c.i, Word: word, Hash: Hash(HashOffset, word), Kind: kind, Case: caseOf(raw), Break: c.brk, Long: long, Accent: accented(raw)})
}

// accented reports whether raw has a Latin letter with an accent.
func accented(raw string) bool {
	for _, r := range raw {
		if r >= 0xC0 && r < 0x250 {
			return true
		}
	}
	return false
}

// isLetter reports whether r can stand in a word.
func isLetter(r rune) bool {
	if r < utf8.RuneSelf {
		return r|0x20 >= 'a' && r|0x20 <= 'z' || r >= '0' && r <= '9'
	}
	return about(r)&inWord != 0
}

func letterAt(s string, i int) bool {
	r, _ := utf8.DecodeRuneInString(s[i:])
	return isLetter(r)
}

func isNumber(word []byte) bool {
	for _, b := range word {
		if b < '0' || b > '9' {
			return false
		}
	}
	return true
}
