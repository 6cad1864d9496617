package api

import (
	"slices"
	"strings"
	"unicode"

	"outcry/nlp/catalog"
)

// suggest returns up to three slugs that a mistyped one may have meant: by
// beginning, or by few edits, of slug, name or domain.
func suggest(typed string, services []catalog.Service) []string {
	type candidate struct {
		slug     string
		distance int
	}
	var near []candidate
	want := plain(typed)
	for _, s := range services {
		d := distance(want, plain(s.Slug))
		for _, name := range slices.Concat([]string{s.Name}, s.Names, s.Domains) {
			d = min(d, distance(want, plain(name)))
		}
		if d <= tolerance(want) {
			near = append(near, candidate{s.Slug, d})
		}
	}
	slices.SortFunc(near, func(a, b candidate) int {
		if a.distance != b.distance {
			return a.distance - b.distance
		}
		return strings.Compare(a.slug, b.slug)
	})
	slugs := make([]string, 0, 3)
	for _, c := range near[:min(3, len(near))] {
		slugs = append(slugs, c.slug)
	}
	return slugs
}

// nearest returns the known name that a mistyped one most likely meant; empty
// when none is close.
func nearest(typed string, known []string) string {
	best, bestDistance := "", tolerance([]rune(typed))+1
	for _, name := range known {
		if d := distance([]rune(strings.ToLower(clip(typed))), []rune(name)); d < bestDistance {
			best, bestDistance = name, d
		}
	}
	return best
}

// tolerance is the number of edits that still count as a typing error.
func tolerance(typed []rune) int { return max(1, len(typed)/3) }

// plain keeps letters and digits only: "Whats App" is "whatsapp".
func plain(s string) []rune {
	var out []rune
	for _, r := range strings.ToLower(clip(s)) {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			out = append(out, r)
		}
	}
	return out
}

// distance counts the edits between two words (insert, delete, replace, swap
// of neighbours: Damerau-Levenshtein, optimal string alignment). The beginning
// of a word, from three letters on, counts as one edit away.
func distance(a, b []rune) int {
	if len(a) >= 3 && len(b) > len(a) && slices.Equal(a, b[:len(a)]) {
		return 1
	}
	var before []int
	last := make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := range a {
		row := make([]int, len(b)+1)
		row[0] = i + 1
		for j := range b {
			row[j+1] = min(last[j+1]+1, row[j]+1, last[j]+cost(a[i] != b[j]))
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
		before, last = last, row
	}
	return last[len(b)]
}

func cost(differ bool) int {
	if differ {
		return 1
	}
	return 0
}
