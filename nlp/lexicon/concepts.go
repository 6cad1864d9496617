package lexicon

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Meaning is that some words of a sentence stand for a concept: "screen", "again",
// "pay". Concepts have the same names in all languages, so that what is learned of
// one language's posts holds in the others.
type Meaning struct {
	Concept    int  // index into Matcher.Concepts
	Start, End int  // units Start to End-1
	Borrowed   bool // the words are English, and the language asked for is not
	order      uint32
}

// meaning is an entry of the lexicon: words of a language, the last letters left
// open where they end in *.
type meaning struct{ lang, concept, words, at string }

// source is the language that has every concept.
const source = "en"

func (l *loader) readConcepts(lang string, lists map[string]yaml.Node) {
	for name, node := range lists {
		l.each(node, func(text string, line int) {
			items, err := parse(text, nil)
			if err == nil && slices.ContainsFunc(items, func(it item) bool { return it.kind != word && it.kind != prefix }) {
				err = fmt.Errorf("only words stand here, or their beginnings (begin*)")
			}
			if err == nil && len(items) > maxWords {
				err = fmt.Errorf("at most %d words in a row", maxWords)
			}
			if err != nil {
				l.fail(line, "concept %s, %q: %v", name, text, err)
				return
			}
			l.meant = append(l.meant, meaning{lang, name, strings.ToLower(text), fmt.Sprintf("%s:%d", l.name, line)})
		})
	}
}

// maxWords is the longest entry of a concept, and maxUnits the longest one where
// every sign is a word.
const (
	maxWords = 16
	maxUnits = 64
)

// checkConcepts refuses concepts that English lacks: most likely they are misspelt.
func (l *loader) checkConcepts() {
	known := map[string]bool{}
	for _, m := range l.meant {
		known[m.concept] = known[m.concept] || m.lang == source
	}
	slices.SortFunc(l.meant, func(a, b meaning) int {
		return cmp.Or(cmp.Compare(a.lang, b.lang), cmp.Compare(a.concept, b.concept), cmp.Compare(a.words, b.words))
	})
	if !slices.ContainsFunc(l.meant, func(m meaning) bool { return m.lang == source }) {
		return
	}
	told := map[string]bool{}
	for _, m := range l.meant {
		if !known[m.concept] && !told[m.concept+m.lang] {
			told[m.concept+m.lang] = true
			l.errs = append(l.errs, fmt.Errorf("%s: unknown concept %q: English has no words for it", m.at, m.concept))
		}
	}
}

// concepts finds the meanings of words. An entry is looked for at the word of it that
// is rarest in phrases; those of a word, and those of its beginnings ("play*" of
// "playing"), lie together.
type concepts struct {
	names []string
	from  []uint32 // by word: where its meanings are in list, up to that of the next word
	list  []entry  // of each word by language
	words []int32  // classes of the words of the entries of several
}

// entry is a meaning one of whose words is known.
type entry struct {
	beside  int32  // class of the word after the known one, else before it: most entries of several words end there
	from    uint32 // in words; in the order of all entries
	concept uint16
	count   uint8 // of words
	before  uint8 // words before the known one
	lang    uint8
}

// numbered is a meaning with its words numbered.
type numbered struct {
	meaning
	words []uint32
	lang  uint8
}

type conceptBuilder struct {
	all   []numbered
	words Words
}

// number gives the words of meanings their numbers, which must be done before
// classes are made.
func (m *Matcher) number(all []meaning, words Words) (*conceptBuilder, error) {
	c := &conceptBuilder{words: words}
	for _, x := range all {
		items, err := parse(x.words, nil)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", x.at, err)
		}
		n := numbered{meaning: x, lang: m.lang(x.lang)}
		for _, it := range items {
			if it.kind == prefix {
				n.words = append(n.words, words.Prefix(it.text)...)
			} else {
				n.words = append(n.words, words.Word(it.text)...)
			}
		}
		if len(n.words) == 0 {
			return nil, fmt.Errorf("%s: %q has no word", x.at, x.words)
		}
		if len(n.words) > maxUnits {
			return nil, fmt.Errorf("%s: %q is longer than %d words or signs", x.at, x.words, maxUnits)
		}
		c.all = append(c.all, n)
	}
	return c, nil
}

func (c *conceptBuilder) concepts(b *builder) *concepts {
	out := &concepts{}
	for _, n := range c.all {
		if i, known := slices.BinarySearch(out.names, n.concept); !known {
			out.names = slices.Insert(out.names, i, n.concept)
		}
	}
	first, rarest := make([][]entry, c.words.Len()), make([][]entry, c.words.Len())
	for _, n := range c.all {
		i, _ := slices.BinarySearch(out.names, n.concept)
		e := entry{from: uint32(len(out.words)), concept: uint16(i), count: uint8(len(n.words)), lang: n.lang}
		for _, w := range b.wordsOf(b.class(n.words[:1])) {
			first[w] = append(first[w], e)
		}
		if e.count == 1 {
			continue
		}
		known := out.several(b, n.words, &e)
		for _, w := range b.wordsOf(known) {
			rarest[w] = append(rarest[w], e)
		}
	}
	for w := range first {
		list := append(alone(first[w]), rarest[w]...)
		slices.SortFunc(list, compareEntries)
		out.from = append(out.from, uint32(len(out.list)))
		out.list = append(out.list, list...)
	}
	out.from, out.list = append(out.from, uint32(len(out.list))), slices.Clip(out.list)
	return out
}

// several keeps the words of an entry of several, and returns the class of the one
// that it is looked for at.
func (c *concepts) several(b *builder, words []uint32, e *entry) (known int32) {
	least := never + 1
	for i, w := range words {
		class := b.class([]uint32{w})
		c.words = append(c.words, class)
		if cost := b.cost(elem{kind: anyOf, words: b.wordsOf(class)}); cost < least {
			known, least, e.before = class, cost, uint8(i)
		}
	}
	beside := int(e.from) + int(e.before) + 1
	if beside == len(c.words) {
		beside -= 2
	}
	e.beside = c.words[beside]
	return known
}

// alone leaves of the entries that begin with a word those of that word alone, and of
// those one for each concept unless another entry stands in between.
func alone(list []entry) []entry {
	slices.SortFunc(list, compareEntries)
	list = slices.CompactFunc(list, func(x, y entry) bool { return x.count+y.count == 2 && x.lang == y.lang && x.concept == y.concept })
	return slices.DeleteFunc(list, func(e entry) bool { return e.count > 1 })
}

func compareEntries(x, y entry) int {
	return cmp.Or(cmp.Compare(x.lang, y.lang), cmp.Compare(x.concept, y.concept), cmp.Compare(x.from, y.from))
}

// Concepts are the names of the concepts.
func (m *Matcher) Concepts() []string { return m.concepts.names }

// MayMean calls f for each concept that a word alone stands for in some language.
func (m *Matcher) MayMean(word uint32, f func(concept string)) {
	for _, e := range m.concepts.list[m.concepts.from[word]:m.concepts.from[word+1]] {
		if e.count == 1 {
			f(m.concepts.names[e.concept])
		}
	}
}

// Means appends what the words of units mean in a language, or in English, to
// found, in the order of the units.
func (m *Matcher) Means(units []Unit, lang string, found []Meaning) []Meaning {
	foreign := m.byLang[source]
	own, spoken := m.byLang[lang]
	if !spoken {
		own = maxLangs // none
	}
	var space [meansAhead]sense
	for from := 0; from < len(units); from += meansAhead {
		to := min(from+meansAhead, len(units))
		for _, s := range m.concepts.senses(units[from:to], min(own, foreign), max(own, foreign), space[:]) {
			u := from + s.unit
			for _, e := range s.list {
				if (e.lang == own || e.lang == foreign) && (e.count == 1 || m.around(units, u, e)) {
					start := u - int(e.before)
					found = inOrder(found, Meaning{int(e.concept), start, start + int(e.count), e.lang != own, e.from})
				}
			}
		}
	}
	return found
}

// meansAhead is how many units have their meanings fetched at once.
const meansAhead = 64

// sense is what a unit may mean in any language.
type sense struct {
	unit int
	list []entry
}

// senses finds what units may mean, those aside that mean nothing in the languages
// from one to another. Memory is slow, but it answers many at once: so the meanings
// of all are asked for before one is looked at.
func (c *concepts) senses(units []Unit, from, to uint8, space []sense) []sense {
	n := 0
	for i, u := range units {
		space[n] = sense{i, c.list[c.from[u.Word]:c.from[u.Word+1]]}
		n += min(len(space[n].list), 1)
	}
	all := space[:n]
	n = 0
	for _, s := range all {
		space[n] = s
		if s.list[0].lang <= to && s.list[len(s.list)-1].lang >= from {
			n++
		}
	}
	return space[:n]
}

// inOrder adds a meaning to those found, by where it starts and by the order of the
// entries: hardly any stands before one that was found earlier.
func inOrder(found []Meaning, m Meaning) []Meaning {
	found = append(found, m)
	for i := len(found) - 1; i > 0 && found[i-1].after(&m); i-- {
		found[i-1], found[i] = m, found[i-1]
	}
	return found
}

func (m *Meaning) after(n *Meaning) bool {
	return m.Start > n.Start || m.Start == n.Start && m.order > n.order
}

// around reports whether the other words of an entry stand around unit u, in the
// same sentence.
func (m *Matcher) around(units []Unit, u int, e entry) bool {
	start := u - int(e.before)
	end := start + int(e.count)
	beside := u + 1
	if beside == end {
		beside = u - 1
	}
	if start < 0 || end > len(units) || !m.stands(units[beside], e.beside) {
		return false
	}
	for i, class := range m.concepts.words[e.from : e.from+uint32(e.count)] {
		if i > 0 && units[start+i].Hard || start+i != u && !m.stands(units[start+i], class) {
			return false
		}
	}
	return true
}

// stands reports whether a unit is a word of a class.
func (m *Matcher) stands(u Unit, class int32) bool {
	one, is := theOne(class)
	return is && u.Word == one || !is && has(m.words(class), u.Word)
}
