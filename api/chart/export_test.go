package chart

// Inks are the colours of light and dark charts by what they are for.
func Inks() map[string][2]string {
	all := map[string][2]string{}
	for name, i := range map[string]ink{"card": card, "grid": grid, "strong": strong, "muted": muted, "posts": posts, "people": people,
		"incident": incident, "deaf": deaf, "usual": usual} {
		all[name] = [2]string{i.light, i.dark}
	}
	return all
}

// Kept is how many bytes of buffers the brushes of p hold while nobody draws.
func (p *Painter) Kept() (n int) {
	for range cap(p.brushes) {
		b := <-p.brushes
		if b != nil && b.picture != nil {
			n += len(b.picture.Pix) + cap(b.mask)
		}
		p.brushes <- b
	}
	return n
}

// Visual is a line of text as it stands on a PNG, from left to right.
func Visual(text string, rtl bool) (string, error) {
	t, err := readTypeface()
	if err != nil {
		return "", err
	}
	runs, _ := newLetters(t).shape(words{text: text, rtl: rtl}, "en", 16)
	letters := []rune(" " + text)
	var seen []rune
	for _, run := range runs {
		for _, g := range run.Glyphs {
			if at := g.TextIndex(); at > 0 {
				seen = append(seen, letters[at])
			}
		}
	}
	return string(seen), nil
}
