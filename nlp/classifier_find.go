package nlp

import (
	"bytes"
	"cmp"
	"slices"
	"unicode/utf8"

	"outcry/nlp/lang"
	"outcry/nlp/text"
)

// found is a number with the languages in which the word is that name with an
// ending; none for a word as it stands in the dictionary.
type found struct {
	id    uint32
	langs lang.Mask
}

// find returns the number of a token, trying what people do to words: letters
// repeated, digits for letters, endings, small words glued before it. whole is
// what the dictionary has of it as it stands.
func (d *dictionary) find(t *text.Token, whole entry, short *[]byte) found {
	if word := whole.word; word != 0 {
		if d.info[word].inside {
			return d.brandIn(t.Word)
		}
		return found{id: word}
	}
	prefix, name := d.scan(t.Word, whole)
	if t.Long {
		if id := d.shortened(t.Word, short); id != 0 {
			return found{id: id}
		}
	}
	n := len(t.Word) - 1
	if n < 0 || t.Kind == text.Number {
		return found{}
	}
	if t.Word[n] == '+' {
		return found{id: d.exact(t.Word[:n])}
	}
	if plain := unleet(short, t.Word); plain != nil {
		if id := d.exact(plain); id != 0 {
			return found{id: id}
		}
	}
	if name.id != 0 {
		return name
	}
	if prefix == 0 && t.Word[0] >= utf8.RuneSelf && d.glues[t.Word[0]] {
		return d.unglue(t.Word)
	}
	return found{id: prefix}
}

// shortened is the number of a word with one of its doubled letters single, or all of
// them, or 0.
func (d *dictionary) shortened(word []byte, short *[]byte) uint32 {
	for i := min(len(word), longestTyped) - 1; i > 0; i-- {
		if word[i] == word[i-1] && word[i] < utf8.RuneSelf {
			if id := d.exact(append(append((*short)[:0], word[:i]...), word[i+1:]...)); id != 0 {
				return id
			}
		}
	}
	*short = text.Shorten(*short, word)
	return d.exact(*short)
}

// clearName is the length in bytes from which on a name with an ending is that
// name although the whole is a word of a phrase, or of a longer name: whatsappie.
const clearName = 6

// exact is the number of a word as it stands.
func (d *dictionary) exact(word []byte) uint32 {
	return d.table.get(hashBytes(fnvOffset, word)).word
}

// same reports whether word stands as number id in the dictionary.
func (d *dictionary) same(id uint32, word []byte) bool { return d.forms[id] == string(word) }

// shortest is the length in bytes from which on beginnings of words count.
const shortest = 3

// scan looks up the longest known beginning of a word that is not in the dictionary,
// and the name that it is with an ending, in one pass.
func (d *dictionary) scan(word []byte, whole entry) (prefix uint32, name found) {
	h := uint64(fnvOffset)
	for i := range len(word) - 1 {
		h = (h ^ uint64(word[i])) * fnvPrime
		if i+1 < shortest || !d.begins.may(h) {
			continue
		}
		e := d.table.get(h)
		if e.prefix != 0 {
			prefix = e.prefix
		}
		if n := d.extended(e, i+1, word[i+1:]); n.id != 0 {
			name = n
		}
	}
	if name.id == 0 {
		name = d.changed(word)
	}
	return cmp.Or(whole.prefix, prefix), name
}

// brandIn is the name that the word is with an ending, or with a small word glued
// before it, where that is long enough to be sure of.
func (d *dictionary) brandIn(word []byte) found {
	if name := d.brandOf(word); name.id != 0 && len(d.forms[name.id]) >= clearName {
		return name
	}
	if len(word) == 0 || word[0] < utf8.RuneSelf || !d.glues[word[0]] {
		return found{}
	}
	for _, c := range d.clitics {
		if rest, ok := bytes.CutPrefix(word, []byte(c)); ok && len(rest) >= clearName {
			if id := d.exact(rest); d.info[id].brand {
				return found{id: id}
			}
		}
	}
	return found{}
}

// brandOf is the longest name, needing no other word, that the word is with an ending.
func (d *dictionary) brandOf(word []byte) (name found) {
	h := uint64(fnvOffset)
	for i := range len(word) - 1 {
		h = (h ^ uint64(word[i])) * fnvPrime
		if i+1 < shortest || !d.brands.may(h) {
			continue
		}
		if n := d.extended(d.table.get(h), i+1, word[i+1:]); d.info[n.id].brand {
			name = n
		}
	}
	return name
}

// extended is the name that an entry of n bytes is with rest after it.
func (d *dictionary) extended(e entry, n int, rest []byte) found {
	if e.word == 0 || !d.info[e.word].named {
		return found{}
	}
	if f := d.inflected(e.word, rest, ""); f.id != 0 {
		return f
	}
	if d.info[e.word].brand && d.compound(n, rest) {
		return found{id: e.word}
	}
	return found{}
}

// From which length in bytes on a brand may take an s, and may be the first part
// of a compound, and how long the other part is at least.
const (
	brandOfMany = 5
	brandBefore = 7
	brandAfter  = 4
)

// compound reports whether rest after a brand of n bytes leaves it that brand, in
// any language: tiktoks, facebookvideor, netflixkonto.
func (d *dictionary) compound(n int, rest []byte) bool {
	if len(rest) == 1 {
		return n >= brandOfMany && rest[0] == 's'
	}
	if n < brandBefore || len(rest) < brandAfter {
		return false
	}
	h := uint64(fnvOffset)
	for i, b := range rest {
		h = (h ^ uint64(b)) * fnvPrime
		if i+1 < brandAfter {
			continue
		}
		if e := d.table.get(h); e.prefix != 0 || i+1 == len(rest) && e.word != 0 {
			return true
		}
	}
	return false
}

// inflected is the name id if a language puts rest after it.
func (d *dictionary) inflected(id uint32, rest []byte, drop string) (f found) {
	for _, e := range d.endings[string(rest)] {
		if e.drop == drop {
			f = found{id, f.langs | e.lang}
		}
	}
	return f
}

// longestChange is the length in bytes of the longest ending that changed sees.
const longestChange = 8

// changed looks for a name whose own end the language replaces: telega, telegu.
func (d *dictionary) changed(word []byte) found {
	if word == nil || word[0] < utf8.RuneSelf && len(word) < 5 {
		return found{}
	}
	lengths := d.changes[word[len(word)-1]]
	for n := max(1, len(word)-longestChange); n < len(word); n++ {
		if lengths&(1<<(len(word)-n)) == 0 {
			continue
		}
		for _, e := range d.endings[string(word[n:])] {
			if e.drop == "" {
				continue
			}
			h := hashBytes(hashBytes(fnvOffset, word[:n]), []byte(e.drop))
			if x := d.table.get(h); x.word != 0 && d.info[x.word].named && n+len(e.drop) > shortest {
				return d.inflected(x.word, word[n:], e.drop)
			}
		}
	}
	return found{}
}

// unglue takes a small word off the beginning, as Arabic and Hebrew write them.
func (d *dictionary) unglue(word []byte) found {
	for _, c := range d.clitics {
		rest, ok := bytes.CutPrefix(word, []byte(c))
		if !ok || len(rest) == 0 {
			continue
		}
		if len(rest) < 4 { // the first letter of a name that an apostrophe cuts: הג'ימייל
			if id := d.exact(rest); id != 0 && rest[0] >= utf8.RuneSelf {
				return found{id: id}
			}
			continue
		}
		whole := d.table.get(hashBytes(fnvOffset, rest))
		if whole.word != 0 {
			return found{id: whole.word}
		}
		if prefix, name := d.scan(rest, whole); name.id != 0 {
			return name
		} else if prefix != 0 {
			return found{id: prefix}
		}
	}
	return found{}
}

// shortestLeet is the length from which on digits may stand for letters.
const shortestLeet = 4

// unleet writes the letters that digits inside a word stand for, or nothing
// when there is no such digit.
func unleet(dst *[]byte, word []byte) []byte {
	if len(word) < shortestLeet {
		return nil // e3 is no ee
	}
	digits := slices.ContainsFunc(word, func(b byte) bool { return b >= '0' && b <= '9' })
	letters := slices.ContainsFunc(word, func(b byte) bool { return b > '9' })
	if !digits || !letters {
		return nil
	}
	*dst = append((*dst)[:0], word...)
	for i, b := range *dst {
		switch b {
		case '0':
			(*dst)[i] = 'o'
		case '1':
			(*dst)[i] = 'i'
		case '3':
			(*dst)[i] = 'e'
		case '4':
			(*dst)[i] = 'a'
		case '5':
			(*dst)[i] = 's'
		}
	}
	return *dst
}
