package search

import (
	"bytes"
	"unicode"
	"unicode/utf8"

	"github.com/blevesearch/bleve/v2/analysis"
	"github.com/blevesearch/segment"
	"golang.org/x/text/unicode/norm"
)

// maxTerm bounds a term, in bytes: longer ones are no words.
const maxTerm = 96

// unspaced says that a writing does not tell where words end, or, as Korean,
// writes small words onto them. Its characters are indexed in pairs.
func unspaced(r rune) bool {
	return r > 0xDFF && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul,
		unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
}

// cut finds the words of a text by the rules of Unicode (UAX 29). bleve's own
// tokenizer does the same, but passes over writings such as Thai.
func cut(text []byte) analysis.TokenStream {
	var tokens analysis.TokenStream
	// A space without width within a word is there to keep it from being found:
	// the joiner of the same length does not part it.
	words := segment.NewWordSegmenterDirect(bytes.ReplaceAll(text, []byte("\u200b"), []byte("\u2060")))
	start := 0
	for words.Segment() {
		word := words.Bytes()
		if words.Type() != segment.None || bytes.ContainsFunc(word, func(r rune) bool { return searchable(r) || unspaced(r) }) {
			tokens = append(tokens, &analysis.Token{Term: word, Start: start, End: start + len(word), Type: analysis.AlphaNumeric})
		}
		start += len(word)
	}
	return tokens
}

// pairs cuts unspaced writing into overlapping pairs of characters, and numbers
// all tokens anew.
func pairs(tokens analysis.TokenStream) analysis.TokenStream {
	var out analysis.TokenStream
	var run analysis.TokenStream // single characters that touch
	flush := func() {
		for i := range max(len(run)-1, min(len(run), 1)) {
			t := run[i]
			if i+1 < len(run) {
				t.Term, t.End = append(bytes.Clone(t.Term), run[i+1].Term...), run[i+1].End
			}
			out = append(out, t)
		}
		run = run[:0]
	}
	for _, t := range tokens {
		if first, _ := utf8.DecodeRune(t.Term); !unspaced(first) {
			flush()
			out = append(out, t)
			continue
		}
		if len(run) > 0 && run[len(run)-1].End != t.Start {
			flush()
		}
		run = append(run, characters(t)...)
	}
	flush()
	for i, t := range out {
		t.Position = i + 1
	}
	return out
}

func characters(t *analysis.Token) (all analysis.TokenStream) {
	for i := 0; i < len(t.Term); {
		r, n := utf8.DecodeRune(t.Term[i:])
		end := i + n
		if last := len(all) - 1; last >= 0 && unicode.Is(unicode.Cf, r) { // nothing to be seen
			all[last].End = t.Start + end
		} else {
			all = append(all, &analysis.Token{Term: t.Term[i:end], Start: t.Start + i, End: t.Start + end, Type: analysis.Ideographic})
		}
		i = end
	}
	return all
}

// fold gives every term a copy of its own, in lower case and compatibility form,
// without what cannot be seen.
func fold(tokens analysis.TokenStream) analysis.TokenStream {
	for _, t := range tokens {
		if ascii(t.Term) {
			t.Term = bytes.ToLower(t.Term)
			continue
		}
		t.Term = bytes.Map(func(r rune) rune {
			switch {
			case unicode.Is(unicode.Cf, r), unicode.Is(unicode.Variation_Selector, r):
				return -1
			case r == '’', r == 'ʼ', r == '＇':
				return '\''
			}
			return unicode.ToLower(r)
		}, norm.NFKC.Bytes(t.Term))
	}
	return tokens
}

// finish takes accents away, as many type without them, and drops terms of which
// nothing is left.
func finish(tokens analysis.TokenStream) analysis.TokenStream {
	kept := tokens[:0]
	for _, t := range tokens {
		if !ascii(t.Term) {
			t.Term = bare(t.Term)
		}
		if t.Term = t.Term[:min(len(t.Term), maxTerm)]; len(t.Term) > 0 {
			kept = append(kept, t)
		}
	}
	return kept
}

func bare(term []byte) []byte {
	out := make([]byte, 0, len(term))
	marked := false // the letter before may lose its marks
	for _, r := range string(norm.NFKD.Bytes(term)) {
		switch {
		case unicode.Is(unicode.Mn, r):
			if marked {
				continue
			}
		case r == 'ı':
			r = 'i'
		case r == 'ł':
			r = 'l'
		case r == 'ø':
			r = 'o'
		case r == 'ß':
			out = append(out, 's')
			r = 's'
		}
		if !unicode.Is(unicode.Mn, r) {
			marked = unicode.In(r, unicode.Latin, unicode.Greek, unicode.Cyrillic, unicode.Arabic, unicode.Hebrew)
		}
		if len(out)+utf8.RuneLen(r) > maxTerm { // between characters
			break
		}
		out = utf8.AppendRune(out, unicode.ToLower(r))
	}
	return norm.NFC.Bytes(out)
}

func ascii(b []byte) bool {
	for _, c := range b {
		if c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
