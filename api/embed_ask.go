package api

import (
	"net/http"
	"strings"
	"time"

	"outcry/api/chart"
	"outcry/nlp/catalog"
	"outcry/nlp/lexicon"
)

// embedAsk is which chart is asked for, and how it shall look.
type embedAsk struct {
	service       catalog.Service
	symptom       string
	from, to      time.Time // zero: not given
	window        string    // how long it is where from is not given
	lang, theme   string
	width, height int // 0: not given
	zone          *time.Location
}

// frozen says that the chart shows the same range for ever.
func (a embedAsk) frozen() bool { return !a.to.IsZero() }

func embedParams() []string {
	return []string{"from", "to", "window", "lang", "theme", "width", "height", "symptom", "tz"}
}

func embedWindows() []string { return []string{"24h", "6h", "3h", "1h"} }

// ask reads the address of a picture or of its page.
func (e *embeds) ask(r *http.Request, slug string) (embedAsk, error) {
	service, ok := e.cfg.Catalog.Lookup(slug)
	if !ok {
		near := suggest(slug, e.cfg.Catalog.Services())
		p := unknownService().with(noService(slug, near))
		p.Suggestions = near
		return embedAsk{}, p
	}
	q := newQuery(r.URL.RawQuery, embedParams(), e.cfg.Now())
	a := embedAsk{
		service: service,
		symptom: q.oneOf("symptom", "", lexicon.Symptoms()),
		from:    q.instant("from"),
		to:      q.instant("to"),
		window:  q.oneOf("window", embedWindows()[0], embedWindows()),
		theme:   q.oneOf("theme", chart.Auto, []string{chart.Light, chart.Dark, chart.Auto}),
		width:   q.integer("width", 0, 200, 2400),
		height:  q.integer("height", 0, 200, 2400),
		zone:    q.zone("tz"),
		// Any code will do: a page says its own, whether this server speaks it or not.
		lang: e.texts.choose(q.text("lang"), strings.Join(r.Header.Values("Accept-Language"), ",")),
	}
	if a.frozen() && !a.from.IsZero() && !a.from.Before(a.to) {
		q.fail("from", "from (%s) must be before to (%s)", stamp(a.from), stamp(a.to))
	}
	if !a.from.IsZero() && q.text("window") != "" {
		q.fail("window", "window cannot stand beside from; leave out one of the two")
	}
	return a, q.problem()
}

// size is the size asked for, or the one given.
func (a embedAsk) size(width, height int) (int, int) {
	if a.width > 0 {
		width = a.width
	}
	if a.height > 0 {
		height = a.height
	}
	return width, height
}
