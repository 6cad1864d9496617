package lexicon

import (
	"cmp"
	"slices"
)

// builder makes the classes of words and picks the anchors.
type builder struct {
	words   Words
	sets    map[int32][]uint32 // by class: its words, ascending
	size    int32              // of what the classes take in Matcher.classes
	known   map[*uint32]int32  // classes by the words they are made of, where a set is shared
	singles map[uint32]int32   // of one word
	edges   map[*option][2]int32
	uses    []int // by word: how often it stands in phrases
}

func newBuilder(words Words) *builder {
	return &builder{words: words, sets: map[int32][]uint32{}, size: anyNumber + 1, known: map[*uint32]int32{}, singles: map[uint32]int32{}, edges: map[*option][2]int32{}, uses: make([]int, words.Len())}
}

func (b *builder) finish(elems []elem) {
	for i := range elems {
		e := &elems[i]
		if len(e.words) > 0 {
			e.class = b.class(e.words)
			e.words = b.wordsOf(e.class)
		}
		if len(e.options) == 0 {
			continue
		}
		edges, done := b.edges[&e.options[0]]
		if !done { // not for another phrase
			for i := range e.options {
				o := &e.options[i]
				b.finish(o.elems)
				o.first, o.last = must(&o.elems[0]), must(&o.elems[len(o.elems)-1])
			}
			edges = [2]int32{b.edge(e, 0), b.edge(e, -1)}
			b.edges[&e.options[0]] = edges
		}
		e.first, e.last = edges[0], edges[1]
	}
}

// count notes how often words stand in phrases, which is how often they are met: what
// many phrases are made of, many posts are.
func (b *builder) count(elems []elem, lang string) {
	for i := range elems {
		for _, w := range elems[i].words {
			b.uses[w]++
			b.words.Used(w, lang)
		}
		for _, o := range elems[i].options {
			b.count(o.elems, lang)
		}
	}
}

// must is the class of the word that e stands for, noClass where it may be none or
// several.
func must(e *elem) int32 {
	if e.kind != anyOf || e.optional {
		return noClass
	}
	return e.class
}

// edge is the class of the words that a choice may begin with, for side 0, or end
// in, for side -1; noClass where that may be anything.
func (b *builder) edge(e *elem, side int) int32 {
	words := slices.Clone(e.words)
	for _, o := range e.options {
		x := o.elems[(len(o.elems)+side)%len(o.elems)]
		class := x.class
		if x.kind == choice {
			class = []int32{x.first, x.last}[-side]
		} else if x.kind != anyOf {
			return noClass
		}
		if x.optional || class == noClass {
			return noClass
		}
		words = append(words, b.wordsOf(class)...)
	}
	slices.Sort(words)
	return b.class(slices.Compact(words))
}

// trim takes the forbidden neighbours off both ends.
func (b *builder) trim(elems []elem) sequence {
	s := sequence{elems: elems, before: noClass, after: noClass}
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
		options = append(options[:len(options):len(options)], option{elems: []elem{{kind: anyOf, class: e.class, words: e.words}}})
	}
	var out []sequence
	for _, o := range options {
		v := s
		v.elems = slices.Concat(s.elems[:s.anchor], o.elems, s.elems[s.anchor+1:])
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
		sum += b.uses[w]
		if b.words.Common(w) {
			sum += 1000
		}
	}
	for _, o := range e.options {
		best := never
		for _, part := range o.elems {
			best = min(best, b.cost(part))
		}
		sum = min(never, sum+best)
	}
	return sum
}

// class is the index of the class of words and of all that begins with the
// prefixes among them.
func (b *builder) class(words []uint32) int32 {
	if c, ok := b.known[&words[0]]; ok {
		return c
	}
	if len(words) == 1 {
		if c, ok := b.singles[words[0]]; ok {
			return c
		}
	}
	all := closure(words, b.words)
	i := single(all[0])
	if len(all) > 1 {
		i = b.place(int32(len(all)))
		b.sets[i] = all
	}
	b.known[&words[0]], b.known[&all[0]] = i, i
	if len(words) == 1 {
		b.singles[words[0]] = i
	}
	return i
}

// place finds room for a class of n words. A small one lies in one line of the
// processor's cache.
func (b *builder) place(n int32) int32 {
	const line = 64 / 4
	if left := line - b.size%line; left < min(n+1, line) {
		b.size += left
	}
	b.size += n + 1
	return b.size - n - 1
}

func closure(list []uint32, words Words) []uint32 {
	out := slices.Clone(list)
	for _, w := range list {
		out = append(out, words.Under(w)...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// wordsOf lists the words of a class, ascending.
func (b *builder) wordsOf(class int32) []uint32 {
	if word, is := theOne(class); is {
		return []uint32{word}
	}
	return b.sets[class]
}

// classes are the sets, each where its number says.
func (b *builder) classes() []uint32 {
	all := make([]uint32, b.size)
	for class, set := range b.sets {
		all[class] = uint32(len(set))
		copy(all[class+1:], set)
	}
	return all
}

// indexes say where to look for all phrases, and for those that need no service.
func (b *builder) indexes(phrases []Phrase, sequences []sequence) (all, clear index) {
	lists := make([][]start, b.words.Len())
	strong := make([][]start, b.words.Len())
	for i := range sequences {
		s := &sequences[i]
		at := b.start(int32(i), s)
		for _, w := range s.elems[s.anchor].words {
			lists[w] = append(lists[w], at)
			if phrases[s.phrase].Strong {
				strong[w] = append(strong[w], at)
			}
		}
	}
	return newIndex(lists), newIndex(strong)
}

func newIndex(lists [][]start) index {
	x := index{from: make([]uint32, 0, len(lists)+1)}
	for _, list := range lists {
		x.from = append(x.from, uint32(len(x.starts)))
		x.starts = append(x.starts, list...)
	}
	x.from, x.starts = append(x.from, uint32(len(x.starts))), slices.Clip(x.starts)
	return x
}

func (b *builder) start(number int32, s *sequence) start {
	st := start{route: number, lang: s.lang, bits: ^uint64(0), signs: [maxNeeds]sign{anySign, anySign, anySign}}
	for _, n := range b.needs(s) {
		if st.count == maxNeeds {
			break
		}
		if words := b.wordsOf(n.class); len(words) > 1 && st.bits == ^uint64(0) {
			st.bits = 0
			for _, w := range words {
				st.bits |= 1 << (w % 64)
			}
		}
		st.classes[st.count], st.lo[st.count], st.hi[st.count] = n.class, n.lo, n.hi
		st.signs[st.count] = classSign(n.class)
		st.count++
	}
	return st
}

// furthest bounds how far from the anchor a need is looked for.
const furthest = 60

// needs are what a sequence cannot do without besides its anchor, the rarest
// first.
func (b *builder) needs(s *sequence) (out []need) {
	for step := -1; step <= 1; step += 2 {
		near, far := 1, 1
		for i := s.anchor + step; i >= 0 && i < len(s.elems); i += step {
			e := s.elems[i]
			least, most := e.length()
			if class := e.edge(step); !e.optional && class != noClass && far < furthest {
				lo, hi := near*step, far*step
				out = append(out, need{class, int8(min(lo, hi)), int8(max(lo, hi))})
			}
			near, far = min(near+least, furthest), min(far+most, furthest)
		}
	}
	slices.SortStableFunc(out, func(x, y need) int {
		return cmp.Compare(len(b.wordsOf(x.class)), len(b.wordsOf(y.class)))
	})
	return out
}

// edge is the class of the unit at which an element is met on the way forward,
// with step 1, or backward, with step -1; noClass where that may be anything.
func (e *elem) edge(step int) int32 {
	switch {
	case e.kind == gap:
		return noClass
	case e.kind == choice && step > 0:
		return e.first
	case e.kind == choice:
		return e.last
	}
	return e.class
}

// length is how many units an element stands for, at the least and at the most.
func (e *elem) length() (least, most int) {
	switch {
	case e.kind == gap:
		return 0, int(e.n)
	case e.class != noClass:
		least, most = 1, 1
	default:
		least = furthest
	}
	for _, o := range e.options {
		a, b := 0, 0
		for i := range o.elems {
			x, y := o.elems[i].length()
			a, b = a+x, b+y
		}
		least, most = min(least, a), max(most, b)
	}
	if e.optional {
		least = 0
	}
	return least, most
}
