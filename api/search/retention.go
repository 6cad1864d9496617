package search

import (
	"context"
	"errors"
	"fmt"

	index "github.com/blevesearch/bleve_index_api"
)

// sweep takes away what was kept for long enough. Days of live posts go as a
// whole; of a day that old posts were read into later, those that came first go
// first.
func (x *Index) sweep(ctx context.Context) error {
	x.writing.Lock()
	defer x.writing.Unlock()
	now := x.cfg.Now()
	if err := x.tombs.forget(now); err != nil {
		return fmt.Errorf("search: %w", err)
	}
	// The day that has begun to be too old goes now, not when it is over.
	oldest := now.Add(-x.cfg.Keep).UTC().AddDate(0, 0, 1).Format(dayLayout)
	for _, name := range x.names() {
		if err := x.sweepDay(ctx, name, oldest); err != nil {
			return fmt.Errorf("sweep search index of %s: %w", name, err)
		}
	}
	return nil
}

func (x *Index) sweepDay(ctx context.Context, name, oldest string) error {
	d, err := x.acquire(name, false)
	if err != nil || d == nil {
		return err
	}
	defer x.release(d)
	reader, err := readerOf(d.open)
	if err != nil {
		return err
	}
	old, fresh, err := seenDays(reader, oldest)
	if err == nil && len(old) > 0 && fresh {
		err = x.drop(ctx, d, reader, old)
	}
	if err := errors.Join(err, reader.Close()); err != nil {
		return err
	}
	if count, err := d.open.DocCount(); err != nil || count > 0 && (fresh || len(old) == 0) {
		return err
	}
	x.cfg.Log.Info("search drops a day whose text was kept for long enough", "day", name)
	x.remove(name)
	return nil
}

// seenDays are the days before oldest on which posts came; fresh says that some
// came later.
func seenDays(reader index.IndexReader, oldest string) (old []string, fresh bool, err error) {
	dict, err := reader.FieldDict(seenField)
	if err != nil {
		return nil, false, err
	}
	defer func() { err = errors.Join(err, dict.Close()) }()
	for {
		entry, err := dict.Next()
		if err != nil || entry == nil {
			return old, fresh, err
		}
		if entry.Term < oldest {
			old = append(old, entry.Term)
		} else {
			fresh = true
		}
	}
}

// dropAtOnce bounds a batch of documents that are dropped.
const dropAtOnce = 10_000

func (x *Index) drop(ctx context.Context, d *day, reader index.IndexReader, old []string) error {
	batch := d.open.NewBatch()
	for _, seen := range old {
		ids, err := having(ctx, reader, seenField, seen)
		if err != nil {
			return err
		}
		for i, id := range ids {
			batch.Delete(id)
			if batch.Size() < dropAtOnce && i < len(ids)-1 {
				continue
			}
			if err := d.open.Batch(batch); err != nil {
				return err
			}
			batch.Reset()
		}
	}
	return nil
}
