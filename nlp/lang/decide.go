package lang

import (
	"math"
	"slices"
	"strings"

	"github.com/abadojack/whatlanggo"

	"outcry/nlp/text"
)

// Evidence is what is known of a post before deciding.
type Evidence struct {
	Tally  Tally
	Script text.Script   // the prevailing one
	Hint   string        // the platform's language tag
	Text   string        // for whatlanggo
	Deep   bool          // more may be asked; it costs more than all the rest
	Odds   func() []Odds // what the letters say, if that is known
}

// Odds is what the letters of a post say of a language, in log-odds.
type Odds struct {
	Code string
	Odds float32
}

// hintWorth is what the platform's word is worth: two function words.
const hintWorth = 2 * wordWeight

// commonest is the start of the language that most posts are written in, where
// anything speaks for it: words that several languages have are most often its.
const commonest = 3

// margin is how far the best language must lead for the answer to stand.
const margin = 4

// clearMargin is the lead that leaves hardly a doubt: three function words.
const clearMargin = 3 * wordWeight

// Possible is the set of languages that share the lead or fall behind by less
// than clearMargin, the platform's hint, and English.
func (d *Data) Possible(e *Evidence) Mask {
	possible := d.Mask("en") | d.Mask(baseCode(e.Hint))
	if code := byScript(e.Script); code != "" {
		return possible | d.Mask(code)
	}
	writers := d.writers[e.Script]
	top := int32(0)
	for i := range d.codes {
		top = max(top, e.Tally[i]*int32(writers>>i&1))
	}
	for i := range d.codes {
		possible |= writers & (oneIf(e.Tally[i] > top-clearMargin) << i)
	}
	return possible
}

// oneIf is 1 for true, without a branch: those would be foreseen badly.
func oneIf(b bool) Mask {
	if b {
		return 1
	}
	return 0
}

// Decide returns the ISO 639-1 code of the likeliest language, or "".
func (d *Data) Decide(e *Evidence) string {
	if code := byScript(e.Script); code != "" {
		return code
	}
	hint := baseCode(e.Hint)
	if i, known := d.index[hint]; known && d.writes(i, e.Script) {
		e.Tally[i] += hintWorth
	} else if !known && d.empty(&e.Tally) && len(hint) == 2 {
		return hint
	}
	if i := d.index["en"]; e.Tally[i] > 0 {
		e.Tally[i] += commonest
	}
	best, lead := d.best(e)
	if e.Deep && e.Odds != nil && lead < clearMargin {
		if code := d.weigh(e, best); code != "" {
			return code
		}
	}
	if best >= 0 && lead >= margin {
		return d.codes[best]
	}
	if e.Deep {
		if code := d.ask(e, best); code != "" {
			return code
		}
	}
	if best < 0 {
		return fallback(e.Script)
	}
	if lead > 0 {
		return d.codes[best]
	}
	return ""
}

// tallyWeight is what a point of the tally is worth in log-odds; measured by
// cross-validation on testdata/posts.
const tallyWeight = 0.15

// sureLetters is by how much a language must lead by its letters where no word
// speaks for any: a lone name of a service is of no language.
const sureLetters = 2

// weigh adds what the letters say to the tally, and returns the language that
// leads then; "" when that is hardly any, or when the tally speaks for one that the
// letters are not known of.
func (d *Data) weigh(e *Evidence, best int) string {
	code, most, second, known := "", float32(math.Inf(-1)), float32(math.Inf(-1)), best < 0
	for _, o := range e.Odds() {
		i, ok := d.index[o.Code]
		if !ok || !d.writes(i, e.Script) || e.Tally[i] == 0 && ownScript(o.Code) {
			continue
		}
		known = known || i == best
		if sum := o.Odds + tallyWeight*float32(e.Tally[i]); sum > most {
			code, most, second = o.Code, sum, most
		} else if sum > second {
			second = sum
		}
	}
	if !known || best < 0 && most-second < sureLetters {
		return ""
	}
	return code
}

// ownScript reports whether a language has a script of its own: another says
// nothing of it.
func ownScript(code string) bool {
	return slices.Contains([]string{"el", "he", "th", "ko", "ja", "zh"}, code)
}

func (d *Data) empty(t *Tally) bool {
	return !slices.ContainsFunc(t[:], func(n int32) bool { return n > 0 })
}

// best is the language that leads among those of the script, and by how much.
func (d *Data) best(e *Evidence) (index int, lead int32) {
	index = -1
	var top, second int32
	for i := range d.codes {
		n := e.Tally[i] * int32(d.writers[e.Script]>>i&1)
		if n == 0 {
			continue
		}
		if n > top {
			index, top, second = i, n, top
		} else if n > second {
			second = n
		}
	}
	return index, top - second
}

// ask lets whatlanggo choose among the languages that share the lead, or, when
// there is no evidence at all, among those that it knows well enough.
func (d *Data) ask(e *Evidence, best int) string {
	allowed := map[whatlanggo.Lang]bool{}
	for i := range d.codes {
		if !d.writes(i, e.Script) || best >= 0 && e.Tally[i] < e.Tally[best]-margin {
			continue
		}
		if l := d.whatlang[i]; l >= 0 {
			allowed[l] = true
		}
	}
	if len(allowed) == 0 {
		return ""
	}
	info := whatlanggo.DetectWithOptions(e.Text, whatlanggo.Options{Whitelist: allowed})
	if info.Confidence <= 0 || best < 0 && info.Confidence < 0.2 {
		return "" // a tie is broken at random
	}
	return d.codes[slices.Index(d.whatlang, info.Lang)]
}

func byScript(s text.Script) string {
	switch s {
	case text.Greek:
		return "el"
	case text.Hebrew:
		return "he"
	case text.Bengali:
		return "bn"
	case text.Tamil:
		return "ta"
	case text.Thai:
		return "th"
	case text.Hangul:
		return "ko"
	case text.Kana:
		return "ja"
	case text.Han:
		return "zh"
	}
	return ""
}

// fallback is the commonest language of a script that has several.
func fallback(s text.Script) string {
	switch s {
	case text.Cyrillic:
		return "ru"
	case text.Arabic:
		return "ar"
	case text.Devanagari:
		return "hi"
	}
	return ""
}

// writes reports whether language i is written in a script.
func (d *Data) writes(i int, s text.Script) bool { return d.writers[s]>>i&1 != 0 }

func written(code string) text.Script {
	switch code {
	case "ru", "uk", "bg", "sr":
		return text.Cyrillic
	case "ar", "fa", "ur":
		return text.Arabic
	case "hi", "mr":
		return text.Devanagari
	}
	return text.Latin
}

// baseCode cuts pt-BR to pt and takes the old codes for the new.
func baseCode(tag string) string {
	base, _, _ := strings.Cut(strings.ToLower(strings.ReplaceAll(tag, "_", "-")), "-")
	switch base {
	case "in":
		return "id"
	case "iw":
		return "he"
	case "nb", "nn":
		return "no"
	case "fil":
		return "tl"
	}
	return base
}
