package store

import (
	"context"
	"fmt"
	"math"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"outcry/aggregate"
	"outcry/nlp"
)

const evidenceSQL = `
SELECT post_id, source, kind, lang, symptoms, score, text, created_at, span_start, span_end, span_tag
FROM signals FINAL
WHERE service = {service:String} AND kind = {kind:String}
  AND created_at >= fromUnixTimestamp64Milli({first:Int64}, 'UTC') AND created_at < fromUnixTimestamp64Milli({end:Int64}, 'UTC')
  AND ({after:Int64} = 0 OR created_at < fromUnixTimestamp64Milli({after:Int64}, 'UTC')
    OR created_at = fromUnixTimestamp64Milli({after:Int64}, 'UTC') AND post > {post:UInt64})
  AND ({symptom:String} = '' OR has(symptoms, {symptom:String}))
  AND ({lang:String} = '' OR lang = {lang:String})
  AND ({source:String} = '' OR source = {source:String})
  AND text != '' AND post NOT IN (SELECT post FROM deletions)
ORDER BY created_at DESC, post
LIMIT {limit:UInt32}`

// Evidence answers q, newest first. Posts that were deleted, or whose text
// has passed its time, are not in it.
func (s *Store) Evidence(ctx context.Context, q aggregate.EvidenceQuery) ([]aggregate.Evidence, error) {
	after := int64(0)
	if !q.After.CreatedAt.IsZero() {
		after = q.After.CreatedAt.UnixMilli()
	}
	args := append(filters(q.Service, q.Kind, q.Symptom, q.Lang, q.Source, q.From, q.To),
		clickhouse.Named("first", millis(q.From)), clickhouse.Named("end", millis(q.To)),
		clickhouse.Named("limit", uint32(q.Limit)), clickhouse.Named("after", after), clickhouse.Named("post", q.After.Post))
	found := []aggregate.Evidence{}
	err := s.scan(ctx, evidenceSQL, args, func(rows driver.Rows) error {
		var e aggregate.Evidence
		var score float32
		var starts, ends []uint32
		var tags []string
		if err := rows.Scan(&e.ID, &e.Source, &e.Kind, &e.Lang, &e.Symptoms, &score, &e.Text, &e.CreatedAt, &starts, &ends, &tags); err != nil {
			return err
		}
		e.Score = math.Round(float64(score)*1000) / 1000 // a float32 has no more to say
		e.Spans = spansOf(starts, ends, tags)
		found = append(found, e)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read evidence: %w", err)
	}
	return found, nil
}

// millis is the first whole millisecond, as times are stored, that is not before t.
func millis(t time.Time) int64 {
	ms := t.UnixMilli()
	if time.UnixMilli(ms).Before(t) {
		ms++
	}
	return ms
}

// spansOf puts the columns of spans together.
func spansOf(starts, ends []uint32, tags []string) (spans []nlp.Span) {
	for i := range min(len(starts), len(ends), len(tags)) {
		spans = append(spans, nlp.Span{Start: int(starts[i]), End: int(ends[i]), Tag: tags[i]})
	}
	return spans
}

// columnsOf takes spans apart, for spansOf.
func columnsOf(spans []nlp.Span) (starts, ends []uint32, tags []string) {
	starts, ends, tags = []uint32{}, []uint32{}, []string{} // no nil: the driver refuses it
	for _, s := range spans {
		starts, ends, tags = append(starts, uint32(s.Start)), append(ends, uint32(s.End)), append(tags, s.Tag)
	}
	return starts, ends, tags
}

// Deleted says which of the posts, named by ingest.PostHash, were taken back.
func (s *Store) Deleted(ctx context.Context, posts []uint64) ([]uint64, error) {
	const sql = `SELECT DISTINCT post FROM deletions WHERE post IN {posts:Array(UInt64)}`
	deleted := []uint64{}
	if len(posts) == 0 {
		return deleted, nil
	}
	err := s.scan(ctx, sql, []any{clickhouse.Named("posts", posts)}, func(rows driver.Rows) error {
		var post uint64
		err := rows.Scan(&post)
		deleted = append(deleted, post)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read deletions: %w", err)
	}
	return deleted, nil
}
