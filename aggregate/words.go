package aggregate

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"outcry/nlp/lang"
)

const (
	wordTexts   = 400 // that are looked at, of the incident and of what is usual
	mostWords   = 8
	leastTexts  = 3 // that a typical word stands in
	shortWord   = 3 // letters; a sentence without spaces is one word, and too rare to be typical
	wordsBefore = 24 * time.Hour
)

// words are typical of the complaints of an incident: they stand in many of them,
// and in far fewer of the complaints about the same services of the day before.
func (w *Watcher) words(ctx context.Context, i Incident) ([]string, error) {
	now, err := w.Store.Texts(ctx, i.Services, i.Onset, until(i), wordTexts)
	if err != nil {
		return nil, err
	}
	before, err := w.Store.Texts(ctx, i.Services, i.Onset.Add(-wordsBefore), i.Onset, wordTexts)
	if err != nil {
		return nil, err
	}
	if w.common == nil {
		w.common = lang.Load().Words()
	}
	return typical(now, before, w.common), nil
}

// typical ranks words by how many texts they are in, times the logarithm of how
// much more frequent they are than before. Function words are left out.
func typical(now, before []string, common map[string]lang.Mask) []string {
	in, usual := textsWith(now), textsWith(before)
	type scored struct {
		word  string
		score float64
	}
	var all []scored
	for word, n := range in {
		if _, function := common[word]; function || n < leastTexts {
			continue
		}
		ratio := (float64(n) + 0.5) / float64(len(now)+1) / ((float64(usual[word]) + 0.5) / float64(len(before)+1))
		if ratio > 1 {
			all = append(all, scored{word, float64(n) * math.Log(ratio)})
		}
	}
	slices.SortFunc(all, func(a, b scored) int { return cmp.Or(cmp.Compare(b.score, a.score), strings.Compare(a.word, b.word)) })
	words := []string{}
	for _, s := range all[:min(len(all), mostWords)] {
		words = append(words, s.word)
	}
	return words
}

// textsWith counts in how many texts each word stands. Handles and addresses are
// no words.
func textsWith(texts []string) map[string]int {
	counts := map[string]int{}
	for _, text := range texts {
		seen := map[string]bool{}
		for _, field := range strings.Fields(strings.ToLower(text)) {
			if strings.HasPrefix(field, "@") || strings.Contains(field, "://") || strings.Contains(field, "www.") {
				continue
			}
			word := strings.TrimFunc(field, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) })
			if utf8.RuneCountInString(word) >= shortWord && !seen[word] {
				seen[word] = true
				counts[word]++
			}
		}
	}
	return counts
}
