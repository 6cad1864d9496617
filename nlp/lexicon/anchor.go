package lexicon

import (
	"cmp"
	"fmt"
	"slices"
)

// builder makes the classes of words and picks the anchors.
type builder struct {
	words   Words
	classes map[string]bitset // by their words, to share them
}

func (b *builder) finish(elems []elem) {
	for i := range elems {
		e := &elems[i]
		if len(e.words) > 0 {
			e.words = closure(e.words, b.words)
			e.class = classOf(e.words, b.words.Len(), b.classes)
		}
		for _, o := range e.options {
			b.finish(o)
		}
	}
}

// trim takes the forbidden neighbours off both ends.
func (b *builder) trim(elems []elem) sequence {
	s := sequence{elems: elems}
	if len(s.elems) > 0 && s.elems[0].kind == forbid {
		s.before, s.elems = s.elems[0].class, s.elems[1:]
	}
	if n := len(s.elems) - 1; n >= 0 && s.elems[n].kind == forbid {
		s.after, s.elems = s.elems[n].class, s.elems[:n]
	}
	return s
}

// anchored picks the element to look for the sequence at: the one that is
// rarest in ordinary posts. A choice is split, one sequence for each option.
func (b *builder) anchored(s sequence) []sequence {
	s.anchor = b.cheapest(s.elems)
	if s.anchor < 0 {
		return nil
	}
	e := s.elems[s.anchor]
	if e.kind == anyOf {
		return []sequence{s}
	}
	options := e.options
	if len(e.words) > 0 {
		options = append(options[:len(options):len(options)], []elem{{kind: anyOf, words: e.words, class: e.class}})
	}
	var out []sequence
	for _, o := range options {
		v := s
		v.elems = slices.Concat(s.elems[:s.anchor], o, s.elems[s.anchor+1:])
		out = append(out, b.anchored(v)...)
	}
	return out
}

// cheapest is the index of the element that costs least to look for, or -1.
func (b *builder) cheapest(elems []elem) int {
	best, at := never, -1
	for i, e := range elems {
		if c := b.cost(e); c < best {
			best, at = c, i
		}
	}
	return at
}

// never is the cost of what cannot be looked for.
const never = 1 << 30

func (b *builder) cost(e elem) (sum int) {
	if e.optional || e.kind != anyOf && e.kind != choice {
		return never
	}
	for _, w := range e.words {
		sum++
		if b.words.Common(w) {
			sum += 1000
		}
	}
	for _, o := range e.options {
		best := never
		for _, part := range o {
			best = min(best, b.cost(part))
		}
		sum = min(never, sum+best)
	}
	return sum
}

func closure(list []uint32, words Words) []uint32 {
	out := slices.Clone(list)
	for _, w := range list {
		out = append(out, words.Under(w)...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func classOf(list []uint32, size int, classes map[string]bitset) bitset {
	key := fmt.Sprint(list)
	if c, ok := classes[key]; ok {
		return c
	}
	c := make(bitset, size/64+1)
	for _, w := range list {
		c[w>>6] |= 1 << (w & 63)
	}
	classes[key] = c
	return c
}

func (m *Matcher) index(words Words) {
	m.byWord = make([][]int32, words.Len())
	m.strong = make([]bool, words.Len())
	for i, s := range m.sequences {
		if s.anchor < 0 {
			continue
		}
		for _, w := range s.elems[s.anchor].words {
			m.byWord[w] = append(m.byWord[w], int32(i))
			m.strong[w] = m.strong[w] || m.phrases[s.phrase].Strong
		}
	}
	for _, list := range m.byWord {
		slices.SortFunc(list, func(a, b int32) int { return cmp.Compare(m.sequences[a].phrase, m.sequences[b].phrase) })
	}
}
