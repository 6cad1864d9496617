package brief

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
	"golang.org/x/text/message"
	"golang.org/x/text/number"
)

// voice is a language with its words: it writes numbers and
// lists.
type voice struct {
	words
	tag      language.Tag
	digits   [10]string
	spelling *strings.Replacer
	space    string // between sentences
}

func newVoice(w words, tag language.Tag) *voice {
	v := &voice{words: w, tag: tag, space: " "}
	if w.SentenceSpace != nil {
		v.space = *w.SentenceSpace
	}
	printer := message.NewPrinter(tag)
	for d := range v.digits {
		v.digits[d] = printer.Sprint(number.Decimal(d))
	}
	var pairs []string
	for _, pair := range w.Spelling {
		pairs = append(pairs, pair[0], pair[1])
	}
	v.spelling = strings.NewReplacer(pairs...)
	return v
}

// number writes n with the language's digits and separators.
func (v *voice) number(n int) string {
	if n < v.GroupFrom {
		return message.NewPrinter(v.tag).Sprint(number.Decimal(n, number.NoSeparator()))
	}
	return message.NewPrinter(v.tag).Sprint(number.Decimal(n))
}

func (v *voice) percent(points int) string {
	return message.NewPrinter(v.tag).Sprint(number.Percent(float64(points)/100, number.MaxFractionDigits(0)))
}

// plain writes n as on a clock: at least width digits, nothing between them.
func (v *voice) plain(n, width int) string {
	var b strings.Builder
	for _, r := range fmt.Sprintf("%0*d", width, n) {
		if r < '0' || r > '9' {
			b.WriteRune(r)
			continue
		}
		b.WriteString(v.digits[r-'0'])
	}
	return b.String()
}

// form picks the text for n.
func (v *voice) form(f forms, n int) string { return f[formName(v.tag, n)] }

// formName is the name of the plural form of n by CLDR. MatchPlural takes
// numbers of seven digits; above them only the last six decide, and that
// there are more.
func formName(tag language.Tag, n int) string {
	if n >= 1_000_000 {
		n = n%1_000_000 + 1_000_000
	}
	switch plural.Cardinal.MatchPlural(tag, n, 0, 0, 0, 0) {
	case plural.Zero:
		return "zero"
	case plural.One:
		return "one"
	case plural.Two:
		return "two"
	case plural.Few:
		return "few"
	case plural.Many:
		return "many"
	}
	return "other"
}

// counted is the text for n with n in it.
func (v *voice) counted(f forms, n int) string {
	return fill(v.form(f, n), "n", v.number(n))
}

// capital makes the first letter of a sentence a capital, if it is one of a
// language that has them.
func (v *voice) capital(sentence string) string {
	first, size := utf8.DecodeRuneInString(sentence)
	upper := unicode.ToTitle(first)
	if v.Lang == "tr" {
		upper = unicode.TurkishCase.ToTitle(first)
	}
	return string(upper) + sentence[size:]
}

// month is the name of the month 1 to 12 in a date.
func (v *voice) month(m int) string { return v.Times.Months[m-1] }

// day is the number of a day in a date.
func (v *voice) day(d int) string {
	if d == 1 && v.Times.FirstDay != "" {
		return v.Times.FirstDay
	}
	return v.plain(d, 1)
}

func (v *voice) year(y int) string {
	return v.plain(y+v.Times.YearOffset, 1)
}
