package simulate

import (
	"math/rand/v2"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// styler writes as people do on a phone: without capitals or accents, with
// slips and drawn-out vowels.
type styler struct {
	rng  *rand.Rand
	lang string
	keep []string // words to be spared: the service's names
}

func (s styler) chance(percent int) bool { return s.rng.IntN(100) < percent }

func (s styler) apply(text string) string {
	if s.chance(9) {
		text = s.slip(text)
	}
	if s.chance(4) {
		text = s.drawOut(text)
	}
	if s.chance(12) {
		text = s.plain(text)
	}
	if s.chance(55) { // the opening marks of Spanish are the first to go
		text = strings.NewReplacer("¿", "", "¡", "").Replace(text)
	}
	if strings.HasSuffix(text, "?") && s.chance(25) {
		text += strings.Repeat("?", 1+s.rng.IntN(3))
	}
	return s.letterCase(text)
}

func (s styler) letterCase(text string) string {
	lower := 28
	if s.lang == "de" {
		lower = 14 // the nouns keep their capitals more often than not
	}
	switch n := s.rng.IntN(100); {
	case n < lower:
		return strings.ToLower(text)
	case n < lower+3:
		return strings.ToUpper(text)
	case n < lower+16:
		return text
	}
	return firstUpper(text)
}

func firstUpper(text string) string {
	trimmed := strings.TrimLeft(text, "¿¡")
	r, size := utf8.DecodeRuneInString(trimmed)
	return text[:len(text)-len(trimmed)] + string(unicode.ToUpper(r)) + trimmed[size:]
}

// plain leaves out accents; German spells its umlauts out instead.
func (s styler) plain(text string) string {
	if s.lang == "de" {
		return strings.NewReplacer("ä", "ae", "ö", "oe", "ü", "ue", "Ä", "Ae", "Ö", "Oe", "Ü", "Ue", "ß", "ss").Replace(text)
	}
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFD.String(text))
}

// slip swaps, drops or doubles a letter within one long word.
func (s styler) slip(text string) string {
	words := strings.Split(text, " ")
	i := s.rng.IntN(len(words))
	letters := []rune(words[i])
	if len(letters) < 5 || s.spared(words[i]) {
		return text
	}
	at := 1 + s.rng.IntN(len(letters)-3)
	switch s.rng.IntN(3) {
	case 0:
		letters[at], letters[at+1] = letters[at+1], letters[at]
	case 1:
		letters = slices.Delete(letters, at, at+1)
	default:
		letters = slices.Insert(letters, at, letters[at])
	}
	words[i] = string(letters)
	return strings.Join(words, " ")
}

// drawOut repeats the vowel at the end of a word: "pleaseeee".
func (s styler) drawOut(text string) string {
	words := strings.Split(text, " ")
	i := s.rng.IntN(len(words))
	last, _ := utf8.DecodeLastRuneInString(words[i])
	if len(words[i]) > 2 && strings.ContainsRune("aeiouéàèò", last) && !s.spared(words[i]) {
		words[i] += strings.Repeat(string(last), 2+s.rng.IntN(4))
	}
	return strings.Join(words, " ")
}

// spared are names, links and numbers.
func (s styler) spared(word string) bool {
	notLetter := func(r rune) bool { return !unicode.IsLetter(r) }
	if strings.ContainsFunc(word, notLetter) {
		return true
	}
	return slices.ContainsFunc(s.keep, func(name string) bool { return strings.EqualFold(name, word) })
}
