package nlp

import (
	"unicode"
	"unicode/utf8"

	"outcry/nlp/lexicon"
	"outcry/nlp/text"
)

// look numbers the words, counts the evidence of language, and finds out
// whether anything here may matter.
func (c *Classifier) look(p *scratch) {
	p.wholes = p.wholes[:0]
	for i := range p.text.Tokens {
		p.wholes = append(p.wholes, c.dict.table.begin(hashBytes(fnvOffset, p.text.Tokens[i].Word)))
	}
	for i := range p.text.Tokens {
		t := &p.text.Tokens[i]
		switch t.Kind {
		case text.Hashtag:
			c.lookHashtag(p, i, t)
			continue
		case text.Handle:
			p.words = append(p.words, wordAt{token: i})
			continue
		}
		c.note(p, c.dict.find(t, c.dict.table.end(p.wholes[i]), &p.short), i)
		if t.Case == text.Upper {
			p.caps++
		} else if t.Kind == text.Word {
			p.caps--
		}
	}
	for _, w := range p.words {
		info := &c.dict.info[w.id]
		p.tally.Word(info.langs)
		p.trigger = p.trigger || info.clear
	}
	c.langs.Letters(&p.tally, p.text.Letters)
}

func (c *Classifier) note(p *scratch, f found, token int) {
	p.words = append(p.words, wordAt{f.id, token, f.langs})
}

// lookHashtag notes #whatsappdown as whatsapp and down.
func (c *Classifier) lookHashtag(p *scratch, i int, t *text.Token) {
	whole := c.dict.table.end(p.wholes[i])
	if whole.word != 0 {
		c.note(p, found{id: whole.word}, i)
		return
	}
	parts := c.dict.splitTag(t.Word)
	if parts == nil {
		c.note(p, c.dict.find(t, whole, &p.short), i)
		return
	}
	for _, id := range parts {
		c.note(p, found{id: id}, i)
	}
}

// join makes units of the words: names of several words become one.
func (c *Classifier) join(p *scratch) {
	for i := 0; i < len(p.words); {
		i += c.unit(p, i)
	}
}

// unit adds the unit that begins at word i and returns how many words it took.
func (c *Classifier) unit(p *scratch, i int) int {
	t := &p.text.Tokens[p.words[i].token]
	s := spot{first: i, last: i, certain: -1, service: -1, perhaps: -1}
	n := 0
	switch t.Kind {
	case text.Handle:
		s.certain = c.names.handle(c.dict, string(t.Word))
	case text.Domain:
		s.certain = c.names.domain(string(t.Word))
	}
	if node := c.dict.info[p.words[i].id].name; t.Kind != text.Handle && node != 0 && !p.inWord(i) {
		n, s.names = c.names.find(node, p.words, i, func(j int) bool {
			a, b := p.words[j-1].token, p.words[j].token
			return a == b || p.text.Tokens[a].Kind != text.Hashtag && p.text.Tokens[b].Kind != text.Handle && p.text.Tokens[b].Kind != text.Hashtag &&
				(p.text.Tokens[b].Break < text.Hard || p.inName(a, b))
		})
	}
	n = max(n, 1)
	s.last = i + n - 1
	p.named = p.named || s.certain >= 0 || s.names != nil
	u := lexicon.Unit{Word: p.words[i].id, Service: s.certain >= 0 || s.names != nil, Number: t.Kind == text.Number}
	u.Hard = t.Break == text.Hard && (i == 0 || p.words[i-1].token != p.words[i].token)
	u.Soft = t.Break == text.Soft
	if n > 1 {
		u.Word = 0
	}
	p.units, p.spots = append(p.units, u), append(p.spots, s)
	return n
}

// inWord reports whether the syllable that is word i stands inside a Korean word,
// where no name begins: 타이베이 is no 이베이.
func (p *scratch) inWord(i int) bool {
	if i == 0 || p.text.Tokens[p.words[i].token].Kind != text.Word {
		return false
	}
	start := p.text.Tokens[p.words[i].token].Start
	if p.text.Tokens[p.words[i-1].token].End != start {
		return false
	}
	before, _ := utf8.DecodeLastRuneInString(p.in.Text[:start])
	first, _ := utf8.DecodeRuneInString(p.in.Text[start:])
	return unicode.Is(unicode.Hangul, before) && unicode.Is(unicode.Hangul, first)
}

// inName reports whether the mark between tokens a and b may stand in a name
// instead of ending a sentence: mark.kz, Y!mobile, U.S. Bank, Dr. Max.
func (p *scratch) inName(a, b int) bool {
	end, start := p.text.Tokens[a].End, p.text.Tokens[b].Start
	switch p.in.Text[end:start] {
	case ".", "!":
		return true
	case ". ":
		return len(p.text.Tokens[a].Word) <= 2
	}
	return false
}
