package aggregate

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"outcry/nlp/lang"
	"outcry/nlp/text"
)

// SaidQuery asks for what was said in complaints about a service, each post once.
type SaidQuery struct {
	Service string    // empty: any
	Lang    string    // empty: any
	From    time.Time // inclusive
	To      time.Time // exclusive
	Limit   int       // of more a fair sample is taken, always the same
}

// Said is a complaint, its service and language, a hash of who wrote it, and when.
type Said struct {
	Text    string
	Service string
	Lang    string
	Author  uint64
	At      time.Time
}

// FirstWord is a word that is new in complaints, or far more frequent than before.
type FirstWord struct {
	Word   string
	Lang   string    // of the posts; empty: undetermined
	Posts  int       // that it stands in
	Before int       // earlier posts that it stands in
	First  time.Time // when it was first said in the range
}

const (
	// leastFresh is how many people must say a word: one who floods is no news.
	leastFresh = 3
	// freshRatio is how much more frequent than before a word must be.
	freshRatio = 3
	// freshEvidence is G² (Dunning, "Accurate methods for the statistics of surprise
	// and coincidence", Computational Linguistics 19, 1993) that chance exceeds once in
	// two hundred words.
	freshEvidence = 7.88
)

// Lexis knows which words say nothing: function words, and the names of services.
type Lexis struct {
	common map[string]lang.Mask
	names  map[string]bool
}

// NewLexis takes names that are not to be told of.
func NewLexis(names []string) *Lexis {
	l := &Lexis{common: map[string]lang.Mask{}, names: map[string]bool{}}
	for word, mask := range lang.Load().Words() {
		l.common[text.Fold(word)] |= mask
	}
	for _, n := range names {
		l.names[text.Fold(n)] = true
	}
	return l
}

// Earlier is what was said before: about the service, and, where that is little, about
// others, which tells what people say of anything.
type Earlier struct{ Before, Beside []Said }

// FirstWords finds what people say now and hardly said before, the most telling
// first, at most limit. own are names of the service itself, of which not even a part
// is told. Where nothing was said in a language before, all would be new, and there
// are none.
func (l *Lexis) FirstWords(now []Said, past Earlier, own []string, limit int) []FirstWord {
	all := l.candidates(now, ownWords(own))
	countIn(past.Before, all, func(c *candidate) { c.before++ })
	countIn(past.Beside, all, func(c *candidate) { c.beside++ })
	present, earlier := byLang(now), byLang(past.Before, past.Beside)
	found := []*candidate{}
	for _, c := range all {
		if c.rare(present[c.lang], earlier[c.lang]) {
			found = append(found, c)
		}
	}
	slices.SortFunc(found, func(a, b *candidate) int {
		return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(len(b.key), len(a.key)), strings.Compare(a.key, b.key), strings.Compare(a.lang, b.lang))
	})
	return shownWords(whole(found), limit)
}

func shownWords(found []*candidate, limit int) []FirstWord {
	words, told := []FirstWord{}, map[string]bool{}
	for _, c := range found {
		word := shownWord(most(c.surfaces))
		if word == "" || told[word] {
			continue
		}
		if len(words) == limit {
			break
		}
		told[word] = true
		words = append(words, FirstWord{word, c.lang, c.posts, c.before, c.first})
	}
	return words
}

// byLang counts posts.
func byLang(lists ...[]Said) map[string]int {
	counts := map[string]int{}
	for _, list := range lists {
		for _, s := range list {
			counts[s.Lang]++
		}
	}
	return counts
}
