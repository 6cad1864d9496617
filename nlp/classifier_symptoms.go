package nlp

import (
	"slices"

	"outcry/nlp/lexicon"
)

// symptoms lists what is wrong; down only where nothing more precise is said.
func (c *Classifier) symptoms(p *scratch) []string {
	out := []string{}
	said := c.said(p)
	for _, h := range p.hits {
		if ph := c.matcher.Phrase(h); ph.Group == lexicon.Symptom && !said.outranked(h, ph.Name) {
			out = append(out, ph.Name)
		}
	}
	slices.Sort(out)
	out = slices.Compact(out)
	if len(out) > 1 {
		out = slices.DeleteFunc(out, func(s string) bool { return s == "down" })
	}
	if len(out) == 0 || len(out) == 1 && out[0] == "down" {
		return c.topics(p)
	}
	return out
}

// topics makes "down" as precise as what the post talks of allows: a network
// that is down is mobile. Where the provider is no telecom, the reader's own
// line is meant ("or is it my wifi?").
func (c *Classifier) topics(p *scratch) []string {
	out := []string{}
	for _, h := range p.hits {
		ph := c.matcher.Phrase(h)
		if line := ph.Name == "internet" || ph.Name == "mobile" || ph.Name == "tv"; ph.Group == lexicon.Topic && (!line || c.telecom(p)) {
			out = append(out, ph.Name)
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

// said is, for each symptom but down, which words say it, and whether some
// phrase says it of no service in particular.
type said map[string]saying

type saying struct {
	words uint64
	loose bool
}

func (c *Classifier) said(p *scratch) said {
	s := said{}
	for _, h := range p.hits {
		if ph := c.matcher.Phrase(h); ph.Group == lexicon.Symptom && ph.Name != "down" {
			x := s[ph.Name]
			s[ph.Name] = saying{x.words | h.Matched, x.loose || h.Service < 0}
		}
	}
	return s
}

// outranked reports whether another symptom says more precisely what h says:
// with the same words, or with any where h only says that the service hangs.
func (s said) outranked(h lexicon.Hit, name string) bool {
	for other, x := range s {
		if other == name {
			continue
		}
		if name == "app" && h.Service >= 0 && x.loose || x.words&h.Matched != 0 && outranks(other, name) {
			return true
		}
	}
	return false
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
