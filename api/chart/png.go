package chart

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"strconv"

	"golang.org/x/image/vector"
)

// MaxPixels is how many pixels a PNG has at most: four bytes of memory each while it
// is drawn.
const MaxPixels = 8_000_000

// Painter draws charts as PNG. It may be used by several at once.
type Painter struct {
	faces   func() (*typeface, error)
	brushes chan *brush // as many as may draw at once; nil: not made yet
}

// NewPainter returns a Painter that draws so many pictures at once; others wait. The
// fonts are read when the first is drawn.
func NewPainter(atOnce int) *Painter {
	p := &Painter{faces: readOnce(), brushes: make(chan *brush, max(atOnce, 1))}
	for range cap(p.brushes) {
		p.brushes <- nil
	}
	return p
}

// PNG returns the picture with so many pixels for each of its own in both directions.
func (p *Painter) PNG(ctx context.Context, c Chart, scale int) ([]byte, error) {
	if scale < 1 || c.Width*scale*c.Height*scale > MaxPixels {
		return nil, fmt.Errorf("a picture of %d×%d pixels cannot be drawn at scale %d: it may have %d pixels", c.Width, c.Height, scale, MaxPixels)
	}
	faces, err := p.faces()
	if err != nil {
		return nil, fmt.Errorf("read fonts: %w", err)
	}
	var b *brush
	select {
	case b = <-p.brushes:
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
	defer func() {
		b.shrink()
		p.brushes <- b
	}()
	if b == nil {
		b = &brush{letters: newLetters(faces)}
	}
	b.start(c, scale)
	for _, m := range c.draw().marks {
		m.paint(b)
	}
	return b.encode()
}

// brush paints marks on one picture after the other. It keeps its buffers.
type brush struct {
	picture *image.RGBA
	raster  vector.Rasterizer
	mask    []uint8
	letters *letters
	theme   string
	lang    string
	scale   float64
	encoder png.Encoder
	buffers pngBuffers
}

// pngBuffers keeps the one buffer of an encoder.
type pngBuffers struct{ kept *png.EncoderBuffer }

// Get returns the buffer that was put back last.
func (p *pngBuffers) Get() *png.EncoderBuffer { return p.kept }

// Put takes a buffer back.
func (p *pngBuffers) Put(b *png.EncoderBuffer) { p.kept = b }

func (b *brush) start(c Chart, scale int) {
	size := image.Rect(0, 0, c.Width*scale, c.Height*scale)
	if b.picture == nil || b.picture.Rect != size {
		b.picture = image.NewRGBA(size)
	}
	b.theme, b.lang, b.scale = c.Theme, c.Lang, float64(scale)
	draw.Draw(b.picture, size, image.NewUniform(b.colour(paint{ink: card})), image.Point{}, draw.Src)
}

// keptPixels is the largest picture of which the buffers are kept: one for social
// networks at twice their size. Larger ones are rare.
const keptPixels = 1200 * 630 * 4

// shrink lets go of the buffers of a picture that is larger than most.
func (b *brush) shrink() {
	if b.picture != nil && len(b.picture.Pix) > 4*keptPixels {
		b.picture, b.mask, b.raster, b.buffers = nil, nil, vector.Rasterizer{}, pngBuffers{}
	}
}

func (b *brush) encode() ([]byte, error) {
	b.encoder = png.Encoder{CompressionLevel: png.BestSpeed, BufferPool: &b.buffers}
	var file bytes.Buffer
	if err := b.encoder.Encode(&file, b.picture); err != nil {
		return nil, fmt.Errorf("encode PNG: %w", err)
	}
	return file.Bytes(), nil
}

// colour is premultiplied, as package image wants it.
func (b *brush) colour(p paint) color.RGBA {
	n, err := strconv.ParseUint(p.in(b.theme)[1:], 16, 32)
	if err != nil {
		n = 0 // no ink is written so; a test reads them all
	}
	share := p.opacity
	if share == 0 {
		share = 1
	}
	part := func(shift int) uint8 { return uint8(float64(n>>shift&0xff)*share + 0.5) }
	return color.RGBA{part(16), part(8), part(0), uint8(255*share + 0.5)}
}

// bandMost is how many pixels are worked out at once, to bound the memory.
const bandMost = 1 << 18

// fill paints what is inside the outlines that trace draws, given their bounds. The
// pixel at the origin of the rasterizer has the coordinates that trace is given.
func (b *brush) fill(bounds image.Rectangle, p paint, trace func(to *vector.Rasterizer, x, y float64)) {
	bounds = bounds.Intersect(b.picture.Rect)
	if bounds.Empty() {
		return
	}
	source := image.NewUniform(b.colour(p))
	high := max(1, bandMost/bounds.Dx())
	for y := bounds.Min.Y; y < bounds.Max.Y; y += high {
		band := image.Rect(bounds.Min.X, y, bounds.Max.X, min(y+high, bounds.Max.Y))
		b.raster.Reset(band.Dx(), band.Dy())
		trace(&b.raster, float64(band.Min.X), float64(band.Min.Y))
		b.raster.Draw(b.picture, band, source, image.Point{})
	}
}
