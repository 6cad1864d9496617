package nlp

import "unicode/utf8"

// maxTag bounds the hashtags that are worth splitting, in bytes.
const maxTag = 48

// splitTag cuts a run-together hashtag into known words, as few as possible; it
// returns nil when that does not work out.
func (d *dictionary) splitTag(tag []byte) []uint32 {
	n := len(tag)
	if n < 4 || n > maxTag {
		return nil
	}
	var count [maxTag + 1]int // words up to here, 0 for impossible
	var from [maxTag + 1]int
	for end := 2; end <= n; end++ {
		for start := 0; start+2 <= end; start++ {
			if start > 0 && count[start] == 0 || !utf8.RuneStart(tag[start]) || d.ids[string(tag[start:end])] == 0 {
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
		ids[i] = d.ids[string(tag[from[end]:end])]
	}
	return ids
}
