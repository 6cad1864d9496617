package chart

import (
	"math"
	"slices"
	"time"
)

// newDrawing shares out the room: letters grow with the picture, the legend may
// take up a third of it, and the plot has the rest.
func newDrawing(c Chart) *drawing {
	if c.Zone == nil {
		c.Zone = time.UTC
	}
	d := &drawing{Chart: c}
	d.Points = slices.Clone(d.Points)
	for i, p := range d.Points { // what is no number has no place on the picture
		d.Points[i].Known = p.Known && finite(p.Low) && finite(p.High)
		if !d.Points[i].Known {
			d.Points[i].Low, d.Points[i].High = 0, 0
		}
	}
	d.scale = min(max(min(float64(c.Width)/600, float64(c.Height)/400), 0.85), 2.2)
	d.pad = 16 * d.scale
	d.top = d.pad + 64*d.scale
	d.right = float64(c.Width) - d.pad
	d.bottom = float64(c.Height) - d.pad - 42*d.scale
	d.entries = d.shelve()
	for len(d.entries) > 0 && d.bottom-float64(len(d.entries))*d.line()-d.top < float64(c.Height)/3 {
		d.entries = d.entries[:len(d.entries)-1]
	}
	d.bottom -= float64(len(d.entries)) * d.line()
	d.values = heights(d.peak()*1.05, int((d.bottom-d.top)/(34*d.scale)))
	d.highest = d.values[len(d.values)-1]
	d.left = d.pad + width(d.Number(uint64(d.highest)), d.small()) + 6*d.scale
	return d
}

func finite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }

func (d *drawing) small() float64 { return 12 * d.scale }

func (d *drawing) line() float64 { return 20 * d.scale }

func (d *drawing) peak() (highest float64) {
	for _, p := range d.Points {
		highest = max(highest, float64(max(p.Posts, p.People)), p.High)
	}
	return highest
}

// x is where a time is, cut to the plot.
func (d *drawing) x(t time.Time) float64 {
	share := float64(t.Sub(d.From)) / float64(max(d.To.Sub(d.From), 1))
	return d.left + min(max(share, 0), 1)*(d.right-d.left)
}

func (d *drawing) y(value float64) float64 {
	return d.bottom - value/d.highest*(d.bottom-d.top)
}

// headings are the name, and below it the number.
func (d *drawing) headings() {
	x, side := d.begin()
	room := float64(d.Width) - 2*d.pad
	head, size := fit(d.Head, 20*d.scale, room)
	d.write(head, x, d.pad+17*d.scale, size, side, strong, true)
	count, size := fit(d.Count, 14*d.scale, room)
	d.write(count, x, d.pad+40*d.scale, size, side, strong, false)
}

// grid is the lines of round values and the labels of both axes.
func (d *drawing) grid() {
	for _, v := range d.values {
		d.rule(d.left, d.y(v), d.right, d.y(v), grid)
		d.label(d.Number(uint64(v)), d.left-6*d.scale, d.y(v)+4*d.scale, right)
	}
	wide := width("0000-00-00", d.small())
	free := 0.0
	for _, t := range times(d.From, d.To, d.Zone, int((d.right-d.left)/(wide+8*d.scale))) {
		name := d.Digits(clock(t))
		half := width(name, d.small()) / 2
		x := d.x(t)
		d.rule(x, d.bottom, x, d.bottom+4*d.scale, muted)
		x = max(x, half) // the name of the first may begin before its mark, but not outside
		if x-half < free || x+half > float64(d.Width) {
			continue
		}
		d.label(name, x, d.bottom+17*d.scale, middle)
		free = x + half + 4*d.scale
	}
}

// label writes a number or a time, which run from left to right everywhere.
func (d *drawing) label(s string, x, y float64, at side) {
	d.add(words{text: s, x: x, y: y, size: d.small(), at: at, colour: muted, room: width(s, d.small())})
}

// footer is who drew it and what else is to be said. Below a narrow picture there
// is room for less: the notes are shortened, never the origin.
func (d *drawing) footer() {
	y := float64(d.Height) - d.pad + 2*d.scale
	x, side := d.begin()
	d.write(d.Origin, x, y, d.small(), side, strong, true)
	room := float64(d.Width) - 2*d.pad - width(d.Origin, d.small()) - 12*d.scale
	notes := ""
	for _, n := range d.Notes {
		if notes != "" && n != "" {
			notes += " · "
		}
		notes += n
	}
	notes, size := fit(notes, d.small(), room)
	x, side = d.end()
	d.write(notes, x, y, size, side, muted, false)
}
