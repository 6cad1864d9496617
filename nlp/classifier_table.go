package nlp

// FNV-1a, 64 bits: http://www.isthe.com/chongo/tech/comp/fnv/. The hash of a
// word's beginning is a step of the hash of the word, so that one pass over a
// word finds all its beginnings.
const (
	fnvOffset = 14695981039346656037
	fnvPrime  = 1099511628211
)

func hashBytes(h uint64, word []byte) uint64 {
	for _, b := range word {
		h = (h ^ uint64(b)) * fnvPrime
	}
	return h
}

// table finds the numbers of words by their hashes: open addressing, at most
// half full. A filter of one bit per hash, small enough for the processor's
// cache, answers most of the misses.
type table struct {
	entries []entry
	filter  []uint64
	shift   uint
}

// entry is what a row of bytes is: a word, what words begin with, or both.
type entry struct {
	hash   uint64
	word   uint32
	prefix uint32
}

const filterBits = 21

func newTable(size int) *table {
	t := &table{shift: 64}
	n := 1
	for n < 2*size+2 {
		n *= 2
		t.shift--
	}
	t.entries, t.filter = make([]entry, n), make([]uint64, 1<<(filterBits-6))
	return t
}

// slot is the entry of h, or the free one where it would stand.
func (t *table) slot(h uint64) *entry {
	for i := h * fnvPrime >> t.shift; ; i = (i + 1) & uint64(len(t.entries)-1) {
		if e := &t.entries[i]; e.hash == h || e.hash == 0 {
			return e
		}
	}
}

func (t *table) add(text string) *entry {
	h := hashBytes(fnvOffset, []byte(text))
	bit := h >> (64 - filterBits)
	t.filter[bit>>6] |= 1 << (bit & 63)
	e := t.slot(h)
	e.hash = h
	return e
}

// get returns the entry of a hash, or nil.
func (t *table) get(h uint64) *entry {
	bit := h >> (64 - filterBits)
	if t.filter[bit>>6]&(1<<(bit&63)) == 0 {
		return nil
	}
	if e := t.slot(h); e.hash == h {
		return e
	}
	return nil
}
