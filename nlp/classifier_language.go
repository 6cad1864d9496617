package nlp

import (
	"slices"

	"outcry/nlp/lang"
	"outcry/nlp/lexicon"
	"outcry/nlp/text"
)

// unlikely says which languages the words and the script leave out, before any
// phrase is known. English is mixed into all.
func (c *Classifier) unlikely(p *scratch) (skip lexicon.Skip) {
	possible := c.possible(p)
	for i, langs := range c.phraseLangs {
		if langs&possible == 0 {
			skip.Add(i)
		}
	}
	return skip
}

// possible are the languages that the words and the script leave.
func (c *Classifier) possible(p *scratch) lang.Mask {
	if p.possible == 0 {
		p.possible = c.langs.Possible(p.evidence(false))
	}
	return p.possible
}

// language decides the language of the post; deep for a post that matters.
func (c *Classifier) language(p *scratch, deep bool) string {
	if deep {
		for _, h := range p.hits {
			if !c.borrowed(p, h) {
				c.langs.Phrase(&p.tally, c.matcher.Claim(h).Lang, h.End-h.Start)
			}
		}
	}
	e := p.evidence(deep)
	if deep && c.models != nil && c.models.langs != nil {
		e.Odds = p.letters
	}
	return c.langs.Decide(e)
}

// borrowed reports whether the words of a phrase mean the same in every language,
// "WhatsApp down", or in English: they tell nothing of the post's.
func (c *Classifier) borrowed(p *scratch, h lexicon.Hit) bool {
	claim := c.matcher.Claim(h)
	return slices.ContainsFunc(p.hits, func(o lexicon.Hit) bool {
		if o.Start != h.Start || o.End != h.End {
			return false
		}
		other := c.matcher.Claim(o).Lang
		return (other == "" || other == "en" && claim.Lang != "en") && c.groupHash[o.Claim] == c.groupHash[h.Claim]
	})
}

// evidence is what is known so far of the language.
func (p *scratch) evidence(deep bool) *lang.Evidence {
	p.tongue = lang.Evidence{Tally: p.tally, Script: script(&p.text), Hint: p.in.Lang, Text: p.in.Text, Deep: deep}
	return &p.tongue
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
// than the post's, and symptoms inside phrases that mean something else.
func (c *Classifier) keepHits(p *scratch) {
	kept, overruled := p.hits[:0], uint64(0)
	for _, h := range p.hits {
		if c.foreign(p, h) {
			continue
		}
		kept = append(kept, h)
		if claim := c.matcher.Claim(h); claim.Group == lexicon.Cue && (claim.Name == "cancel" || claim.Name == "praise") {
			overruled |= h.Matched
		}
	}
	p.hits = slices.DeleteFunc(kept, func(h lexicon.Hit) bool {
		return h.Matched&overruled != 0 && c.matcher.Claim(h).Group == lexicon.Symptom
	})
}

// foreign reports whether the words only look like the phrase. English is mixed
// into every language; of another one, only a post whose own language the
// lexicon does not know takes phrases.
func (c *Classifier) foreign(p *scratch, h lexicon.Hit) bool {
	claim := c.matcher.Claim(h)
	if claim.Lang == "" || claim.Lang == p.lang {
		return false
	}
	return h.End-h.Start == 1 || claim.Strong && p.lang != "" || claim.Lang != "en" && c.spoken[p.lang]
}
