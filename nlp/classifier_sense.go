package nlp

import (
	"slices"

	"outcry/nlp/lexicon"
	"outcry/nlp/text"
)

// Features of a word that may be the name of a service.
const (
	senseService = iota + 100
	senseCase
	senseBefore
	senseAfter
	senseWord
	senseHit
	senseRule
)

// senseWords is how far the model looks around a name.
const senseWords = 4

// recognise asks the model about the names that no rule makes clear.
func (c *Classifier) recognise(p *scratch) {
	for u := range p.spots {
		s := &p.spots[u]
		if s.service >= 0 || s.perhaps < 0 {
			continue
		}
		c.senseFeatures(p, u)
		var score [1]float32
		c.models.names.Scores(p.features, score[:])
		if score[0] > 0 {
			s.service, s.guessed = s.perhaps, true
		}
	}
}

// senseFeatures lists what may tell whether unit u is a name: which one it is,
// how it is written, what stands around it, what is said of it.
func (c *Classifier) senseFeatures(p *scratch, u int) {
	p.features = p.features[:0]
	s := &p.spots[u]
	t := &p.text.Tokens[p.words[s.first].token]
	slug := hashBytes(fnvOffset, []byte(c.slugs[s.perhaps]))
	lang := hashBytes(fnvOffset, []byte(p.lang))
	p.add(senseService, slug, 0)
	p.add(senseService, slug, lang)
	p.add(senseService, lang, 1)
	form := uint64(t.Case) + 8*uint64(b2i(p.opens(u))) + 16*uint64(b2i(t.Kind == text.Hashtag)) + 32*uint64(b2i(s.last > s.first)) + 64*uint64(b2i(p.caps > 0))
	p.add(senseCase, form, 0)
	p.add(senseCase, form, slug)
	p.add(senseCase, form, lang)
	c.senseNeighbours(p, u, slug)
	c.senseHits(p, u, slug)
	p.distinct()
}

func (c *Classifier) senseNeighbours(p *scratch, u int, slug uint64) {
	before, after := uint64(hashStart), uint64(hashEnd)
	if u > 0 && !p.units[u].Hard {
		before, _, _ = p.hashes(u - 1)
	}
	if u+1 < len(p.units) && !p.units[u+1].Hard {
		after, _, _ = p.hashes(u + 1)
	}
	p.add(senseBefore, before, 0)
	p.add(senseBefore, before, slug)
	p.add(senseAfter, after, 0)
	p.add(senseAfter, after, slug)
	for i := range p.units {
		if i == u {
			continue
		}
		word, stem, _ := p.hashes(i)
		p.add(senseWord, stem, 0)
		if i >= u-senseWords && i <= u+senseWords {
			p.add(senseWord, word, 1)
		}
	}
}

func (c *Classifier) senseHits(p *scratch, u int, slug uint64) {
	named := slices.ContainsFunc(p.spots, func(s spot) bool { return s.service >= 0 })
	p.add(senseRule, 0, uint64(b2i(named)))
	for _, h := range p.hits {
		ph := c.matcher.Phrase(h)
		x := c.groupHash[h.Phrase]
		inside := u >= h.Start && u < h.End && h.Service != u
		told := uint64(b2i(h.Service == u)) + 2*uint64(b2i(inside))
		p.add(senseHit, x, told)
		if ph.Group == lexicon.Symptom {
			p.add(senseHit, 1, told)
			p.add(senseHit, slug, told)
		}
	}
}
