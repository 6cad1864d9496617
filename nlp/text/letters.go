package text

import (
	"unicode"
	"unicode/utf8"
)

// What is known of a character, as bits.
const (
	inWord  = 1 << iota // it can stand in a word
	letter              // it is a letter
	capital             // it is a capital
	mark                // it has no width of its own: an accent, a vowel sign
	same                // folding leaves it as it is
)

// known are the bits of the characters of most alphabets. To look them up in the
// tables of package unicode takes longer than all the rest of cutting a post.
var known = newKnown()

// folded are the single letters of ASCII that folding makes of characters, else 0.
var folded = newFolded()

// lowered are the characters of most alphabets as small letters.
var lowered = newLowered()

// maxFolded ends the blocks of which folding takes accents off, but for rare ones.
const maxFolded = 0x2000

func newKnown() (k [0x3100]uint8) {
	for i := range k {
		k[i] = lookUp(rune(i))
		if i < maxFolded && decomposes(rune(i)) && foldedAlone(rune(i)) == string(rune(i)) {
			k[i] |= same
		}
	}
	return k
}

func newFolded() (f [maxFolded]byte) {
	for i := utf8.RuneSelf; i < maxFolded; i++ {
		if s := foldedAlone(rune(i)); decomposes(rune(i)) && len(s) == 1 {
			f[i] = s[0]
		}
	}
	return f
}

func newLowered() (l [maxFolded]uint16) {
	for i := range l {
		l[i] = uint16(unicode.ToLower(rune(i)))
	}
	return l
}

// lower is r as a small letter.
func lower(r rune) rune {
	if uint32(r) < maxFolded {
		return rune(lowered[r])
	}
	return unicode.ToLower(r)
}

// foldedAlone is what remains of a letter without its accents.
func foldedAlone(r rune) string {
	var t Text
	var long bool
	t.decompose(0, r, &long)
	return string(t.folded)
}

// about are the bits of r; same is only set in the blocks up to maxFolded.
func about(r rune) uint8 {
	switch {
	case uint32(r) < uint32(len(known)):
		return known[r]
	case r >= 0x4E00 && r < 0xA000, r >= '가' && r <= '힣': // Han, Hangul
		return letter | inWord
	case r >= 0x1F000 && r < 0x1FB00: // emoji
		return 0
	}
	return lookUp(r)
}

func lookUp(r rune) (bits uint8) {
	if unicode.IsLetter(r) {
		bits |= letter
	}
	if unicode.IsUpper(r) {
		bits |= capital
	}
	if unicode.Is(unicode.Mn, r) {
		bits |= mark
	}
	if r != utf8.RuneError && (bits&letter != 0 || r == zeroWidthNonJoiner || unicode.IsDigit(r) || unicode.Is(unicode.M, r) && !unicode.Is(unicode.Variation_Selector, r)) {
		bits |= inWord
	}
	return bits
}
