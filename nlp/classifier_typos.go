package nlp

import "outcry/nlp/catalog"

// typos finds names that a slip of the finger spoiled: a letter left out, put in,
// doubled, replaced, or swapped with the next one. What remains of a name and of what
// was typed when one letter is taken off each is the same then, so a table of what
// remains of the names finds them (the idea of SymSpell, Wolf Garbe 2012).
//
// Only names that are known everywhere, stand for nothing else and are long are in
// it: of others, other words are too near.
type typos struct{ remains *table }

// shortestMistyped is the length in bytes of the shortest name that is known mistyped.
const shortestMistyped = 7

func newTypos(d *dictionary, cat *catalog.Catalog) typos {
	var names []uint32
	for _, s := range cat.Services() {
		if len(s.Langs) > 0 {
			continue // of some countries only
		}
		if ids := d.Word(s.Name); len(ids) == 1 && d.info[ids[0]].brand && len(d.forms[ids[0]]) >= shortestMistyped {
			names = append(names, ids[0])
		}
	}
	letters := 0
	for _, id := range names {
		letters += len(d.forms[id])
	}
	t := typos{newTable(letters)}
	for _, id := range names {
		form := []byte(d.forms[id])
		t.remains.add(hashBytes(fnvOffset, form)).word = id
		for i := 1; i < len(form); i++ {
			t.remains.add(without(form, i)).word = id
		}
	}
	return t
}

// without is the hash of a word less the byte at i.
func without(word []byte, i int) uint64 {
	return hashBytes(hashBytes(fnvOffset, word[:i]), word[i+1:])
}

// find is the name that word was to be, or 0. Its first letter is taken to be right.
func (t *typos) find(d *dictionary, word []byte) uint32 {
	if len(word) < shortestMistyped-1 {
		return 0
	}
	if id := t.remains.get(hashBytes(fnvOffset, word)).word; id != 0 && slip(d.forms[id], word) {
		return id
	}
	start := uint64(fnvOffset)
	for i := range word {
		if i > 0 {
			if id := t.remains.get(hashBytes(start, word[i+1:])).word; id != 0 && slip(d.forms[id], word) {
				return id
			}
		}
		start = (start ^ uint64(word[i])) * fnvPrime
	}
	return 0
}

// slip reports whether word is name but for one slip. A letter more at the end is
// none: youtuber.
func slip(name string, word []byte) bool {
	from := 0
	for from < len(name) && from < len(word) && name[from] == word[from] {
		from++
	}
	n, w := len(name), len(word)
	for n > from && w > from && name[n-1] == word[w-1] {
		n, w = n-1, w-1
	}
	switch {
	case n-from == 2 && w-from == 2:
		return name[from] == word[from+1] && name[from+1] == word[from]
	case w-from == 1 && n == from:
		return w < len(word) || word[w-1] == word[w-2]
	}
	return n-from <= 1 && w-from <= 1
}
