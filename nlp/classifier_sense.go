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
	senseConcept
)

// senseWords is how far the model looks around a name.
const senseWords = 4

// How likely a name must be, in log-odds: by a rule that lets the sentence speak
// for it, by one that asks for neighbours, in a list with a service of its sector,
// and where only trouble makes it one. Measured on labelled posts before they were
// learned from, and on tweets.
const (
	likelyName     = 1
	likelyBareName = 4
	likelyListed   = 0
	doubtfulName   = 0
	doubtfulWord   = 1 // a name that is an everyday word
)

// recognise asks the model about the names that no rule makes clear. Where no
// service is found, the likeliest name is taken for the time being.
func (c *Classifier) recognise(p *scratch) {
	best, most, found := -1, float32(doubtfulName), len(p.about) > 0
	for u := range p.spots {
		s := &p.spots[u]
		if s.service >= 0 || s.perhaps < 0 {
			found = found || s.service >= 0
			continue
		}
		c.senseFeatures(p, u)
		var score [1]float32
		p.ask(c.models.names, score[:])
		least := float32(likelyName)
		switch {
		case c.amongPeers(p, u):
			least = likelyListed
		case s.bare:
			least = likelyBareName
		}
		if score[0] > least {
			s.service, s.guessed, found = s.perhaps, true, true
		} else if score[0] > most && !(s.everyday && score[0] < doubtfulWord) {
			best, most = u, score[0]
		}
	}
	if best >= 0 && !found {
		s := &p.spots[best]
		s.service, s.guessed, s.doubtful = s.perhaps, true, true
	}
}

// amongPeers reports whether unit u is listed with the name of a service of the
// same sector: "neither Netflix nor Player".
func (c *Classifier) amongPeers(p *scratch, u int) bool {
	sector := c.sectors[p.spots[u].perhaps]
	for step := -1; step <= 1; step += 2 {
		if i := p.listed(u, step); i >= 0 && c.sectors[p.spots[i].service] == sector {
			return true
		}
	}
	return false
}

// senseFeatures lists what may tell whether unit u is a name: which one it is,
// how it is written, what stands around it, what is said of it.
func (c *Classifier) senseFeatures(p *scratch, u int) {
	p.features = p.features[:0]
	s := &p.spots[u]
	t := &p.text.Tokens[p.words[s.first].token]
	slug := c.slugHash[s.perhaps]
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
	sector := c.sectors[s.perhaps]
	for _, m := range p.meanings {
		if u < m.Start || u >= m.End {
			x := c.conceptHash[m.Concept]
			p.add(senseConcept, x, 0)
			p.add(senseConcept, x, sector)
			p.add(senseConcept, x, slug)
		}
	}
}

// foreigner reports whether a service is not offered where the language of the
// post is spoken.
func (c *Classifier) foreigner(p *scratch, service int) bool {
	return c.home[service]&c.langs.Mask(p.lang) == 0 && p.lang != ""
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
	p.add(senseRule, 1, uint64(b2i(p.spots[u].bare)))
	p.add(senseRule, 3, uint64(b2i(p.spots[u].everyday))+2*uint64(p.text.Tokens[p.words[p.spots[u].first].token].Case))
	p.add(senseRule, 2, uint64(b2i(c.foreigner(p, p.spots[u].perhaps))))
	for _, h := range p.hits {
		claim := c.matcher.Claim(h)
		x := c.groupHash[h.Claim]
		inside := u >= h.Start && u < h.End && h.Service != u
		told := uint64(b2i(h.Service == u)) + 2*uint64(b2i(inside))
		p.add(senseHit, x, told)
		if claim.Group == lexicon.Symptom {
			p.add(senseHit, 1, told)
			p.add(senseHit, slug, told)
		}
	}
}
