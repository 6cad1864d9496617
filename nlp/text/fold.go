package text

import (
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Fold returns s lower-cased, without accents, with fancy letters made plain
// and a letter that stands three times or more kept twice.
func Fold(s string) string {
	t := Text{folded: make([]byte, 0, 4*len(s)+8)}
	word, _ := t.fold(s)
	return string(word)
}

// Shorten writes word with every doubled letter single, over dst.
func Shorten(dst, word []byte) []byte {
	dst = dst[:0]
	for i, b := range word {
		if i == 0 || b != word[i-1] || b >= utf8.RuneSelf {
			dst = append(dst, b)
		}
	}
	return dst
}

// fold appends the folded form of raw to the buffer and returns that part.
func (t *Text) fold(raw string) (word []byte, long bool) {
	from := len(t.folded)
	for i := 0; i < len(raw); {
		if b := raw[i]; b < utf8.RuneSelf {
			i++
			if b >= 'A' && b <= 'Z' {
				b |= 0x20
			}
			if b == '\'' || b == '`' {
				continue
			}
			t.Scripts[Latin]++
			long = t.put(from, b) || long
			continue
		}
		r, n := utf8.DecodeRuneInString(raw[i:])
		t.foldRune(from, r, raw[i:i+n], &long)
		i += n
	}
	return t.folded[from:len(t.folded):len(t.folded)], long
}

// put appends b unless it is the third of its kind in a row.
func (t *Text) put(from int, b byte) (dropped bool) {
	n := len(t.folded)
	if n-from >= 2 && t.folded[n-1] == b && t.folded[n-2] == b && (b < '0' || b > '9') {
		return true
	}
	t.folded = append(t.folded, b)
	return false
}

func (t *Text) foldRune(from int, r rune, raw string, long *bool) {
	if apostropheLength(raw) > 0 || r == utf8.RuneError {
		return
	}
	r = lower(r)
	if len(t.Letters) < maxLetters {
		t.Letters = append(t.Letters, r)
	}
	t.Scripts[scriptOf(r)]++
	if plain, ok := plainLetters(r); ok {
		t.folded = append(t.folded, plain...)
		return
	}
	if !decomposes(r) {
		if whole := joined(t.folded[from:], r); whole != 0 {
			t.folded = utf8.AppendRune(t.folded[:len(t.folded)-utf8.RuneLen(whole)], whole)
			return
		}
		if about(r)&mark == 0 || r > 0x0700 { // vowel signs of Indic scripts and Thai are letters
			*long = t.putRune(from, r) || *long
		}
		return
	}
	switch {
	case r < maxFolded && folded[r] != 0:
		*long = t.put(from, folded[r]) || *long
	case r < maxFolded && about(r)&same != 0:
		*long = t.putRune(from, r) || *long
	default:
		t.decompose(from, r, long)
	}
}

// joined is the one letter that r and the last one of folded stand for, or 0: the vowel
// of Thai that two others are typed for, the syllable of Hangul that is spelt out
// (Unicode 17.0, section 3.12). All of these take three bytes.
func joined(folded []byte, r rune) rune {
	if r < firstThai || r > lastJamo || r > 'ๅ' && r < firstJamo {
		return 0
	}
	switch before, _ := utf8.DecodeLastRune(folded); {
	case r == 'เ' && before == 'เ':
		return 'แ'
	case r == 'า' && before == 'ํ':
		return 'ำ'
	case isVowelJamo(r) && before >= firstJamo && before <= 'ᄒ':
		return '가' + ((before-firstJamo)*('ᅵ'-'ᅡ'+1)+r-'ᅡ')*finals
	case isFinalJamo(r) && before >= '가' && before <= '힣' && (before-'가')%finals == 0:
		return before + r - 'ᆨ' + 1
	}
	return 0
}

// putRune appends r unless it is the third of its kind in a row.
func (t *Text) putRune(from int, r rune) (dropped bool) {
	had := len(t.folded)
	t.folded = utf8.AppendRune(t.folded, r)
	n := len(t.folded) - had
	if had-2*n >= from && string(t.folded[had-n:had]) == string(t.folded[had:]) && string(t.folded[had-2*n:had-n]) == string(t.folded[had:]) {
		t.folded = t.folded[:had]
		return true
	}
	return false
}

// decompose appends the letters that r is made of, without their accents.
func (t *Text) decompose(from int, r rune, long *bool) {
	var buf [utf8.UTFMax]byte
	n := utf8.EncodeRune(buf[:], r)
	parts := norm.NFKD.Properties(buf[:n]).Decomposition()
	if parts == nil {
		parts = buf[:n]
	}
	room := 4 * n // a few compatibility characters grow far beyond that
	for len(parts) > 0 && room >= len(parts) {
		p, n := utf8.DecodeRune(parts)
		parts = parts[n:]
		if unicode.Is(unicode.Mn, p) {
			continue
		}
		if p < utf8.RuneSelf {
			*long = t.put(from, byte(unicode.ToLower(p))) || *long
			continue
		}
		*long = t.putRune(from, unicode.ToLower(p)) || *long
	}
}

// decomposes reports whether r is of a range in which taking accents off loses
// no word: Latin, Greek, Cyrillic, and the letters that fancy fonts are made of.
func decomposes(r rune) bool {
	return r < 0x0530 || r >= 0x1E00 && r < 0x2000 || r >= 0x2100 && r < 0x2190 ||
		r >= 0xFF00 && r < 0xFFF0 || r >= 0x1D400 && r < 0x1D800
}

// plainLetters are letters that Unicode does not decompose, and those that
// keyboards give for one another in Arabic, Persian and Hindi. Nothing at all
// remains of a stroke that only stretches a word.
func plainLetters(r rune) (string, bool) {
	switch {
	case r >= '٠' && r <= '٩':
		return digits[r-'٠' : r-'٠'+1], true
	case r >= '۰' && r <= '۹':
		return digits[r-'۰' : r-'۰'+1], true
	case r >= '०' && r <= '९':
		return digits[r-'०' : r-'०'+1], true
	}
	switch r {
	case 'ß':
		return "ss", true
	case 'œ':
		return "oe", true
	case 'æ':
		return "ae", true
	case 'ø':
		return "o", true
	case 'ł':
		return "l", true
	case 'đ', 'ð':
		return "d", true
	case 'ı':
		return "i", true
	case 'أ', 'إ', 'آ', 'ٱ':
		return "ا", true
	case 'ى', 'ی', 'ئ':
		return "ي", true
	case 'ک':
		return "ك", true
	case 'ة', 'ۀ':
		return "ه", true
	case 'ؤ':
		return "و", true
	case 'ँ':
		return "ं", true
	case '\u0958': // with a nukta
		return "क", true
	case '\u0959': // with a nukta
		return "ख", true
	case '\u095a': // with a nukta
		return "ग", true
	case '\u095b': // with a nukta
		return "ज", true
	case '\u095c': // with a nukta
		return "ड", true
	case '\u095d': // with a nukta
		return "ढ", true
	case '\u095e': // with a nukta
		return "फ", true
	case '\u095f': // with a nukta
		return "य", true
	case 'ـ', 'ء', '\u093c', zeroWidthNonJoiner, zeroWidthJoiner:
		return "", true
	}
	return "", false
}

const (
	digits             = "0123456789"
	zeroWidthNonJoiner = '\u200c' // inside Persian words
	zeroWidthJoiner    = '\u200d'
)

// plainLower reports whether raw is ASCII without a capital, as most words are.
func plainLower(raw string) bool {
	for i := range len(raw) {
		if b := raw[i]; b >= utf8.RuneSelf || b >= 'A' && b <= 'Z' {
			return false
		}
	}
	return true
}

func caseOf(raw string) Case {
	if plainLower(raw) {
		return Lower
	}
	upper, letters, first := 0, 0, false
	for _, r := range raw {
		bits := about(r)
		if bits&letter == 0 {
			continue
		}
		if bits&capital != 0 {
			upper++
			first = first || letters == 0
		}
		letters++
	}
	return casing(letters, upper, first)
}

// casing is how a word of some letters is capitalised; title is whether the first
// is a capital.
func casing(letters, capitals int, title bool) Case {
	switch {
	case capitals == 0:
		return Lower
	case capitals == letters && letters > 1:
		return Upper
	case capitals == 1 && title:
		return Title
	}
	return Mixed
}
