// Package chart draws a curve as a picture that needs nothing beside it: no script,
// no font, no file. One layout has two writers: SVG, and PNG with embedded fonts. It
// is pure: the same chart gives the same bytes.
package chart

import "time"

// Themes of a chart. Auto is light or dark as the viewer prefers.
const (
	Light = "light"
	Dark  = "dark"
	Auto  = "auto" // light in a PNG, which cannot know the viewer
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

// draw lays out what is on the picture, what lies behind first.
func (c Chart) draw() *drawing {
	d := newDrawing(c)
	d.headings()
	d.grid()
	d.behind()
	d.lines()
	d.incidentNames()
	d.legend()
	d.footer()
	return d
}

// drawing is a chart being laid out. Lengths are pixels; x runs from left to right
// and y from the top down.
type drawing struct {
	Chart
	marks                    []mark
	scale                    float64 // of letters and lines
	pad                      float64
	left, right, top, bottom float64 // of the plot
	highest                  float64 // value at the top of the plot
	values                   []float64
	entries                  [][]entry // of the legend, by line
}

func (d *drawing) add(m mark) { d.marks = append(d.marks, m) }
