package brief

import (
	"strings"
	"time"
)

// fewReports is the share under which a leading symptom leads nothing: it is
// left out. A second is told from secondReports on.
const (
	fewReports    = 0.10
	secondReports = 0.20
)

// writer writes one brief.
type writer struct {
	*voice
	facts Facts
	zone  *time.Location
}

func (w *writer) write() string {
	sentences := []string{w.spelling.Replace(w.opening())}
	for _, s := range []string{w.symptoms(), w.people()} {
		if s != "" {
			sentences = append(sentences, w.capital(w.spelling.Replace(s)))
		}
	}
	return strings.Join(sentences, w.space)
}

// opening says who has trouble, and since when; or had, and how long.
func (w *writer) opening() string {
	texts, duration := w.Since, ""
	if w.ended() {
		texts, duration = w.Was, w.duration()
	}
	text := texts.Many
	switch {
	case len(w.facts.Names) == 1:
		text = texts.One
	case w.facts.Owner != "":
		text = texts.Owner
	}
	return fill(text, "services", w.list(w.facts.Names), "owner", w.isolated(w.facts.Owner),
		"time", w.when(), "duration", duration, "mainly", w.ofLanguage(w.words.Part.Mainly))
}

// ofLanguage is the text with the language in which the reports are; empty where
// that is nothing special.
func (w *writer) ofLanguage(text string) string {
	if w.facts.Part.Lang == "" {
		return ""
	}
	return fill(text, "lang", w.words.Part.Languages[w.facts.Part.Lang])
}

// where says of which part the people are who are counted.
func (w *writer) where() string {
	switch p := w.facts.Part; {
	case !p.Apart:
		return ""
	case p.Symptom != "":
		return w.words.Part.This
	}
	return w.ofLanguage(w.words.Part.Where)
}

func (w *writer) ended() bool { return !w.facts.End.IsZero() }

// symptoms says what does not work: the one or two that most reports name.
func (w *writer) symptoms() string {
	if p := w.facts.Part; p.Apart && p.Symptom != "" {
		return fill(w.words.Part.More, "symptom", w.words.Symptoms[p.Symptom])
	}
	s := w.facts.Symptoms
	if len(s) == 0 || s[0].Share < fewReports {
		return ""
	}
	first := w.clause(s[0], w.Reports.Of.First)
	text := fill(w.Reports.One, "first", first)
	if len(s) > 1 && s[1].Share >= secondReports {
		text = fill(w.Reports.Two, "first", first, "second", w.clause(s[1], w.Reports.Of.Second))
	}
	return text
}

func (w *writer) clause(s Share, of string) string {
	return fill(w.Reports.fraction(s.Share), "of", of,
		"percent", w.percent(points(s.Share)), "symptom", w.words.Symptoms[s.Name])
}

// people says how many complained, and how that compares with what is usual.
func (w *writer) people() string {
	n := w.facts.People
	if n == 0 {
		return ""
	}
	texts, peak := w.People.SoFar, ""
	if w.ended() {
		texts, peak = w.People.Total, w.peak()
	}
	return fill(w.form(texts, n), "people", w.number(n), "compare", w.comparison(), "peak", peak, "where", w.where())
}

// moreThanUsual is how many times the usual is told to be more.
const moreThanUsual = 1.25

// comparison is empty where nothing is known, or where it is hardly more than
// usual. How many times more is told from twice on.
func (w *writer) comparison() string {
	people, usual := float64(w.facts.People), w.facts.Usual
	switch {
	case usual == 0 || people < moreThanUsual*usual || people < 2:
		return ""
	case people < 2*usual:
		return w.Compare.More
	case usual < 1:
		return w.Compare.Hardly
	}
	times := roundTimes(people / usual)
	return fill(w.form(w.Compare.Times, times), "times", w.number(times))
}
