package store

import (
	"context"
	"fmt"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"outcry/aggregate"
)

// What was heard in all is a row without a service.
const minutesSQL = `
SELECT service, minute, uniqExactMerge(posts), uniqExactMerge(authors)
FROM curves
WHERE service IN {services:Array(String)} AND kind = 'complaint' AND symptom = ''
  AND minute >= toDateTime({from:UInt32}, 'UTC') AND minute < toDateTime({to:UInt32}, 'UTC')
GROUP BY service, minute
UNION ALL
SELECT '', minute, uniqMerge(posts), toUInt64(0)
FROM volumes
WHERE minute >= toDateTime({from:UInt32}, 'UTC') AND minute < toDateTime({to:UInt32}, 'UTC')
GROUP BY minute`

// Minutes is the complaint curve of each of the services, one point a minute of
// [from, to), none missing. From and to must be whole minutes, from before to.
func (s *Store) Minutes(ctx context.Context, services []string, from, to time.Time) (map[string][]aggregate.Point, error) {
	curves := emptyMinutes(services, from, to)
	args := append(between(from, to), clickhouse.Named("services", orEmpty(services)))
	err := s.scan(ctx, minutesSQL, args, func(rows driver.Rows) error {
		var service string
		var minute time.Time
		var posts, authors uint64
		if err := rows.Scan(&service, &minute, &posts, &authors); err != nil {
			return err
		}
		i := int(minute.Sub(from) / time.Minute)
		if service != "" {
			curves[service][i].Posts, curves[service][i].Authors = posts, authors
			return nil
		}
		for _, points := range curves {
			points[i].Heard = posts
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read minutes: %w", err)
	}
	return curves, nil
}

func emptyMinutes(services []string, from, to time.Time) map[string][]aggregate.Point {
	curves := make(map[string][]aggregate.Point, len(services))
	for _, service := range services {
		points := make([]aggregate.Point, to.Sub(from)/time.Minute)
		for i := range points {
			points[i].T = from.Add(time.Duration(i) * time.Minute).UTC()
		}
		curves[service] = points
	}
	return curves
}
