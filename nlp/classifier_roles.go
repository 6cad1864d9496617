package nlp

import (
	"slices"

	"outcry/nlp/lexicon"
)

// assign finds the services that have the problem: those that a symptom is told
// of, and those listed beside them; where no symptom is told of any, all in the
// sentence that are not merely mentioned.
func (c *Classifier) assign(p *scratch) {
	bound := false
	for _, h := range p.hits {
		claim := c.matcher.Claim(h)
		if h.Service < 0 || p.spots[h.Service].service < 0 {
			continue
		}
		switch {
		case claim.Group == lexicon.Cue && claim.Name == "mention":
			p.spread(h.Service, func(s *spot) { s.mention = true })
		case claim.Group == lexicon.Symptom || claim.Name == "resolved":
			bound = true
		}
	}
	for _, h := range p.hits {
		c.assignHit(p, h, bound)
	}
}

func (c *Classifier) assignHit(p *scratch, h lexicon.Hit, bound bool) {
	claim := c.matcher.Claim(h)
	switch {
	case claim.Group == lexicon.Cue && claim.Name == "affects":
		from, to := p.sentence(h.Start)
		p.affect(from, to)
	case claim.Group != lexicon.Symptom && claim.Name != "resolved":
	case h.Service >= 0:
		p.spread(h.Service, func(s *spot) { s.told, s.affected = true, s.affected || !s.mention })
	case !bound:
		from, to := p.sentence(h.Start)
		if !p.affect(from, to) {
			p.affect(0, len(p.units))
		}
	}
}

// affect marks the services among some units unless merely mentioned.
func (p *scratch) affect(from, to int) (any bool) {
	for i := from; i < to; i++ {
		if s := &p.spots[i]; s.service >= 0 && !s.mention {
			s.affected, any = true, true
		}
	}
	return any
}

// sentence returns the units of the sentence that unit u stands in.
func (p *scratch) sentence(u int) (from, to int) {
	for from = u; from > 0 && !p.units[from].Hard; from-- {
	}
	for to = u + 1; to < len(p.units) && !p.units[to].Hard; to++ {
	}
	return from, to
}

// spread does something to the name at unit u and to those listed with it: "A,
// B and C".
func (p *scratch) spread(u int, do func(*spot)) {
	do(&p.spots[u])
	for i := p.listed(u, 1); i >= 0; i = p.listed(i, 1) {
		do(&p.spots[i])
	}
	for i := p.listed(u, -1); i >= 0; i = p.listed(i, -1) {
		do(&p.spots[i])
	}
}

// listed is the next name of the list that the one at u belongs to, or -1.
func (p *scratch) listed(u, step int) int {
	for i, skipped := u+step, 0; i >= 0 && i < len(p.units) && skipped < 3; i, skipped = i+step, skipped+1 {
		if edge := max(i, i-step); p.units[edge].Hard {
			return -1
		}
		if p.spots[i].service >= 0 {
			return i
		}
		if !p.joins[p.units[i].Word] {
			return -1
		}
	}
	return -1
}

// services lists the services whose spots are of a kind, sorted, in out.
func (c *Classifier) services(p *scratch, out []string, of func(*spot) bool) []string {
	out = out[:0]
	for i := range p.spots {
		if s := &p.spots[i]; s.service >= 0 && of(s) {
			out = append(out, c.slugs[s.service])
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// affected lists the services that have the problem. Where all names seem to
// be merely mentioned, those that a symptom is told of do.
func (c *Classifier) affected(p *scratch, out []string) []string {
	out = c.services(p, out, func(s *spot) bool { return s.affected })
	if len(out) > 0 {
		return out
	}
	return c.services(p, out, func(s *spot) bool { return s.told })
}
