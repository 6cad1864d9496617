package nlp

import (
	"slices"

	"outcry/nlp/lexicon"
)

// symptoms lists in out what is wrong; down only where nothing more precise is said.
func (c *Classifier) symptoms(p *scratch, out []string) []string {
	out = out[:0]
	said := c.said(p)
	for _, h := range p.hits {
		if claim := c.matcher.Claim(h); claim.Group == lexicon.Symptom && !outranked(h, claim.Name, said) {
			out = append(out, claim.Name)
		}
	}
	slices.Sort(out)
	out = slices.Compact(out)
	if len(out) > 1 {
		out = slices.DeleteFunc(out, func(s string) bool { return s == "down" })
	}
	if len(out) == 0 || len(out) == 1 && out[0] == "down" {
		return c.topics(p, out)
	}
	return out
}

// topics makes "down" as precise as what the post talks of allows: a network
// that is down is mobile. Where the provider is no telecom, the reader's own
// line is meant ("or is it my wifi?").
func (c *Classifier) topics(p *scratch, out []string) []string {
	out = out[:0]
	for _, h := range p.hits {
		claim := c.matcher.Claim(h)
		if line := claim.Name == "internet" || claim.Name == "mobile" || claim.Name == "tv"; claim.Group == lexicon.Topic && (!line || c.telecom(p)) {
			out = append(out, claim.Name)
		}
	}
	if len(out) == 0 {
		out = append(out, "down")
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// telecom reports whether a provider of lines has the problem.
func (c *Classifier) telecom(p *scratch) bool {
	return slices.ContainsFunc(p.spots, func(s spot) bool { return s.affected && s.service >= 0 && c.lines[s.service] }) ||
		slices.ContainsFunc(p.about, func(s int) bool { return c.lines[s] })
}

// saying is which words say a symptom other than down, and whether some phrase says
// it of no service in particular.
type saying struct {
	symptom string
	words   uint64
	loose   bool
}

// said lists what the phrases say, each symptom once.
func (c *Classifier) said(p *scratch) []saying {
	p.said = p.said[:0]
	for _, h := range p.hits {
		claim := c.matcher.Claim(h)
		if claim.Group != lexicon.Symptom || claim.Name == "down" {
			continue
		}
		i := slices.IndexFunc(p.said, func(s saying) bool { return s.symptom == claim.Name })
		if i < 0 {
			i, p.said = len(p.said), append(p.said, saying{symptom: claim.Name})
		}
		p.said[i].words |= h.Matched
		p.said[i].loose = p.said[i].loose || h.Service < 0
	}
	return p.said
}

// outranked reports whether another symptom says more precisely what h says:
// with the same words, or with any where h only says that the service hangs.
func outranked(h lexicon.Hit, name string, said []saying) bool {
	return slices.ContainsFunc(said, func(s saying) bool {
		return s.symptom != name &&
			(name == "app" && h.Service >= 0 && s.loose || s.words&h.Matched != 0 && outranks(s.symptom, name))
	})
}

// outranks reports whether symptom a is the more precise of two that the same
// words may show.
func outranks(a, b string) bool {
	switch a {
	case "playback":
		return b == "app" || b == "slow" || b == "loading"
	case "calls":
		return b == "connection" || b == "mobile"
	case "connection":
		return b == "login" || b == "app"
	case "messages", "posting", "payment", "search":
		return b == "loading" || b == "app"
	case "loading", "website":
		return b == "app"
	case "tv":
		return b == "playback" || b == "mobile"
	}
	return false
}
