package store

import (
	"context"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
)

// Filled counts the rows of a service that have something in a column, as reads
// see them.
func Filled(ctx context.Context, s *Store, column, service string) (n uint64, err error) {
	err = s.conn.QueryRow(ctx, "SELECT countIf(notEmpty("+column+")) FROM signals FINAL WHERE service = {service:String}",
		clickhouse.Named("service", service)).Scan(&n)
	return n, err
}

// InsertWithoutSpans stores a complaint as was done before the schema had spans.
func InsertWithoutSpans(ctx context.Context, s *Store, service string, at time.Time, text string) error {
	const sql = `
INSERT INTO signals (service, created_at, post, post_id, source, kind, lang, symptoms, score, author, stored_at, text)
SELECT {service:String}, fromUnixTimestamp64Milli({at:Int64}, 'UTC'), 1, 'old', 'test', 'complaint', 'en', [], 0.5, 1, now64(3, 'UTC'), {text:String}`
	return s.conn.Exec(ctx, sql, clickhouse.Named("service", service), clickhouse.Named("at", at.UnixMilli()), clickhouse.Named("text", text))
}
