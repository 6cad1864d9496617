package text

import (
	"unicode"
	"unicode/utf8"
)

// Alone reports whether a folded word is one because its script has no spaces, and
// may be part of a word.
func Alone(word []byte) bool {
	r, _ := utf8.DecodeRune(word)
	return alone(r)
}

// alone reports whether r is a word of its own: scripts written without spaces,
// and Hangul, whose particles hang on the word.
func alone(r rune) bool {
	if r < 0x0E00 {
		return false
	}
	switch scriptOf(r) {
	case Han, Hangul, Thai:
		return true
	case Kana:
		return unicode.Is(unicode.Hiragana, r)
	}
	return false
}

// aloneLength is the length in bytes of the word of its own that s starts with, whose
// first character r takes n bytes: that character, or in Thai what cannot be torn
// apart, a consonant with the vowels and tones around it, or in Hangul a syllable that
// is spelt out. No word of Thai ends inside such a cluster (Theeramunkong et al.,
// Character Cluster Based Thai Information Retrieval, 2000), and one tells much more
// than a letter.
func aloneLength(s string, r rune, n int) int {
	for leading := isLeading(r); n < len(s); {
		next, m := utf8.DecodeRuneInString(s[n:])
		switch {
		case isTrailing(next) || isVowelJamo(next) || isFinalJamo(next):
			leading = false
		case leading && next >= firstThai && next <= lastConsonant:
			leading = false
		case leading && isLeading(next):
		default:
			return n
		}
		n += m
	}
	return n
}

// The letters of Thai, as Unicode orders them.
const (
	firstThai     = 'ก'
	lastConsonant = 'ฮ'
	firstLeading  = 'เ'
	lastLeading   = 'ไ'
)

// The letters of Hangul that syllables are spelt out with: first consonants, vowels,
// last consonants.
const (
	firstJamo = 'ᄀ'
	lastJamo  = 'ᇂ'
	finals    = lastJamo - 'ᆨ' + 2 // with none
)

func isVowelJamo(r rune) bool { return r >= 'ᅡ' && r <= 'ᅵ' }
func isFinalJamo(r rune) bool { return r >= 'ᆨ' && r <= lastJamo }

// isLeading reports whether r is a vowel that is written before its consonant.
func isLeading(r rune) bool { return r >= firstLeading && r <= lastLeading }

// isTrailing reports whether r is a vowel or a mark that hangs on what stands before.
func isTrailing(r rune) bool {
	return r > lastConsonant && r <= 'ฺ' && r != 'ฯ' || r == 'ๅ' || r >= '็' && r <= '๎'
}

// scriptOf is the script of r by its block: cheaper than the tables, and near
// enough for counting.
func scriptOf(r rune) Script {
	switch {
	case r < 0x0370 || r >= 0x1E00 && r < 0x1F00 || r >= 0xFF00 && r < 0xFF66 || r >= 0x1D400 && r < 0x1D800:
		return Latin
	case r < 0x0400 || r >= 0x1F00 && r < 0x2000:
		return Greek
	case r < 0x0530:
		return Cyrillic
	case r >= 0x0590 && r < 0x0600:
		return Hebrew
	case r >= 0x0600 && r < 0x0780 || r >= 0xFB50 && r < 0xFE00 || r >= 0xFE70 && r < 0xFEFF:
		return Arabic
	}
	return southAndEast(r)
}

func southAndEast(r rune) Script {
	switch {
	case r >= 0x0900 && r < 0x0980:
		return Devanagari
	case r >= 0x0980 && r < 0x0A00:
		return Bengali
	case r >= 0x0B80 && r < 0x0C00:
		return Tamil
	case r >= 0x0E00 && r < 0x0E80:
		return Thai
	case r >= 0x1100 && r < 0x1200 || r >= 0xAC00 && r < 0xD7B0:
		return Hangul
	case r >= 0x3040 && r < 0x3100 || r >= 0xFF66 && r < 0xFFA0:
		return Kana
	case r >= 0x3400 && r < 0xA000 || r >= 0xF900 && r < 0xFB00 || r >= 0x20000 && r < 0x32000:
		return Han
	}
	return OtherScript
}
