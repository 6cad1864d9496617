package lexicon

import "slices"

// Unit is one word of a post, or one name of a service.
type Unit struct {
	Word    uint32 // its number; 0 for a word that nobody knows
	Service bool   // it may be the name of a service
	Number  bool
	Hard    bool // a sentence ends before it
	Soft    bool // a comma or the like stands before it
}

// Hit is a phrase found: units Start to End-1.
type Hit struct {
	Phrase     int // index into Phrases
	Start, End int
	Service    int    // the unit that @ stands for, or -1
	Matched    uint64 // units that the phrase names, one bit each, the last for all from 63 on; those in gaps are left out
}

// MayBeClear reports whether the word can begin to show a complaint that names no
// service: a post without such a word and without a service needs no matching.
func (m *Matcher) MayBeClear(word uint32) bool { return len(m.clear[word]) > 0 }

// Phrase returns what a hit found.
func (m *Matcher) Phrase(h Hit) *Phrase { return &m.phrases[h.Phrase] }

// Langs are the languages of the phrases; the first is none. Skip goes by their
// order.
func (m *Matcher) Langs() []string { return m.langs }

// maxLangs bounds the languages of a lexicon.
const maxLangs = 64

// Skip says of which languages no phrase is looked for.
type Skip [maxLangs]bool

// Match appends every phrase in units to hits, those of languages in skip left
// out. No phrase crosses the end of a sentence.
func (m *Matcher) Match(units []Unit, skip *Skip, hits []Hit) []Hit {
	m.sentences(units, func(r *run, base int) bool {
		hits = r.sentence(m.byWord, base, skip, hits)
		return true
	})
	return hits
}

// Clear reports whether there is a phrase that is clear without a service named.
func (m *Matcher) Clear(units []Unit, skip *Skip) bool {
	var space [1]Hit
	hits := space[:0]
	m.sentences(units, func(r *run, base int) bool {
		hits = r.sentence(m.clear, base, skip, hits)
		return len(hits) == 0
	})
	return len(hits) > 0
}

// sentences calls f for each sentence, with the index of its first unit, while it
// returns true.
func (m *Matcher) sentences(units []Unit, f func(r *run, base int) bool) {
	r := m.runs.Get().(*run)
	defer m.runs.Put(r)
	for start, end := 0, 0; start < len(units); start = end {
		for end = start + 1; end < len(units) && !units[end].Hard; end++ {
		}
		r.begin(units[start:end])
		if !f(r, start) {
			return
		}
	}
}

// run is the state of matching over one sentence.
type run struct {
	m                 *Matcher
	units             []Unit
	bits              uint64 // of the words, modulo 64
	services, numbers place
	places            [cached]place
	turn              uint32 // counts sentences
	rests             []rest // a stack: what each nested option leaves to be matched
	service           int
	matched           uint64
}

// place is where the words of a class stand in a sentence, one bit for each unit.
// It is worked out when it is first asked for.
type place struct {
	at    [2]uint64
	turn  uint32 // the sentence
	class int32
}

// cached is how many places are remembered, by the class modulo that number: a
// post asks for some forty.
const cached = 256

// maxPlaces is the longest sentence that has places, in units; where every
// character is a unit, some sentences are longer. In those every question is
// answered by looking.
const maxPlaces = 128

func (p *place) add(u int) { p.at[u/64] |= 1 << (u % 64) }

// from are the places from unit u on, the first in the lowest bit.
func (p *place) from(u int) uint64 {
	if u >= 64 {
		return p.at[1] >> (u - 64)
	}
	return p.at[0]>>u | p.at[1]<<(64-u)
}

// begin turns to a new sentence.
func (r *run) begin(units []Unit) {
	r.units, r.bits = units, 0
	if r.turn++; r.turn == 0 {
		clear(r.places[:])
		r.turn = 1
	}
	r.services, r.numbers = place{}, place{}
	for i, u := range units[:min(len(units), maxPlaces)] {
		r.bits |= 1 << (u.Word & 63)
		if u.Service {
			r.services.add(i)
		}
		if u.Number {
			r.numbers.add(i)
		}
	}
}

// sentence looks for phrases where starts says, by word; base is the index of its
// first unit in the post.
func (r *run) sentence(starts [][]start, base int, skip *Skip, hits []Hit) []Hit {
	for at := range r.units {
		last := int32(-1)
		list := starts[r.units[at].Word]
		for i := range list {
			st := &list[i]
			if st.phrase == last || skip[st.lang] || !r.mayMatch(st, at) {
				continue
			}
			if h, ok := r.try(&r.m.sequences[st.sequence], at); ok {
				hits = append(hits, h.from(base))
				last = st.phrase
			}
		}
	}
	return hits
}

// from moves a hit in a sentence to where the sentence stands.
func (h Hit) from(base int) Hit {
	if base == 0 {
		return h
	}
	late := h.Matched >> (63 - min(base, 63))
	h.Matched <<= base
	if late != 0 {
		h.Matched |= 1 << 63
	}
	h.Start, h.End = h.Start+base, h.End+base
	if h.Service >= 0 {
		h.Service += base
	}
	return h
}

// mayMatch reports whether what a sequence cannot do without stands near enough.
func (r *run) mayMatch(st *start, at int) bool {
	if len(r.units) > maxPlaces {
		return true
	}
	needs := st.needs[:st.needCount]
	for i := range needs { // most sequences end here, before any place is worked out
		if needs[i].bits&r.bits == 0 {
			return false
		}
	}
	for i := range needs {
		n := &needs[i]
		from, to := max(0, at+int(n.lo)), at+int(n.hi)
		if to < from || from >= maxPlaces || r.place(n.class).from(from)&(2<<(to-from)-1) == 0 {
			return false
		}
	}
	return true
}

// place is where the words of a class stand.
func (r *run) place(class int32) *place {
	switch class {
	case anyService:
		return &r.services
	case anyNumber:
		return &r.numbers
	}
	p := &r.places[uint32(class)%cached]
	if p.turn != r.turn || p.class != class {
		*p = place{turn: r.turn, class: class}
		r.fill(p)
	}
	return p
}

// fill works out a place.
func (r *run) fill(p *place) {
	if word, is := theOne(p.class); is {
		for i := range r.units {
			if r.units[i].Word == word {
				p.add(i)
			}
		}
		return
	}
	c := &r.m.classes[p.class]
	if c.bits&r.bits == 0 {
		return
	}
	for i := range r.units {
		if c.has(r.units[i].Word) {
			p.add(i)
		}
	}
}

// in reports whether unit u is of a class.
func (r *run) in(class int32, u int) bool {
	if len(r.units) <= maxPlaces {
		return r.place(class).from(u)&1 != 0
	}
	switch class {
	case anyService:
		return r.units[u].Service
	case anyNumber:
		return r.units[u].Number
	}
	if word, is := theOne(class); is {
		return r.units[u].Word == word
	}
	return r.m.classes[class].has(r.units[u].Word)
}

func (r *run) try(s *sequence, at int) (Hit, bool) {
	r.service, r.matched = -1, 1<<min(at, 63)
	start, ok := r.backward(s.elems, s.anchor-1, at, none)
	if !ok {
		return Hit{}, false
	}
	end, ok := r.forward(s.elems, s.anchor+1, at+1, none)
	if !ok || r.beside(s, start, end) {
		return Hit{}, false
	}
	return Hit{Phrase: int(s.phrase), Start: start, End: end, Service: r.service, Matched: r.matched}, true
}

// beside reports whether a forbidden word stands one or two words before, or
// just after.
func (r *run) beside(s *sequence, start, end int) bool {
	for i := start - 1; s.before != noClass && i >= max(0, start-2); i-- {
		if r.in(s.before, i) {
			return true
		}
	}
	return s.after != noClass && end < len(r.units) && !r.units[end].Soft && r.in(s.after, end)
}

// class is a set of words. Most questions are answered no: a bit for each word,
// modulo 256 and modulo 64, tells that at once.
type class struct {
	bits  uint64
	wide  [4]uint64
	words []uint32 // ascending
}

func newClass(words []uint32) class {
	c := class{words: words}
	for _, w := range words {
		c.bits |= 1 << (w % 64)
		c.wide[w/64%4] |= 1 << (w % 64)
	}
	return c
}

// wordsOf lists the words of a class, ascending.
func wordsOf(classes []class, i int32) []uint32 {
	if word, is := theOne(i); is {
		return []uint32{word}
	}
	return classes[i].words
}

func bitsOf(classes []class, i int32) uint64 {
	if word, is := theOne(i); is {
		return 1 << (word % 64)
	}
	return classes[i].bits
}

func (c *class) has(w uint32) bool {
	if c.wide[w/64%4]&(1<<(w%64)) == 0 {
		return false
	}
	if len(c.words) <= 8 {
		return slices.Contains(c.words, w)
	}
	_, ok := slices.BinarySearch(c.words, w)
	return ok
}
