package search

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/RoaringBitmap/roaring/v2"
)

// inOrder compares where two hits stand: the best, then the newest first.
func inOrder(a, b Place) int {
	return cmp.Or(cmp.Compare(b.Relevance, a.Relevance), cmp.Compare(b.Time, a.Time), strings.Compare(a.ID, b.ID))
}

// before is the place that comes before all posts older than a time, and behind
// all others: no document has such a name, and all names come after it.
func before(milli int64) *Place { return &Place{Time: milli - 1, ID: "-"} }

// first keeps the first places of those that come after another.
type first struct {
	after *Place // nil: the start
	most  int
	all   []Place
	bar   Place // the last of most, when there are as many
}

func newFirst(after *Place, most int) *first {
	return &first{after: after, most: most, bar: Place{Relevance: math.Inf(-1)}}
}

// full says that there are as many as wanted.
func (f *first) full() bool { return len(f.all) >= f.most }

// wants says whether a place of which the name is not yet known may be one of
// the first.
func (f *first) wants(relevance float64, at int64) bool {
	if a := f.after; a != nil && (relevance > a.Relevance || relevance == a.Relevance && at > a.Time) {
		return false
	}
	return relevance > f.bar.Relevance || relevance == f.bar.Relevance && at >= f.bar.Time
}

func (f *first) add(p Place) {
	if f.after != nil && inOrder(*f.after, p) >= 0 {
		return
	}
	if f.all = append(f.all, p); len(f.all) >= 2*f.most {
		f.cut()
	}
}

func (f *first) cut() {
	slices.SortFunc(f.all, inOrder)
	if len(f.all) >= f.most {
		f.all = f.all[:f.most]
		f.bar = f.all[f.most-1]
	}
}

// addAll adds a set of documents, all of them as relevant as none.
func (f *first) addAll(s *shard, set *roaring.Bitmap) error {
	for each := set.Iterator(); each.HasNext(); {
		if err := f.addOne(s, each.Next(), 0); err != nil {
			return err
		}
	}
	return nil
}

func (f *first) addOne(s *shard, doc uint32, relevance float64) error {
	at, err := s.timeOf(doc)
	if err != nil || !f.wants(relevance, at) {
		return err
	}
	id, err := s.DocID(uint64(doc))
	if err != nil {
		return fmt.Errorf("name of a document: %w", err)
	}
	f.add(Place{Relevance: relevance, Time: at, ID: string(id)})
	return nil
}
