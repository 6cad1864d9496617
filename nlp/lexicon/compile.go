package lexicon

import (
	"fmt"
	"strings"
)

// Words turns words into numbers. The classifier provides it, so that names,
// phrases and function words share one dictionary.
type Words interface {
	// Word returns the numbers of the words that text is cut into.
	Word(text string) []uint32
	// Prefix returns the number of "begins with text".
	Prefix(text string) uint32
	// Under returns every number, prefixes included, that begins with a prefix.
	Under(prefix uint32) []uint32
	// Len is one more than the greatest number.
	Len() int
	// Common reports whether word is so frequent in some language that looking
	// for phrases at it would be slow.
	Common(word uint32) bool
}

// elem is one part of a compiled phrase.
type elem struct {
	kind     kind
	optional bool
	n        int      // of a gap
	words    []uint32 // of a class, while compiling
	class    bitset
	options  [][]elem // of a choice: what has more than one word
}

// sequence is a phrase, or a variant of one, with the word to look for it at.
type sequence struct {
	phrase        int32
	anchor        int
	elems         []elem
	before, after bitset // words that must not stand next to it; nil for none
}

type bitset []uint64

func (b bitset) has(i uint32) bool { return b[i>>6]&(1<<(i&63)) != 0 }

// Matcher finds the phrases of a lexicon. It is safe for concurrent use.
type Matcher struct {
	phrases   []Phrase
	sequences []sequence
	byWord    [][]int32 // sequences whose anchor is that word
	strong    []bool    // words that anchor a phrase that needs no service
}

// Compile prepares lex for matching over numbers of words.
func Compile(lex *Lexicon, words Words) (*Matcher, error) {
	m := &Matcher{phrases: lex.phrases}
	compiled := make([][]elem, len(lex.phrases))
	for i, p := range lex.phrases { // all words must be numbered before classes are made
		var err error
		if compiled[i], err = elements(p.items, words); err != nil {
			return nil, fmt.Errorf("%s: %w", p.At, err)
		}
	}
	b := builder{words: words, classes: map[string]bitset{}}
	for i, elems := range compiled {
		b.finish(elems)
		s := b.trim(elems)
		s.phrase = int32(i)
		variants := b.anchored(s)
		if len(variants) == 0 {
			return nil, fmt.Errorf("%s: the phrase has no word to look for", lex.phrases[i].At)
		}
		m.sequences = append(m.sequences, variants...)
	}
	m.index(words)
	return m, nil
}

// elements turns items into elements over numbered words.
func elements(items []item, words Words) ([]elem, error) {
	var out []elem
	for _, it := range items {
		part, err := element(it, words)
		if err != nil {
			return nil, err
		}
		if n := len(out) - 1; it.kind == forbid && n >= 0 && out[n].kind == gap {
			out[n].words = part[0].words // words that the gap may not skip
			continue
		}
		out = append(out, part...)
	}
	return out, nil
}

func element(it item, words Words) ([]elem, error) {
	switch it.kind {
	case word:
		return literal(it.text, words), nil
	case prefix:
		return []elem{{kind: anyOf, words: []uint32{words.Prefix(it.text)}}}, nil
	case choice, forbid:
		e, err := options(it, words)
		return []elem{e}, err
	}
	return []elem{{kind: it.kind, n: it.n}}, nil
}

func spellOut(text string) string {
	return strings.ReplaceAll(strings.ReplaceAll(strings.ReplaceAll(text, "ä", "ae"), "ö", "oe"), "ü", "ue")
}

// options makes a class of the single words of a choice, and keeps the longer
// options beside it.
func options(it item, words Words) (elem, error) {
	out := elem{kind: choice, optional: it.optional}
	for _, option := range it.options {
		part, err := elements(option, words)
		switch {
		case err != nil:
			return out, err
		case len(part) == 1 && part[0].kind == anyOf && !part[0].optional:
			out.words = append(out.words, part[0].words...)
		case len(part) == 1 && part[0].kind == choice && !part[0].optional:
			out.words = append(out.words, part[0].words...)
			out.options = append(out.options, part[0].options...)
		case len(part) > 0:
			out.options = append(out.options, part)
		}
	}
	if it.kind == forbid {
		out.kind = forbid
	} else if len(out.options) == 0 {
		out.kind = anyOf
	}
	if out.kind == forbid && len(out.options) > 0 {
		return out, fmt.Errorf("after ! only single words stand")
	}
	return out, nil
}

// literal is a written word, both ways for German umlauts (ö, oe).
func literal(text string, words Words) []elem {
	var out []elem
	for _, id := range words.Word(text) {
		out = append(out, elem{kind: anyOf, words: []uint32{id}})
	}
	if spelt := spellOut(text); spelt != text && len(out) == 1 {
		if ids := words.Word(spelt); len(ids) == 1 {
			out[0].words = append(out[0].words, ids[0])
		}
	}
	return out
}
