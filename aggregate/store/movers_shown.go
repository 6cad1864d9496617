package store

import (
	"context"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"outcry/aggregate"
)

// byService is where each service stands in movers, and their names.
func byService(movers []aggregate.Mover) (place map[string]int, names []string) {
	place = make(map[string]int, len(movers))
	for i := range movers { // no copies: others may be writing to other fields
		place[movers[i].Service], names = i, append(names, movers[i].Service)
	}
	return place, names
}

// movedBefore sets Before, of a week in which something was heard.
func (s *Store) movedBefore(ctx context.Context, q aggregate.MoverQuery, movers []aggregate.Mover) error {
	place, names := byService(movers)
	if len(names) == 0 {
		return nil
	}
	then := q
	then.From, then.To = q.From.Add(-aggregate.Week), q.To.Add(-aggregate.Week)
	if q.To.Sub(q.From) <= 24*time.Hour {
		names = nil // so that the answer is of use whoever is shown next
	}
	found, err := s.moved(ctx, then, names)
	if err != nil {
		return err
	}
	for i := range movers {
		movers[i].Before = new(uint64)
	}
	for _, m := range found {
		if i, ok := place[m.Service]; ok {
			*movers[i].Before = m.Posts
		}
	}
	return nil
}

const sparksSQL = `
SELECT service, toUInt64(least(intDiv((toUnixTimestamp(minute) - {from:UInt32}) * {parts:UInt32}, {to:UInt32} - {from:UInt32}), {parts:UInt32} - 1)) AS part,
       uniqExactMerge(posts)` + moverWhere + ` AND service IN {services:Array(String)}
GROUP BY service, part`

// sparks sets Spark.
func (s *Store) sparks(ctx context.Context, q aggregate.MoverQuery, movers []aggregate.Mover) error {
	place, names := byService(movers)
	for i := range movers {
		movers[i].Spark = make([]uint64, aggregate.SparkParts)
	}
	if len(names) == 0 {
		return nil
	}
	q.From = notBefore1970(q.SparkFrom())
	args := append(moverArgs(q, names), clickhouse.Named("parts", uint32(aggregate.SparkParts)))
	type row struct {
		service     string
		part, posts uint64
	}
	rows, err := read(ctx, s, answer{table: "pulse", from: q.From, to: q.To}, sparksSQL, args,
		func(rows driver.Rows, to *row) error { return rows.Scan(&to.service, &to.part, &to.posts) })
	for _, r := range rows {
		if i, ok := place[r.service]; ok && r.part < aggregate.SparkParts {
			movers[i].Spark[r.part] = r.posts
		}
	}
	return err
}

const commonestSQL = `
SELECT service, argMax(symptom, (n, symptom)), max(n)
FROM
(
    SELECT service, symptom, uniqExactMerge(posts) AS n` + curvesWhere + ` AND symptom != '' AND service IN {services:Array(String)}
    GROUP BY service, symptom
)
GROUP BY service`

// commonest sets Symptom and its share.
func (s *Store) commonest(ctx context.Context, q aggregate.MoverQuery, movers []aggregate.Mover) error {
	place, names := byService(movers)
	if len(names) == 0 {
		return nil
	}
	type row struct {
		service, symptom string
		n                uint64
	}
	rows, err := read(ctx, s, answer{table: "curves", from: q.From, to: q.To}, commonestSQL, moverArgs(q, names),
		func(rows driver.Rows, to *row) error { return rows.Scan(&to.service, &to.symptom, &to.n) })
	for _, r := range rows {
		if i, ok := place[r.service]; ok && movers[i].Posts > 0 { // posts may have come between the queries
			movers[i].Symptom, movers[i].SymptomShare = r.symptom, min(1, float64(r.n)/float64(movers[i].Posts))
		}
	}
	return err
}
