package brief

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"
	"unicode"

	"outcry/nlp/lexicon"
)

// mostPeople is more than there are: a greater number is a mistake, and
// would overflow what is reckoned from it.
const mostPeople = 10_000_000_000

// checkFacts says what in f cannot be, or gives f as it is written: names
// cleaned, times by the minute.
func checkFacts(f Facts, v *voice) (Facts, error) {
	f.Names = cleanAll(f.Names)
	f.Owner = clean(f.Owner)
	f.Onset, f.End = minute(f.Onset), minute(f.End)
	if !f.End.IsZero() && f.End.Equal(f.Onset) {
		f.End = f.End.Add(time.Minute) // it lasted for a part of that minute
	}
	if v.words.Part.Languages[f.Part.Lang] == "" && f.Part.Lang != "" {
		if f.Part.Apart { // the figures are of something that cannot be named
			f.People, f.PeakPeople, f.Symptoms = 0, 0, nil
		}
		f.Part = Part{}
	}
	return f, errors.Join(checkTimes(f), checkCounts(f), checkShares(f.Symptoms), checkPart(f.Part))
}

func checkPart(p Part) error {
	switch {
	case p.Symptom != "" && !slices.Contains(lexicon.Symptoms(), p.Symptom):
		return fmt.Errorf("part: there is no symptom %.40q", p.Symptom)
	case p.Symptom != "" && p.Lang != "":
		return fmt.Errorf("part: it is of %s and in %s; one is possible", p.Symptom, p.Lang)
	case p.Apart && p.Symptom == "" && p.Lang == "":
		return errors.New("part: apart of what is missing")
	}
	return nil
}

func checkTimes(f Facts) error {
	switch {
	case len(f.Names) == 0:
		return errors.New("names: the name of a service is wanted")
	case f.Onset.IsZero():
		return errors.New("onset is missing")
	case f.Now.IsZero():
		return errors.New("now is missing")
	case !f.End.IsZero() && f.End.Before(f.Onset):
		return fmt.Errorf("end %s is before onset %s", f.End.Format(time.RFC3339), f.Onset.Format(time.RFC3339))
	}
	return nil
}

func checkCounts(f Facts) error {
	switch {
	case f.People < 0 || f.People > mostPeople:
		return fmt.Errorf("people is %d; 0 to %d is possible", f.People, mostPeople)
	case f.PeakPeople < 0 || f.PeakPeople > mostPeople:
		return fmt.Errorf("peak people is %d; 0 to %d is possible", f.PeakPeople, mostPeople)
	case math.IsNaN(f.Usual) || math.IsInf(f.Usual, 0) || f.Usual < 0:
		return fmt.Errorf("usual is %g; 0 or more is possible", f.Usual)
	}
	return nil
}

func checkShares(shares []Share) error {
	for i, s := range shares {
		if !slices.Contains(lexicon.Symptoms(), s.Name) {
			return fmt.Errorf("symptoms[%d]: there is no symptom %.40q", i, s.Name)
		}
		if math.IsNaN(s.Share) || s.Share < 0 || s.Share > 1+slack {
			return fmt.Errorf("symptoms[%d]: the share of %s is %g; 0 to 1 is possible", i, s.Name, s.Share)
		}
	}
	return nil
}

// minute is the minute that a clock shows at t.
func minute(t time.Time) time.Time {
	if t.IsZero() {
		return t
	}
	return t.Truncate(time.Minute)
}

func cleanAll(names []string) []string {
	var kept []string
	for _, name := range names {
		if name = clean(name); name != "" {
			kept = append(kept, name)
		}
	}
	return kept
}

// clean takes out of a name what could break the line, turn the direction of
// the text around it, or look like a placeholder that was forgotten.
func clean(name string) string {
	name = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Bidi_Control, r), r == '{', r == '}', r == '\ufeff':
			return -1
		}
		return r
	}, strings.ToValidUTF8(name, ""))
	return strings.Join(strings.Fields(name), " ")
}
