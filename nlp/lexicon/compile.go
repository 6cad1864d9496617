package lexicon

import (
	"fmt"
	"slices"
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
	class    class
	options  [][]elem // of a choice: what has more than one word
}

// sequence is a phrase, or a variant of one, with the word to look for it at.
type sequence struct {
	phrase        int32
	lang          uint8 // index into Matcher.langs
	anchor        int
	elems         []elem
	before, after class // words that must not stand next to it
}

// class is a set of words. Most sets are small and most questions answered no:
// one bit for each word, modulo 64, tells that at once.
type class struct {
	bits  uint64
	words []uint32 // ascending
}

func (c class) has(w uint32) bool {
	if c.bits&(1<<(w&63)) == 0 {
		return false
	}
	if len(c.words) <= 8 {
		return slices.Contains(c.words, w)
	}
	_, ok := slices.BinarySearch(c.words, w)
	return ok
}

// Matcher finds the phrases of a lexicon. It is safe for concurrent use.
type Matcher struct {
	phrases   []Phrase
	sequences []sequence
	byWord    [][]start // where to look for a phrase when that word is met
	strong    []bool    // words that anchor a phrase that needs no service
	langs     []string  // of the phrases; the first is none
}

// start is what is known of a sequence at its anchor without looking at it: the
// bits of the classes that must stand just before and after, 0 for anything,
// and some words of which one must stand somewhere in the post.
type start struct {
	before, after uint64
	sequence      int32
	phrase        int32
	needs         [maxNeeds]uint16 // bits of a present
	needCount     uint8            // 0 for no need
	lang          uint8
	service       bool // it has an @
}

// maxNeeds bounds the words that are looked for in the whole post beforehand.
const maxNeeds = 6

// present is the set of words of a post, modulo its size: a cheap way to say
// that a phrase cannot be there.
type present [presentBits / 64]uint64

const presentBits = 4096

func (p *present) add(word uint32) { p[word%presentBits>>6] |= 1 << (word & 63) }

func (p *present) has(bit uint16) bool { return p[bit>>6]&(1<<(bit&63)) != 0 }

// lacks reports whether none of the words that st needs is there.
func (p *present) lacks(st *start) bool {
	for _, bit := range st.needs[:st.needCount] {
		if p.has(bit) {
			return false
		}
	}
	return st.needCount > 0
}

// Compile prepares lex for matching over numbers of words.
func Compile(lex *Lexicon, words Words) (*Matcher, error) {
	m := &Matcher{phrases: lex.phrases, langs: []string{""}}
	compiled := make([][]elem, len(lex.phrases))
	c := compiler{words: words, choices: map[*[]item]elem{}, literals: map[string][]elem{}}
	for i, p := range lex.phrases { // all words must be numbered before classes are made
		var err error
		if compiled[i], err = c.elements(p.items); err != nil {
			return nil, fmt.Errorf("%s: %w", p.At, err)
		}
	}
	b := builder{words: words, classes: map[*uint32]class{}, singles: map[uint32]class{}}
	for i, elems := range compiled {
		b.finish(elems)
		s := b.trim(elems)
		s.phrase, s.lang = int32(i), m.lang(lex.phrases[i].Lang)
		variants := b.anchored(s)
		if len(variants) == 0 {
			return nil, fmt.Errorf("%s: the phrase has no word to look for", lex.phrases[i].At)
		}
		m.sequences = append(m.sequences, variants...)
	}
	if len(m.langs) > maxLangs {
		return nil, fmt.Errorf("phrases of %d languages: at most %d", len(m.langs)-1, maxLangs-1)
	}
	m.index(words)
	return m, nil
}

// lang numbers a language.
func (m *Matcher) lang(code string) uint8 {
	i := slices.Index(m.langs, code)
	if i < 0 {
		i = len(m.langs)
		m.langs = append(m.langs, code)
	}
	return uint8(i)
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
		return []elem{{kind: anyOf, words: []uint32{c.words.Prefix(it.text)}}}, nil
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
	return []elem{{kind: it.kind, n: it.n}}, nil
}

func spellOut(text string) string {
	return strings.ReplaceAll(strings.ReplaceAll(strings.ReplaceAll(text, "ä", "ae"), "ö", "oe"), "ü", "ue")
}

// options makes a class of the single words of a choice, and keeps the longer
// options beside it.
func (c *compiler) options(it item) (elem, error) {
	out := elem{kind: choice, optional: it.optional}
	for _, option := range it.options {
		part, err := c.elements(option)
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
func (c *compiler) literal(text string) []elem {
	if out, ok := c.literals[text]; ok {
		return out
	}
	var out []elem
	for _, id := range c.words.Word(text) {
		out = append(out, elem{kind: anyOf, words: []uint32{id}})
	}
	if spelt := spellOut(text); spelt != text && len(out) == 1 {
		if ids := c.words.Word(spelt); len(ids) == 1 {
			out[0].words = append(out[0].words, ids[0])
		}
	}
	c.literals[text] = out
	return out
}
