package brief_test

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"outcry/aggregate/brief"
	"outcry/nlp/lexicon"
)

// FuzzWrite: whatever the facts are, there is an error or a text that is
// whole: valid UTF-8, no placeholder left, on one line.
func FuzzWrite(f *testing.F) {
	f.Add(0, "Acme", "", int64(1_790_000_000), int64(5000), int64(9000), 3600, 1240, 35, 20.5, 3, 0.75, 0.3)
	f.Add(9, "\u202e{time}\xff", "Acme", int64(0), int64(0), int64(-1), -43200, 0, -1, -1.0, 0, math.NaN(), 1.0)
	f.Add(27, "A|B|C|D|E|F|G", "Acme", int64(-62135596800), int64(math.MaxInt64), int64(1), 1, math.MaxInt, math.MaxInt, math.Inf(1), 17, 1.0, 1.0)
	f.Add(3, "A|B", "Acme", int64(1_790_000_000), int64(1<<40), int64(1), 19800, 9_999_999_999, 2, 1.0, 5, 0.999, 0.2)
	book := load(f)
	f.Fuzz(func(t *testing.T, lang int, names, owner string, onset, last, ago int64, offset, people, peak int, usual float64, symptom int, first, second float64) {
		facts := brief.Facts{
			Names: strings.Split(names, "|"), Owner: owner,
			Onset: time.Unix(onset, 0), Now: time.Unix(onset+ago, 0), Peak: time.Unix(onset+last/2, 0),
			People: people, PeakPeople: peak, Usual: usual,
			Symptoms: []brief.Share{{pick(lexicon.Symptoms(), symptom), first}, {pick(lexicon.Symptoms(), symptom+1), second}},
		}
		switch people % 5 {
		case 1:
			facts.Part = brief.Part{Lang: pick(book.Languages(), symptom), Apart: peak%2 == 0}
		case 2:
			facts.Part = brief.Part{Symptom: pick(lexicon.Symptoms(), symptom), Apart: true}
		case 3:
			facts.Part.Lang = owner
		}
		if last != 0 {
			facts.End = time.Unix(onset+last, 0)
		}
		text, err := book.Write(pick(book.Languages(), lang), time.FixedZone("", offset%(14*3600)), facts)
		switch {
		case err != nil && text != "":
			t.Errorf("both %q and %v", text, err)
		case err == nil && (text == "" || !utf8.ValidString(text) || strings.ContainsAny(text, "{}\n\r\x00")):
			t.Errorf("%q", text)
		}
	})
}

func pick(from []string, i int) string {
	return from[((i%len(from))+len(from))%len(from)]
}

// No number is told that does not follow from the facts.
func TestNumbersAreThoseOfTheFacts(t *testing.T) {
	book := load(t)
	for _, lang := range book.Languages() {
		for _, i := range incidents() {
			f := i.facts
			f.Names = []string{"Acme", "Example"} // without digits
			known := knownNumbers(lang, f)
			for _, n := range numbers(write(t, book, lang, zone(lang), f)) {
				if !slices.Contains(known, n) {
					t.Errorf("%s, %s: %d is none of %v", lang, i.name, n, known)
				}
			}
		}
	}
}

// knownNumbers are the numbers that a brief may have: those of the facts'
// times here and in GMT, of the counts, the shares, how long it was, and how
// much more than usual (in the incidents: 2 or more, to the digits told).
func knownNumbers(lang string, f brief.Facts) []int {
	known := []int{f.People, f.PeakPeople}
	for _, at := range []time.Time{f.Onset, f.End, f.Peak} {
		for _, t := range []time.Time{at.In(zone(lang)), at} {
			known = append(known, t.Hour(), (t.Hour()+11)%12+1, t.Hour()%12, t.Minute(), t.Day(), int(t.Month()), t.Year(), t.Year()+543)
		}
	}
	for _, s := range f.Symptoms {
		known = append(known, int(math.Round(s.Share*100)))
	}
	if f.Usual >= 1 {
		ratio := float64(f.People) / f.Usual
		for _, step := range []float64{1, 5} {
			known = append(known, int(math.Round(ratio/step)*step))
		}
	}
	if !f.End.IsZero() {
		minutes := int(f.End.Sub(f.Onset).Minutes())
		known = append(known, minutes%60, minutes/60%24, minutes/60/24)
	}
	switch lang {
	case "ja", "ko": // fractions are written with digits: 4分の3
		known = append(known, 1, 2, 3, 4)
	}
	return known
}

// numbers reads the numbers of a text, in any script, with the separators of
// thousands that briefs have.
func numbers(text string) []int {
	var b strings.Builder
	runes := []rune(text)
	digit := func(i int) bool { return i >= 0 && i < len(runes) && unicode.IsDigit(runes[i]) }
	for i, r := range runes {
		switch {
		case digit(i):
			b.WriteString(strconv.Itoa(digitValue(r)))
		case strings.ContainsRune(".,\u00a0\u066c", r) && digit(i-1) && digit(i+1) && digit(i+2) && digit(i+3) && !digit(i+4):
		default:
			b.WriteByte(' ')
		}
	}
	var found []int
	for _, word := range strings.Fields(b.String()) {
		n, err := strconv.Atoi(word)
		if err != nil {
			panic(fmt.Sprintf("%q in %q", word, text))
		}
		found = append(found, n)
	}
	return found
}

// digitValue is right for scripts whose digits stand in blocks of 16 that
// begin with nought, as those of CLDR do.
func digitValue(r rune) int { return int(r) & 0xf }
