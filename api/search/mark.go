package search

import (
	"cmp"
	"slices"

	"github.com/blevesearch/bleve/v2/analysis"
)

// marks are the parts of a text that the clauses match, read in the language of
// the text: in order, none within or beside another.
func marks(text string, a *analyzer, clauses []clause) []Mark {
	var all []Mark
	tokens := a.Analyze([]byte(text))
	for _, c := range clauses {
		if c.not {
			continue
		}
		for _, form := range c.forms {
			for i := range tokens {
				if c.at(form, tokens[i:]) {
					all = append(all, Mark{tokens[i].Start, tokens[i+len(form)-1].End})
				}
			}
		}
	}
	slices.SortFunc(all, func(a, b Mark) int { return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(b.End, a.End)) })
	merged := []Mark{}
	for _, m := range all {
		if last := len(merged) - 1; last >= 0 && m.Start <= merged[last].End {
			merged[last].End = max(merged[last].End, m.End)
			continue
		}
		merged = append(merged, m)
	}
	return merged
}

// at says whether the tokens begin with the form.
func (c clause) at(form []string, tokens analysis.TokenStream) bool {
	if len(form) > len(tokens) {
		return false
	}
	for i, want := range form {
		if t := tokens[i]; t.Position != tokens[0].Position+i {
			return false
		} else if got := string(t.Term); got != want && (len(form) > 1 || !c.matches(want, got)) {
			return false
		}
	}
	return true
}
