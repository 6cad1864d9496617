package aggregate

import (
	"math"
	"strings"
	"time"

	"outcry/nlp/text"
)

// inLang is a folded word of a language. Languages are kept apart, as else all words
// would be new where people of another country begin to complain.
type inLang struct{ lang, key string }

// candidate is a word that may be told of.
type candidate struct {
	inLang
	posts    int
	before   int
	beside   int // posts about others
	first    time.Time
	authors  map[uint64]bool
	surfaces map[string]int
	piece    bool // cut out of a script without spaces
	score    float64
}

func (l *Lexis) candidates(now []Said, own map[string]bool) map[inLang]*candidate {
	all := map[inLang]*candidate{}
	var a text.Text
	for _, s := range now {
		for key, t := range terms(&a, s.Text) {
			if l.dull(key, t, own) {
				continue
			}
			place := inLang{s.Lang, key}
			c := all[place]
			if c == nil {
				c = &candidate{inLang: place, first: s.At, authors: map[uint64]bool{}, surfaces: map[string]int{}, piece: t.piece}
				all[place] = c
			}
			c.posts++
			c.authors[s.Author] = true
			c.surfaces[t.surface]++
			if s.At.Before(c.first) {
				c.first = s.At
			}
		}
	}
	for key, c := range all {
		if len(c.authors) < leastFresh {
			delete(all, key)
		}
	}
	return all
}

// dull words are not told of. Lists of function words hold too much of the scripts
// without spaces, where pieces are cut anyhow.
func (l *Lexis) dull(key string, t term, own map[string]bool) bool {
	if _, function := l.common[key]; function && !t.piece || l.names[key] || own[key] {
		return true
	}
	if t.piece {
		for name := range own {
			if strings.Contains(name, key) || strings.Contains(key, name) {
				return true
			}
		}
	}
	return false
}

// ownWords are names, and their words.
func ownWords(names []string) map[string]bool {
	own := map[string]bool{}
	for _, n := range names {
		own[text.Fold(n)] = true
		for _, word := range strings.FieldsFunc(n, func(r rune) bool { return r == ' ' || r == '-' || r == '.' || r == '_' }) {
			own[text.Fold(word)] = true
		}
	}
	delete(own, "")
	return own
}

func countIn(texts []Said, all map[inLang]*candidate, count func(*candidate)) {
	var a text.Text
	for _, s := range texts {
		for key := range terms(&a, s.Text) {
			if c := all[inLang{s.Lang, key}]; c != nil {
				count(c)
			}
		}
	}
}

// rare says whether the word is far more frequent in the posts now than in those
// before, and keeps how surely.
func (c *candidate) rare(now, before int) bool {
	k1, n1, k2, n2 := float64(c.posts), float64(now), float64(c.before+c.beside), float64(before)
	if (k1+0.5)/(n1+1) < freshRatio*(k2+0.5)/(n2+1) {
		return false
	}
	p := (k1 + k2) / (n1 + n2)
	c.score = 2 * (likely(k1, n1, k1/n1) + likely(k2, n2, k2/max(n2, 1)) - likely(k1, n1, p) - likely(k2, n2, p))
	return c.score >= freshEvidence
}

// likely is the logarithm of the likelihood of k of n at the chance p.
func likely(k, n, p float64) float64 {
	var sum float64
	if k > 0 {
		sum += k * math.Log(p)
	}
	if n > k {
		sum += (n - k) * math.Log1p(-p)
	}
	return sum
}

// whole drops pieces of which a longer or better one is told already: a piece gives
// way to a longer one that is nearly as frequent.
func whole(found []*candidate) []*candidate {
	var kept []*candidate
	for _, c := range found {
		clash := false
		for _, k := range found {
			clash = clash || c.piece && k.piece && len(k.key) > len(c.key) && strings.Contains(k.key, c.key) && 5*k.posts >= 4*c.posts
		}
		for _, k := range kept {
			clash = clash || c.piece && k.piece && (overlap(k.key, c.key) || overlap(c.key, k.key))
		}
		if !clash {
			kept = append(kept, c)
		}
	}
	return kept
}

// overlap says that b lies in a, or begins in it with half of its length or more.
func overlap(a, b string) bool {
	if strings.Contains(a, b) {
		return true
	}
	for n := len(b) - 1; n >= (len(b)+1)/2; n-- {
		if strings.HasSuffix(a, b[:n]) {
			return true
		}
	}
	return false
}

// most is the most frequent; of equals the first by name.
func most(counts map[string]int) (best string) {
	n := 0
	for name, count := range counts {
		if count > n || count == n && name < best {
			best, n = name, count
		}
	}
	return best
}
