package api

import (
	"cmp"
	"slices"
	"unicode"
	"unicode/utf8"
)

// Part is a piece of a text. The pieces of a text put together are the text, so
// that a page can show what matched without finding it again.
type Part struct {
	Text  string   `json:"text"`
	Match bool     `json:"match"`
	Tags  []string `json:"tags,omitempty" doc:"What the words earned, such as symptom:messages."`
}

// mark is a part of a text by its bytes, end exclusive, that matters for tag,
// or for the words that were looked for.
type mark struct {
	start, end int
	tag        string
}

// parts cuts a text where marks begin and end. Marks may overlap; what is out of
// the text is cut off, and no character is cut in two, nor parted from the signs
// that stand on it.
func parts(text string, marks []mark) []Part {
	cuts := []int{0, len(text)}
	var kept []mark
	for _, m := range marks {
		if m.start < 0 || m.start >= m.end || m.start >= len(text) {
			continue
		}
		m.start, m.end = edge(text, m.start), edge(text, min(m.end, len(text)))
		if m.start < m.end {
			kept = append(kept, m)
			cuts = append(cuts, m.start, m.end)
		}
	}
	slices.Sort(cuts)
	cuts = slices.Compact(cuts)
	slices.SortStableFunc(kept, func(a, b mark) int { return cmp.Compare(a.start, b.start) })
	all := make([]Part, 0, len(cuts))
	for i := range len(cuts) - 1 {
		all = add(all, piece(text, cuts[i], cuts[i+1], &kept))
	}
	return all
}

// piece is the part between two neighbouring cuts. Marks that are over are
// dropped, so that each is looked at while it lasts only.
func piece(text string, from, to int, marks *[]mark) Part {
	p := Part{Text: text[from:to]}
	*marks = slices.DeleteFunc(*marks, func(m mark) bool { return m.end <= from })
	for _, m := range *marks {
		if m.start > from {
			break
		}
		p.Match = true
		if m.tag != "" && !slices.Contains(p.Tags, m.tag) {
			p.Tags = append(p.Tags, m.tag)
		}
	}
	slices.Sort(p.Tags)
	return p
}

// add joins a part to the one before where the two say the same.
func add(all []Part, p Part) []Part {
	if last := len(all) - 1; last >= 0 && all[last].Match == p.Match && slices.Equal(all[last].Tags, p.Tags) {
		all[last].Text += p.Text
		return all
	}
	return append(all, p)
}

// edge moves i forward to where a text may be cut.
func edge(text string, i int) int {
	for i > 0 && i < len(text) {
		r, n := utf8.DecodeRuneInString(text[i:])
		joined, _ := utf8.DecodeLastRuneInString(text[:i])
		if utf8.RuneStart(text[i]) && joined != '\u200d' && r != '\u200d' && !unicode.In(r, unicode.M, unicode.Variation_Selector) {
			break
		}
		i += n
	}
	return i
}
