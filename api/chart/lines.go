package chart

import (
	"strings"
	"time"
)

// behind is what lies behind the lines: incidents, what would be usual, and the
// time in which a source was not heard.
func (d *drawing) behind() {
	for _, s := range d.Incidents {
		if !s.To.After(d.From) || !s.From.Before(d.To) {
			continue
		}
		d.box(s, d.top, d.bottom, d.fill(incident)+` fill-opacity="0.12"`)
		if !s.From.Before(d.From) {
			d.add(`<path d="M%s %sV%s"%s stroke-width="%s"/>`+"\n", num(d.x(s.From)), num(d.top), num(d.bottom), d.stroke(incident), num(d.scale))
		}
	}
	for _, s := range d.stretches(func(p Point) bool { return p.Known }, func(a, b Point) bool { return a.Low == b.Low && a.High == b.High }) {
		top := d.y(s.High) - d.scale // as high as its edge where it is flat
		d.box(s.Span, top, d.y(s.Low), d.fill(usual)+` fill-opacity="0.16"`)
		d.add(`<path d="M%s %sH%s"%s stroke-width="%s" stroke-opacity="0.7"/>`+"\n", num(d.x(s.From)), num(top), num(d.x(s.To)), d.stroke(usual), num(d.scale))
	}
	for _, s := range d.stretches(func(p Point) bool { return p.Deaf }, func(Point, Point) bool { return true }) {
		d.box(s.Span, d.top, d.bottom, ` fill="url(#`+escape(d.ID)+`-deaf)"`)
	}
}

func (d *drawing) box(s Span, top, bottom float64, paint string) {
	x := d.x(s.From)
	d.add(`<rect x="%s" y="%s" width="%s" height="%s"%s/>`+"\n", num(x), num(top), num(max(d.x(s.To)-x, d.scale)), num(bottom-top), paint)
}

// stretch is steps side by side that are drawn as one.
type stretch struct {
	Span
	Point
}

func (d *drawing) stretches(is func(Point) bool, same func(a, b Point) bool) (all []stretch) {
	for _, p := range d.Points {
		if !is(p) {
			continue
		}
		end := p.T.Add(d.Step)
		if n := len(all); n > 0 && all[n-1].To.Equal(p.T) && same(all[n-1].Point, p) {
			all[n-1].To = end
			continue
		}
		all = append(all, stretch{Span{p.T, end}, p})
	}
	return all
}

// lines draws the people and the posts. A point stands in the middle of its step.
// A step that is not over may still grow: it hangs on dashes and ends in an open dot.
func (d *drawing) lines() {
	var over, grow []Point
	for _, p := range d.Points {
		switch {
		case !p.T.Add(d.Step).After(d.Heard):
			over = append(over, p)
		case p.T.Before(d.Heard):
			grow = append(grow, p)
		}
	}
	if len(over) > 0 {
		first, last := num(d.middle(over[0].T)), num(d.middle(over[len(over)-1].T))
		d.add(`<path d="M%s %sL%sL%s %sZ"%s fill-opacity="0.14"/>`+"\n", first, num(d.bottom), d.path(over, ofPosts), last, num(d.bottom), d.fill(posts))
		d.curve(d.path(over, ofPeople), people, 1.2, "")
		d.curve(d.path(over, ofPosts), posts, 2, "")
	}
	if len(grow) == 0 {
		return
	}
	if len(over) > 0 {
		d.curve(d.path([]Point{over[len(over)-1], grow[0]}, ofPosts), posts, 2, ` stroke-dasharray="`+num(3*d.scale)+`"`)
	}
	d.add(`<circle cx="%s" cy="%s" r="%s"%s stroke-width="%s"/>`+"\n", num(d.middle(grow[0].T)), num(d.y(float64(grow[0].Posts))), num(3*d.scale),
		d.both(card, posts), num(1.5*d.scale))
}

func ofPosts(p Point) uint64 { return p.Posts }

func ofPeople(p Point) uint64 { return p.People }

func (d *drawing) middle(t time.Time) float64 { return d.x(t.Add(d.Step / 2)) }

func (d *drawing) path(points []Point, value func(Point) uint64) string {
	var path strings.Builder
	for i, p := range points {
		if i > 0 {
			path.WriteByte('L')
		}
		path.WriteString(num(d.middle(p.T)) + " " + num(d.y(float64(value(p)))))
	}
	return path.String()
}

func (d *drawing) curve(path string, colour ink, wide float64, more string) {
	d.add(`<path d="M%s" fill="none"%s stroke-width="%s" stroke-linejoin="round" stroke-linecap="round"%s/>`+"\n", path, d.stroke(colour), num(wide*d.scale), more)
}

// incidentNames writes what an incident is beside its onset; names that would
// overlap are left out.
func (d *drawing) incidentNames() {
	free := d.left
	for _, s := range d.Incidents {
		if !s.To.After(d.From) || !s.From.Before(d.To) {
			continue
		}
		wide := width(d.Legend.Incident, d.small())
		x := min(d.x(s.From)+4*d.scale, d.right-wide)
		if x < free {
			continue
		}
		d.write(d.Legend.Incident, x, d.top+14*d.scale, d.small(), "left", incident, true)
		free = x + wide
	}
}
