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
	Matched    uint64 // units that the phrase names, one bit each; those in gaps are left out
}

// Strong reports whether the word can begin to show a complaint that names no
// service: a post without one and without a service needs no matching.
func (m *Matcher) Strong(word uint32) bool { return m.strong[word] }

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
	var space [24]rest
	r := run{units: units, rests: space[:0]}
	named := slices.ContainsFunc(units, func(u Unit) bool { return u.Service })
	var there present
	for _, u := range units {
		there.add(u.Word)
	}
	for at, u := range units {
		last := int32(-1)
		var before, after uint64 // the bits of the neighbours, none across the end of a sentence
		if at > 0 && !u.Hard {
			before = 1 << (units[at-1].Word & 63)
		}
		if at+1 < len(units) && !units[at+1].Hard {
			after = 1 << (units[at+1].Word & 63)
		}
		list := m.byWord[u.Word]
		for i := range list {
			st := &list[i]
			if st.phrase == last || skip[st.lang] || st.service && !named || st.before != 0 && st.before&before == 0 ||
				st.after != 0 && st.after&after == 0 || there.lacks(st) {
				continue
			}
			if h, ok := r.try(&m.sequences[st.sequence], at); ok {
				hits = append(hits, h)
				last = st.phrase
			}
		}
	}
	return hits
}

// run is the state of matching over one post.
type run struct {
	units   []Unit
	rests   []rest // a stack: what each nested option leaves to be matched
	service int
	matched uint64
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

// rest is what remains to be matched after an option of a choice; next is the
// index of what remains after that, or none.
type rest struct {
	elems []elem
	e     int
	next  int
}

const none = -1

func (r *run) push(x rest) int {
	r.rests = append(r.rests, x)
	return len(r.rests) - 1
}

// beside reports whether a forbidden word stands one or two words before, or
// just after.
func (r *run) beside(s *sequence, start, end int) bool {
	for i := start - 1; len(s.before.words) > 0 && i >= max(0, start-2) && !r.units[i+1].Hard; i-- {
		if s.before.has(r.units[i].Word) {
			return true
		}
	}
	if len(s.after.words) == 0 || end == len(r.units) || r.units[end].Hard || r.units[end].Soft {
		return false
	}
	return s.after.has(r.units[end].Word)
}

// stops reports whether a gap may not skip unit u.
func (r *run) stops(gap *elem, u int) bool {
	return r.units[u].Hard || gap.class.has(r.units[u].Word)
}

// is reports whether unit u fits el, and remembers the service.
func (r *run) is(el *elem, u int) bool {
	unit := r.units[u]
	switch el.kind {
	case service:
		if unit.Service {
			r.service = u
		}
		return unit.Service
	case number:
		return unit.Number
	}
	return el.class.has(unit.Word)
}
