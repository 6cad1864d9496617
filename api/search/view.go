package search

import (
	"errors"
	"fmt"
	"time"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"
	index "github.com/blevesearch/bleve_index_api"
	segment "github.com/blevesearch/scorch_segment_api/v2"
)

// view is a day as it is at one moment. bleve's own search looks at the values
// of every document that it finds, to sort and to count it; a view knows what was
// found as sets of documents, and looks at those of a page alone. Close it.
type view struct {
	index.IndexReader
	begin    time.Time
	snapshot *scorch.IndexSnapshot
	shards   []*shard
}

func viewOf(in bleve.Index, begin time.Time) (*view, error) {
	reader, err := readerOf(in)
	if err != nil {
		return nil, err
	}
	snapshot, ok := reader.(*scorch.IndexSnapshot)
	if !ok {
		return nil, errors.Join(fmt.Errorf("an index of another form, %T", reader), reader.Close())
	}
	v := &view{IndexReader: reader, begin: begin, snapshot: snapshot}
	for _, s := range snapshot.Segments() {
		one := &shard{Segment: s.Segment(), all: roaring.New(), dicts: map[string]segment.TermDictionary{}}
		one.all.AddRange(0, uint64(s.FullSize()))
		if gone := s.Deleted(); gone != nil {
			one.all.AndNot(gone)
		}
		v.shards = append(v.shards, one)
	}
	return v, nil
}

// shard is one of the segments of a day. Its documents are numbered from 0.
type shard struct {
	segment.Segment
	all           *roaring.Bitmap // but for those that were deleted
	dicts         map[string]segment.TermDictionary
	times, facets segment.DocVisitState
}

func (s *shard) dict(field string) (segment.TermDictionary, error) {
	if known, ok := s.dicts[field]; ok {
		return known, nil
	}
	dict, err := s.Dictionary(field)
	if err != nil {
		return nil, fmt.Errorf("terms of %s: %w", field, err)
	}
	s.dicts[field] = dict
	return dict, nil
}

// rows are the documents with a term in a field, deleted ones too. They are of
// the file and must not be changed.
func (s *shard) rows(field, term string) (*roaring.Bitmap, error) {
	dict, err := s.dict(field)
	if err != nil {
		return nil, err
	}
	list, err := dict.PostingsList([]byte(term), nil, nil)
	if err != nil {
		return nil, fmt.Errorf("documents with a term of %s: %w", field, err)
	}
	return bitmapOf(list.Iterator(false, false, false, nil))
}

func bitmapOf(rows segment.PostingsIterator) (*roaring.Bitmap, error) {
	if known, ok := rows.(segment.OptimizablePostingsIterator); ok {
		if one, only := known.DocNum1Hit(); only {
			return roaring.BitmapOf(uint32(one)), nil
		}
		if all := known.ActualBitmap(); all != nil {
			return all, nil
		}
	}
	set := roaring.New()
	for {
		row, err := rows.Next()
		if err != nil || row == nil {
			return set, err
		}
		set.Add(uint32(row.Number()))
	}
}

// anyOf are the documents with one of the terms.
func (s *shard) anyOf(field string, terms []string) (*roaring.Bitmap, error) {
	if len(terms) == 1 {
		return s.rows(field, terms[0])
	}
	dict, err := s.dict(field)
	if err != nil {
		return nil, err
	}
	set := roaring.New()
	var list segment.PostingsList // of the last term, to be made use of again
	var each segment.PostingsIterator
	for _, term := range terms {
		if list, err = dict.PostingsList([]byte(term), nil, list); err != nil {
			return nil, fmt.Errorf("documents with a term of %s: %w", field, err)
		}
		each = list.Iterator(false, false, false, each)
		rows, err := bitmapOf(each)
		if err != nil {
			return nil, err
		}
		set.Or(rows)
	}
	return set, nil
}

// allOf are the documents with all of the terms.
func (s *shard) allOf(field string, terms []string) (*roaring.Bitmap, error) {
	sets := make([]*roaring.Bitmap, 0, len(terms))
	for _, term := range terms {
		rows, err := s.rows(field, term)
		if err != nil {
			return nil, err
		}
		sets = append(sets, rows)
	}
	return roaring.FastAnd(sets...), nil
}

// terms are all that a field of the day has between from, inclusive, and to,
// exclusive, in order; empty strings are no bounds.
func (v *view) terms(field, from, to string) (terms []string, err error) {
	for _, s := range v.shards {
		dict, err := s.dict(field)
		if err != nil {
			return nil, err
		}
		entries := namesOf(dict, bound(from), bound(to))
		for {
			entry, err := entries.Next()
			if err != nil {
				return nil, fmt.Errorf("terms of %s: %w", field, err)
			}
			if entry == nil {
				break
			}
			terms = append(terms, entry.Term)
		}
	}
	return sorted(terms), nil
}

// namesOf goes through terms without counting their documents, where it can.
func namesOf(dict segment.TermDictionary, from, to []byte) segment.DictionaryIterator {
	if quick, ok := dict.(interface {
		AutomatonIteratorOmitCount(a segment.Automaton, from, to []byte) segment.DictionaryIterator
	}); ok {
		return quick.AutomatonIteratorOmitCount(nil, from, to)
	}
	return dict.AutomatonIterator(nil, from, to)
}

func bound(term string) []byte {
	if term == "" {
		return nil
	}
	return []byte(term)
}

// values shows the values of a document. What it returns is of the same fields
// only, and makes the next call faster.
func (s *shard) values(doc uint32, fields []string, state segment.DocVisitState, show func(field string, term []byte)) (segment.DocVisitState, error) {
	have, ok := s.Segment.(segment.DocValueVisitable)
	if !ok {
		return nil, fmt.Errorf("an index without values, %T", s.Segment)
	}
	state, err := have.VisitDocValues(uint64(doc), fields, show, state)
	if err != nil {
		return nil, fmt.Errorf("values of a document: %w", err)
	}
	return state, nil
}
