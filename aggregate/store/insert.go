package store

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"outcry/aggregate"
	"outcry/ingest"
	"outcry/nlp"
)

// InsertSignals stores signals; curves follow from them in the same
// statement. Storing a signal again changes no count. On an error some of
// them may be stored: insert all again.
func (s *Store) InsertSignals(ctx context.Context, signals []nlp.Signal) error {
	const sql = `INSERT INTO signals (service, created_at, post, post_id, source, kind, lang, symptoms, score, author, stored_at, text, span_start, span_end, span_tag)`
	now := time.Now().UTC()
	defer writing(s.answers, signals, func(g nlp.Signal) time.Time { return g.CreatedAt }, "pulse", "curves")()
	return insert(ctx, s.conn, sql, signals, func(batch driver.Batch, g nlp.Signal) error {
		post := ingest.PostHash(g.Source, g.PostID)
		symptoms := g.Symptoms
		if symptoms == nil {
			symptoms = []string{}
		}
		starts, ends, tags := columnsOf(g.Spans)
		return batch.Append(g.Service, g.CreatedAt.UTC(), post, g.PostID, g.Source, string(g.Kind), g.Lang,
			symptoms, float32(g.Score), author(g.Author, post), now, g.Text, starts, ends, tags)
	})
}

// author is the 64 bits that stand for an author. A post without one counts
// as an author of its own.
func author(keyedHash string, post uint64) uint64 {
	if n, err := strconv.ParseUint(keyedHash, 16, 64); err == nil {
		return n
	}
	if keyedHash == "" {
		return post
	}
	return ingest.PostHash("author", keyedHash)
}

// InsertVolumes adds to what was heard; hearing a post again changes nothing.
func (s *Store) InsertVolumes(ctx context.Context, volumes []nlp.Volume) error {
	const sql = `INSERT INTO heard (minute, source, lang, posts)`
	defer writing(s.answers, volumes, func(v nlp.Volume) time.Time { return v.Minute }, "volumes")()
	return insert(ctx, s.conn, sql, volumes, func(batch driver.Batch, v nlp.Volume) error {
		return batch.Append(v.Minute.UTC(), v.Source, v.Lang, v.Posts)
	})
}

// InsertCoverage adds to when sources were heard; saying it again changes nothing.
func (s *Store) InsertCoverage(ctx context.Context, spans []ingest.Coverage) error {
	const sql = `INSERT INTO coverage (source, minute, part, parts, seconds)`
	type row struct {
		ingest.Coverage
		minute  time.Time
		seconds aggregate.Seconds
	}
	var rows []row
	for _, c := range spans {
		for minute, seconds := range aggregate.ByMinute(c) {
			rows = append(rows, row{c, minute, seconds})
		}
	}
	return insert(ctx, s.conn, sql, rows, func(batch driver.Batch, r row) error {
		return batch.Append(r.Source, r.minute, r.Part, uint16(r.Parts), uint64(r.seconds))
	})
}

// InsertDeletions hides posts from all evidence at once: the one that a signal
// names by Source and PostID, or without PostID all that are stored of its Author.
// ForgetDeleted takes their text away.
func (s *Store) InsertDeletions(ctx context.Context, deleted []nlp.Signal) error {
	const sql = `INSERT INTO deletions (post, deleted_at)`
	now := time.Now().UTC()
	posts, authors := []uint64{}, []uint64{}
	for _, g := range deleted {
		if g.PostID != "" {
			posts = append(posts, ingest.PostHash(g.Source, g.PostID))
		} else if g.Author != "" {
			authors = append(authors, author(g.Author, 0))
		}
	}
	err := insert(ctx, s.conn, sql, posts, func(batch driver.Batch, post uint64) error { return batch.Append(post, now) })
	if err != nil || len(authors) == 0 {
		return err
	}
	const all = `
INSERT INTO deletions (post, deleted_at)
SELECT DISTINCT post, now('UTC') FROM signals WHERE author IN {authors:Array(UInt64)}`
	if err := s.conn.Exec(ctx, all, clickhouse.Named("authors", authors)); err != nil {
		return fmt.Errorf("delete all posts of authors: %w", err)
	}
	return nil
}

// ForgetDeleted blanks the text, spans and id of deleted posts, by newer rows that
// replace theirs: unlike a mutation it costs what it touches. It is for after
// InsertDeletions and now and then later, because a post may arrive after its
// own deletion. Only posts stored or deleted since are looked at. Counts stay.
func (s *Store) ForgetDeleted(ctx context.Context, since time.Time) error {
	const sql = `
INSERT INTO signals (service, created_at, post, post_id, source, kind, lang, symptoms, score, author, stored_at, text)
SELECT service, created_at, post, '', source, kind, lang, symptoms, score, author, now64(3, 'UTC'), ''
FROM signals FINAL
WHERE text != '' AND post IN (SELECT post FROM deletions)
  AND (stored_at >= toDateTime({since:UInt32}, 'UTC') OR post IN (SELECT post FROM deletions WHERE deleted_at >= toDateTime({since:UInt32}, 'UTC')))`
	if err := s.conn.Exec(ctx, sql, clickhouse.Named("since", uint32(since.Unix()))); err != nil {
		return fmt.Errorf("forget deleted posts: %w", err)
	}
	return nil
}

func insert[T any](ctx context.Context, conn driver.Conn, sql string, rows []T, add func(driver.Batch, T) error) error {
	if len(rows) == 0 {
		return nil
	}
	batch, err := conn.PrepareBatch(ctx, sql)
	if err != nil {
		return fmt.Errorf("prepare %s: %w", sql, err)
	}
	for _, row := range rows {
		if err := add(batch, row); err != nil {
			return fmt.Errorf("encode for %s: %w", sql, err)
		}
	}
	if err := batch.Send(); err != nil {
		return fmt.Errorf("%s: %w", sql, err)
	}
	return nil
}
