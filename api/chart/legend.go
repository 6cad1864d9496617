package chart

// entry is one name of the legend with how the thing looks.
type entry struct {
	name string
	draw func(d *drawing, x, y, wide float64)
	wide float64
}

// shelve puts the entries of what is on the picture into lines that fit.
func (d *drawing) shelve() [][]entry {
	has := func(is func(Point) bool) bool {
		for _, p := range d.Points {
			if is(p) {
				return true
			}
		}
		return false
	}
	all := []entry{
		{name: d.Legend.Posts, draw: func(d *drawing, x, y, wide float64) { d.dash(x, y, wide, posts, 3) }},
		{name: d.Legend.People, draw: func(d *drawing, x, y, wide float64) { d.dash(x, y, wide, people, 1.2) }},
	}
	if has(func(p Point) bool { return p.Known }) {
		all = append(all, entry{name: d.Legend.Usual, draw: (*drawing).usualKey})
	}
	if len(d.Incidents) > 0 {
		all = append(all, entry{name: d.Legend.Incident, draw: (*drawing).incidentKey})
	}
	if has(func(p Point) bool { return p.Deaf }) {
		all = append(all, entry{name: d.Legend.Deaf, draw: (*drawing).deafKey})
	}
	room := float64(d.Width) - 2*d.pad
	var lines [][]entry
	left := 0.0
	for _, e := range all {
		if e.name == "" {
			continue
		}
		e.name, _ = fit(e.name, d.small(), room-d.key()-6*d.scale)
		e.wide = d.key() + 6*d.scale + width(e.name, d.small()) + 12*d.scale
		if len(lines) == 0 || e.wide > left {
			lines, left = append(lines, nil), room+12*d.scale
		}
		lines[len(lines)-1] = append(lines[len(lines)-1], e)
		left -= e.wide
	}
	return lines
}

// key is how wide the sample before a name is.
func (d *drawing) key() float64 { return 14 * d.scale }

func (d *drawing) legend() {
	for i, line := range d.entries {
		y := d.bottom + 17*d.scale + float64(i+1)*d.line()
		x, side := d.begin()
		for _, e := range line {
			if d.RTL {
				e.draw(d, x-d.key(), y-4*d.scale, d.key())
				d.write(e.name, x-d.key()-6*d.scale, y, d.small(), side, muted, false)
				x -= e.wide
				continue
			}
			e.draw(d, x, y-4*d.scale, d.key())
			d.write(e.name, x+d.key()+6*d.scale, y, d.small(), side, muted, false)
			x += e.wide
		}
	}
}

func (d *drawing) dash(x, y, wide float64, colour ink, thick float64) {
	d.add(line{points: []point{{x, y}, {x + wide, y}}, colour: colour, wide: thick * d.scale})
}

func (d *drawing) sample(x, y, wide float64, p paint) {
	d.add(box{x, y - 5*d.scale, wide, 10 * d.scale, p})
}

func (d *drawing) usualKey(x, y, wide float64) {
	d.sample(x, y, wide, paint{ink: usual, opacity: 0.16})
	d.dash(x, y-5*d.scale, wide, usual, 1)
}

func (d *drawing) incidentKey(x, y, wide float64) {
	d.sample(x, y, wide, paint{ink: incident, opacity: 0.12})
	d.rule(x, y-5*d.scale, x, y+5*d.scale, incident)
}

func (d *drawing) deafKey(x, y, wide float64) { d.sample(x, y, wide, d.hatch()) }
