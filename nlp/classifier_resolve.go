package nlp

import (
	"slices"

	"outcry/nlp/lexicon"
	"outcry/nlp/text"
)

// nearWords is how far a neighbour word may stand from a name.
const nearWords = 6

// readAbout turns Input.About into services.
func (c *Classifier) readAbout(p *scratch) {
	for _, a := range p.in.About {
		s := c.named(a)
		if s >= 0 && !slices.Contains(p.about, s) {
			p.about = append(p.about, s)
		}
	}
}

// named is the service that a name or handle stands for, rules aside, or -1.
func (c *Classifier) named(name string) int {
	var t text.Text
	t.Analyze(name)
	words := make([]wordAt, 0, len(t.Tokens))
	for i := range t.Tokens {
		if t.Tokens[i].Kind == text.Handle {
			return c.names.handle(c.dict, string(t.Tokens[i].Word))
		}
		words = append(words, wordAt{c.dict.ids[string(t.Tokens[i].Word)], i})
	}
	if n, refs := c.names.find(words, 0, func(int) bool { return true }); n > 0 && n == len(words) {
		return refs[0].service
	}
	if i := slices.Index(c.slugs, name); i >= 0 {
		return i
	}
	return c.names.handle(c.dict, text.Fold(name))
}

// resolve decides for every name whether the service is meant.
func (c *Classifier) resolve(p *scratch) {
	for u := range p.spots {
		s := &p.spots[u]
		if s.certain >= 0 {
			s.service = s.certain
		} else if s.names != nil {
			s.service = c.meant(p, u)
		}
	}
}

// meant is the service that the name at unit u means, or -1.
func (c *Classifier) meant(p *scratch, u int) int {
	accent := p.text.Tokens[p.words[p.spots[u].first].token].Accent
	for _, ref := range p.spots[u].names {
		if accent && !ref.accent {
			continue
		}
		if ref.rule == nil || slices.Contains(p.about, ref.service) {
			return ref.service
		}
	}
	for _, ref := range p.spots[u].names {
		if ref.rule != nil && !(accent && !ref.accent) && !ref.rule.beside(p, u) && c.evident(p, u, ref.rule) {
			return ref.service
		}
	}
	return -1
}

// beside reports whether a word stands next to u that rules the service out.
func (r *nameRule) beside(p *scratch, u int) bool {
	return u > 0 && !p.units[u].Hard && r.not[p.units[u-1].Word] ||
		u+1 < len(p.units) && !p.units[u+1].Hard && r.not[p.units[u+1].Word]
}

// evident reports whether the post gives one piece of evidence that r asks for.
func (c *Classifier) evident(p *scratch, u int, r *nameRule) bool {
	if r.Exact && !r.written(p, u) || len(r.Langs) > 0 && !slices.Contains(r.Langs, p.lang) {
		return false
	}
	if r.Hashtag && p.text.Tokens[p.words[p.spots[u].first].token].Kind == text.Hashtag {
		return true
	}
	return in(r.Caps, p.lang) && r.asWritten(p, u) || r.close(p, u) || r.anywhere(p) ||
		in(r.Subject, p.lang) && c.subject(p, u) || c.hasSymptom(p, u, r) || c.sold(p, u, r)
}

// sold reports whether the post talks of prices or offers in a language of the
// provider: "Claro raised my bill". A name that no symptom gives away is too
// weak for that.
func (c *Classifier) sold(p *scratch, u int, r *nameRule) bool {
	if len(r.Symptoms) == 0 || !r.written(p, u) || p.caps > 0 || p.lang == "" || !slices.Contains(r.Caps, p.lang) && !slices.Contains(r.Subject, p.lang) {
		return false
	}
	return slices.ContainsFunc(p.hits, func(h lexicon.Hit) bool {
		name := c.matcher.Phrase(h).Name
		return name == "price" || name == "advert"
	})
}

func in(langs []string, code string) bool {
	return slices.Contains(langs, "all") || code != "" && slices.Contains(langs, code)
}

// asWritten reports whether the name stands exactly as the catalogue writes it,
// where capitals tell something: not in a post in capitals, and a name with
// only its first letter a capital not at the start of a sentence.
func (r *nameRule) asWritten(p *scratch, u int) bool {
	first := p.text.Tokens[p.words[p.spots[u].first].token]
	if p.caps > 0 || first.Case == text.Title && len(first.Word) > 1 && first.Break == text.Hard {
		return false
	}
	return first.Case != text.Lower && r.written(p, u)
}

// written reports whether the name at u is capitalised as in the catalogue.
func (r *nameRule) written(p *scratch, u int) bool {
	start, end := p.bytes(p.spots[u])
	name := p.in.Text[start:end]
	return name == r.display || slices.Contains(r.Names, name)
}

func (r *nameRule) close(p *scratch, u int) bool {
	for i := max(0, u-nearWords); i < min(len(p.units), u+nearWords+1); i++ {
		if i != u && r.near[p.units[i].Word] {
			return true
		}
	}
	return false
}

func (r *nameRule) anywhere(p *scratch) bool {
	return len(r.post) > 0 && slices.ContainsFunc(p.units, func(u lexicon.Unit) bool { return r.post[u.Word] })
}

// subject reports whether something is told of the name at u that is told of
// services: that it is down, back, or fine. A name that opens the sentence is
// the subject of what follows it directly.
func (c *Classifier) subject(p *scratch, u int) bool {
	opens := p.opens(u)
	for _, h := range p.hits {
		ph := c.matcher.Phrase(h)
		if ph.Group != lexicon.Symptom && ph.Name != "resolved" && (ph.Name != "praise" || h.Start != u) {
			continue
		}
		if h.Service == u || opens && h.Start > u && h.Start <= u+2 && !p.units[h.Start].Hard {
			return true
		}
	}
	return false
}

// opens reports whether unit u is the first of its sentence, an article aside.
func (p *scratch) opens(u int) bool {
	if p.units[u].Hard {
		return true
	}
	if !p.units[u-1].Hard {
		return false
	}
	switch string(p.text.Tokens[p.words[p.spots[u-1].first].token].Word) {
	case "the", "le", "la", "el", "o", "a", "der", "die", "il", "lo", "my", "mon", "mi", "meu", "mein":
		return true
	}
	return false
}

// hasSymptom reports whether the post has a symptom that r takes for evidence.
// The name must not be a word of the phrase itself ("no signal").
func (c *Classifier) hasSymptom(p *scratch, u int, r *nameRule) bool {
	for _, h := range p.hits {
		ph := c.matcher.Phrase(h)
		if ph.Group == lexicon.Symptom && slices.Contains(r.Symptoms, ph.Name) && (u < h.Start || u >= h.End || h.Service == u) {
			return true
		}
	}
	return false
}
