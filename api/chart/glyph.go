package chart

import (
	"github.com/go-text/typesetting/font"
	"github.com/go-text/typesetting/font/opentype"
	"github.com/go-text/typesetting/shaping"
	"golang.org/x/image/vector"
)

// paint writes the text, smaller where it is wider than the room it was given: the
// layout knows no font and guesses widths.
func (m words) paint(b *brush) {
	size := m.size * b.scale
	runs, wide := b.letters.shape(m, b.lang, size)
	if room := m.room * b.scale; wide > room && room > 0 {
		size *= room / wide
		runs, wide = b.letters.shape(m, b.lang, size)
	}
	x, y := m.x*b.scale-wide*[]float64{0, 0.5, 1}[m.at], m.y*b.scale
	for _, run := range runs {
		scale := size / float64(run.Face.Upem())
		for _, g := range run.Glyphs {
			b.glyph(run.Face, g, x+float64(g.XOffset)/64, y-float64(g.YOffset)/64, scale, paint{ink: m.colour})
			x += float64(g.Advance) / 64
		}
	}
}

// glyph fills an outline of the font; for a letter that no font has it draws a box.
func (b *brush) glyph(face *font.Face, g shaping.Glyph, x, y, scale float64, p paint) {
	if g.GlyphID == 0 {
		b.missing(x, y, float64(g.Advance)/64, p)
		return
	}
	outline, ok := face.GlyphDataOutline(g.GlyphID)
	if !ok || len(outline.Segments) == 0 {
		return
	}
	var all []point
	for i := range outline.Segments {
		for _, q := range outline.Segments[i].ArgsSlice() {
			all = append(all, point{x + float64(q.X)*scale, y - float64(q.Y)*scale})
		}
	}
	b.fill(bounds(all, 1, 0), p, func(to *vector.Rasterizer, left, top float64) {
		at := func(q opentype.SegmentPoint) (float32, float32) {
			return float32(x + float64(q.X)*scale - left), float32(y - float64(q.Y)*scale - top)
		}
		for i := range outline.Segments {
			trace(to, &outline.Segments[i], at)
		}
		to.ClosePath()
	})
}

func trace(to *vector.Rasterizer, s *opentype.Segment, at func(opentype.SegmentPoint) (float32, float32)) {
	ax, ay := at(s.Args[0])
	bx, by := at(s.Args[1])
	switch s.Op {
	case opentype.SegmentOpMoveTo:
		to.ClosePath()
		to.MoveTo(ax, ay)
	case opentype.SegmentOpLineTo:
		to.LineTo(ax, ay)
	case opentype.SegmentOpQuadTo:
		to.QuadTo(ax, ay, bx, by)
	case opentype.SegmentOpCubeTo:
		cx, cy := at(s.Args[2])
		to.CubeTo(ax, ay, bx, by, cx, cy)
	}
}

func (b *brush) missing(x, y, wide float64, p paint) {
	wide = max(wide, 2)
	corner := func(inset float64) []point {
		return []point{{x + inset, y - wide*1.2 + inset}, {x + wide - inset, y - wide*1.2 + inset}, {x + wide - inset, y - inset}, {x + inset, y - inset}}
	}
	outer, inner := corner(wide*0.1), corner(wide*0.2)
	for i := range outer {
		j := (i + 1) % len(outer)
		edge := []point{outer[i], outer[j], inner[j], inner[i]}
		for k := range edge {
			edge[k] = point{edge[k].x / b.scale, edge[k].y / b.scale}
		}
		b.polygon(edge, p)
	}
}
