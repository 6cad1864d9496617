package search

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/blevesearch/bleve/v2"
	index "github.com/blevesearch/bleve_index_api"

	"outcry/ingest"
	"outcry/nlp"
)

// Apply adds posts and takes deleted ones out, also those that are still to
// come. What it did is on the disk when it returns; to do it again changes
// nothing. Posts without text are nothing to find and are left out.
func (x *Index) Apply(ctx context.Context, posts, deleted []nlp.Signal) error {
	x.writing.Lock()
	defer x.writing.Unlock()
	now := x.cfg.Now()
	if err := x.tombs.bury(deleted, now); err != nil {
		return fmt.Errorf("search: %w", err)
	}
	posts, err := x.tombs.alive(posts)
	if err != nil {
		return fmt.Errorf("search: %w", err)
	}
	byDay := map[string][]nlp.Signal{}
	for _, s := range posts {
		if s.Text != "" {
			name := s.CreatedAt.UTC().Format(dayLayout)
			byDay[name] = append(byDay[name], s)
		}
	}
	names := x.names() // a deletion does not say of which day its post was
	if len(deleted) == 0 {
		names = nil
	}
	for name := range byDay {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range slices.Compact(names) {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := x.applyDay(ctx, name, byDay[name], deleted, now); err != nil {
			return fmt.Errorf("search index of %s: %w", name, err)
		}
	}
	return nil
}

func (x *Index) applyDay(ctx context.Context, name string, posts, deleted []nlp.Signal, now time.Time) error {
	d, err := x.acquire(name, len(posts) > 0)
	if err != nil || d == nil {
		return err
	}
	defer x.release(d)
	batch := d.open.NewBatch()
	for _, s := range posts {
		doc, err := newDocument(s, x.texts, now)
		if err != nil {
			return err
		}
		if err := batch.IndexAdvanced(doc); err != nil {
			return err
		}
	}
	ids, err := documentsOf(ctx, d.open, deleted)
	if err != nil {
		return err
	}
	for _, id := range ids {
		batch.Delete(id)
	}
	if batch.Size() == 0 {
		return nil
	}
	return d.open.Batch(batch)
}

// documentsOf finds what is indexed of deleted posts and authors.
func documentsOf(ctx context.Context, in bleve.Index, deleted []nlp.Signal) (ids []string, err error) {
	if len(deleted) == 0 {
		return nil, nil
	}
	reader, err := readerOf(in)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, reader.Close()) }()
	for _, s := range deleted {
		var more []string
		if s.PostID != "" {
			more, err = beginning(reader, postPrefix(ingest.PostHash(s.Source, s.PostID)))
		} else {
			more, err = having(ctx, reader, authorField, s.Author)
		}
		if err != nil {
			return nil, err
		}
		ids = append(ids, more...)
	}
	return ids, nil
}

func readerOf(in bleve.Index) (index.IndexReader, error) {
	inner, err := in.Advanced()
	if err != nil {
		return nil, err
	}
	return inner.Reader()
}

// beginning lists the documents whose ids begin so.
func beginning(reader index.IndexReader, prefix string) (ids []string, err error) {
	dict, err := reader.FieldDictPrefix("_id", []byte(prefix))
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, dict.Close()) }()
	for {
		entry, err := dict.Next()
		if err != nil || entry == nil {
			return ids, err
		}
		ids = append(ids, entry.Term)
	}
}

// having lists the documents with a term in a field.
func having(ctx context.Context, reader index.IndexReader, field, value string) (ids []string, err error) {
	rows, err := reader.TermFieldReader(ctx, []byte(value), field, false, false, false)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for {
		row, err := rows.Next(nil)
		if err != nil || row == nil {
			return ids, err
		}
		id, err := reader.ExternalID(row.ID)
		if err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
}
