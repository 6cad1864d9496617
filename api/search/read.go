package search

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	index "github.com/blevesearch/bleve_index_api"

	"outcry/ingest"
)

// read reads a document; it is not found when it was deleted a moment ago.
func (x *Index) read(place Place) (h Hit, found bool, err error) {
	d, err := x.acquire(time.UnixMilli(place.Time).UTC().Format(dayLayout), false)
	if err != nil || d == nil {
		return Hit{}, false, err
	}
	defer x.release(d)
	doc, err := d.open.Document(place.ID)
	if err != nil || doc == nil {
		return Hit{}, false, err
	}
	doc.VisitFields(func(f index.Field) {
		if f.Name() == bodyField {
			found, err = true, json.Unmarshal(f.Value(), &h)
		}
	})
	h.Place = place
	return h, found, err
}

func (x *Index) alive(ctx context.Context, hits []Hit) ([]Hit, error) {
	kept := []Hit{}
	if x.cfg.Deletions == nil || len(hits) == 0 {
		return append(kept, hits...), nil
	}
	var posts []uint64
	for _, h := range hits {
		posts = append(posts, ingest.PostHash(h.Source, h.ID))
	}
	deleted, err := x.cfg.Deletions.Deleted(ctx, posts)
	if err != nil {
		return nil, fmt.Errorf("ask for deletions: %w", err)
	}
	for i, h := range hits {
		if !slices.Contains(deleted, posts[i]) {
			kept = append(kept, h)
		}
	}
	return kept, nil
}
