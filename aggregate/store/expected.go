package store

import (
	"context"
	"fmt"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"outcry/aggregate"
)

// InsertExpected keeps what is usual; of a service and quarter the last row counts.
func (s *Store) InsertExpected(ctx context.Context, rows []aggregate.Expected) error {
	const sql = `INSERT INTO expected (service, quarter, usual, alpha)`
	defer writing(s.answers, rows, func(e aggregate.Expected) time.Time { return e.Quarter }, "expected_by_quarter")()
	return insert(ctx, s.conn, sql, rows, func(batch driver.Batch, e aggregate.Expected) error {
		return batch.Append(e.Service, e.Quarter, float32(e.Usual), float32(e.Alpha))
	})
}

const expectedSQL = `
SELECT service, quarter, usual, alpha
FROM expected FINAL
WHERE service = {service:String} AND quarter >= toDateTime({from:UInt32}, 'UTC') AND quarter < toDateTime({to:UInt32}, 'UTC')
ORDER BY quarter`

// Expected is what was usual of a service in the quarters that touch [from, to),
// where it is known.
func (s *Store) Expected(ctx context.Context, service string, from, to time.Time) ([]aggregate.Expected, error) {
	var all []aggregate.Expected
	args := append(between(from.Truncate(aggregate.Quarter), to), clickhouse.Named("service", service))
	err := s.scan(ctx, expectedSQL, args, func(rows driver.Rows) error {
		var e aggregate.Expected
		var usual, alpha float32
		err := rows.Scan(&e.Service, &e.Quarter, &usual, &alpha)
		e.Usual, e.Alpha = float64(usual), float64(alpha)
		all = append(all, e)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read what is expected: %w", err)
	}
	return all, nil
}
