package brief

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/language"

	"outcry/nlp/lexicon"
)

// rule says which placeholders the text of a key needs, and which it may
// have: names, with a space between.
type rule struct{ key, text, need, may string }

// rules lists the texts that have one form.
func (w words) rules() []rule {
	t, r := w.Times, w.Reports
	list := []rule{
		{"list.comma", w.List.Comma, "", ""}, {"list.and", w.List.And, "", ""}, {"list.others", w.List.Others, "", ""},
		{"times.clock", t.Clock, "", "h hh h12 h11 m mm part"},
		{"times.clock_on", t.ClockOn, "clock date", ""},
		{"times.gmt", t.GMT, "clock", ""}, {"times.gmt_on", t.GMTOn, "clock date", ""}, {"times.both", t.Both, "clock gmt", ""},
		{"times.date", t.Date, "d month", ""}, {"times.date_year", t.DateYear, "d month year", ""},
		{"times.since", t.Since, "from", ""}, {"times.since_on", t.SinceOn, "from", ""},
		{"times.span", t.Span, "from to", ""}, {"times.span_on", t.SpanOn, "from to date", ""},
		{"times.span_over", t.SpanOver, "from to", ""},
		{"durations.join", w.Durations.Join, "big small", ""},
		{"reports.of.first", r.Of.First, "", ""},
		{"reports.all", r.All, "symptom", "of"}, {"reports.almost_all", r.AlmostAll, "symptom", "of"},
		{"reports.three_quarters", r.ThreeQuarters, "of symptom", ""}, {"reports.two_thirds", r.TwoThirds, "of symptom", ""},
		{"reports.half", r.Half, "of symptom", ""}, {"reports.third", r.Third, "of symptom", ""},
		{"reports.quarter", r.Quarter, "of symptom", ""}, {"reports.most", r.Most, "percent symptom", "of"},
		{"reports.percent", r.Percent, "percent symptom", "of"},
		{"reports.one", r.One, "first", ""}, {"reports.two", r.Two, "first second", ""},
		{"compare.hardly", w.Compare.Hardly, "", ""}, {"compare.more", w.Compare.More, "", ""},
		{"part.mainly", w.Part.Mainly, "lang", ""}, {"part.where", w.Part.Where, "lang", ""},
		{"part.this", w.Part.This, "", ""}, {"part.more", w.Part.More, "symptom", ""},
		{"peak.at", w.Peak.At, "people clock", ""}, {"peak.on", w.Peak.On, "people clock date", ""},
	}
	list = append(list, w.Since.rules("since", "")...)
	return append(list, w.Was.rules("was", " duration")...)
}

func (o openings) rules(key, more string) []rule {
	return []rule{
		{key + ".one", o.One, "services time mainly" + more, ""},
		{key + ".many", o.Many, "services time mainly" + more, ""},
		{key + ".owner", o.Owner, "owner services time mainly" + more, ""},
	}
}

// check lists what is wrong with a language, each error with its key.
func check(v *voice) []error {
	var errs []error
	for _, r := range v.rules() {
		errs = append(errs, r.check())
	}
	for i, pair := range v.Spelling {
		errs = append(errs, rule{fmt.Sprintf("spelling[%d]", i), pair[0], "", ""}.check(), rule{fmt.Sprintf("spelling[%d]", i), pair[1], "", ""}.check())
	}
	errs = append(errs, checkClock(v.Times)...)
	errs = append(errs, checkMonths(v.Times.Months)...)
	errs = append(errs, checkSymptoms(v.words.Symptoms)...)
	errs = append(errs, checkForms(v)...)
	return slices.DeleteFunc(errs, func(err error) bool { return err == nil })
}

// placeholder is a word in braces, or a brace that is none.
var placeholder = regexp.MustCompile(`\{([a-z0-9_]+)\}|[{}]`)

func (r rule) check() error {
	if r.text == "" {
		return fmt.Errorf("%s is missing", r.key)
	}
	need, allowed := strings.Fields(r.need), strings.Fields(r.need+" "+r.may)
	found := map[string]bool{}
	var errs []error
	for _, match := range placeholder.FindAllStringSubmatch(r.text, -1) {
		found[match[1]] = true
		if !slices.Contains(allowed, match[1]) {
			errs = append(errs, fmt.Errorf("%s: %s is not known there; known: %s", r.key, match[0], braced(allowed)))
		}
	}
	for _, name := range need {
		if !found[name] {
			errs = append(errs, fmt.Errorf("%s: {%s} is missing", r.key, name))
		}
	}
	return errors.Join(errs...)
}

func braced(names []string) string {
	if len(names) == 0 {
		return "none"
	}
	return "{" + strings.Join(names, "}, {") + "}"
}

// checkClock sees that each hour, and each minute of an hour, has a time of
// its own.
func checkClock(t timeWords) []error {
	var errs []error
	for hour := range t.Parts {
		if hour < 0 || hour > 23 {
			errs = append(errs, fmt.Errorf("times.parts: %d is not an hour, 0 to 23", hour))
		}
	}
	v := newVoice(words{Times: t}, language.English)
	seen := map[string]string{}
	for n := range 24 + 59 {
		at := time.Time{}.Add(time.Duration(n) * time.Hour)
		if n >= 24 {
			at = time.Time{}.Add(time.Duration(n-23) * time.Minute)
		}
		shown := v.clockTime(at)
		if other, taken := seen[shown]; taken {
			return append(errs, fmt.Errorf("times.clock: %s and %s are both shown as %q; an hour, a minute and for {h12} or {h11} times.parts are wanted", other, at.Format("15:04"), shown))
		}
		seen[shown] = at.Format("15:04")
	}
	return errs
}

func checkMonths(months []string) []error {
	if len(months) != 12 {
		return []error{fmt.Errorf("times.months: %d names, 12 are wanted", len(months))}
	}
	var errs []error
	for i, month := range months {
		errs = append(errs, rule{fmt.Sprintf("times.months[%d]", i), month, "", ""}.check())
	}
	return errs
}

func checkSymptoms(texts map[string]string) []error {
	var errs []error
	for _, slug := range lexicon.Symptoms() {
		errs = append(errs, rule{"symptoms." + slug, texts[slug], "", ""}.check())
	}
	for _, slug := range slices.Sorted(maps.Keys(texts)) {
		if !slices.Contains(lexicon.Symptoms(), slug) {
			errs = append(errs, fmt.Errorf("symptoms.%s: there is no such symptom", slug))
		}
	}
	return errs
}
