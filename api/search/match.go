package search

import (
	"errors"
	"slices"
	"unicode/utf8"

	"github.com/RoaringBitmap/roaring/v2"
)

// candidates are the documents of a shard that a query may find, and what is
// still to be looked into: whether words stand beside each other.
type candidates struct {
	*shard
	all     *roaring.Bitmap
	phrases []phrases
}

// phrases are the forms of a clause that have several words.
type phrases struct {
	not   bool
	plain *roaring.Bitmap // documents with another form of the clause
	forms []phraseForm
}

type phraseForm struct {
	terms []string
	all   *roaring.Bitmap // documents with all of the terms, wherever
}

// candidates looks a query up in every shard.
func (v *view) candidates(q Query, clauses []clause) ([]candidates, error) {
	expanded := make([][]string, len(clauses))
	for i, c := range clauses {
		var err error
		if expanded[i], err = v.expand(c); err != nil {
			return nil, err
		}
	}
	within, err := v.within(q)
	if err != nil {
		return nil, err
	}
	all := make([]candidates, len(v.shards))
	for i, s := range v.shards {
		all[i] = candidates{shard: s, all: s.all}
		if err := all[i].filter(q, within); err != nil {
			return nil, err
		}
		for k, c := range clauses {
			if err := all[i].clause(c, expanded[k]); err != nil {
				return nil, err
			}
		}
	}
	return all, nil
}

// expand lists the single terms that are forms of a clause.
func (v *view) expand(c clause) (terms []string, err error) {
	for _, form := range c.forms {
		var more []string
		switch {
		case len(form) > 1:
		case c.mode == prefix:
			more, err = v.terms(textField, form[0], after(form[0]))
		case c.mode == fuzzy:
			more, err = v.near(form[0])
		default:
			more = form
		}
		if err != nil {
			return nil, err
		}
		terms = append(terms, more...)
	}
	return sorted(terms), nil
}

// after is the first term behind all that begin so; no byte of UTF-8 is 0xff.
func after(prefix string) string { return prefix + "\xff" }

// near lists the terms that are written much like one.
func (v *view) near(term string) (terms []string, err error) {
	_, n := utf8.DecodeRuneInString(term)
	dict, err := v.snapshot.FieldDictFuzzy(textField, term, fuzziness(term), term[:n])
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, dict.Close()) }()
	for {
		entry, err := dict.Next()
		if err != nil || entry == nil {
			return terms, err
		}
		terms = append(terms, entry.Term)
	}
}

func (c *candidates) filter(q Query, within []times) error {
	for _, f := range []struct{ field, value string }{{kindField, q.kind()}, {serviceField, q.Service},
		{symptomField, q.Symptom}, {langField, q.Lang}, {sourceField, q.Source}} {
		if f.value == "" {
			continue
		}
		rows, err := c.rows(f.field, f.value)
		if err != nil {
			return err
		}
		c.all = roaring.And(c.all, rows)
	}
	if within == nil {
		return nil
	}
	some := roaring.New()
	for _, t := range within {
		rows, err := c.anyOf(t.field, t.terms)
		if err != nil {
			return err
		}
		some.Or(rows)
	}
	c.all = roaring.And(c.all, some)
	return nil
}

func (c *candidates) clause(of clause, terms []string) error {
	plain, err := c.anyOf(textField, terms)
	if err != nil {
		return err
	}
	left := phrases{not: of.not, plain: plain}
	maybe := plain
	for _, form := range of.forms {
		if len(form) < 2 {
			continue
		}
		rows, err := c.allOf(textField, form)
		if err != nil {
			return err
		}
		left.forms = append(left.forms, phraseForm{form, rows})
		maybe = roaring.Or(maybe, rows)
	}
	if of.not {
		c.all = roaring.AndNot(c.all, plain)
	} else {
		c.all = roaring.And(c.all, maybe)
	}
	if len(left.forms) > 0 {
		c.phrases = append(c.phrases, left)
	}
	return nil
}

func sorted(terms []string) []string {
	slices.Sort(terms)
	return slices.Compact(terms)
}
