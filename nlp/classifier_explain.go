package nlp

import "slices"

// explain adds spans for the tags that no phrase of the lexicon earned: the
// words that weighed most in the model.
func (c *Classifier) explain(p *scratch, tags Tags, spans []Span) []Span {
	for output, name := range c.models.posts.Outputs() {
		given := slices.Contains(tags.Symptoms, name)
		if output < len(Kinds()) {
			given = name == string(tags.Kind) && tags.Kind != Other
		}
		tag := c.outputTags[output]
		if given && !slices.ContainsFunc(spans, func(s Span) bool { return s.Tag == tag }) {
			spans = c.heaviest(p, output, tag, spans)
		}
	}
	return spans
}

// Words count as evidence down to that share of the heaviest one, up to so many.
const (
	evidenceShare = 0.5
	evidenceWords = 3
)

// heaviest adds spans for the words that speak most for an output.
func (c *Classifier) heaviest(p *scratch, output int, tag string, spans []Span) []Span {
	p.worth = slices.Grow(p.worth[:0], len(p.units))[:len(p.units)]
	for u := range p.units {
		end := len(p.grams)
		if u+1 < len(p.upTo) {
			end = p.upTo[u+1]
		}
		p.worth[u] = 0
		for _, f := range p.grams[p.upTo[u]:end] {
			p.worth[u] += c.models.posts.Weight(f, output)
		}
	}
	for _, m := range p.meanings {
		w := c.models.posts.Weight(mix(featConcept, c.conceptHash[m.Concept], 0), output)
		for u := m.Start; u < m.End; u++ {
			p.worth[u] += w
		}
	}
	for range evidenceWords {
		best := 0
		for u, w := range p.worth {
			if w > p.worth[best] {
				best = u
			}
		}
		if len(p.worth) == 0 || p.worth[best] <= 0 {
			break
		}
		start, end := p.bytes(&p.spots[best])
		spans = append(spans, Span{start, end, tag})
		floor := p.worth[best] * evidenceShare
		p.worth[best] = 0
		for u, w := range p.worth {
			if w < floor {
				p.worth[u] = 0
			}
		}
	}
	return spans
}
