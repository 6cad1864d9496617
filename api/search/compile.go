package search

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/blevesearch/bleve/v2/search/query"
)

const textField = "text"

// clause is a part of a query in the terms of the index: any of its forms, each
// one term, or several beside each other.
type clause struct {
	mode  mode
	not   bool
	forms [][]string
}

// compile reads every word in every language that is asked for, because nobody
// says in which one they ask: "messages" is "messag" in English posts and
// "message" in French ones.
func (w Words) compile(langs []*analyzer) ([]clause, error) {
	var clauses []clause
	split := 0
	for _, p := range w.parts {
		c := clause{mode: p.mode, not: p.not}
		most := 0
		for _, a := range langs {
			form := a.terms(p.text)
			most = max(most, len(form))
			if len(form) > 0 && !slices.ContainsFunc(c.forms, func(f []string) bool { return slices.Equal(f, form) }) {
				c.forms = append(c.forms, form)
			}
		}
		if split += most; split > maxSplit {
			return nil, &SyntaxError{p.at, "from here on it is too much to look for; ask for fewer words"}
		}
		if len(c.forms) == 1 && len(c.forms[0]) == 1 && lone(c.forms[0][0]) {
			c.mode = prefix // of a pair
		}
		clauses = append(clauses, c)
	}
	return clauses, nil
}

// lone is a single character of a writing that is indexed in pairs.
func lone(term string) bool {
	r, n := utf8.DecodeRuneInString(term)
	return n == len(term) && unspaced(r)
}

// query is the clause for bleve. A word of which the index knows no form is in no
// post.
func (c clause) query() query.Query {
	if len(c.forms) == 0 {
		return query.NewMatchNoneQuery()
	}
	any := make([]query.Query, 0, len(c.forms))
	for _, form := range c.forms {
		any = append(any, c.form(form))
	}
	if len(any) == 1 {
		return any[0]
	}
	return query.NewDisjunctionQuery(any)
}

func (c clause) form(terms []string) query.Query {
	switch {
	case len(terms) > 1:
		return query.NewPhraseQuery(terms, textField)
	case c.mode == prefix:
		q := query.NewPrefixQuery(terms[0])
		q.SetField(textField)
		return q
	case c.mode == fuzzy:
		q := query.NewFuzzyQuery(terms[0])
		q.SetField(textField)
		q.SetFuzziness(fuzziness(terms[0]))
		q.SetPrefix(1)
		return q
	}
	return term(textField, terms[0])
}

// fuzziness is how many letters of a term may be wrong.
func fuzziness(term string) int {
	if utf8.RuneCountInString(term) <= 5 {
		return 1
	}
	return 2
}

// matches says whether a term of a post is one of this form.
func (c clause) matches(form, term string) bool {
	switch c.mode {
	case prefix:
		return strings.HasPrefix(term, form)
	case fuzzy:
		return near(form, term, fuzziness(form))
	}
	return form == term
}

func term(field, value string) query.Query {
	q := query.NewTermQuery(value)
	q.SetField(field)
	return q
}

// near says whether a and b begin alike and differ by at most that many letters;
// two that changed places are one, as they are for bleve.
func near(a, b string, most int) bool {
	s, t := []rune(a), []rune(b)
	if len(s) == 0 || len(t) == 0 || s[0] != t[0] || max(len(s)-len(t), len(t)-len(s)) > most {
		return false
	}
	var before []int // the row above row
	row := make([]int, len(t)+1)
	for j := range row {
		row[j] = j
	}
	for i := range s {
		next := make([]int, len(t)+1)
		next[0] = i + 1
		for j := range t {
			cost := 1
			if s[i] == t[j] {
				cost = 0
			}
			next[j+1] = min(row[j]+cost, row[j+1]+1, next[j]+1)
			if i > 0 && j > 0 && s[i] == t[j-1] && s[i-1] == t[j] {
				next[j+1] = min(next[j+1], before[j-1]+1)
			}
		}
		before, row = row, next
	}
	return row[len(t)] <= most
}
