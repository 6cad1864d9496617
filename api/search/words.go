package search

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Bounds of what may be asked, so that no query costs much.
const (
	maxQuery  = 1000 // bytes
	maxWords  = 16   // also phrases
	maxSplit  = 64   // words that the words and phrases come to in one language
	maxFuzzy  = 3    // words with ~
	leastWild = 3    // characters before * or ~
	mostFuzzy = 24   // characters before ~
)

// SyntaxError says what is wrong with a query, and where: At counts characters
// from 1.
type SyntaxError struct {
	At     int
	Reason string
}

// Error is a sentence for who wrote the query.
func (e *SyntaxError) Error() string { return fmt.Sprintf("at character %d: %s", e.At, e.Reason) }

// Words is a query that was understood. All of its words and phrases must be in
// a post, and none of those to be left out.
type Words struct{ parts []part }

// Empty says that there is nothing to look for, so that every post matches.
func (w Words) Empty() bool { return len(w.parts) == 0 }

type mode uint8

const (
	exact  mode = iota // a word, or several beside each other
	prefix             // the beginning of a word
	fuzzy              // a word that is written somewhat differently
)

type part struct {
	text string
	mode mode
	not  bool
	at   int
}

// Parse reads a query:
//
//	word      posts with the word, in any of its forms
//	"a b"     words beside each other
//	begin*    words that begin so
//	wrod~     words that are written much the same
//	-word     posts without it; also -"a b"
//
// All else is punctuation and means nothing. An error is a *SyntaxError.
func Parse(text string) (Words, error) {
	if err := readable(text); err != nil {
		return Words{}, err
	}
	r := reader{left: []rune(text)}
	for r.next() {
	}
	if r.err != nil {
		return Words{}, r.err
	}
	if len(r.words.parts) == 0 && strings.TrimSpace(text) != "" {
		return Words{}, &SyntaxError{1, "there is no word to look for; words are made of letters and digits"}
	}
	return r.words, nil
}

func readable(text string) error {
	if len(text) > maxQuery {
		return &SyntaxError{utf8.RuneCountInString(strings.ToValidUTF8(text[:maxQuery], "?")), fmt.Sprintf("the query is too long; %d bytes are enough for all that it may hold", maxQuery)}
	}
	if at := strings.IndexFunc(text, func(r rune) bool { return r == utf8.RuneError }); at >= 0 && !utf8.ValidString(text) {
		return &SyntaxError{1 + utf8.RuneCountInString(text[:at]), "this is not valid UTF-8; send the query as UTF-8, percent-encoded"}
	}
	return nil
}

// reader goes through a query.
type reader struct {
	left  []rune
	at    int // characters read
	words Words
	fuzzy int
	err   error
}

// next reads one word or phrase, and reports whether to go on.
func (r *reader) next() bool {
	r.take(func(c rune) bool { return blank(c) })
	if len(r.left) == 0 || r.err != nil {
		return false
	}
	p := part{at: r.at + 1}
	if r.left[0] == '-' && len(r.left) > 1 && !blank(r.left[1]) && r.left[1] != '-' {
		p.not = true
		r.skip()
	}
	if quote(r.left[0]) {
		r.phrase(p)
	} else {
		p.text = r.take(func(c rune) bool { return !blank(c) && !quote(c) })
		r.word(p)
	}
	return r.err == nil
}

func (r *reader) phrase(p part) {
	opened := r.at + 1
	r.skip()
	p.text = r.take(func(c rune) bool { return !quote(c) })
	if len(r.left) == 0 {
		r.fail(opened, "this quotation mark is never closed; close it or leave it out")
		return
	}
	r.skip()
	r.add(p)
}

func (r *reader) word(p part) {
	switch body := strings.TrimRight(p.text, "*~"); {
	case strings.ContainsRune(body, '*'):
		r.fail(p.at, "* may stand only at the end of a word")
	case body == "" && strings.ContainsRune(p.text, '*'):
		r.fail(p.at, "* needs the beginning of a word before it")
	case strings.HasSuffix(p.text, "*"):
		p.text, p.mode = body, prefix
		r.wild(p, maxQuery)
	case strings.HasSuffix(p.text, "~") && body != "":
		p.text, p.mode = body, fuzzy
		if r.fuzzy++; r.fuzzy > maxFuzzy {
			r.fail(p.at, fmt.Sprintf("~ may stand after %d words at most", maxFuzzy))
			return
		}
		r.wild(p, mostFuzzy)
	default:
		r.add(p)
	}
}

// wild adds a word that stands for others.
func (r *reader) wild(p part, most int) {
	letters := 0
	for _, c := range p.text {
		if searchable(c) {
			letters++
		}
	}
	switch {
	case letters < leastWild && !strings.ContainsFunc(p.text, unspaced): // one character of those says as much
		r.fail(p.at, fmt.Sprintf("a word with * or ~ needs %d letters", leastWild))
	case letters > most:
		r.fail(p.at, fmt.Sprintf("a word with ~ may have %d letters at most", most))
	default:
		r.add(p)
	}
}

func (r *reader) add(p part) {
	if !strings.ContainsFunc(p.text, searchable) {
		return
	}
	if slices.ContainsFunc(r.words.parts, func(o part) bool { return o.text == p.text && o.mode == p.mode && o.not == p.not }) {
		return
	}
	if len(r.words.parts) == maxWords {
		r.fail(p.at, fmt.Sprintf("there are more than %d words and phrases; ask for fewer", maxWords))
		return
	}
	r.words.parts = append(r.words.parts, p)
}

func (r *reader) fail(at int, reason string) { r.err = &SyntaxError{at, reason} }

func (r *reader) skip() { r.left, r.at = r.left[1:], r.at+1 }

// take reads as long as ok holds.
func (r *reader) take(ok func(rune) bool) string {
	n := 0
	for n < len(r.left) && ok(r.left[n]) {
		n++
	}
	taken := string(r.left[:n])
	r.left, r.at = r.left[n:], r.at+n
	return taken
}

func blank(c rune) bool { return unicode.IsSpace(c) || unicode.IsControl(c) }

// quote says that c opens or closes a phrase; telephones type bent ones.
func quote(c rune) bool { return strings.ContainsRune("\"“”„‟«»＂", c) }

func searchable(c rune) bool { return unicode.IsLetter(c) || unicode.IsNumber(c) }
