package lexicon

import (
	"cmp"
	"errors"
	"slices"
)

// checkPhrase refuses what cannot be matched: a phrase without a word of its
// own, or ! in the middle.
func checkPhrase(items []item) error {
	words := false
	for i, it := range items {
		switch {
		case it.kind == forbid && i > 0 && i < len(items)-1 && items[i-1].kind != gap:
			return errors.New("! stands first, last or after a gap")
		case it.kind == forbid && !singleWords(it.options[0]):
			return errors.New("after ! only single words stand")
		case it.kind == gap && (i == 0 || i == len(items)-1):
			return errors.New("a gap stands between words")
		case (it.kind == word || it.kind == prefix || it.kind == choice) && !it.optional:
			words = true
		}
	}
	if !words {
		return errors.New("it needs a word that is not optional")
	}
	return nil
}

// singleWords reports whether items are one word or a choice of such.
func singleWords(items []item) bool {
	if len(items) != 1 {
		return false
	}
	switch it := items[0]; it.kind {
	case word, prefix:
		return true
	case choice:
		return !it.optional && !slices.ContainsFunc(it.options, func(o []item) bool { return !singleWords(o) })
	}
	return false
}

func comparePhrases(a, b Phrase) int {
	return cmp.Or(cmp.Compare(a.Lang, b.Lang), cmp.Compare(a.Group, b.Group), cmp.Compare(a.Name, b.Name),
		cmp.Compare(a.At, b.At), cmp.Compare(b2i(b.Strong), b2i(a.Strong)))
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}
