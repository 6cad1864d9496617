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
	Sized            bool // it was asked for in a width
	Head, Count      string
	Wide, Narrow     template.HTML // the picture twice: letters would be too small if one were scaled
	Brief, BriefLang string
	Text             embedSet
	Zone             string
	Rows             []embedRow
	AsOf             string // when the data are of; empty: nothing was heard
	Full             string // the dashboard, relative to the page
	Self, OEmbed     string // absolute, for those who look at the page from elsewhere
	Image            string // as social networks show it
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
		Lang: a.lang, Dir: direction(a.lang), Theme: a.theme, Live: !a.frozen(), Sized: a.width > 0,
		Head: c.Head, Count: c.Count, Text: s.embedSet, Zone: a.zone.String(),
		// The package chart escapes all that it is given.
		Wide:   template.HTML(c.SVG()),
		Narrow: template.HTML(e.chart(narrow, d, "narrow").SVG()),
		Full:   "../?" + e.dashboard(a).Encode(),
	}
	base, query := origin(r)+prefix(r), r.URL.Query()
	v.Self = base + "/embed/" + a.service.Slug + asked(query)
	v.OEmbed = base + "/oembed?" + url.Values{"format": {"json"}, "url": {v.Self}}.Encode()
	v.Image = base + "/embed/" + a.service.Slug + a.poster(query)
	if v.Live && !d.newest.IsZero() {
		v.AsOf = asOf(s, d)
	}
	for _, p := range d.curve.Points {
		if d.newest.Before(p.T) {
			break
		}
		row := embedRow{Time: s.at(p.T), Posts: s.number(p.Posts), People: s.number(p.Authors), Deaf: len(p.Deaf) > 0}
		if p.Band != nil {
			low, high := s.number(uint64(p.Band.Low)), s.number(uint64(p.Band.High))
			if row.Usual = low; low != high {
				row.Usual += "–" + high
			}
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

// dashboard is the state of the page on which the same can be looked at closely.
func (e *embeds) dashboard(a embedAsk) url.Values {
	q := url.Values{"service": {a.service.Slug}}
	if a.from.IsZero() || a.to.IsZero() {
		q.Set("range", a.window)
	} else {
		q.Set("from", stamp(a.from))
		q.Set("to", stamp(a.to))
	}
	for name, value := range map[string]string{"symptom": a.symptom, "lang": a.posts} {
		if value != "" {
			q.Set(name, value)
		}
	}
	return q
}

// asked is a query without the empty parameters, which forms send.
func asked(query url.Values) string {
	kept := url.Values{}
	for name := range query {
		if value := query.Get(name); value != "" {
			kept.Set(name, value)
		}
	}
	if len(kept) == 0 {
		return ""
	}
	return "?" + kept.Encode()
}

// poster is the picture of a page for social networks, which have their own size and
// do not say what their readers speak.
func (a embedAsk) poster(query url.Values) string {
	kept := url.Values{}
	for _, name := range embedParams() {
		if value := query.Get(name); value != "" && name != "width" && name != "height" {
			kept.Set(name, value)
		}
	}
	kept.Set("lang", a.lang)
	kept.Set("size", "og")
	return ".png?" + kept.Encode()
}

// origin is where the client sees this server; a proxy of ours before it says how, as
// guarded leaves nobody else's word.
func origin(r *http.Request) string {
	scheme := "http"
	if r.TLS != nil || strings.EqualFold(r.Header.Get("X-Forwarded-Proto"), "https") {
		scheme = "https"
	}
	return scheme + "://" + r.Host
}

// prefix is the path below which a proxy serves this server, where it says so.
func prefix(r *http.Request) string {
	path := strings.TrimSuffix(r.Header.Get("X-Forwarded-Prefix"), "/")
	plain := strings.IndexFunc(path, func(c rune) bool {
		return c != '/' && c != '-' && c != '_' && c != '.' && (c < '0' || c > '9') && (c|0x20 < 'a' || c|0x20 > 'z')
	}) < 0
	if !plain || !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") {
		return ""
	}
	return path
}
