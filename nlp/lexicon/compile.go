package lexicon

import (
	"fmt"
	"strings"
	"sync"
)

// Words turns words into numbers. The classifier provides it, so that names,
// phrases and function words share one dictionary.
type Words interface {
	// Word returns the numbers of the words that text is cut into.
	Word(text string) []uint32
	// Prefix returns the numbers of the words that text is cut into, the last one
	// that of "begins with".
	Prefix(text string) []uint32
	// Under returns every other number, prefixes included, that stands for a word or a
	// prefix too: what begins so, what has small words glued before it.
	Under(id uint32) []uint32
	// Len is one more than the greatest number.
	Len() int
	// Used is told each time that a phrase of a language has a word.
	Used(word uint32, lang string)
	// Common reports whether word is so frequent in some language that looking
	// for phrases at it would be slow.
	Common(word uint32) bool
}

// elem is one part of a compiled phrase.
type elem struct {
	kind     kind
	optional bool
	n        int16    // of a gap
	class    int32    // index into Matcher.classes, or single; noClass for a gap without words that stop it
	first    int32    // of a choice: the class of the words that it may begin with, noClass where they are not known
	last     int32    // of a choice: the class of the words that it may end in
	words    []uint32 // of a class, while compiling
	options  []option // of a choice: what has more than one word
}

// option is one way of a choice, with the classes of the words that it must begin
// with and end in, noClass where they are not known: most options go no further.
type option struct {
	elems       []elem
	first, last int32
}

// sequence is a phrase, or a variant of one, with the word to look for it at.
type sequence struct {
	phrase        int32
	lang          uint8 // index into Matcher.langs
	anchor        int
	elems         []elem
	before, after int32 // classes of words that must not stand next to it
}

// Classes that are no sets of words; those that are have their place in
// Matcher.classes for a number.
const (
	noClass    = -1
	anyService = 0 // @
	anyNumber  = 1 // #
)

// single is the class of one word, which stands in no list: to fetch it from there
// takes longer than to compare it.
func single(word uint32) int32 { return noClass - 1 - int32(word) }

// theOne is the word of a single class.
func theOne(class int32) (word uint32, is bool) { return uint32(noClass - 1 - class), class < noClass }

// Matcher finds the phrases of a lexicon. It is safe for concurrent use.
type Matcher struct {
	claims   []Claim  // of the phrases, each once
	routes   []route  // of all sequences
	steps    []step   // of routes and branches
	branches []branch // of the choices among them
	classes  []uint32 // at the number of each class, how many words it has, and the words, ascending
	all      index    // where to look for each phrase
	clear    index    // of those, for the ones that need no service
	concepts *concepts
	langs    []string         // of the phrases; the first is none
	byLang   map[string]uint8 // their places in langs
	runs     sync.Pool
}

// index says where to look for phrases when a word is met: in the starts from the
// place of the word up to that of the next one.
type index struct {
	starts []start
	from   []uint32 // by word
}

// at is where the starts of a word are.
func (x *index) at(word uint32) (from, to uint32) { return x.from[word], x.from[word+1] }

// start is what is known of a sequence at its anchor without looking at it: the
// classes of which a word must stand lo to hi units after the anchor, before it
// where they are negative. Matching reads hundreds of starts for a post, and most
// lead nowhere: so they are small, and lie side by side.
type start struct {
	bits    uint64 // of the first class that has several words
	classes [maxNeeds]int32
	signs   [maxNeeds]sign // of the classes; where there are fewer, of any sentence
	route   int32
	lo, hi  [maxNeeds]int8
	count   uint8
	lang    uint8
}

// need is one of the classes of a start.
type need struct {
	class  int32
	lo, hi int8
}

const maxNeeds = 3

// Compile prepares lex for matching over numbers of words.
func Compile(lex *Lexicon, words Words) (*Matcher, error) {
	m := &Matcher{langs: []string{""}, byLang: map[string]uint8{"": 0}}
	compiled := make([][]elem, len(lex.phrases))
	c := compiler{words: words, choices: map[*[]item]elem{}, literals: map[string][]elem{}}
	for i, p := range lex.phrases { // all words must be numbered before classes are made
		var err error
		if compiled[i], err = c.elements(p.items); err != nil {
			return nil, fmt.Errorf("%s: %w", p.At, err)
		}
	}
	cb, err := m.number(lex.meant, words)
	if err != nil {
		return nil, err
	}
	b := newBuilder(words)
	var sequences []sequence
	for i, elems := range compiled {
		b.finish(elems)
		b.count(elems, lex.phrases[i].Lang)
	}
	for i, elems := range compiled {
		s := b.trim(elems)
		s.phrase, s.lang = int32(i), m.lang(lex.phrases[i].Lang)
		variants := b.anchored(s)
		if len(variants) == 0 {
			return nil, fmt.Errorf("%s: the phrase has no word to look for", lex.phrases[i].At)
		}
		sequences = append(sequences, variants...)
	}
	if len(m.langs) > maxLangs {
		return nil, fmt.Errorf("phrases of %d languages: at most %d", len(m.langs)-1, maxLangs-1)
	}
	m.concepts = cb.concepts(b)
	m.classes = b.classes()
	m.all, m.clear = b.indexes(lex.phrases, sequences)
	m.pack(lex.phrases, sequences)
	m.runs.New = func() any { return &run{m: m} }
	return m, nil
}

// lang numbers a language.
func (m *Matcher) lang(code string) uint8 {
	i, known := m.byLang[code]
	if !known {
		i = uint8(len(m.langs))
		m.byLang[code], m.langs = i, append(m.langs, code)
	}
	return i
}

// compiler turns items into elements over numbered words. What sets stand for is
// compiled once, however many phrases use them.
type compiler struct {
	words    Words
	choices  map[*[]item]elem
	literals map[string][]elem
}

func (c *compiler) elements(items []item) ([]elem, error) {
	var out []elem
	for _, it := range items {
		part, err := c.element(it)
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

func (c *compiler) element(it item) ([]elem, error) {
	switch it.kind {
	case word:
		return c.literal(it.text), nil
	case prefix:
		return inRow(c.words.Prefix(it.text)), nil
	case choice, forbid:
		e, ok := c.choices[&it.options[0]]
		if ok && it.kind == choice {
			e.optional = it.optional
			return []elem{e}, nil
		}
		e, err := c.options(it)
		if it.kind == choice {
			c.choices[&it.options[0]] = e
		}
		return []elem{e}, err
	}
	class := int32(noClass)
	switch it.kind {
	case service:
		class = anyService
	case number:
		class = anyNumber
	}
	return []elem{{kind: it.kind, n: int16(it.n), class: class}}, nil
}

func spellOut(text string) string {
	return strings.ReplaceAll(strings.ReplaceAll(strings.ReplaceAll(text, "ä", "ae"), "ö", "oe"), "ü", "ue")
}

// options makes a class of the single words of a choice, and keeps the longer
// options beside it.
func (c *compiler) options(it item) (elem, error) {
	out := elem{kind: choice, class: noClass, first: noClass, last: noClass, optional: it.optional}
	for _, items := range it.options {
		part, err := c.elements(items)
		switch {
		case err != nil:
			return out, err
		case len(part) == 1 && part[0].kind == anyOf && !part[0].optional:
			out.words = append(out.words, part[0].words...)
		case len(part) == 1 && part[0].kind == choice && !part[0].optional:
			out.words = append(out.words, part[0].words...)
			out.options = append(out.options, part[0].options...)
		case len(part) > 0:
			out.options = append(out.options, option{elems: part})
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
func (c *compiler) literal(text string) []elem {
	if out, ok := c.literals[text]; ok {
		return out
	}
	out := inRow(c.words.Word(text))
	if spelt := spellOut(text); spelt != text && len(out) == 1 {
		if ids := c.words.Word(spelt); len(ids) == 1 {
			out[0].words = append(out[0].words, ids[0])
		}
	}
	c.literals[text] = out
	return out
}

// inRow are words one after the other.
func inRow(words []uint32) (out []elem) {
	for _, w := range words {
		out = append(out, elem{kind: anyOf, class: noClass, words: []uint32{w}})
	}
	return out
}
