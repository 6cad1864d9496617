package nlp

import (
	"slices"
	"strings"
)

// explain adds spans for the tags that no phrase of the lexicon earned: the
// words that weighed most in the model.
func (c *Classifier) explain(p *scratch, tags Tags, spans []Span) []Span {
	names := c.models.posts.Outputs()
	wanted := append([]string{}, tags.Symptoms...)
	if tags.Kind != Other {
		wanted = append(wanted, string(tags.Kind))
	}
	for _, name := range wanted {
		if !slices.ContainsFunc(spans, func(s Span) bool { _, tag, _ := strings.Cut(s.Tag, ":"); return tag == name }) {
			output := slices.Index(names, name)
			prefix := "symptom:"
			if output < len(Kinds()) {
				prefix = "kind:"
			}
			spans = c.heaviest(p, output, prefix+name, spans)
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
