package nlp

import (
	"slices"
	"strings"

	"outcry/nlp/lang"
	"outcry/nlp/text"
)

// dictionary numbers every word that matters: of names, phrases, and the
// function words of languages. Number 0 is the unknown word.
type dictionary struct {
	ids      map[string]uint32
	prefixes map[string]uint32
	forms    []string // by number; a prefix ends in *
	langs    []lang.Mask
	cut      text.Text
	shortest int // prefix, in bytes
	longest  int
}

func newDictionary() *dictionary {
	return &dictionary{
		ids: map[string]uint32{}, prefixes: map[string]uint32{}, forms: []string{""}, langs: []lang.Mask{0},
		shortest: 99,
	}
}

func (d *dictionary) learnLanguages(data *lang.Data) {
	for w, mask := range data.Words() {
		if ids := d.Word(w); len(ids) == 1 { // c'est is two words, each known already
			d.langs[ids[0]] |= mask
		}
	}
}

// Word numbers the words of s; it implements lexicon.Words.
func (d *dictionary) Word(s string) []uint32 {
	d.cut.Analyze(s)
	var out []uint32
	for _, t := range d.cut.Tokens {
		out = append(out, d.number(d.ids, string(t.Word), string(t.Word)))
	}
	return out
}

// Prefix numbers "begins with s"; it implements lexicon.Words.
func (d *dictionary) Prefix(s string) uint32 {
	s = text.Fold(s)
	d.shortest, d.longest = min(d.shortest, len(s)), max(d.longest, len(s))
	return d.number(d.prefixes, s, s+"*")
}

func (d *dictionary) number(in map[string]uint32, key, form string) uint32 {
	id, ok := in[key]
	if !ok {
		id = uint32(len(d.forms))
		in[key] = id
		d.forms, d.langs = append(d.forms, form), append(d.langs, 0)
	}
	return id
}

// Under lists what begins with a prefix; it implements lexicon.Words.
func (d *dictionary) Under(id uint32) (out []uint32) {
	start, ok := strings.CutSuffix(d.forms[id], "*")
	if !ok {
		return nil
	}
	for i, form := range d.forms {
		if strings.HasPrefix(form, start) && uint32(i) != id {
			out = append(out, uint32(i))
		}
	}
	return out
}

// Len implements lexicon.Words.
func (d *dictionary) Len() int { return len(d.forms) }

// Common implements lexicon.Words: a function word of a language, or so short
// that it is one somewhere.
func (d *dictionary) Common(id uint32) bool { return d.langs[id] != 0 || len(d.forms[id]) < 3 }

func (d *dictionary) freeze() { d.cut = text.Text{} }

// find returns the number of a token, trying what people do to words: letters
// repeated, digits for letters, endings.
func (d *dictionary) find(t *text.Token, short *[]byte) uint32 {
	if id := d.ids[string(t.Word)]; id != 0 {
		return id
	}
	if t.Long {
		*short = text.Shorten(*short, t.Word)
		if id := d.ids[string(*short)]; id != 0 {
			return id
		}
	}
	if n := len(t.Word) - 1; n > 0 && t.Word[n] == '+' {
		return d.ids[string(t.Word[:n])]
	}
	if id := d.ids[string(unleet(short, t.Word))]; id != 0 {
		return id
	}
	return d.prefixOf(t.Word)
}

// prefixOf is the longest known prefix of word.
func (d *dictionary) prefixOf(word []byte) uint32 {
	for n := min(len(word), d.longest); n >= d.shortest; n-- {
		if id := d.prefixes[string(word[:n])]; id != 0 {
			return id
		}
	}
	return 0
}

// unleet writes the letters that digits inside a word stand for, or nothing
// when there is no such digit.
func unleet(dst *[]byte, word []byte) []byte {
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
