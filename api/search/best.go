package search

import (
	"context"
	"errors"
	"fmt"
	"sort"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/blevesearch/bleve/v2"
	bleveSearch "github.com/blevesearch/bleve/v2/search"
	"github.com/blevesearch/bleve/v2/search/query"
)

// wanted is what documents are ranked by: filters, and words to be left out, say
// nothing of how well one matches. It is nil when all match alike.
func wanted(clauses []clause) query.Query {
	var must []query.Query
	for _, c := range clauses {
		if !c.not {
			must = append(must, c.query())
		}
	}
	if len(must) == 0 {
		return nil
	}
	return query.NewConjunctionQuery(must)
}

// rank adds the hits of a day, given by shard, as they match.
func (v *view) rank(ctx context.Context, in bleve.Index, by query.Query, hits []*roaring.Bitmap, into *first) (err error) {
	searcher, err := by.Searcher(ctx, v, in.Mapping(), bleveSearch.SearcherOptions{})
	if err != nil {
		return fmt.Errorf("rank: %w", err)
	}
	defer func() { err = errors.Join(err, searcher.Close()) }()
	starts := make([]uint64, len(v.shards)) // bleve's numbers of the first of each shard
	for i := range v.shards[:max(0, len(v.shards)-1)] {
		starts[i+1] = starts[i] + v.shards[i].Count()
	}
	search := &bleveSearch.SearchContext{DocumentMatchPool: bleveSearch.NewDocumentMatchPool(searcher.DocumentMatchPoolSize()+1, 0), IndexReader: v}
	for seen := 0; ; seen++ {
		if seen%1024 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		match, err := searcher.Next(search)
		if err != nil {
			return fmt.Errorf("rank: %w", err)
		}
		if match == nil {
			return nil
		}
		number := match.IndexInternalID.Value()
		shard := sort.Search(len(starts), func(i int) bool { return starts[i] > number }) - 1
		doc := uint32(number - starts[shard])
		if hits[shard].Contains(doc) && match.Score >= into.bar.Relevance {
			if err := into.addOne(v.shards[shard], doc, match.Score); err != nil {
				return err
			}
		}
		search.DocumentMatchPool.Put(match)
	}
}
