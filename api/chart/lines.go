package chart

import "time"

// behind is what lies behind the lines: incidents, what would be usual, and the
// time in which a source was not heard.
func (d *drawing) behind() {
	for _, s := range d.Incidents {
		if !s.To.After(d.From) || !s.From.Before(d.To) {
			continue
		}
		d.box(s, d.top, d.bottom, paint{ink: incident, opacity: 0.12})
		if !s.From.Before(d.From) {
			d.rule(d.x(s.From), d.top, d.x(s.From), d.bottom, incident)
		}
	}
	for _, s := range d.stretches(func(p Point) bool { return p.Known }, func(a, b Point) bool { return a.Low == b.Low && a.High == b.High }) {
		top := d.y(s.High) - d.scale // as high as its edge where it is flat
		d.box(s.Span, top, d.y(s.Low), paint{ink: usual, opacity: 0.16})
		d.add(line{points: []point{{d.x(s.From), top}, {d.x(s.To), top}}, colour: usual, wide: d.scale, opacity: 0.7})
	}
	for _, s := range d.stretches(func(p Point) bool { return p.Deaf }, func(Point, Point) bool { return true }) {
		d.box(s.Span, d.top, d.bottom, d.hatch())
	}
}

func (d *drawing) box(s Span, top, bottom float64, p paint) {
	x := d.x(s.From)
	d.add(box{x, top, max(d.x(s.To)-x, d.scale), bottom - top, p})
}

// hatch is how time in which a source was not heard is filled.
func (d *drawing) hatch() paint { return paint{ink: deaf, hatched: 6 * d.scale} }

// rule is a straight line from edge to edge.
func (d *drawing) rule(x1, y1, x2, y2 float64, colour ink) {
	d.add(line{points: []point{{x1, y1}, {x2, y2}}, colour: colour, wide: d.scale})
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
		top := d.path(over, ofPosts)
		under := append([]point{{top[0].x, d.bottom}}, top...)
		d.add(area{append(under, point{top[len(top)-1].x, d.bottom}), paint{ink: posts, opacity: 0.14}})
		d.curve(d.path(over, ofPeople), people, 1.2, 0)
		d.curve(top, posts, 2, 0)
	}
	if len(grow) == 0 {
		return
	}
	if len(over) > 0 {
		d.curve(d.path([]Point{over[len(over)-1], grow[0]}, ofPosts), posts, 2, 3*d.scale)
	}
	d.add(dot{d.path(grow[:1], ofPosts)[0], 3 * d.scale, card, posts, 1.5 * d.scale})
}

func ofPosts(p Point) uint64 { return p.Posts }

func ofPeople(p Point) uint64 { return p.People }

func (d *drawing) middle(t time.Time) float64 { return d.x(t.Add(d.Step / 2)) }

func (d *drawing) path(points []Point, value func(Point) uint64) []point {
	path := make([]point, len(points))
	for i, p := range points {
		path[i] = point{d.middle(p.T), d.y(float64(value(p)))}
	}
	return path
}

func (d *drawing) curve(path []point, colour ink, wide, dash float64) {
	d.add(line{points: path, colour: colour, wide: wide * d.scale, dash: dash, round: true})
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
		d.write(d.Legend.Incident, x, d.top+14*d.scale, d.small(), left, incident, true)
		free = x + wide
	}
}
