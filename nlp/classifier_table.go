package nlp

import "outcry/nlp/text"

// The constants of the hashes of package text.
const (
	fnvOffset = text.HashOffset
	fnvPrime  = text.HashPrime
)

func hashBytes(h uint64, word []byte) uint64 { return text.Hash(h, word) }

// filter tells most hashes that are not in a set: one bit for each, in so little
// memory that the processor's cache holds it.
type filter struct {
	bits  []uint64
	shift uint
}

// newFilter is a filter for some hashes, with eight bits or more for each.
func newFilter(size int) filter {
	f := filter{shift: 64 - 6}
	for 1<<(64-f.shift) < 8*size {
		f.shift--
	}
	f.bits = make([]uint64, 1<<(64-6-f.shift))
	return f
}

func (f *filter) add(h uint64) {
	bit := h >> (f.shift & 63)
	f.bits[bit/64] |= 1 << (bit % 64)
}

// may reports false of most hashes that were not added.
func (f *filter) may(h uint64) bool {
	bit := h >> (f.shift & 63)
	return f.bits[bit/64]&(1<<(bit%64)) != 0
}

// table finds the numbers of words by their hashes: open addressing, at most
// half full. A filter answers most of the misses.
type table struct {
	entries []entry
	filter  filter
	shift   uint
}

// entry is what a row of bytes is: a word, what words begin with, or both.
type entry struct {
	hash   uint64
	word   uint32
	prefix uint32
}

func newTable(size int) *table {
	t := &table{filter: newFilter(size), shift: 64}
	n := 1
	for n < 2*size+2 {
		n *= 2
		t.shift--
	}
	t.entries = make([]entry, n)
	return t
}

// home is where the entry of h stands, unless others were there before.
func (t *table) home(h uint64) uint64 { return h * fnvPrime >> (t.shift & 63) }

// slot is the entry of h, or the free one where it would stand.
func (t *table) slot(h uint64) *entry {
	for i := t.home(h); ; i = (i + 1) & uint64(len(t.entries)-1) {
		if e := &t.entries[i]; e.hash == h || e.hash == 0 {
			return e
		}
	}
}

func (t *table) add(h uint64) *entry {
	t.filter.add(h)
	e := t.slot(h)
	e.hash = h
	return e
}

// get returns the entry of a hash, an empty one where there is none.
func (t *table) get(h uint64) entry {
	if !t.filter.may(h) {
		return entry{}
	}
	return *t.slot(h)
}

// lookup is a hash and what stands at its home.
type lookup struct {
	hash  uint64
	there entry
}

// begin fetches what stands at the home of h. Memory is slow, but it answers many
// at once: so all words of a post are begun before one is ended.
func (t *table) begin(h uint64) lookup { return lookup{h, t.entries[t.home(h)]} }

// end returns the entry of a hash, an empty one where there is none.
func (t *table) end(l lookup) entry {
	if l.there.hash == l.hash || l.there.hash == 0 {
		return l.there
	}
	return *t.slot(l.hash)
}
