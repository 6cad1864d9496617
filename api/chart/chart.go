// Package chart draws a curve as an SVG picture that needs nothing beside it: no
// script, no font, no file. It is pure: the same chart gives the same bytes.
package chart

import (
	"fmt"
	"strings"
	"time"
)

// Themes of a chart. Auto is light or dark as the viewer prefers.
const (
	Light = "light"
	Dark  = "dark"
	Auto  = "auto"
)

// Chart is what a picture shows. All texts are plain: they are escaped here.
type Chart struct {
	Width, Height int    // of the picture in pixels, 200 to 2400
	Theme         string // Light, Dark or Auto
	Lang          string // of the texts, for screen readers
	RTL           bool   // the texts run from right to left; the time never does
	ID            string // begins the ids in the picture, so that one page may hold several; letters and digits

	Head   string // what the chart is of
	Count  string // the number that sums it up
	Desc   string // the whole picture in words, for those who do not see it
	Notes  []string
	Origin string // who drew it
	Legend Legend

	From, To  time.Time // the points lie in this range, To exclusive
	Step      time.Duration
	Heard     time.Time // end of what was heard: no line is drawn after it, and the step it is in may still grow
	Points    []Point
	Incidents []Span
	Zone      *time.Location
	Number    func(n uint64) string    // writes a count
	Digits    func(text string) string // writes the digits of a clock or a date
}

// Legend names what is drawn. An empty name draws no entry.
type Legend struct{ Posts, People, Usual, Incident, Deaf string }

// Point is one step from T on.
type Point struct {
	T             time.Time
	Posts, People uint64
	Low, High     float64 // what would be usual of People, where Known
	Known         bool
	Deaf          bool // not all sources were heard
}

// Span is a range of time, To exclusive.
type Span struct{ From, To time.Time }

// SVG returns the picture as an element, without an XML declaration, so that it
// may also stand in HTML.
func (c Chart) SVG() []byte {
	d := newDrawing(c)
	d.open()
	d.headings()
	d.grid()
	d.behind()
	d.lines()
	d.incidentNames()
	d.legend()
	d.footer()
	d.text.WriteString("</svg>\n")
	return []byte(d.text.String())
}

// drawing is a chart being drawn. Lengths are pixels; x runs from left to right
// and y from the top down.
type drawing struct {
	Chart
	text                     strings.Builder
	scale                    float64 // of letters and lines
	pad                      float64
	left, right, top, bottom float64 // of the plot
	highest                  float64 // value at the top of the plot
	values                   []float64
	entries                  [][]entry // of the legend, by line
}

func (d *drawing) add(format string, args ...any) { fmt.Fprintf(&d.text, format, args...) }

func (d *drawing) open() {
	d.add(`<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d" role="img" direction="ltr" lang="%s" aria-labelledby="%s-title %s-desc" font-family="%s">`+"\n",
		d.Width, d.Height, d.Width, d.Height, escape(d.Lang), escape(d.ID), escape(d.ID), fonts)
	d.add("<title id=\"%s-title\">%s</title>\n<desc id=\"%s-desc\">%s</desc>\n",
		escape(d.ID), escape(d.Head+" – "+d.Count), escape(d.ID), escape(d.Desc))
	if d.Theme == Auto {
		d.add("<style>%s</style>\n", Style())
	}
	d.add(`<defs><pattern id="%s-deaf" width="%[2]s" height="%[2]s" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path d="M0 0V%[2]s"%[3]s stroke-width="%[4]s"/></pattern></defs>`+"\n",
		escape(d.ID), num(6*d.scale), d.stroke(deaf), num(2*d.scale))
	d.add(`<rect width="%d" height="%d"%s/>`+"\n", d.Width, d.Height, d.fill(card))
}
