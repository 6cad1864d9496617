package chart

// mark is one thing on a picture, which knows how it is written in both formats.
type mark interface {
	svg(w *svgWriter)
	paint(b *brush)
}

type point struct{ x, y float64 }

// paint is how an area is filled: with a colour, or with lines of it at that distance.
type paint struct {
	ink
	opacity float64 // 0: opaque
	hatched float64 // distance of the lines; 0: none
}

// side is an end of a text on the picture.
type side int

const (
	left side = iota
	middle
	right
)

type (
	// box is an upright rectangle.
	box struct {
		x, y, wide, high float64
		inside           paint
	}
	// area is a polygon.
	area struct {
		points []point
		inside paint
	}
	// line leads through points. One that is round has round corners and ends; all
	// others are upright or level.
	line struct {
		points  []point
		colour  ink
		wide    float64
		opacity float64 // 0: opaque
		dash    float64 // length of dashes and of the gaps between them; 0: none
		round   bool
	}
	// dot is a circle with an edge.
	dot struct {
		middle       point
		radius       float64
		inside, edge ink
		wide         float64 // of the edge
	}
	// words is a line of text on the base line y.
	words struct {
		text       string
		x, y, size float64
		at         side // of the text, where x is
		rtl, bold  bool
		colour     ink
		room       float64 // that it was given
	}
)
