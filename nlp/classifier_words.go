package nlp

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"outcry/nlp/lang"
	"outcry/nlp/lexicon"
	"outcry/nlp/text"
)

// dictionary numbers every word that matters: of names, phrases, and the
// function words of languages. Number 0 is the unknown word.
type dictionary struct {
	ids                  map[string]uint32
	prefixes             map[string]uint32
	forms                []string // by number; a prefix ends in *
	info                 []wordInfo
	table                *table // ids and prefixes, once frozen
	uses                 []int  // by number: how often it stands in phrases
	nameTypos, wordTypos typos  // of names, and of words of phrases
	brands               filter // of words that alone are a service's name
	begins               filter // of all words of names, and of prefixes
	langs                *lang.Data
	endings              map[string][]ending
	changes              [256]uint16     // by last byte: a bit for each length of an ending that drops something
	clitics              []string        // what may be glued before a word, longest first
	glues                [256]bool       // first bytes of those
	joins                map[uint32]bool // words that join the names of a list
	cut                  text.Text
	sorted               []uint32 // numbers in the order of their forms, while compiling
}

// wordInfo is what is known of a word, by its number: it lies together because a
// post asks for all of it.
type wordInfo struct {
	langs  lang.Mask // whose function word it is
	spoken lang.Mask // of whose phrases it is
	name   int32     // the node of the tree of names that it leads to from the root, or 0
	named  bool      // a word of a service's name
	brand  bool      // alone it is a service's name and nothing else
	inside bool      // it is a service's name with an ending, or the like: see brandIn
	begins bool      // it is what words begin with, and no word
	clear  bool      // it may begin a complaint that names no service
	tells  telling   // what else it may tell of such a complaint
}

// telling are the concepts that a complaint needs which names no service, "no
// internet in the whole street": one of each kind.
type telling uint8

const (
	tellsLine telling = 1 << iota // the internet, a signal, a server
	tellsTrouble
	tellsMore // that it is others' too, or since when
	tellsAll  = tellsLine | tellsTrouble | tellsMore
)

// tellings lists the concepts of each kind.
var tellings = map[telling][]string{
	tellsLine: {"internet", "signal", "server", "data"},
	tellsTrouble: {
		"not", "nothing", "nobody", "broken", "work_v", "fail", "error", "problem", "outage", "wrong", "crash", "freeze", "stuck",
		"throw_out", "slow", "lag", "disconnect", "disappear", "red", "blink", "cut", "emergency",
	},
	tellsMore: {
		"others", "anyone", "friend", "street", "nationwide", "alone", "check", "since", "until", "just_now", "now", "today", "yesterday",
		"morning", "minute", "hour", "day", "suddenly", "again", "still", "already", "yes_again", "always",
	},
}

// tellingOf is what each concept tells.
func tellingOf() map[string]telling {
	of := map[string]telling{}
	for kind, concepts := range tellings {
		for _, name := range concepts {
			of[name] = kind
		}
	}
	return of
}

// ending is what a language does to the end of a name: after drop is taken off
// the name, the word goes on with the key that it stands under.
type ending struct {
	drop string
	lang lang.Mask
}

func newDictionary() *dictionary {
	return &dictionary{
		ids: map[string]uint32{}, prefixes: map[string]uint32{}, forms: []string{""}, info: make([]wordInfo, 1),
		endings: map[string][]ending{}, joins: map[uint32]bool{},
	}
}

func (d *dictionary) learnLanguages(data *lang.Data) {
	d.langs = data
	for w, mask := range data.Words() {
		if ids := d.Word(w); len(ids) == 1 { // c'est is two words, each known already
			d.info[ids[0]].langs |= mask
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

// Prefix numbers the words of s, the last one as "begins with"; it implements
// lexicon.Words.
func (d *dictionary) Prefix(s string) (out []uint32) {
	d.cut.Analyze(s)
	for i, t := range d.cut.Tokens {
		w := string(t.Word)
		if i+1 < len(d.cut.Tokens) {
			out = append(out, d.number(d.ids, w, w))
		} else {
			out = append(out, d.number(d.prefixes, w, w+"*"))
		}
	}
	return out
}

func (d *dictionary) number(in map[string]uint32, key, form string) uint32 {
	id, ok := in[key]
	if !ok {
		id = uint32(len(d.forms))
		in[key] = id
		d.forms, d.info = append(d.forms, form), append(d.info, wordInfo{})
	}
	return id
}

// Under lists what begins with a prefix, and what is a word with small words glued
// before it; it implements lexicon.Words.
func (d *dictionary) Under(id uint32) (out []uint32) {
	start, ok := strings.CutSuffix(d.forms[id], "*")
	if !ok {
		return d.glued(id)
	}
	d.sort()
	at, _ := slices.BinarySearchFunc(d.sorted, start, func(i uint32, start string) int { return cmp.Compare(d.forms[i], start) })
	for ; at < len(d.sorted) && strings.HasPrefix(d.forms[d.sorted[at]], start); at++ {
		if d.sorted[at] != id {
			out = append(out, d.sorted[at])
		}
	}
	return out
}

// From which length in bytes on what is glued together is surely that: shorter rows
// of letters are words of their own.
const (
	shortestGlued  = 6
	shortestClitic = 4
)

// glued lists the words that are word id with a small word before it, as Arabic and
// Hebrew write them. One that stands nowhere else is taken apart when it is read.
func (d *dictionary) glued(id uint32) (out []uint32) {
	form := d.forms[id]
	if len(form) < shortestGlued || form[0] < utf8.RuneSelf {
		return nil
	}
	for _, c := range d.clitics {
		if len(c) < shortestClitic {
			continue
		}
		if w, ok := d.ids[c+form]; ok {
			out = append(out, w)
		}
	}
	return out
}

// sort brings the numbers into the order of their forms, unless that is done.
func (d *dictionary) sort() {
	if len(d.sorted) == len(d.forms) {
		return
	}
	d.sorted = d.sorted[:0]
	for i := range d.forms {
		d.sorted = append(d.sorted, uint32(i))
	}
	slices.SortFunc(d.sorted, func(a, b uint32) int { return cmp.Compare(d.forms[a], d.forms[b]) })
}

// Len implements lexicon.Words.
func (d *dictionary) Len() int { return len(d.forms) }

// Used implements lexicon.Words.
func (d *dictionary) Used(id uint32, code string) {
	if len(d.uses) < len(d.forms) {
		d.uses = append(d.uses, make([]int, len(d.forms)-len(d.uses))...)
	}
	d.uses[id]++
	d.info[id].spoken |= d.langs.Mask(code)
}

// Common implements lexicon.Words: a function word of a language, or so short
// that it is one somewhere.
func (d *dictionary) Common(id uint32) bool { return d.info[id].langs != 0 || len(d.forms[id]) < 3 }

// learnForms takes the endings, the clitics and the joining words of every language.
func (d *dictionary) learnForms(data *lang.Data, lex *lexicon.Lexicon) {
	for _, e := range lex.Endings() {
		add, drop := text.Fold(e.Add), text.Fold(e.Drop)
		d.endings[add] = append(d.endings[add], ending{drop, data.Mask(e.Lang)})
		if n := len(add); drop != "" && n > 0 && n <= longestChange {
			d.changes[add[n-1]] |= 1 << n
		}
	}
	for _, c := range lex.Clitics() {
		d.clitics = append(d.clitics, text.Fold(c.Text))
	}
	slices.SortFunc(d.clitics, func(a, b string) int { return cmp.Or(cmp.Compare(len(b), len(a)), cmp.Compare(a, b)) })
	d.clitics = slices.Compact(d.clitics)
	d.clitics = slices.DeleteFunc(d.clitics, func(c string) bool { return c == "" }) // of marks alone
	for _, c := range d.clitics {
		d.glues[c[0]] = true
	}
	for _, w := range lex.Joins() {
		if ids := d.Word(w); len(ids) == 1 {
			d.joins[ids[0]] = true
		}
	}
}

// parts are the numbers of the words of a handle, 0 for unknown ones.
func (d *dictionary) parts(handle string) (ids []uint32) {
	if strings.IndexFunc(handle, func(r rune) bool { return r >= utf8.RuneSelf }) < 0 {
		for part := range strings.SplitSeq(handle, "_") {
			ids = append(ids, d.exact([]byte(part)))
		}
		return ids
	}
	var cut text.Text // into characters, in scripts without spaces
	cut.Analyze(strings.ReplaceAll(handle, "_", " "))
	for _, t := range cut.Tokens {
		ids = append(ids, d.exact(t.Word))
	}
	return ids
}

// countNamed is the number of words of names.
func (d *dictionary) countNamed() (n int) {
	for i := range d.info {
		n += b2i(d.info[i].named)
	}
	return n
}

// freeze ends the numbering.
func (d *dictionary) freeze() {
	named := d.countNamed()
	d.table, d.brands, d.begins = newTable(len(d.ids)+len(d.prefixes)), newFilter(named), newFilter(len(d.prefixes)+named)
	for w, id := range d.ids {
		h := hashBytes(fnvOffset, []byte(w))
		d.table.add(h).word = id
		if d.info[id].named {
			d.begins.add(h)
		}
		if d.info[id].brand {
			d.brands.add(h)
		}
	}
	for w, id := range d.prefixes {
		h := hashBytes(fnvOffset, []byte(w))
		d.table.add(h).prefix = id
		d.begins.add(h)
	}
	for id := range d.info {
		d.learnForm(&d.info[id], d.forms[id])
	}
	d.cut, d.sorted, d.ids, d.prefixes, d.uses = text.Text{}, nil, nil, nil, nil
}

// learnForm notes what the form of a word tells.
func (d *dictionary) learnForm(info *wordInfo, form string) {
	info.begins = strings.HasSuffix(form, "*")
	info.inside = !info.begins && !info.named && info.langs == 0 && d.brandIn([]byte(form)).id != 0
}
