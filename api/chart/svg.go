package chart

import (
	"fmt"
	"strings"
)

// SVG returns the picture as an element, without an XML declaration, so that it
// may also stand in HTML.
func (c Chart) SVG() []byte {
	d := c.draw()
	w := &svgWriter{theme: d.Theme, id: escape(d.ID)}
	w.open(d)
	for _, m := range d.marks {
		m.svg(w)
	}
	w.text.WriteString("</svg>\n")
	return []byte(w.text.String())
}

// svgWriter writes marks as elements.
type svgWriter struct {
	text      strings.Builder
	theme, id string
}

func (w *svgWriter) add(format string, args ...any) { fmt.Fprintf(&w.text, format, args...) }

func (w *svgWriter) open(d *drawing) {
	w.add(`<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d" role="img" direction="ltr" lang="%s" aria-labelledby="%s-title %s-desc" font-family="%s">`+"\n",
		d.Width, d.Height, d.Width, d.Height, escape(d.Lang), w.id, w.id, families)
	w.add("<title id=\"%s-title\">%s</title>\n<desc id=\"%s-desc\">%s</desc>\n", w.id, escape(d.Head+" – "+d.Count), w.id, escape(d.Desc))
	if d.Theme == Auto {
		w.add("<style>%s</style>\n", Style())
	}
	w.add(`<defs><pattern id="%s-deaf" width="%[2]s" height="%[2]s" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path d="M0 0V%[2]s"%[3]s stroke-width="%[4]s"/></pattern></defs>`+"\n",
		w.id, num(d.hatch().hatched), w.stroke(deaf), num(d.hatch().hatched/3))
	w.add(`<rect width="%d" height="%d"%s/>`+"\n", d.Width, d.Height, w.fill(paint{ink: card}))
}

// fill is the attributes of an area.
func (w *svgWriter) fill(p paint) string {
	if p.hatched > 0 {
		return ` fill="url(#` + w.id + `-deaf)"`
	}
	return w.colour("fill", "f", p.ink) + opacity("fill", p.opacity)
}

func (w *svgWriter) stroke(i ink) string { return w.colour("stroke", "s", i) }

func (w *svgWriter) colour(attribute, prefix string, i ink) string {
	class := ""
	if w.theme == Auto {
		class = ` class="` + prefix + i.class + `"`
	}
	return class + " " + attribute + `="` + i.in(w.theme) + `"`
}

func opacity(of string, share float64) string {
	if share == 0 {
		return ""
	}
	return fmt.Sprintf(` %s-opacity="%g"`, of, share)
}

func (m box) svg(w *svgWriter) {
	w.add(`<rect x="%s" y="%s" width="%s" height="%s"%s/>`+"\n", num(m.x), num(m.y), num(m.wide), num(m.high), w.fill(m.inside))
}

func (m area) svg(w *svgWriter) {
	w.add(`<path d="%sZ"%s/>`+"\n", path(m.points), w.fill(m.inside))
}

func (m line) svg(w *svgWriter) {
	d := path(m.points)
	if len(m.points) == 1 { // a place alone has no ends to be round: a line of no length does
		d += "h0"
	}
	w.add(`<path d="%s"`, d)
	if m.round {
		w.add(` fill="none" stroke-linejoin="round" stroke-linecap="round"`)
	}
	if m.dash > 0 {
		w.add(` stroke-dasharray="%s"`, num(m.dash))
	}
	w.add("%s stroke-width=\"%s\"%s/>\n", w.stroke(m.colour), num(m.wide), opacity("stroke", m.opacity))
}

// path writes level and upright lines shorter.
func path(points []point) string {
	var text strings.Builder
	var x, y string
	for i, p := range points {
		lastX, lastY := x, y
		x, y = num(p.x), num(p.y)
		switch {
		case i == 0:
			text.WriteString("M" + x + " " + y)
		case y == lastY:
			text.WriteString("H" + x)
		case x == lastX:
			text.WriteString("V" + y)
		default:
			text.WriteString("L" + x + " " + y)
		}
	}
	return text.String()
}

// svg has one class attribute for both colours: an element may have no second.
func (m dot) svg(w *svgWriter) {
	paint := w.fill(paint{ink: m.inside}) + w.stroke(m.edge)
	if w.theme == Auto {
		paint = ` class="f` + m.inside.class + ` s` + m.edge.class + `" fill="` + m.inside.light + `" stroke="` + m.edge.light + `"`
	}
	w.add(`<circle cx="%s" cy="%s" r="%s"%s stroke-width="%s"/>`+"\n", num(m.middle.x), num(m.middle.y), num(m.radius), paint, num(m.wide))
}

// svg anchors a text by the end at which it starts, which is the right one of a text
// from right to left.
func (m words) svg(w *svgWriter) {
	anchor, way := []string{"start", "middle", "end"}[m.at], ""
	if m.rtl {
		anchor, way = []string{"end", "middle", "start"}[m.at], ` direction="rtl"`
	}
	if m.bold {
		way += ` font-weight="600"`
	}
	w.add(`<text x="%s" y="%s" font-size="%s" text-anchor="%s"%s%s>%s</text>`+"\n", num(m.x), num(m.y), num(m.size), anchor, way, w.fill(paint{ink: m.colour}), escape(m.text))
}
