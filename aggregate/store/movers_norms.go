package store

import (
	"context"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"outcry/aggregate"
)

const normsSQL = `
SELECT service, sum(usual * minutes) AS people, sum(alpha * usual * minutes) / people, sum(minutes)
FROM
(
    SELECT service, usual, alpha,
           (least({to:UInt32}, toUnixTimestamp(quarter) + 900) - greatest({from:UInt32}, toUnixTimestamp(quarter))) / 60 AS minutes
    FROM expected_by_quarter FINAL
    WHERE quarter > toDateTime({from:UInt32} - least({from:UInt32}, 900), 'UTC') AND quarter < toDateTime({to:UInt32}, 'UTC')
)
GROUP BY service
HAVING people > 0`

// norms says what is usual in [from, to) of the services of which it is known for a quarter
// of that time or more.
func (s *Store) norms(ctx context.Context, from, to time.Time) (map[string]*aggregate.Norm, error) {
	norms := map[string]*aggregate.Norm{}
	all := to.Sub(from).Minutes()
	type row struct {
		service              string
		people, alpha, known float64
	}
	rows, err := read(ctx, s, answer{table: "expected_by_quarter", from: from.Add(-aggregate.Quarter), to: to}, normsSQL, between(from, to),
		func(rows driver.Rows, to *row) error { return rows.Scan(&to.service, &to.people, &to.alpha, &to.known) })
	for _, r := range rows {
		if r.known >= all/4 {
			norms[r.service] = aggregate.NormOfMinutes(r.people*all/r.known, r.alpha, int(all))
		}
	}
	return norms, err
}
