package nlp

import (
	"slices"
	"unicode/utf8"

	"outcry/nlp/text"
)

// wordFeatures are n-grams of words; in scripts without spaces, of their characters.
// A word that means nothing known is shown in pieces too.
func (c *Classifier) wordFeatures(p *scratch) {
	last, before := uint64(hashStart), uint64(hashStart)
	p.upTo = p.upTo[:0]
	p.markMeant()
	for u := range p.units {
		p.upTo = append(p.upTo, len(p.features))
		word, stem, alone := p.hashes(u)
		if word == last && word == hashService {
			continue
		}
		p.add(featWord, word, 0)
		if stem != word {
			p.add(featStem, stem, 0)
		}
		p.add(featPair, last, word)
		if alone {
			p.add(featTriple, mix(featTriple, before, last), word)
		} else if !p.known[u] {
			p.pieceFeatures(u, word)
		}
		before, last = last, word
	}
	p.add(featPair, last, hashEnd)
}

// markMeant notes which units mean something.
func (p *scratch) markMeant() {
	p.known = slices.Grow(p.known[:0], len(p.units))[:len(p.units)]
	clear(p.known)
	for _, m := range p.meanings {
		for u := m.Start; u < m.End; u++ {
			p.known[u] = true
		}
	}
}

// pieceLength is the length in letters of the pieces of words that the model
// sees, so that it knows a word by a part of it, whatever was done to the rest.
const pieceLength = 4

// pieceFeatures are the pieces of a word, its beginning and end marked.
func (p *scratch) pieceFeatures(u int, word uint64) {
	if word <= hashEnd {
		return // it stands for a class of words
	}
	t := p.text.Tokens[p.words[p.spots[u].first].token].Word
	p.starts = append(p.starts[:0], 0)
	for i := range t {
		if utf8.RuneStart(t[i]) {
			p.starts = append(p.starts, i)
		}
	}
	p.starts = append(p.starts, len(t), len(t))
	for i := 0; i+pieceLength < len(p.starts); i++ {
		h := hashBytes(fnvOffset, t[p.starts[i]:p.starts[i+pieceLength]])
		edge := uint64(b2i(i == 0)) + 2*uint64(b2i(i+pieceLength+1 == len(p.starts)))
		p.add(featPiece, h, edge)
	}
}

// hashes are those of a unit and of its stem, and whether it is of a script without
// spaces.
func (p *scratch) hashes(u int) (word, stem uint64, alone bool) {
	s := &p.spots[u]
	t := &p.text.Tokens[p.words[s.first].token]
	switch {
	case s.service >= 0:
		return hashService, hashService, false
	case t.Kind == text.Handle:
		return hashHandle, hashHandle, false
	case t.Kind == text.Number:
		return hashNumber, hashNumber, false
	}
	if t.Kind == text.Hashtag { // a part of it
		form := p.forms[p.words[s.first].id]
		if form != "" {
			h := hashBytes(fnvOffset, []byte(form))
			return h, h, false
		}
	}
	word = p.wholes[p.words[s.first].token].hash
	stem = word
	if n := stemEnd(t.Word); n < len(t.Word) {
		stem = hashBytes(fnvOffset, t.Word[:n])
	}
	return word, stem, text.Alone(t.Word)
}

// stemEnd is where the stem of a word ends.
func stemEnd(word []byte) int {
	if len(word) <= stemLength {
		return len(word)
	}
	n := 0
	for i := range word {
		if n += b2i(utf8.RuneStart(word[i])); n > stemLength {
			return i
		}
	}
	return len(word)
}
