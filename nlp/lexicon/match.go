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
	Claim      int // what the phrase says, index into Claims
	Start, End int
	Service    int    // the unit that @ stands for, or -1
	Matched    uint64 // units that the phrase names, one bit each, the last for all from 63 on; those in gaps are left out
}

// MayBeClear reports whether the word can begin to show a complaint that names no
// service: a post without such a word and without a service needs no matching.
func (m *Matcher) MayBeClear(word uint32) bool {
	from, to := m.clear.at(word)
	return from < to
}

// Claims are what the phrases say, each once.
func (m *Matcher) Claims() []Claim { return m.claims }

// Claim returns what a hit says.
func (m *Matcher) Claim(h Hit) *Claim { return &m.claims[h.Claim] }

// Langs are the languages of the phrases; the first is none. Skip goes by their
// order.
func (m *Matcher) Langs() []string { return m.langs }

// maxLangs bounds the languages of a lexicon.
const maxLangs = 64

// Skip is the set of languages of which no phrase is looked for, one bit each.
type Skip uint64

// Add adds the language at place i of Langs.
func (s *Skip) Add(i int) { *s |= 1 << i }

// has is 1 for a language of the set, else 0.
func (s Skip) has(lang uint8) uint64 { return uint64(s) >> (lang % maxLangs) & 1 }

// Match appends every phrase in units to hits, those of languages in skip left
// out. No phrase crosses the end of a sentence.
func (m *Matcher) Match(units []Unit, skip Skip, hits []Hit) []Hit {
	m.sentences(units, func(r *run, base int) bool {
		hits = r.sentence(&m.all, base, skip, hits)
		return true
	})
	return hits
}

// Clear reports whether there is a phrase that is clear without a service named.
func (m *Matcher) Clear(units []Unit, skip Skip) bool {
	var space [1]Hit
	hits := space[:0]
	m.sentences(units, func(r *run, base int) bool {
		hits = r.sentence(&m.clear, base, skip, hits)
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
	starts            []start                   // of the index that is asked
	bits              uint64                    // of the words, modulo 64
	seen              [2 * seenBits / 64]uint64 // the signs of the sentence
	services, numbers place
	places            [cached]place
	turn              uint32 // counts sentences
	looks             []look
	trials            []trial
	touched           uint32 // what is read ahead of its use, to have it fetched
	rests             []rest // a stack: what each nested option leaves to be matched
	service           int
	matched           uint64
}

// seenBits is how many signs there are for words: they tell most words that a sentence
// lacks.
const seenBits = 1024

// sign is a bit of a sentence: that it has words of some, or services, or numbers.
type sign uint16

// The signs that are not of words.
const (
	serviceSign = seenBits + iota
	numberSign
	anySign // every sentence has it
)

func signOf(word uint32) sign { return sign(word % seenBits) }

// classSign is the sign that a sentence has which has a word of a class.
func classSign(class int32) sign {
	switch word, is := theOne(class); {
	case is:
		return signOf(word)
	case class == anyService:
		return serviceSign
	case class == anyNumber:
		return numberSign
	}
	return anySign // of several words
}

// maySee is 0 for a sign that the sentence lacks, else 1.
func (r *run) maySee(s sign) uint64 { return r.seen[s/64%sign(len(r.seen))] >> (s % 64) & 1 }

func (r *run) see(s sign) { r.seen[s/64%sign(len(r.seen))] |= 1 << (s % 64) }

// place is where the words of a class stand in a sentence, one bit for each unit.
// It is worked out when it is first asked for.
type place struct {
	at    [2]uint64
	turn  uint32 // the sentence
	class int32
}

// cached is how many places are remembered, by a hash of the class: a
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
	clear(r.seen[:])
	r.see(anySign)
	if len(units) > maxPlaces { // nothing is known
		for i := range r.seen {
			r.seen[i] = ^uint64(0)
		}
		r.bits = ^uint64(0)
	}
	if r.turn++; r.turn == 0 {
		clear(r.places[:])
		r.turn = 1
	}
	r.services, r.numbers = place{}, place{}
	for i, u := range units[:min(len(units), maxPlaces)] {
		r.bits |= 1 << (u.Word % 64)
		r.see(signOf(u.Word))
		if u.Service {
			r.services.add(i)
			r.see(serviceSign)
		}
		if u.Number {
			r.numbers.add(i)
			r.see(numberSign)
		}
	}
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

// within reports whether a unit of a class stands from one unit to another,
// inclusive.
func (r *run) within(class int32, from, to int) bool {
	if from > to {
		return false
	}
	if word, is := theOne(class); is {
		for i := from; i <= to; i++ {
			if r.units[i].Word == word {
				return true
			}
		}
		return false
	}
	return r.place(class).from(from)&(2<<(to-from)-1) != 0
}

// place is where the words of a class of several stand.
func (r *run) place(class int32) *place {
	switch class {
	case anyService:
		return &r.services
	case anyNumber:
		return &r.numbers
	}
	p := &r.places[uint32(class)*0x9E3779B1>>24%cached]
	if p.turn != r.turn || p.class != class {
		*p = place{turn: r.turn, class: class}
		r.fill(p)
	}
	return p
}

// fill works out a place.
func (r *run) fill(p *place) {
	words := r.m.words(p.class)
	if len(words) > large {
		for i := range r.units {
			if has(words, r.units[i].Word) {
				p.add(i)
			}
		}
		return
	}
	for _, word := range words {
		if r.maySee(signOf(word)) != 0 {
			r.fillWord(p, word)
		}
	}
}

func (r *run) fillWord(p *place, word uint32) {
	for i := range r.units {
		if r.units[i].Word == word {
			p.add(i)
		}
	}
}

// large is the number of words from which on it takes longer to go through a class
// than to look the words of a sentence up in it.
const large = 200

// in reports whether unit u is of a class.
func (r *run) in(class int32, u int) bool {
	if word, is := theOne(class); is {
		return r.units[u].Word == word
	}
	switch class {
	case anyService:
		return r.units[u].Service
	case anyNumber:
		return r.units[u].Number
	}
	if len(r.units) <= maxPlaces {
		return r.place(class).from(u)&1 != 0
	}
	return has(r.m.words(class), r.units[u].Word)
}

func (r *run) try(s *route, at int) (Hit, bool) {
	r.service, r.matched = -1, 1<<min(at, 63)
	steps, anchor := r.m.steps[s.from:s.to], int(s.anchor)
	start, ok := r.backward(steps, anchor-1, at, none)
	if !ok {
		return Hit{}, false
	}
	end, ok := r.forward(steps, anchor+1, at+1, none)
	if !ok || r.beside(s, start, end) {
		return Hit{}, false
	}
	return Hit{Claim: int(s.claim), Start: start, End: end, Service: r.service, Matched: r.matched}, true
}

// beside reports whether a forbidden word stands one or two words before, or
// just after.
func (r *run) beside(s *route, start, end int) bool {
	for i := start - 1; s.before != noClass && i >= max(0, start-2); i-- {
		if r.in(s.before, i) {
			return true
		}
	}
	return s.after != noClass && end < len(r.units) && !r.units[end].Soft && r.in(s.after, end)
}

// words are those of a class of several.
func (m *Matcher) words(class int32) []uint32 {
	from := uint32(class) + 1
	return m.classes[from : from+m.classes[class]]
}

func has(words []uint32, word uint32) bool {
	_, ok := slices.BinarySearch(words, word)
	return ok
}
