package nlp

import (
	"unicode/utf8"

	"outcry/nlp/lexicon"
	"outcry/nlp/text"
)

// look numbers the words, counts the evidence of language, and finds out
// whether anything here may matter.
func (c *Classifier) look(p *scratch) {
	p.wholes = p.wholes[:0]
	for i := range p.text.Tokens {
		p.wholes = append(p.wholes, c.dict.table.begin(p.text.Tokens[i].Hash))
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
		p.tells |= info.tells
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
	if text.Length(t.Word) < len(t.Word) {
		c.lookWords(p, i, t.Word)
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

// lookWords notes the words of a hashtag that its script tells apart: #LINE障害.
func (c *Classifier) lookWords(p *scratch, token int, tag []byte) {
	for len(tag) > 0 {
		word := tag[:text.Length(tag)]
		tag = tag[len(word):]
		parts := c.dict.splitTag(word)
		if id := c.dict.exact(word); id != 0 || parts == nil {
			parts = []uint32{id}
		}
		for _, id := range parts {
			c.note(p, found{id: id}, token)
		}
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
	if t.Kind != text.Handle && !p.inWord(i) {
		n, s.names = c.nameAt(p, i)
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

// nameAt is the name that begins at word i: how many words it takes, and what it
// may mean.
func (c *Classifier) nameAt(p *scratch, i int) (n int, refs []nameRef) {
	joined := func(j int) bool {
		a, b := p.words[j-1].token, p.words[j].token
		return a == b || p.text.Tokens[a].Kind != text.Hashtag && p.text.Tokens[b].Kind != text.Handle && p.text.Tokens[b].Kind != text.Hashtag &&
			(p.text.Tokens[b].Break < text.Hard || p.inName(a, b))
	}
	info := &c.dict.info[p.words[i].id]
	if info.name == 0 {
		return 0, nil
	}
	n, refs = c.names.find(info.name, p.words, i, joined)
	if n > 0 || info.langs != 0 || p.text.Tokens[p.words[i].token].Kind != text.Word {
		return n, refs
	}
	// It begins a longer name, which is not here: it may be one with an ending.
	brand := c.dict.brandIn(p.text.Tokens[p.words[i].token].Word)
	if brand.id == 0 {
		return 0, nil
	}
	p.words[i].id, p.words[i].langs = brand.id, brand.langs
	return c.names.find(c.dict.info[brand.id].name, p.words, i, joined)
}

// isSyllable reports whether r is a syllable of Hangul.
func isSyllable(r rune) bool { return r >= '가' && r <= '힣' }

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
	return isSyllable(before) && isSyllable(first)
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
