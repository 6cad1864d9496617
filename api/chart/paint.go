package chart

import (
	"image"
	"image/draw"
	"math"

	"golang.org/x/image/vector"
)

func (m box) paint(b *brush) {
	if m.inside.hatched > 0 {
		m.hatch(b)
		return
	}
	b.polygon([]point{{m.x, m.y}, {m.x + m.wide, m.y}, {m.x + m.wide, m.y + m.high}, {m.x, m.y + m.high}}, m.inside)
}

// hatch draws lines that rise to the right, a sixth as wide as they are apart, in the
// same places in every box.
func (m box) hatch(b *brush) {
	apart := m.inside.hatched * b.scale
	r := bounds([]point{{m.x, m.y}, {m.x + m.wide, m.y + m.high}}, b.scale, 0).Intersect(b.picture.Rect)
	b.stencil(r, m.inside, func(x, y float64) float64 {
		at := math.Mod((x+y)*math.Sqrt2/2, apart)
		thick := apart / 6
		return min(at+0.5, thick+0.5-at, 1)
	})
}

func (m area) paint(b *brush) { b.polygon(m.points, m.inside) }

// polygon fills a shape.
func (b *brush) polygon(points []point, p paint) {
	b.fill(bounds(points, b.scale, 0), p, func(to *vector.Rasterizer, x, y float64) {
		for i, q := range points {
			if i == 0 {
				to.MoveTo(float32(q.x*b.scale-x), float32(q.y*b.scale-y))
				continue
			}
			to.LineTo(float32(q.x*b.scale-x), float32(q.y*b.scale-y))
		}
		to.ClosePath()
	})
}

// paint draws a line as SVG does: one that is not round ends flat.
func (m line) paint(b *brush) {
	p := paint{ink: m.colour, opacity: m.opacity}
	if m.round {
		b.strokes(dashes(m.points, m.dash), m.wide/2, p)
		return
	}
	from, to, half := m.points[0], m.points[len(m.points)-1], m.wide/2
	dx, dy := half, 0.0
	if from.y == to.y {
		dx, dy = 0, half
	}
	b.polygon([]point{{from.x - dx, from.y - dy}, {to.x - dx, to.y - dy}, {to.x + dx, to.y + dy}, {from.x + dx, from.y + dy}}, p)
}

// dashes cuts a line into those that are drawn.
func dashes(points []point, long float64) [][]point {
	if long <= 0 || len(points) < 2 {
		return [][]point{points}
	}
	var all [][]point
	a, b := points[0], points[len(points)-1]
	whole := math.Hypot(b.x-a.x, b.y-a.y)
	on := func(at float64) point { return point{a.x + (b.x-a.x)*at/whole, a.y + (b.y-a.y)*at/whole} }
	for at := 0.0; at < whole; at += 2 * long {
		all = append(all, []point{on(at), on(min(at+long, whole))})
	}
	return all
}

// strokes draws round lines. Every pixel is covered as far as it is near the nearest
// of them, so that joints are no darker than the rest.
func (b *brush) strokes(lines [][]point, half float64, p paint) {
	var all []point
	for _, l := range lines {
		all = append(all, l...)
	}
	half *= b.scale
	r := bounds(all, b.scale, half+1).Intersect(b.picture.Rect)
	if r.Empty() {
		return
	}
	mask := b.blank(r)
	for _, l := range lines {
		for i, q := range l {
			last := l[max(i-1, 0)]
			near(mask, point{last.x * b.scale, last.y * b.scale}, point{q.x * b.scale, q.y * b.scale}, half)
		}
	}
	draw.DrawMask(b.picture, r, image.NewUniform(b.colour(p)), image.Point{}, mask, r.Min, draw.Over)
}

// near marks the pixels that are nearer than half to the line from a to c.
func near(mask *image.Alpha, a, c point, half float64) {
	reach, dx, dy := half+0.5, c.x-a.x, c.y-a.y
	long := max(dx*dx+dy*dy, 1e-9)
	r := bounds([]point{a, c}, 1, reach).Intersect(mask.Rect)
	for y := r.Min.Y; y < r.Max.Y; y++ {
		py := float64(y) + 0.5
		low, high := a.x, c.x // where the line is within reach of this row
		if dy != 0 {
			t, u := (py-reach-a.y)/dy, (py+reach-a.y)/dy
			low, high = a.x+dx*min(max(t, 0), 1), a.x+dx*min(max(u, 0), 1)
		}
		first, end := max(r.Min.X, int(min(low, high)-reach)), min(r.Max.X, int(max(low, high)+reach)+1)
		for x := first; x < end; x++ {
			px := float64(x) + 0.5
			t := min(max(((px-a.x)*dx+(py-a.y)*dy)/long, 0), 1)
			share := min(max(reach-math.Hypot(px-a.x-t*dx, py-a.y-t*dy), 0), 1, 2*half)
			if i := mask.PixOffset(x, y); uint8(share*255) > mask.Pix[i] {
				mask.Pix[i] = uint8(share * 255)
			}
		}
	}
}

func (m dot) paint(b *brush) {
	edge, wide := m.radius*b.scale, m.wide*b.scale
	r := bounds([]point{m.middle}, b.scale, edge+wide).Intersect(b.picture.Rect)
	away := func(x, y float64) float64 { return math.Hypot(x-m.middle.x*b.scale, y-m.middle.y*b.scale) }
	b.stencil(r, paint{ink: m.inside}, func(x, y float64) float64 { return edge + 0.5 - away(x, y) })
	b.stencil(r, paint{ink: m.edge}, func(x, y float64) float64 { return wide/2 + 0.5 - math.Abs(away(x, y)-edge) })
}

// stencil paints every pixel as far as share says of its middle.
func (b *brush) stencil(r image.Rectangle, p paint, share func(x, y float64) float64) {
	if r.Empty() {
		return
	}
	mask := b.blank(r)
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			mask.Pix[mask.PixOffset(x, y)] = uint8(255 * min(max(share(float64(x)+0.5, float64(y)+0.5), 0), 1))
		}
	}
	draw.DrawMask(b.picture, r, image.NewUniform(b.colour(p)), image.Point{}, mask, r.Min, draw.Over)
}

// blank is an empty mask.
func (b *brush) blank(r image.Rectangle) *image.Alpha {
	n := r.Dx() * r.Dy()
	if n > cap(b.mask) {
		b.mask = make([]uint8, n)
	}
	b.mask = b.mask[:n]
	clear(b.mask)
	return &image.Alpha{Pix: b.mask, Stride: r.Dx(), Rect: r}
}

// bounds are the pixels that points lie in, and so many around them.
func bounds(points []point, scale, around float64) image.Rectangle {
	low, high := point{math.Inf(1), math.Inf(1)}, point{math.Inf(-1), math.Inf(-1)}
	for _, p := range points {
		low = point{min(low.x, p.x), min(low.y, p.y)}
		high = point{max(high.x, p.x), max(high.y, p.y)}
	}
	if len(points) == 0 {
		return image.Rectangle{}
	}
	return image.Rect(int(math.Floor(low.x*scale-around)), int(math.Floor(low.y*scale-around)),
		int(math.Ceil(high.x*scale+around)), int(math.Ceil(high.y*scale+around)))
}
