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

// concepts finds the meanings of words. Those that a word has, and those of its
// beginnings ("play*" of "playing"), lie together.
type concepts struct {
	names []string
	from  []uint32 // by word: where its meanings are in list, up to that of the next word
	list  []entry  // of each word by language
	rest  []int32  // classes of the words after the first
}

// entry is a meaning whose first word is known.
type entry struct {
	second  int32 // class of the second word, if there is one: most entries of several words end there
	rest    uint32
	concept uint16
	more    uint8 // words after the first
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
	lists := make([][]entry, c.words.Len())
	for _, n := range c.all {
		i, _ := slices.BinarySearch(out.names, n.concept)
		e := entry{rest: uint32(len(out.rest)), concept: uint16(i), more: uint8(len(n.words) - 1), lang: n.lang}
		for _, w := range n.words[1:] {
			out.rest = append(out.rest, b.class([]uint32{w}))
		}
		if e.more > 0 {
			e.second = out.rest[e.rest]
		}
		for _, w := range b.wordsOf(b.class(n.words[:1])) {
			lists[w] = append(lists[w], e)
		}
	}
	for _, list := range lists {
		slices.SortFunc(list, func(x, y entry) int {
			return cmp.Or(cmp.Compare(x.lang, y.lang), cmp.Compare(x.concept, y.concept), cmp.Compare(x.rest, y.rest))
		})
		list = slices.CompactFunc(list, func(x, y entry) bool { return x.more+y.more == 0 && x.lang == y.lang && x.concept == y.concept })
		out.from = append(out.from, uint32(len(out.list)))
		out.list = append(out.list, list...)
	}
	out.from, out.list = append(out.from, uint32(len(out.list))), slices.Clip(out.list)
	return out
}

// Concepts are the names of the concepts.
func (m *Matcher) Concepts() []string { return m.concepts.names }

// MayMean calls f for each concept that a word alone stands for in some language.
func (m *Matcher) MayMean(word uint32, f func(concept string)) {
	for _, e := range m.concepts.list[m.concepts.from[word]:m.concepts.from[word+1]] {
		if e.more == 0 {
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
				if (e.lang == own || e.lang == foreign) && (e.more == 0 || m.follows(units, u+1, e)) {
					found = append(found, Meaning{int(e.concept), u, u + 1 + int(e.more), e.lang != own})
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

// follows reports whether the other words of an entry stand from unit u on, in the
// same sentence.
func (m *Matcher) follows(units []Unit, u int, e entry) bool {
	if u+int(e.more) > len(units) || !m.stands(units[u], e.second) {
		return false
	}
	for i, class := range m.concepts.rest[e.rest+1 : e.rest+uint32(e.more)] {
		if !m.stands(units[u+1+i], class) {
			return false
		}
	}
	return true
}

// stands reports whether a unit goes on with a word of a class.
func (m *Matcher) stands(u Unit, class int32) bool {
	one, is := theOne(class)
	return !u.Hard && (is && u.Word == one || !is && has(m.words(class), u.Word))
}
