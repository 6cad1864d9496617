package nlp

import (
	"unicode/utf8"

	"outcry/nlp/lang"
	"outcry/nlp/text"
)

// letterGram is the kind of a feature of the model of languages.
const letterGram = 200

// longestGram is how many letters in a row the model of languages sees, at most.
const longestGram = 4

// enoughGrams is how many rows of letters tell a language: some fifteen words.
const enoughGrams = 300

// letterFeatures lists the rows of up to four letters in the words of a post, the
// ends of words being letters too. Case does not count, accents do. Names of
// accounts are left out.
func (p *scratch) letterFeatures() {
	p.features = p.features[:0]
	for i := range p.text.Tokens {
		t := &p.text.Tokens[i]
		if len(p.features) > enoughGrams {
			break
		}
		if t.Kind != text.Word && t.Kind != text.Hashtag {
			continue
		}
		word := p.in.Text[t.Start:t.End]
		p.starts = append(p.starts[:0], 0)
		for at := range word {
			p.starts = append(p.starts, at)
		}
		p.starts = append(p.starts, len(word), len(word))
		p.gramsOf(word)
	}
}

// gramsOf adds the rows of letters that begin at each letter; p.starts has where
// each begins, the edges of the word included.
func (p *scratch) gramsOf(word string) {
	n := len(p.starts) - 1
	for from := range n {
		h := uint64(fnvOffset)
		for to := from; to < min(n, from+longestGram); to++ {
			letter := word[p.starts[to]:p.starts[to+1]] // empty at an edge
			for _, b := range []byte(letter) {
				if b < utf8.RuneSelf && b >= 'A' && b <= 'Z' {
					b |= 0x20
				}
				h = (h ^ uint64(b)) * fnvPrime
			}
			if letter == "" {
				h = (h ^ ' ') * fnvPrime
			}
			p.add(letterGram, h, uint64(to-from))
		}
	}
}

// letterOdds asks the model of languages.
func (c *Classifier) letterOdds(p *scratch) []lang.Odds {
	p.letterFeatures()
	var scores [64]float32
	names := c.models.langs.Outputs()
	p.ask(c.models.langs, scores[:len(names)])
	p.odds = p.odds[:0]
	for i, code := range names {
		p.odds = append(p.odds, lang.Odds{Code: code, Odds: scores[i]})
	}
	return p.odds
}
