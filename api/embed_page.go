package api

import (
	"html/template"
	"net/http"
	"net/url"
	"strings"

	"golang.org/x/text/language"

	"outcry/aggregate"
)

// embedView is what the template shows.
type embedView struct {
	Lang, Dir, Theme string
	Live             bool
	Head, Count      string
	Wide, Narrow     template.HTML // the picture twice: letters would be too small if one were scaled
	Brief, BriefLang string
	Text             embedSet
	Zone             string
	Rows             []embedRow
	Full, OEmbed     string
}

type embedRow struct {
	Time, Posts, People, Usual string
	Deaf                       bool
}

func (e *embeds) view(r *http.Request, a embedAsk, d *embedData) (embedView, error) {
	s := e.texts.speech(a.lang, a.zone)
	wide, narrow := a, a
	wide.width, wide.height = a.size(720, 400)
	narrow.width, narrow.height = 360, 340
	c := e.chart(wide, d, "wide")
	v := embedView{
		Lang: a.lang, Dir: direction(a.lang), Theme: a.theme, Live: !a.frozen(),
		Head: c.Head, Count: c.Count, Text: s.embedSet, Zone: a.zone.String(),
		// The package chart escapes all that it is given.
		Wide:   template.HTML(c.SVG()),
		Narrow: template.HTML(e.chart(narrow, d, "narrow").SVG()),
		Full:   "../?" + url.Values{"service": {a.service.Slug}, "range": {a.window}}.Encode(),
		OEmbed: "../oembed?" + url.Values{"format": {"json"}, "url": {origin(r) + r.URL.RequestURI()}}.Encode(),
	}
	for _, p := range d.curve.Points {
		if d.newest.Before(p.T) {
			break
		}
		row := embedRow{Time: s.at(p.T), Posts: s.number(p.Posts), People: s.number(p.Authors), Deaf: len(p.Deaf) > 0}
		if p.Band != nil {
			row.Usual = s.number(uint64(p.Band.Low)) + "–" + s.number(uint64(p.Band.High))
		}
		v.Rows = append(v.Rows, row)
	}
	var err error
	v.Brief, v.BriefLang, err = e.tell(a, d)
	return v, err
}

// tell is the brief of the incident that lasts, or else of the last.
func (e *embeds) tell(a embedAsk, d *embedData) (text, lang string, err error) {
	var told *aggregate.Incident
	for i := range d.incidents {
		if !d.incidents[i].Retracted && (told == nil || d.incidents[i].Open() || !told.Open()) {
			told = &d.incidents[i]
		}
	}
	if told == nil {
		return "", "", nil
	}
	_, i := language.MatchStrings(e.briefs.matcher, a.lang)
	lang = e.briefs.codes[i]
	text, err = e.briefs.Write(lang, a.zone, BriefFacts(e.cfg.Catalog, plainIncident(*told), e.cfg.Now().UTC()))
	return text, lang, err
}

// origin is where the client sees this server; a proxy before it says how.
func origin(r *http.Request) string {
	scheme := "http"
	if r.TLS != nil || strings.EqualFold(r.Header.Get("X-Forwarded-Proto"), "https") {
		scheme = "https"
	}
	return scheme + "://" + r.Host
}
