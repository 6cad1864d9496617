package chart

import (
	"bytes"
	"embed"
	"fmt"
	"sync"
	"unicode"

	"github.com/go-text/typesetting/font"
)

// The letters that charts are written in: Noto Sans, under the SIL Open Font License
// 1.1 (fonts/OFL.txt), cut to what is needed by fonts/subset.mjs.
//
//go:embed fonts/*.ttf fonts/OFL.txt
var fontFiles embed.FS

// typeface is the embedded fonts in both weights, in the order in which a letter is
// looked for in them. Fonts may be read by several at once.
type typeface struct{ regular, bold []*font.Font }

// Of the writings of the far East several have the same characters, in other shapes.
const eastern = 5

func scripts() []string {
	return []string{"NotoSans", "NotoSansArabic", "NotoSansHebrew", "NotoSansDevanagari", "NotoSansThai", "NotoSansSC", "NotoSansJP", "NotoSansKR"}
}

func readOnce() func() (*typeface, error) { return sync.OnceValues(readTypeface) }

func readTypeface() (*typeface, error) {
	t := &typeface{}
	for weight, into := range map[string]*[]*font.Font{"Regular": &t.regular, "SemiBold": &t.bold} {
		for _, script := range scripts() {
			name := script + "-" + weight + ".ttf"
			file, err := fontFiles.ReadFile("fonts/" + name)
			if err != nil {
				return nil, err
			}
			face, err := font.ParseTTF(bytes.NewReader(file))
			if err != nil {
				return nil, fmt.Errorf("%s: %w", name, err)
			}
			*into = append(*into, face.Font)
		}
	}
	return t, nil
}

// Missing returns the characters of a text that no embedded font has: they are drawn
// as boxes.
func (p *Painter) Missing(text string) ([]rune, error) {
	t, err := p.faces()
	if err != nil {
		return nil, fmt.Errorf("read fonts: %w", err)
	}
	var missing []rune
	for _, r := range plain(text) {
		found := unicode.Is(unicode.Cf, r)
		for _, f := range append(t.bold[:len(t.bold):len(t.bold)], t.regular...) {
			if _, ok := f.NominalGlyph(r); ok {
				found = true
			}
		}
		if !found {
			missing = append(missing, r)
		}
	}
	return missing, nil
}

// order puts the fonts first that write a text as its readers do: those of its own
// letters, or else of the language around it.
func order(faces []*font.Face, text, lang string) []*font.Face {
	first := map[string]int{"ja": 1, "ko": 2}[lang]
	for _, r := range text {
		if unicode.In(r, unicode.Hiragana, unicode.Katakana) {
			first = 1
			break
		}
		if unicode.Is(unicode.Hangul, r) {
			first = 2
		}
	}
	ordered := append([]*font.Face{}, faces[:eastern]...)
	ordered = append(ordered, faces[eastern+first])
	for i, f := range faces[eastern:] {
		if i != first {
			ordered = append(ordered, f)
		}
	}
	return ordered
}
