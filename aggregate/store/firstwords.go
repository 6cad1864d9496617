package store

import (
	"context"
	"fmt"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"outcry/aggregate"
)

const saidSQL = `
SELECT text, service, lang, author, created_at
FROM signals FINAL
WHERE ({service:String} = '' OR service = {service:String}) AND kind = 'complaint'
  AND created_at >= toDateTime({from:UInt32}, 'UTC') AND created_at < toDateTime({to:UInt32}, 'UTC')
  AND ({lang:String} = '' OR lang = {lang:String})
  AND text != '' AND post NOT IN (SELECT post FROM deletions)
ORDER BY post
LIMIT 1 BY post
LIMIT {limit:UInt32}`

// Said answers q. The sample goes by the hashes of the posts. Posts that were deleted,
// or whose text has passed its time, are not in it.
func (s *Store) Said(ctx context.Context, q aggregate.SaidQuery) ([]aggregate.Said, error) {
	all := []aggregate.Said{}
	args := append(between(notBefore1970(q.From), notBefore1970(q.To)), clickhouse.Named("service", q.Service),
		clickhouse.Named("lang", q.Lang), clickhouse.Named("limit", uint32(max(0, q.Limit))))
	err := s.scan(ctx, saidSQL, args, func(rows driver.Rows) error {
		var said aggregate.Said
		err := rows.Scan(&said.Text, &said.Service, &said.Lang, &said.Author, &said.At)
		all = append(all, said)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read what was said: %w", err)
	}
	return all, nil
}
