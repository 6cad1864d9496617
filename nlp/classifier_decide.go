package nlp

import (
	"cmp"
	"slices"

	"outcry/nlp/lexicon"
)

// decide puts the tags together.
func (c *Classifier) decide(p *scratch) Tags {
	c.assign(p)
	all, hit := c.services(p, func(*spot) bool { return true }), c.affected(p)
	v, symptom := c.weigh(p, len(all) > 0 || len(p.about) > 0)
	tags := Tags{Lang: p.lang, Symptoms: []string{}}
	tags.Kind, tags.Score = v.choose(symptom)
	tags.Services = c.chosen(p, tags.Kind, all, hit)
	if len(tags.Services) == 0 && (tags.Kind == News || tags.Kind == Resolved) {
		tags.Kind, tags.Services = Other, c.chosen(p, Other, all, hit)
	}
	if tags.Kind != Other {
		tags.Symptoms = c.symptoms(p)
	}
	tags.Spans = c.spans(p, tags)
	return tags
}

// chosen picks the services for a kind.
func (c *Classifier) chosen(p *scratch, k Kind, all, hit []string) []string {
	switch {
	case k == Other && len(p.about) > 0 && len(all) == 0, k != Other && len(hit) == 0 && len(p.about) > 0:
		return c.slugsOf(p.about)
	case k == Other || k == Resolved && len(hit) == 0:
		return all
	}
	if len(hit) == 0 {
		return c.implied(p)
	}
	return hit
}

func (c *Classifier) slugsOf(services []int) []string {
	out := []string{}
	for _, s := range services {
		out = append(out, c.slugs[s])
	}
	slices.Sort(out)
	return out
}

// implied lists services that phrases give away without a name. Where two could
// be meant, none is.
func (c *Classifier) implied(p *scratch) []string {
	out := []string{}
	for _, h := range p.hits {
		ph := c.matcher.Phrase(h)
		if ph.Group == lexicon.Implied && !slices.Contains(out, ph.Name) && slices.Contains(c.slugs, ph.Name) {
			out = append(out, ph.Name)
		}
	}
	if len(out) > 1 {
		return []string{}
	}
	return out
}

// spans lists the evidence for the tags that were given, in order.
func (c *Classifier) spans(p *scratch, tags Tags) []Span {
	var out []Span
	for _, s := range p.spots {
		if s.service >= 0 && slices.Contains(tags.Services, c.slugs[s.service]) {
			start, end := p.bytes(s)
			out = append(out, Span{start, end, "service:" + c.slugs[s.service]})
		}
	}
	for _, h := range p.hits {
		if tag := c.tagOf(h, tags); tag != "" {
			start, _ := p.bytes(p.spots[h.Start])
			_, end := p.bytes(p.spots[h.End-1])
			out = append(out, Span{start, end, tag})
		}
	}
	slices.SortFunc(out, func(a, b Span) int {
		return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(a.End, b.End), cmp.Compare(a.Tag, b.Tag))
	})
	return slices.Compact(out)
}

// tagOf is the tag that a hit is evidence of, if that tag was given.
func (c *Classifier) tagOf(h lexicon.Hit, tags Tags) string {
	ph := c.matcher.Phrase(h)
	switch {
	case (ph.Group == lexicon.Symptom || ph.Group == lexicon.Topic) && slices.Contains(tags.Symptoms, ph.Name):
		return "symptom:" + ph.Name
	case ph.Group == lexicon.Implied && slices.Contains(tags.Services, ph.Name):
		return "service:" + ph.Name
	case ph.Group == lexicon.Cue && supports(ph.Name, tags.Kind):
		return "kind:" + string(tags.Kind)
	}
	return ""
}

func supports(cue string, k Kind) bool {
	v := cueVotes(cue)
	switch k {
	case Complaint:
		return v.complaint > 0
	case News:
		return v.news > 0
	case Resolved:
		return v.resolved > 0
	}
	return v.other > 0
}
