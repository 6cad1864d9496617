package nlp

import (
	"slices"
	"strings"
	"unicode/utf8"

	"outcry/nlp/lang"
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

// named is the service that a name or handle stands for, rules aside, or -1. A
// hashtag may be a mere word too: #free.
func (c *Classifier) named(name string) int {
	var t text.Text
	name, tag := strings.CutPrefix(name, "#")
	t.Analyze(name)
	words := make([]wordAt, 0, len(t.Tokens))
	for i := range t.Tokens {
		if t.Tokens[i].Kind == text.Handle {
			return c.names.handle(c.dict, string(t.Tokens[i].Word))
		}
		words = append(words, wordAt{id: c.dict.exact(t.Tokens[i].Word), token: i})
	}
	if len(words) == 0 {
		return -1
	}
	if n, refs := c.names.find(c.dict.info[words[0].id].name, words, 0, func(int) bool { return true }); n > 0 && n == len(words) {
		for _, ref := range refs {
			if !tag || ref.rule == nil || ref.rule.Hashtag {
				return ref.service
			}
		}
	}
	if tag {
		return -1
	}
	if i, known := c.bySlug[name]; known {
		return i
	}
	return c.names.handle(c.dict, text.Fold(name))
}

// mayName reports whether any name may mean its service, whatever the language of the
// post turns out to be.
func (c *Classifier) mayName(p *scratch) bool {
	possible := c.possible(p)
	for u := range p.spots {
		if p.spots[u].certain >= 0 {
			return true
		}
		for _, ref := range p.spots[u].names {
			if r := ref.rule; r == nil || r.langs&possible != 0 && (!r.Exact || r.written(p, u)) {
				return true
			}
		}
	}
	return false
}

// resolve decides for every name whether the service is meant.
func (c *Classifier) resolve(p *scratch) {
	p.own = c.langs.Mask(p.lang)
	p.tongues = p.own | c.langs.Mask("en")
	if p.lang == "" {
		p.tongues = anyLang
	}
	for u := range p.spots {
		s := &p.spots[u]
		if s.certain >= 0 {
			s.service = s.certain
		} else if s.names != nil {
			s.service = c.meant(p, u)
		}
	}
}

// plainName is the length in bytes from which on a name is that name whatever
// accents or ending it is written with: no other word becomes "instagram" without
// them.
const plainName = 7

// meant is the service that the name at unit u means, or -1.
func (c *Classifier) meant(p *scratch, u int) int {
	first := &p.text.Tokens[p.words[p.spots[u].first].token]
	ordinary := p.spots[u].first == p.spots[u].last && c.names.isOrdinary(first.Word, p.tongues)
	if ordinary && !c.dict.same(p.words[p.spots[u].first].id, first.Word) || p.abbreviated(u) {
		return -1 // a word of its own and no name with an ending
	}
	accent := first.Accent && len(first.Word) < plainName
	foreign := false // another language's ending
	for _, w := range p.words[p.spots[u].first : p.spots[u].last+1] {
		if w.langs != 0 && w.langs&p.own == 0 {
			foreign = true
		}
		accent = accent && w.langs == 0 // it may be the ending's
	}
	for _, ref := range p.spots[u].names {
		if accent && !ref.accent {
			continue
		}
		if slices.Contains(p.about, ref.service) {
			return ref.service
		}
		if ref.rule != nil || foreign && len(first.Word) <= plainName || c.unlikelyName(p, u, ref.service) {
			continue
		}
		if ordinary && ref.accent && !first.Accent {
			continue // the name has an accent, the word has none
		}
		if !ordinary || first.Case != text.Lower && first.Break != text.Hard && p.caps <= 0 || c.subject(p, u) {
			return ref.service
		}
		if !c.foreigner(p, ref.service) {
			p.spots[u].perhaps, p.spots[u].bare, p.spots[u].everyday = ref.service, true, true
		}
	}
	if foreign {
		return -1
	}
	for _, ref := range p.spots[u].names {
		if ref.rule == nil || accent && !ref.accent || ref.rule.beside(p, u) || !ref.rule.holds(p, u) {
			continue
		}
		if c.evident(p, u, ref.rule) {
			return ref.service
		}
		if ordinary && c.names.ordinary[string(first.Word)] == anyLang {
			continue // only evidence makes it a name
		}
		if bare := !ref.rule.subject.has(p) && !ref.rule.caps.has(p); !(bare && c.foreigner(p, ref.service)) && (p.spots[u].perhaps < 0 || p.spots[u].bare && !bare) {
			p.spots[u].perhaps, p.spots[u].bare, p.spots[u].everyday = ref.service, bare, ref.everyday&p.tongues != 0
		}
	}
	return -1
}

// abbreviated reports whether the letter at unit u ends an abbreviation: "π.χ".
func (p *scratch) abbreviated(u int) bool {
	t := &p.text.Tokens[p.words[p.spots[u].first].token]
	return t.Start > 0 && p.in.Text[t.Start-1] == '.' && utf8.RuneCount(t.Word) == 1
}

// unlikelyName reports whether a word written like any other is a service's name
// only where other languages than the post's are spoken ("sab", "aparat"), and
// nothing tells of it what is told of services.
func (c *Classifier) unlikelyName(p *scratch, u, service int) bool {
	s := p.spots[u]
	t := &p.text.Tokens[p.words[s.first].token]
	if s.first < s.last || t.Kind != text.Word || !c.foreigner(p, service) {
		return false
	}
	if w := p.words[s.first]; w.langs == 0 && len(c.dict.forms[w.id]) >= plainName {
		return false // "walmart", without an ending
	}
	plain := t.Case == text.Lower || t.Case == text.Title && t.Break == text.Hard || p.caps > 0
	return plain && (len(t.Word) < plainName-2 || p.lang != "en" && !c.subject(p, u)) // all the world writes English
}

// holds reports whether the rule is for such a post and such a spelling at all.
func (r *nameRule) holds(p *scratch, u int) bool {
	return !(r.Exact && !r.written(p, u)) && (r.langs == anyLang || r.langs&p.own != 0)
}

// beside reports whether a word stands next to u that rules the service out.
func (r *nameRule) beside(p *scratch, u int) bool {
	return u > 0 && !p.units[u].Hard && r.not.at(p.units, u-1, anyLang) ||
		u+1 < len(p.units) && !p.units[u+1].Hard && r.not.at(p.units, u+1, anyLang)
}

// evident reports whether the post gives one piece of evidence that r asks for.
func (c *Classifier) evident(p *scratch, u int, r *nameRule) bool {
	if r.Hashtag && p.wholeTag(u) {
		return true
	}
	return r.caps.has(p) && r.asWritten(p, u) || r.close(p, u) || r.anywhere(p) ||
		r.subject.has(p) && c.subject(p, u) || c.hasSymptom(p, u, r) || c.sold(p, u, r)
}

// wholeTag reports whether unit u is a hashtag and not a part of one, or the
// first part of one that a symptom ends: #o2down.
func (p *scratch) wholeTag(u int) bool {
	s := &p.spots[u]
	token := p.words[s.first].token
	if p.text.Tokens[token].Kind != text.Hashtag || s.first > 0 && p.words[s.first-1].token == token {
		return false
	}
	return s.last+1 == len(p.words) || p.words[s.last+1].token != token ||
		slices.ContainsFunc(p.hits, func(h lexicon.Hit) bool { return h.Service == u })
}

// sold reports whether the post talks of prices or offers in a language of the
// provider: "Claro raised my bill". A name that no symptom gives away is too
// weak for that.
func (c *Classifier) sold(p *scratch, u int, r *nameRule) bool {
	if len(r.Symptoms) == 0 || !r.written(p, u) || p.caps > 0 || (r.caps|r.subject)&tongues(p.own) == 0 {
		return false
	}
	return slices.ContainsFunc(p.hits, func(h lexicon.Hit) bool {
		name := c.matcher.Claim(h).Name
		return name == "price" || name == "advert"
	})
}

// tongues are languages that something is evidence in.
type tongues lang.Mask

// everyTongue is a bit that no language has: evidence in all, known or not.
const everyTongue tongues = 1 << 63

func (t tongues) has(p *scratch) bool { return t&(tongues(p.own)|everyTongue) != 0 }

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
	start, end := p.bytes(&p.spots[u])
	name := p.in.Text[start:end]
	return name == r.display || slices.Contains(r.Names, name)
}

func (r *nameRule) close(p *scratch, u int) bool {
	for i := max(0, u-nearWords); i < min(len(p.units), u+nearWords+1); i++ {
		if i != u && r.near.at(p.units, i, p.tongues) {
			return true
		}
	}
	return false
}

func (r *nameRule) anywhere(p *scratch) bool {
	for u := range p.units {
		if len(r.Post) > 0 && r.post.at(p.units, u, p.tongues) {
			return true
		}
	}
	return false
}

// subject reports whether something is told of the name at u that is told of
// services: that it is down, back, or fine. A name that opens the sentence is
// the subject of what follows it directly.
func (c *Classifier) subject(p *scratch, u int) bool {
	opens := p.opens(u)
	for _, h := range p.hits {
		claim := c.matcher.Claim(h)
		if claim.Group != lexicon.Symptom && claim.Name != "resolved" && (claim.Name != "praise" || h.Start != u) {
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
		claim := c.matcher.Claim(h)
		if claim.Group == lexicon.Symptom && slices.Contains(r.Symptoms, claim.Name) && (u < h.Start || u >= h.End || h.Service == u) {
			return true
		}
	}
	return false
}
