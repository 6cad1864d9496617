package api

import (
	"cmp"
	"strings"
	"time"

	"golang.org/x/text/language"
	langnames "golang.org/x/text/language/display"

	"outcry/aggregate"
	"outcry/api/chart"
)

// chart is the picture that is asked for. id tells apart those on one page.
func (e *embeds) chart(a embedAsk, d *embedData, id string) chart.Chart {
	s := e.texts.speech(a.lang, a.zone)
	c := chart.Chart{
		Theme: a.theme, Lang: a.lang, RTL: s.rtl, ID: id,
		Head: e.head(a), Count: countLine(s, a, d), Origin: "Outcry",
		From: d.curve.From, To: d.curve.To, Step: d.step, Zone: a.zone, Number: s.number, Digits: s.digits.Replace,
		Legend: chart.Legend{Posts: s.Complaints + " / " + s.length(d.step), People: s.People, Usual: s.Usual, Incident: s.Incident, Deaf: s.Deaf},
	}
	c.Width, c.Height = a.size(sizeOf(""))
	if !d.newest.IsZero() {
		c.Heard = d.newest.Add(time.Second) // its minute has begun
	}
	for _, p := range d.curve.Points {
		point := chart.Point{T: p.T, Posts: p.Posts, People: p.Authors, Deaf: len(p.Deaf) > 0}
		if p.Band != nil {
			point.Known, point.Low, point.High = true, p.Band.Low, p.Band.High
		}
		c.Points = append(c.Points, point)
	}
	for _, i := range d.incidents {
		c.Incidents = append(c.Incidents, chart.Span{From: i.Onset, To: d.until(i)})
	}
	if d.simulated {
		c.Notes = append(c.Notes, s.Simulated)
	}
	if !a.frozen() && !d.newest.IsZero() {
		c.Notes = append(c.Notes, asOf(s, d))
	}
	c.Desc = describe(s, d, c)
	return c
}

// asOf says of when the data are.
func asOf(s speech, d *embedData) string {
	return replace(s.Updated, timeMark, s.zoned(s.at(d.newest), d.newest))
}

// until is where an incident ends, or has been seen to last.
func (d *embedData) until(i aggregate.Incident) time.Time {
	if i.Open() {
		return maxTime(i.Updated, d.newest.Add(time.Minute))
	}
	return i.End
}

// head is the service, and the symptom and the language of the posts where there are.
func (e *embeds) head(a embedAsk) string {
	parts := []string{cmp.Or(a.service.Name, a.service.Slug)}
	if a.symptom != "" {
		parts = append(parts, e.texts.Languages[a.lang].Symptoms[a.symptom])
	}
	if a.posts != "" {
		parts = append(parts, languageName(a.lang, a.posts))
	}
	if len(parts) > 1 && direction(a.lang) == "rtl" {
		parts[0] = "\u2068" + parts[0] + "\u2069"
	}
	return strings.Join(parts, " · ")
}

// languageName is what a language is called in another; its code where it has no name.
func languageName(in, code string) string {
	names := langnames.Languages(language.Make(in))
	tag, err := language.Parse(code)
	if names == nil || err != nil {
		return code
	}
	return cmp.Or(names.Name(tag), code)
}

func countLine(s speech, a embedAsk, d *embedData) string {
	total := uint64(0)
	for _, p := range d.curve.Points {
		total += p.Posts // a post is of one step only
	}
	if !a.from.IsZero() || !a.to.IsZero() {
		return s.Complaints + ": " + s.number(total) + " · " + s.between(d.curve.From, d.curve.To)
	}
	window := windowLength(a.window)
	span := s.length(window)
	if window == time.Hour { // its texts are of several: the last 60 min
		span = s.minutes(window)
	}
	return replace(s.Last, spanMark, span, countMark, s.number(total))
}

// describe tells the picture in words.
func describe(s speech, d *embedData, c chart.Chart) string {
	parts := []string{c.Legend.Posts, s.between(c.From, c.To)}
	var peak aggregate.Point
	for _, p := range d.curve.Points {
		if p.Posts > peak.Posts {
			peak = p
		}
	}
	if peak.Posts > 0 {
		parts = append(parts, replace(s.Peak, countMark, s.number(peak.Posts), timeMark, s.zoned(s.at(peak.T), peak.T)))
	}
	for _, i := range c.Incidents {
		parts = append(parts, s.Incident+": "+s.between(i.From, i.To))
	}
	return strings.Join(append(parts, c.Notes...), ". ") + "."
}
