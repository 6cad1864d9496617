// Package lang decides the language of a short post from cheap evidence first:
// the phrases and function words it holds, its letters and script, what the
// platform says; whatlanggo is asked last, and only among what is left. The
// answer is the same every time, and "" when nothing tells.
package lang

import (
	_ "embed"
	"math/bits"
	"strings"

	"github.com/abadojack/whatlanggo"

	"outcry/nlp/text"
)

//go:embed words.txt
var wordList string

// Mask is a set of languages, one bit each in the order of Codes.
type Mask uint64

// Data is what is known of the languages.
type Data struct {
	codes    []string
	words    map[string]Mask
	letters  [maxLetter]Mask
	index    map[string]int         // by code
	writers  [text.ScriptCount]Mask // by script: the languages that are written in it, Hindi in Latin letters too
	whatlang []whatlanggo.Lang      // whatlanggo's number of each language, -1 where it has none
}

// Load reads the function words that come with the program.
func Load() *Data {
	d := &Data{words: map[string]Mask{}}
	for line := range strings.Lines(wordList) {
		code, words, ok := strings.Cut(line, ":")
		if !ok || strings.HasPrefix(line, "#") {
			continue
		}
		d.codes = append(d.codes, code)
		for _, w := range strings.Fields(words) {
			d.words[w] |= 1 << (len(d.codes) - 1)
		}
	}
	d.index = map[string]int{}
	for i, code := range d.codes {
		d.index[code] = i
		d.writers[written(code)] |= 1 << i
		d.whatlang = append(d.whatlang, whatlang(code))
	}
	d.writers[text.Latin] |= d.Mask("hi")
	for letters, codes := range rareLetters() {
		for _, r := range letters {
			for code := range strings.FieldsSeq(codes) {
				d.letters[r] |= d.Mask(code)
			}
		}
	}
	return d
}

// whatlang is whatlanggo's number of a language, or -1.
func whatlang(code string) whatlanggo.Lang {
	for l := range whatlanggo.Langs {
		if l.Iso6391() == code {
			return l
		}
	}
	return -1
}

// Codes are the languages known by their words, as ISO 639-1 codes.
func (d *Data) Codes() []string { return d.codes }

// Mask is the bit of a language, or 0 for one that is not known.
func (d *Data) Mask(code string) Mask {
	if i, ok := d.index[code]; ok {
		return 1 << i
	}
	return 0
}

// Words maps every function word, with its accents, to its languages.
func (d *Data) Words() map[string]Mask { return d.words }

// Tally counts evidence per language, in the order of Codes.
type Tally [64]int32

// wordWeight is what a function word of one language alone is worth. A word of
// n languages is worth an nth of it.
const wordWeight = 12

// Word counts a function word of the languages in m.
func (t *Tally) Word(m Mask) {
	n := int32(bits.OnesCount64(uint64(m)))
	if n == 0 {
		return
	}
	for worth := wordWeight / n; m != 0; m &= m - 1 {
		t[bits.TrailingZeros64(uint64(m))] += max(1, worth)
	}
}

// Phrase counts a phrase of n words that only the language code uses.
func (d *Data) Phrase(t *Tally, code string, n int) {
	if i, ok := d.index[code]; ok {
		t[i] += int32(8 + 7*min(n, 4))
	}
}

// maxLetter ends the alphabets that several languages are written in.
const maxLetter = 0x2000

// letterWeight is what a letter that few languages have is worth to each.
const letterWeight = 6

// Letters counts letters that few languages have.
func (d *Data) Letters(t *Tally, letters []rune) {
	for _, r := range letters {
		if r >= maxLetter {
			continue
		}
		for m := d.letters[r]; m != 0; m &= m - 1 {
			t[bits.TrailingZeros64(uint64(m))] += letterWeight
		}
	}
}

// rareLetters are letters and the languages that have them.
func rareLetters() map[string]string {
	return map[string]string{
		"ñ": "es tl", "ãõ": "pt vi", "ß": "de", "ä": "de sv fi", "ö": "de sv fi hu tr", "ü": "de hu tr",
		"êô": "fr pt vi", "â": "fr pt ro vi", "à": "fr it vi", "è": "fr it vi", "ùòì": "it vi",
		"îœû": "fr", "ï": "fr nl", "ë": "nl", "í": "es pt hu cs vi", "ó": "es pt hu pl vi", "ú": "es pt hu cs vi",
		"á": "es pt hu cs vi", "ý": "cs vi", "ç": "fr pt tr", "ş": "tr ro", "ığ": "tr", "ţșț": "ro", "ă": "ro vi",
		"łąężśźńć": "pl", "řěůčšžťďň": "cs", "őű": "hu", "å": "sv no da", "øæ": "no da",
		"đơưạảấầẩẫậắằẳẵặẹẻẽếềểễệịỉĩọỏốồổỗộớờởỡợụủũứừửữựỳỵỷỹ": "vi",
		"іїєґ": "uk", "ыэёъ": "ru", "پچگژکی": "fa", "ةىأإ": "ar", "ٹڈےںہ": "ur",
	}
}
