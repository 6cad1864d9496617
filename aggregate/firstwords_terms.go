package aggregate

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"outcry/nlp/text"
)

const (
	longestWord = 30 // letters
	longestRun  = 80 // characters of a script without spaces that are looked at
	mostTerms   = 1000
	mostMarks   = 3 // on one letter
)

// term is a word as it was written. A piece is cut out of a script without spaces.
type term struct {
	surface string
	piece   bool
}

// terms are the different words of a post, by their folded form. Handles, addresses and
// numbers are none. Of what is written without spaces they are all pieces that may be
// words: which of them are, their frequency tells.
func terms(a *text.Text, post string) map[string]term {
	found := map[string]term{}
	a.Analyze(post)
	for i := 0; i < len(a.Tokens) && len(found) < mostTerms; i++ {
		t := a.Tokens[i]
		if t.Kind != text.Word && t.Kind != text.Hashtag {
			continue
		}
		if unspaced(t.Word) == 0 {
			if n := utf8.RuneCount(t.Word); n >= shortWord && n <= longestWord && hasLetter(t.Word) {
				found[string(t.Word)] = term{surface: strings.TrimLeft(post[t.Start:t.End], "#＃")}
			}
			continue
		}
		last := i
		for last+1 < len(a.Tokens) && a.Tokens[last+1].Start == a.Tokens[last].End && a.Tokens[last+1].Kind == t.Kind && unspaced(a.Tokens[last+1].Word) > 0 {
			last++
		}
		pieces(found, post[t.Start:a.Tokens[last].End])
		i = last
	}
	return found
}

// spread is of how many characters a word is in a script without spaces.
type spread struct{ least, most int }

// unspaced is the length of the shortest piece of the script of a token that is written
// without spaces, or of Hangul, whose particles hang on the word; else 0.
func unspaced(word []byte) int {
	r, _ := utf8.DecodeRune(word)
	return spreadOf(r).least
}

func spreadOf(r rune) spread {
	switch {
	case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana) || r == 'ー':
		return spread{2, 6}
	case unicode.Is(unicode.Hangul, r):
		return spread{2, 5}
	case unicode.Is(unicode.Thai, r):
		return spread{4, 16}
	}
	return spread{}
}

func pieces(found map[string]term, run string) {
	runes := []rune(strings.TrimLeft(run, "#＃"))
	runes = runes[:min(len(runes), longestRun)]
	for i := range runes {
		s := spreadOf(runes[i])
		if s.least == 0 || !begins(runes, i) {
			continue
		}
		for n := s.least; n <= s.most && i+n <= len(runes) && len(found) < mostTerms; n++ {
			if ends(runes, i+n) {
				found[string(runes[i:i+n])] = term{string(runes[i : i+n]), true}
			}
		}
	}
}

// Characters with which no word begins or ends: particles, small kana, vowels of Thai
// that follow or precede a consonant.
const (
	neverFirst = "はがをにでとものへやんっゃゅょァィゥェォッャュョー的了吗嗎呢吧啊呀也就都ะาำๅๆฯ은는이가을를에의"
	neverLast  = "はがをにでとものへやっッ的了吗嗎呢吧啊呀也就都我你他她在是很太又还還เแโใไ"
)

func begins(runes []rune, i int) bool {
	return !unicode.IsMark(runes[i]) && !strings.ContainsRune(neverFirst, runes[i]) && !splits(runes, i)
}

func ends(runes []rune, end int) bool {
	return !strings.ContainsRune(neverLast, runes[end-1]) && !splits(runes, end) && (end == len(runes) || !unicode.IsMark(runes[end]))
}

// splits says that a cut at i would go through a word of katakana.
func splits(runes []rune, i int) bool {
	kana := func(r rune) bool { return unicode.Is(unicode.Katakana, r) || r == 'ー' }
	return i > 0 && i < len(runes) && kana(runes[i-1]) && kana(runes[i])
}

func hasLetter(word []byte) bool {
	for _, r := range string(word) {
		if unicode.IsLetter(r) {
			return true
		}
	}
	return false
}

// shownWord makes a word safe to show: no invisible characters, nor ones that turn the
// direction of what follows, and no tower of marks. Empty: nothing is left.
func shownWord(word string) string {
	var b strings.Builder
	marks := 0
	for _, r := range norm.NFC.String(strings.ToLower(word)) {
		switch {
		case unicode.IsMark(r):
			if marks++; marks > mostMarks || b.Len() == 0 {
				continue
			}
		case unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("'’&+_-", r):
			marks = 0
		default:
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}
