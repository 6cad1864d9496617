package chart

import (
	"slices"

	"github.com/go-text/typesetting/bidi"
	"github.com/go-text/typesetting/di"
	"github.com/go-text/typesetting/font"
	"github.com/go-text/typesetting/language"
	"github.com/go-text/typesetting/shaping"
	"golang.org/x/image/math/fixed"
)

// letters shapes lines of text, for one at a time.
type letters struct {
	regular, bold []*font.Face
	shaper        shaping.HarfbuzzShaper
	segmenter     shaping.Segmenter
	paragraph     bidi.Paragraph
}

func newLetters(t *typeface) *letters {
	l := &letters{}
	for i := range t.regular {
		l.regular = append(l.regular, font.NewFace(t.regular[i]))
		l.bold = append(l.bold, font.NewFace(t.bold[i]))
	}
	return l
}

// chain finds the face for a letter: the first that has it, or else the first, which
// draws that it is missing.
type chain []*font.Face

// ResolveFace implements shaping.Fontmap.
func (c chain) ResolveFace(r rune) *font.Face {
	for _, f := range c {
		if _, ok := f.NominalGlyph(r); ok {
			return f
		}
	}
	return c[0]
}

// shape returns the runs of a line from left to right, and how wide it is.
func (l *letters) shape(m words, lang string, size float64) ([]shaping.Output, float64) {
	// An invisible letter of the line's direction makes that the direction of the
	// paragraph, whatever the text begins with.
	text, way := []rune("\u200e"+plain(m.text)), di.DirectionLTR
	if m.rtl {
		text[0], way = '\u200f', di.DirectionRTL
	}
	faces, other := l.regular, l.bold
	if m.bold {
		faces, other = other, faces
	}
	input := shaping.Input{Text: text, RunEnd: len(text), Direction: way, Size: fixed.Int26_6(size * 64), Language: language.NewLanguage(lang)}
	parts := slices.Clone(l.segmenter.Split(input, chain(append(order(faces, m.text, lang), order(other, m.text, lang)...))))
	var runs []shaping.Output
	wide := 0.0
	for _, part := range parts {
		run := l.shaper.Shape(part)
		wide += float64(run.Advance) / 64
		runs = append(runs, run)
	}
	l.arrange(runs, text, m.rtl)
	return runs, wide
}

// arrange puts runs from the order in which they are read into that in which they
// stand (rule L2 of the Unicode Bidirectional Algorithm).
func (l *letters) arrange(runs []shaping.Output, text []rune, rtl bool) {
	way := bidi.LeftToRight
	if rtl {
		way = bidi.RightToLeft
	}
	of := l.paragraph.Segment(text, way)
	levels := make([]bidi.Level, len(text))
	for i := range of.NumRuns() {
		run := of.Run(i)
		for j := run.Start; j < run.End; j++ {
			levels[j] = run.Level
		}
	}
	at := make([]bidi.Level, len(runs))
	for i, run := range runs {
		at[i] = levels[run.Runes.Offset]
	}
	if len(at) == 0 {
		return
	}
	for level := slices.Max(at); level > 0; level-- {
		for i := 0; i < len(at); i++ {
			end := i
			for end < len(at) && at[end] >= level {
				end++
			}
			slices.Reverse(at[i:end])
			slices.Reverse(runs[i:end])
			i = max(i, end)
		}
	}
}
