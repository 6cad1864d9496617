package search

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/RoaringBitmap/roaring/v2"
	segment "github.com/blevesearch/scorch_segment_api/v2"
)

// fewHits are so many that to look at each is less work than to look at each
// value that they may have.
const fewHits = 24

func countedFields() []string { return []string{serviceField, symptomField, langField} }

// tally counts hits, and how many have which value of countedFields.
type tally struct {
	total  int
	values map[string]map[string]int
}

func newTally() tally {
	t := tally{values: map[string]map[string]int{}}
	for _, field := range countedFields() {
		t.values[field] = map[string]int{}
	}
	return t
}

func (t *tally) merge(other tally) {
	t.total += other.total
	for field, counts := range other.values {
		for name, n := range counts {
			t.values[field][name] += n
		}
	}
}

// count adds a set of documents that were not counted before.
func (t *tally) count(s *shard, hits *roaring.Bitmap) (err error) {
	n := hits.GetCardinality()
	t.total += int(n)
	if n > fewHits {
		for _, field := range countedFields() {
			if err := t.countField(s, field, hits); err != nil {
				return err
			}
		}
		return nil
	}
	for each := hits.Iterator(); each.HasNext(); {
		s.facets, err = s.values(each.Next(), countedFields(), s.facets, func(field string, term []byte) { t.values[field][string(term)]++ })
		if err != nil {
			return err
		}
	}
	return nil
}

func (t *tally) countField(s *shard, field string, hits *roaring.Bitmap) error {
	dict, err := s.dict(field)
	if err != nil {
		return err
	}
	var list segment.PostingsList // of the last value, to be made use of again
	var each segment.PostingsIterator
	for entries := namesOf(dict, nil, nil); ; {
		entry, err := entries.Next()
		if err != nil {
			return fmt.Errorf("terms of %s: %w", field, err)
		}
		if entry == nil {
			return nil
		}
		if list, err = dict.PostingsList([]byte(entry.Term), nil, list); err != nil {
			return fmt.Errorf("documents with a term of %s: %w", field, err)
		}
		each = list.Iterator(false, false, false, each)
		rows, err := bitmapOf(each)
		if err != nil {
			return err
		}
		if n := hits.AndCardinality(rows); n > 0 {
			t.values[field][entry.Term] += int(n)
		}
	}
}

func (t *tally) counts(field string) []Count {
	all := []Count{}
	for name, n := range t.values[field] {
		all = append(all, Count{name, n})
	}
	slices.SortFunc(all, func(a, b Count) int { return cmp.Or(cmp.Compare(b.Posts, a.Posts), strings.Compare(a.Name, b.Name)) })
	return all
}
