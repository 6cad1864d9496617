package nlp

import (
	"slices"

	"outcry/nlp/lexicon"
)

// meant is a concept that stands at a place in the sentence: the service itself and
// numbers are concepts too.
type meant struct {
	rank int    // places with a concept before it
	hash uint64 // of the concept
}

// conceptReach is how many places with a concept further on another one still makes
// a pair with it.
const conceptReach = 3

// conceptFeatures are what the words mean, whatever the language, alone and in
// pairs, so that what one language's posts teach holds in all.
func (c *Classifier) conceptFeatures(p *scratch) {
	c.orderConcepts(p)
	for i, a := range p.meant {
		p.add(featConcept, a.hash, 0)
		for _, b := range p.meant[i+1:] {
			if b.rank > a.rank+conceptReach {
				break
			}
			switch b.rank {
			case a.rank:
			case a.rank + 1:
				p.add(featConceptNear, a.hash, b.hash)
			default:
				p.add(featConceptPair, a.hash, b.hash)
			}
		}
	}
}

// findConcepts notes what the units mean.
func (c *Classifier) findConcepts(p *scratch) {
	own := c.langs.Mask(p.lang)
	p.meanings = slices.DeleteFunc(c.matcher.Means(p.units, p.lang, p.meanings), func(m lexicon.Meaning) bool {
		return m.Borrowed && c.dict.info[p.units[m.Start].Word].langs&own != 0 // "die" is no death in German
	})
}

// orderConcepts puts the meanings in order, with the services and numbers.
func (c *Classifier) orderConcepts(p *scratch) {
	p.meant = p.meant[:0]
	rank, next := -1, 0
	for u := range p.units {
		before := len(p.meant)
		if p.spots[u].service >= 0 {
			p.meant = append(p.meant, meant{rank + 1, hashService})
		} else if p.units[u].Number {
			p.meant = append(p.meant, meant{rank + 1, hashNumber})
		}
		for ; next < len(p.meanings) && p.meanings[next].Start == u; next++ {
			x := meant{rank + 1, c.conceptHash[p.meanings[next].Concept]}
			if !slices.Contains(p.meant[before:], x) {
				p.meant = append(p.meant, x)
			}
		}
		if len(p.meant) > before {
			rank++
		}
	}
}
