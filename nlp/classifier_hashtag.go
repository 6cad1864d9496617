package nlp

import "unicode/utf8"

// maxTag bounds the hashtags that are worth splitting, in bytes.
const maxTag = 48

// shortPart is the length in bytes below which a name in a hashtag is too short
// to be sure of, unless it stands first before one other word: #o2down. Inside a
// hashtag it must be longer.
const (
	shortPart  = 4
	insidePart = 6
)

// accidental reports whether a name at tag[start:end] is likely to be a part of
// other words: #wyattfamily is not about AT&T, nor #gruber about Uber.
func accidental(start, end, n, parts int) bool {
	switch {
	case start == 0:
		return end-start < shortPart && parts > 2
	case end == n:
		return end-start < insidePart && start < shortPart
	}
	return end-start < insidePart
}

// splitTag cuts a run-together hashtag into known words, as few as possible; it
// returns nil when that does not work out, or when a part could be an accident.
func (d *dictionary) splitTag(tag []byte) []uint32 {
	n := len(tag)
	if n < 4 || n > maxTag {
		return nil
	}
	var count [maxTag + 1]int // words up to here, 0 for impossible
	var from [maxTag + 1]int
	for start := 0; start+2 <= n; start++ {
		if start > 0 && count[start] == 0 || !utf8.RuneStart(tag[start]) {
			continue
		}
		h := uint64(fnvOffset)
		for end := start + 1; end <= n; end++ {
			h = (h ^ uint64(tag[end-1])) * fnvPrime
			if end < start+2 || d.table.get(h).word == 0 {
				continue
			}
			if c := count[start] + 1; count[end] == 0 || c < count[end] {
				count[end], from[end] = c, start
			}
		}
	}
	if count[n] == 0 || count[n] > n/2 {
		return nil
	}
	ids := make([]uint32, count[n])
	for end, i := n, count[n]-1; end > 0; end, i = from[end], i-1 {
		start := from[end]
		ids[i] = d.exact(tag[start:end])
		if d.nameOnly(ids[i]) && accidental(start, end, n, len(ids)) {
			return nil
		}
	}
	return ids
}

// nameOnly reports whether a word stands in the dictionary for a name alone, or is
// too long to be a mere function word: über is one, and yet #gruber is no Uber.
func (d *dictionary) nameOnly(id uint32) bool {
	return d.info[id].name != 0 && (d.info[id].langs == 0 || len(d.forms[id]) >= shortPart)
}
