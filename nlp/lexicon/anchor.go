package lexicon

import (
	"cmp"
	"slices"
)

// builder makes the classes of words and picks the anchors.
type builder struct {
	words   Words
	classes map[*uint32]class // by the words they are made of, where a set is shared
	singles map[uint32]class  // of one word
}

func (b *builder) finish(elems []elem) {
	for i := range elems {
		e := &elems[i]
		if len(e.words) > 0 {
			e.class = b.class(e.words)
			e.words = e.class.words
		}
		for _, o := range e.options {
			if len(o) > 0 && o[0].class.words != nil {
				continue // done for another phrase
			}
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

// class is the class of words and of all that begins with the prefixes among
// them.
func (b *builder) class(words []uint32) class {
	if c, ok := b.classes[&words[0]]; ok {
		return c
	}
	if len(words) == 1 {
		if c, ok := b.singles[words[0]]; ok {
			return c
		}
	}
	c := class{words: closure(words, b.words)}
	for _, w := range c.words {
		c.bits |= 1 << (w & 63)
	}
	b.classes[&words[0]], b.classes[&c.words[0]] = c, c
	if len(words) == 1 {
		b.singles[words[0]] = c
	}
	return c
}

func closure(list []uint32, words Words) []uint32 {
	out := slices.Clone(list)
	for _, w := range list {
		out = append(out, words.Under(w)...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func (m *Matcher) index(words Words) {
	m.byWord = make([][]start, words.Len())
	m.strong = make([]bool, words.Len())
	for i, s := range m.sequences {
		at := start{sequence: int32(i), phrase: s.phrase, lang: s.lang, service: asksService(s.elems)}
		if s.anchor > 0 {
			at.before = neighbour(s.elems[s.anchor-1])
		}
		if s.anchor+1 < len(s.elems) {
			at.after = neighbour(s.elems[s.anchor+1])
		}
		at.need(&s)
		for _, w := range s.elems[s.anchor].words {
			m.byWord[w] = append(m.byWord[w], at)
			m.strong[w] = m.strong[w] || m.phrases[s.phrase].Strong
		}
	}
	for _, list := range m.byWord {
		slices.SortStableFunc(list, func(a, b start) int { return cmp.Compare(a.phrase, b.phrase) })
	}
}

// need notes the words of the smallest class besides the anchor that the
// sequence cannot do without, if they are few.
func (st *start) need(s *sequence) {
	var words []uint32
	for i, e := range s.elems {
		if i != s.anchor && e.kind == anyOf && !e.optional && (words == nil || len(e.words) < len(words)) {
			words = e.words
		}
	}
	if len(words) > maxNeeds {
		return
	}
	for i, w := range words {
		st.needs[i] = uint16(w % presentBits)
	}
	st.needCount = uint8(len(words))
}

// asksService reports whether elems cannot match without the name of a service.
func asksService(elems []elem) bool {
	return slices.ContainsFunc(elems, func(e elem) bool { return e.kind == service && !e.optional })
}

// neighbour is the bits of a class that must stand beside the anchor, or 0.
func neighbour(e elem) uint64 {
	if e.kind != anyOf || e.optional {
		return 0
	}
	return e.class.bits
}
