package nlp

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"outcry/nlp/catalog"
	"outcry/nlp/text"
)

// typos finds words that a slip of the finger spoiled: a letter left out, put in,
// doubled, replaced, or swapped with the next one. What remains of a word and of what
// was typed when one letter is taken off each is the same then, so a table of what
// remains of the words finds them (the idea of SymSpell, Wolf Garbe 2012).
type typos struct{ remains *table }

// The shortest words that are known mistyped, in letters: of shorter ones, other
// words are too near.
const (
	shortestMistypedName = 7
	shortestMistypedWord = 5
)

// nameTypos are of the names that are known everywhere and stand for nothing else.
func nameTypos(d *dictionary, cat *catalog.Catalog) typos {
	var names []uint32
	for _, s := range cat.Services() {
		if len(s.Langs) > 0 {
			continue // of some countries only
		}
		if ids := d.Word(s.Name); len(ids) == 1 && d.info[ids[0]].brand && utf8.RuneCountInString(d.forms[ids[0]]) >= shortestMistypedName {
			names = append(names, ids[0])
		}
	}
	return newTypos(d, names)
}

// leastUses is how often a word stands in phrases to be known mistyped.
const leastUses = 2

// wordTypos are of the words that phrases are made of.
func wordTypos(d *dictionary) typos {
	var words []uint32
	for id, n := range d.uses {
		if form := d.forms[id]; n >= leastUses && !text.Alone([]byte(form)) && form[len(form)-1] != '*' && utf8.RuneCountInString(form) >= shortestMistypedWord {
			words = append(words, uint32(id))
		}
	}
	slices.SortFunc(words, func(a, b uint32) int { return cmp.Or(cmp.Compare(d.uses[a], d.uses[b]), cmp.Compare(a, b)) })
	return newTypos(d, words)
}

// newTypos is of some words; where the same remains of two, the later is found.
func newTypos(d *dictionary, words []uint32) typos {
	remains := map[uint64]uint32{}
	for _, id := range words {
		form := []byte(d.forms[id])
		remains[hashBytes(fnvOffset, form)] = id
		eachRest(form, func(h uint64) { remains[h] = id })
	}
	t := typos{newTable(len(remains))}
	for h, id := range remains {
		t.remains.add(h).word = id
	}
	return t
}

// eachRest calls f with the hash of what remains of a word without one of its letters,
// the first one aside, which is taken to be right.
func eachRest(word []byte, f func(h uint64)) {
	_, first := utf8.DecodeRune(word)
	h := hashBytes(fnvOffset, word[:first])
	for i := first; i < len(word); {
		_, n := utf8.DecodeRune(word[i:])
		f(hashBytes(h, word[i+n:]))
		h, i = hashBytes(h, word[i:i+n]), i+n
	}
}

// longestTyped is the length in bytes up to which words are looked at letter by letter:
// the work grows with its square, and no longer one is a word.
const longestTyped = 64

// find is the word that typed was to be, of those that fit, or 0.
func (t *typos) find(d *dictionary, typed []byte, fits func(id uint32, kind slip) bool) (found uint32) {
	if len(typed) > longestTyped {
		return 0
	}
	best := noSlip
	try := func(h uint64) {
		if id := t.remains.get(h).word; id != 0 && id != found {
			if kind := slipOf(d.forms[id], typed); kind > best && fits(id, kind) {
				found, best = id, kind
			}
		}
	}
	try(hashBytes(fnvOffset, typed))
	eachRest(typed, try)
	return found
}

// slip is what happened to a word, the likeliest last.
type slip int

const (
	noSlip slip = iota
	replaced
	missing // or one letter too many
	swapped
)

// clear is the length in bytes from which on a word with such a slip is hardly another
// word: two letters swapped seldom make one, one letter replaced often does.
func (s slip) clear() int {
	switch s {
	case swapped:
		return shortestMistypedWord
	case missing:
		return shortestMistypedWord + 1
	}
	return shortestMistypedWord + 3
}

// slipOf is the one slip that made typed of a word. A letter more at the end is none:
// youtuber.
func slipOf(word string, typed []byte) slip {
	from := 0
	for from < min(len(word), len(typed)) && word[from] == typed[from] {
		from++
	}
	for from > 0 && (from < len(word) && !utf8.RuneStart(word[from]) || from < len(typed) && !utf8.RuneStart(typed[from])) {
		from--
	}
	w, t := word[from:], typed[from:]
	for len(w) > 0 && len(t) > 0 {
		a, n := utf8.DecodeLastRuneInString(w)
		if b, _ := utf8.DecodeLastRune(t); a != b {
			break
		}
		w, t = w[:len(w)-n], t[:len(t)-n]
	}
	switch letters, now := utf8.RuneCountInString(w), utf8.RuneCount(t); {
	case letters == 2 && now == 2:
		a, n := utf8.DecodeRuneInString(w)
		b, m := utf8.DecodeRune(t)
		if w[n:] == string(b) && string(t[m:]) == string(a) {
			return swapped
		}
	case letters == 0 && now == 1:
		before, _ := utf8.DecodeLastRune(typed[:from])
		if from+len(t) < len(typed) || string(t) == string(before) {
			return missing
		}
	case letters == 1 && now == 0:
		return missing
	case letters == 1 && now == 1:
		return replaced
	}
	return noSlip
}

// mendNames takes unknown words for the names that they were to be.
func (c *Classifier) mendNames(p *scratch) {
	for i := range p.words {
		w := &p.words[i]
		t := &p.text.Tokens[w.token]
		if len(t.Word) < shortestMistypedName-1 || t.Kind != text.Word || t.Accent || w.id != 0 && !c.dict.info[w.id].begins {
			continue
		}
		if id := c.dict.nameTypos.find(c.dict, t.Word, func(uint32, slip) bool { return true }); id != 0 {
			w.id = id
		}
	}
}

// mend takes unknown words for those of phrases in the languages that the post may be
// in, where a slip of the finger explains them.
func (c *Classifier) mend(p *scratch) {
	possible := c.possible(p)
	for u := range p.units {
		s := &p.spots[u]
		w := &p.words[s.first]
		t := &p.text.Tokens[w.token]
		if len(t.Word) < shortestMistypedWord-1 || t.Kind != text.Word || s.names != nil || w.id != 0 && !c.dict.info[w.id].begins {
			continue
		}
		begin := strings.TrimSuffix(c.dict.forms[w.id], "*")
		id := c.dict.wordTypos.find(c.dict, t.Word, func(id uint32, kind slip) bool {
			return len(c.dict.forms[id]) >= kind.clear() && c.dict.info[id].spoken&possible != 0 && strings.HasPrefix(c.dict.forms[id], begin)
		})
		if id == 0 {
			continue
		}
		w.id, p.units[u].Word = id, id
		p.tally.Word(c.dict.info[id].langs)
		p.possible = 0 // not known any more
	}
}
