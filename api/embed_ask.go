package api

import (
	"net/http"
	"strings"
	"time"

	"outcry/api/chart"
	"outcry/nlp/catalog"
	"outcry/nlp/lexicon"
)

// embedForm is as what a chart is answered.
type embedForm string

const (
	embedPage embedForm = ""
	embedSVG  embedForm = ".svg"
	embedPNG  embedForm = ".png"
)

// formOf takes the form off the last part of an address.
func formOf(name string) (slug string, form embedForm) {
	for _, form := range []embedForm{embedSVG, embedPNG} {
		if slug, ok := strings.CutSuffix(name, string(form)); ok {
			return slug, form
		}
	}
	return name, embedPage
}

// embedAsk is which chart is asked for, and how it shall look.
type embedAsk struct {
	service       catalog.Service
	symptom       string
	posts         string    // language of the posts; empty: all
	from, to      time.Time // zero: not given
	window        string    // how long it is where from is not given
	lang, theme   string
	width, height int // 0: not given
	scale         int // pixels of a PNG for each of the chart's
	zone          *time.Location
	form          embedForm
}

// frozen says that the chart shows the same range for ever.
func (a embedAsk) frozen() bool { return !a.to.IsZero() }

// embedParams are the parameters of the page.
func embedParams() []string {
	return []string{"from", "to", "window", "lang", "posts", "theme", "width", "height", "symptom", "tz"}
}

func (f embedForm) params() []string {
	switch f {
	case embedSVG:
		return append(embedParams(), "size")
	case embedPNG:
		return append(embedParams(), "size", "scale")
	}
	return embedParams()
}

func embedWindows() []string { return []string{"24h", "6h", "3h", "1h", "7d", "30d"} }

// windowLength is the length of a window of that list.
func windowLength(name string) time.Duration {
	switch name {
	case "7d":
		return 7 * day
	case "30d":
		return 30 * day
	}
	d, err := time.ParseDuration(name)
	if err != nil {
		return day // not of the list
	}
	return d
}

// sizeOf is a size by its name: what social networks show, and what stands in a column.
func sizeOf(name string) (width, height int) {
	if name == "og" {
		return 1200, 630
	}
	return 600, 400
}

// ask reads the address of a picture or of its page.
func (e *embeds) ask(r *http.Request, name string) (embedAsk, error) {
	slug, form := formOf(name)
	service, ok := e.cfg.Catalog.Lookup(slug)
	if !ok {
		near := suggest(slug, e.cfg.Catalog.Services())
		p := unknownService().with(noService(slug, near))
		p.Suggestions = near
		return embedAsk{}, p
	}
	q := newQuery(r.URL.RawQuery, form.params(), e.cfg.Now())
	a := embedAsk{
		service: service,
		form:    form,
		symptom: q.oneOf("symptom", "", lexicon.Symptoms()),
		posts:   q.formed("posts", "an ISO 639-1 code of two lower-case letters, such as fr", isLang),
		from:    q.instant("from"),
		to:      q.instant("to"),
		window:  q.oneOf("window", embedWindows()[0], embedWindows()),
		theme:   q.oneOf("theme", chart.Auto, []string{chart.Light, chart.Dark, chart.Auto}),
		width:   q.integer("width", 0, 200, 2400),
		height:  q.integer("height", 0, 200, 2400),
		scale:   q.integer("scale", 1, 1, 3),
		zone:    q.zone("tz"),
		// Any code will do: a page says its own, whether this server speaks it or not.
		lang: e.texts.choose(q.text("lang"), strings.Join(r.Header.Values("Accept-Language"), ",")),
	}
	a.checkRange(q)
	a.checkSize(q)
	return a, q.problem()
}

func (a *embedAsk) checkRange(q *query) {
	if a.frozen() && !a.from.IsZero() && !a.from.Before(a.to) {
		q.fail("from", "from (%s) must be before to (%s)", stamp(a.from), stamp(a.to))
	}
	if !a.from.IsZero() && q.text("window") != "" {
		q.fail("window", "window cannot stand beside from; leave out one of the two")
	}
}

func (a *embedAsk) checkSize(q *query) {
	if name := q.oneOf("size", "", []string{"og", "card"}); name != "" {
		if a.width > 0 || a.height > 0 {
			q.fail("size", "size cannot stand beside width and height; leave out one of the two")
		}
		a.width, a.height = sizeOf(name)
	}
	if wide, high := a.size(sizeOf("")); wide*high*a.scale*a.scale > chart.MaxPixels {
		q.fail("scale", "scale %d makes %d×%d pixels, the limit is %d in all; ask for a smaller scale, width or height",
			a.scale, wide*a.scale, high*a.scale, chart.MaxPixels)
	}
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
