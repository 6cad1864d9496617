package nlp

import (
	"outcry/nlp/lang"
	"outcry/nlp/lexicon"
	"outcry/nlp/text"
)

// language decides the language of the post; deep for a post that matters.
func (c *Classifier) language(p *scratch, deep bool) string {
	if deep {
		for _, h := range p.hits {
			c.langs.Phrase(&p.tally, c.matcher.Phrase(h).Lang, h.End-h.Start)
		}
	}
	if len(p.text.Letters) > 0 {
		c.langs.Letters(&p.tally, p.text.Letters)
	}
	e := lang.Evidence{Tally: p.tally, Script: script(&p.text), Hint: p.in.Lang, Text: p.in.Text, Deep: deep}
	return c.langs.Decide(&e)
}

// script is the script that prevails. Kana outweighs Han: Japanese mixes them.
// Latin has to prevail clearly, because names stand in Latin letters everywhere.
func script(t *text.Text) text.Script {
	if t.Scripts[text.Kana] > 0 && t.Scripts[text.Kana]+t.Scripts[text.Han] > 1 {
		return text.Kana
	}
	best, most := text.Latin, t.Scripts[text.Latin]/4
	for s, n := range t.Scripts[1:] {
		if n > most {
			best, most = text.Script(s+1), n
		}
	}
	return best
}

// keepHits drops what matched by accident: a single word of another language
// than the post's, symptoms inside phrases that mean something else, and
// symptoms that are part of a more precise one.
func (c *Classifier) keepHits(p *scratch) {
	kept := p.hits[:0]
	for i := range p.hits {
		if h := p.hits[i]; !c.foreign(p, h) && !c.overruled(p, i) {
			kept = append(kept, h)
		}
	}
	p.hits = kept
}

// foreign reports whether the words only look like the phrase. English is mixed
// into every language; of another one, only a post whose own language the
// lexicon does not know takes phrases.
func (c *Classifier) foreign(p *scratch, h lexicon.Hit) bool {
	ph := c.matcher.Phrase(h)
	if ph.Lang == "" || ph.Lang == p.lang {
		return false
	}
	return h.End-h.Start == 1 || ph.Strong && p.lang != "" || ph.Lang != "en" && c.spoken[p.lang]
}

// overruled reports whether another hit says what the words of hit i mean.
func (c *Classifier) overruled(p *scratch, i int) bool {
	h := p.hits[i]
	if ph := c.matcher.Phrase(h); ph.Group != lexicon.Symptom {
		return false
	}
	for _, o := range p.hits {
		ph := c.matcher.Phrase(o)
		if ph.Group == lexicon.Cue && (ph.Name == "cancel" || ph.Name == "praise") && !c.foreign(p, o) && o.Matched&h.Matched != 0 {
			return true
		}
	}
	return false
}
