package nlp

import (
	"slices"
	"unicode/utf8"

	"outcry/nlp/lexicon"
	"outcry/nlp/model"
)

// Features of a post for the model are hashes: of its words and their
// beginnings, of words in a row, and of what the lexicon and the rules found.
// The kind of a feature is mixed into its hash.
const (
	featWord = iota + 1
	featStem
	featPair
	featTriple
	featHit
	featHitPair
	featRule
	featMark
	featService
	featPiece
	featConcept
	featConceptPair
	featConceptNear
)

// stemLength is how many letters of a longer word stand for the word whatever
// its ending.
const stemLength = 5

func mix(kind int, a, b uint64) uint64 {
	h := (a ^ uint64(kind)*0x9E3779B97F4A7C15) * fnvPrime
	h = (h ^ h>>29 ^ b) * 0xBF58476D1CE4E5B9
	h ^= h >> 32
	if h == 0 {
		return 1
	}
	return h
}

// unitHash is what the model sees of a unit: a service is any service.
const (
	hashService = 2 + iota
	hashHandle
	hashNumber
	hashStart
	hashEnd
)

// featurize lists the features of the post; some stand there several times.
func (c *Classifier) featurize(p *scratch, v votes, symptom bool, services int) {
	p.features = p.features[:0]
	c.wordFeatures(p)
	p.grams = append(p.grams[:0], p.features...)
	c.hitFeatures(p)
	c.conceptFeatures(p)
	c.ruleFeatures(p, v, symptom, services)
	p.markFeatures()
}

// ask has a model score the features, each once.
func (p *scratch) ask(m *model.Model, scores []float32) {
	p.features = m.Known(p.features)
	p.distinct()
	m.Scores(p.features, scores)
}

// distinct leaves each feature once.
func (p *scratch) distinct() {
	if 2*len(p.features) > len(p.seen) {
		slices.Sort(p.features)
		p.features = slices.Compact(p.features)
		return
	}
	clear(p.seen[:])
	n := 0
	for _, f := range p.features {
		i := f % uint64(len(p.seen))
		for p.seen[i] != f && p.seen[i] != 0 {
			i = (i + 1) % uint64(len(p.seen))
		}
		p.features[n] = f
		n += b2i(p.seen[i] == 0)
		p.seen[i] = f
	}
	p.features = p.features[:n]
}

func (p *scratch) add(kind int, a, b uint64) { p.features = append(p.features, mix(kind, a, b)) }

// hitFeatures are what the lexicon found, whatever the language.
func (c *Classifier) hitFeatures(p *scratch) {
	var cues, last uint64
	for _, h := range p.hits {
		claim := c.matcher.Claim(h)
		strength := uint64(0)
		switch {
		case claim.Weak:
			strength = 1
		case claim.Strong:
			strength = 2
		}
		bound := uint64(0)
		if h.Service >= 0 {
			bound = 1
			if s := p.spots[h.Service]; s.service >= 0 {
				bound = 2
				if s.mention {
					bound = 3
				}
			}
		}
		x := c.groupHash[h.Claim]
		p.add(featHit, x, 0)
		p.add(featHit, x, 1+strength<<4+bound)
		if claim.Group == lexicon.Cue && x != last {
			if cues != 0 {
				p.add(featHitPair, cues, x)
			}
			cues, last = x, x
		}
	}
}

// ruleFeatures are what the rules would decide, and how clearly.
func (c *Classifier) ruleFeatures(p *scratch, v votes, symptom bool, services int) {
	kind, score := v.choose(symptom)
	k := hashBytes(fnvOffset, []byte(kind))
	p.add(featRule, k, 1)
	p.add(featRule, k, 2+uint64(score*5))
	p.add(featRule, 20, uint64(min(services, 3)))
	p.add(featRule, 21, uint64(b2i(symptom)))
	p.add(featRule, k, 30+uint64(b2i(symptom))*2+uint64(b2i(services > 0)))
	if len(p.about) > 0 {
		p.add(featRule, 22, 0)
	}
	c.serviceFeatures(p)
	if p.caps > 0 {
		p.add(featRule, 23, 0)
	}
	n := len(p.units)
	size := uint64(0)
	for _, limit := range [...]int{4, 8, 14, 22, 35} {
		if n > limit {
			size++
		}
	}
	p.add(featRule, 24, size)
	if n > 0 && p.spots[0].service >= 0 {
		p.add(featRule, 25, 0)
	}
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// serviceFeatures are what is talked of: the sectors and services, and the
// sectors with the symptoms that phrases tell.
func (c *Classifier) serviceFeatures(p *scratch) {
	add := func(service int) {
		sector := c.sectors[service]
		p.add(featService, sector, 0)
		p.add(featService, c.slugHash[service], 1)
		for _, h := range p.hits {
			if claim := c.matcher.Claim(h); claim.Group != lexicon.Cue {
				p.add(featService, sector, c.groupHash[h.Claim])
			}
		}
		for _, m := range p.meant {
			p.add(featService, sector, m.hash)
		}
	}
	for _, s := range p.spots {
		if s.service >= 0 && !s.mention {
			add(s.service)
		}
	}
	for _, s := range p.about {
		add(s)
	}
}

// marksSeen are the marks of ASCII that the model sees.
var marksSeen = [utf8.RuneSelf]bool{'!': true, '?': true, ':': true, '"': true, '%': true, '#': true, '@': true, '\n': true, '$': true, '(': true, ';': true}

// markFeatures are punctuation marks and emoji.
func (p *scratch) markFeatures() {
	for i := 0; i < len(p.in.Text); {
		b := p.in.Text[i]
		switch {
		case b < utf8.RuneSelf:
			if marksSeen[b] {
				p.add(featMark, uint64(b), 0)
			}
			i++
		case b < 0xE2:
			i += 2 - b2i(b < 0xC0) + b2i(b >= 0xE0)
		default:
			r, n := utf8.DecodeRuneInString(p.in.Text[i:])
			if r >= 0x2010 && r < 0x2E80 || r >= 0x3000 && r < 0x3020 || r >= 0x1F000 || r >= 0xFF00 && r < 0xFF21 {
				p.add(featMark, uint64(r), 0)
			}
			i += n
		}
	}
}
