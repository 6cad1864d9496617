package search

import (
	"fmt"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"
	segment "github.com/blevesearch/scorch_segment_api/v2"
)

// sure leaves those of some candidates whose words stand as they must.
func (c *candidates) sure(some *roaring.Bitmap) (*roaring.Bitmap, error) {
	for _, p := range c.phrases {
		have := roaring.And(some, p.plain)
		for _, form := range p.forms {
			left := roaring.And(some, form.all)
			left.AndNot(have)
			found, err := c.beside(form.terms, left)
			if err != nil {
				return nil, err
			}
			have.Or(found)
		}
		if p.not {
			have = roaring.AndNot(some, have)
		}
		some = have
	}
	return some, nil
}

// beside leaves the documents in which the terms stand beside each other; all
// of them must have the terms.
func (s *shard) beside(terms []string, documents *roaring.Bitmap) (*roaring.Bitmap, error) {
	found := roaring.New()
	if documents.IsEmpty() {
		return found, nil
	}
	dict, err := s.dict(textField)
	if err != nil {
		return nil, err
	}
	rows := make([]segment.PostingsIterator, len(terms))
	for i, term := range terms {
		list, err := dict.PostingsList([]byte(term), nil, nil)
		if err != nil {
			return nil, fmt.Errorf("places of words: %w", err)
		}
		rows[i] = list.Iterator(true, false, true, nil)
	}
	var begins, places []uint64
	for each := documents.Iterator(); each.HasNext(); {
		doc := each.Next()
		for i := range rows {
			row, err := rows[i].Advance(uint64(doc))
			if err != nil {
				return nil, fmt.Errorf("places of words: %w", err)
			}
			places = placesIn(row, uint64(doc), places[:0])
			if i == 0 {
				begins = append(begins[:0], places...)
			} else {
				begins = followed(begins, places, uint64(i))
			}
		}
		if len(begins) > 0 {
			found.Add(doc)
		}
	}
	return found, nil
}

// placesIn lists the places of a term in a document, in order.
func placesIn(row segment.Posting, doc uint64, places []uint64) []uint64 {
	if row == nil || row.Number() != doc {
		return places
	}
	for _, at := range row.Locations() {
		places = append(places, at.Pos())
	}
	if !slices.IsSorted(places) {
		slices.Sort(places)
	}
	return places
}

// followed leaves the begins that have a place so far behind them.
func followed(begins, places []uint64, by uint64) []uint64 {
	kept, k := begins[:0], 0
	for _, begin := range begins {
		for k < len(places) && places[k] < begin+by {
			k++
		}
		if k < len(places) && places[k] == begin+by {
			kept = append(kept, begin)
		}
	}
	return kept
}
