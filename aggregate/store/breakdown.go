package store

import (
	"context"
	"fmt"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"golang.org/x/sync/errgroup"

	"outcry/aggregate"
)

// complaintsSQL is what all parts of a breakdown look at.
const complaintsSQL = `
FROM curves
WHERE service IN {services:Array(String)} AND kind = 'complaint'
  AND minute >= toDateTime({from:UInt32}, 'UTC') AND minute < toDateTime({to:UInt32}, 'UTC')
  AND ({lang:String} = '' OR lang = {lang:String})`

const (
	totalSQL     = `SELECT uniqExactMerge(authors), uniqExactMerge(posts)` + complaintsSQL + ` AND symptom = {symptom:String}`
	byMinuteSQL  = `SELECT toUInt64(toUnixTimestamp(minute)) AS t, uniqExactMerge(authors), toUInt64(0)` + complaintsSQL + ` AND symptom = {symptom:String} GROUP BY t`
	symptomsSQL  = `SELECT symptom AS name, uniqExactMerge(posts) AS n` + complaintsSQL + ` AND symptom != '' AND ({symptom:String} = '' OR symptom = {symptom:String})` + largestSQL
	languagesSQL = `SELECT lang AS name, uniqExactMerge(posts) AS n` + complaintsSQL + ` AND symptom = {symptom:String}` + largestSQL
	sourcesOfSQL = `SELECT source AS name, uniqExactMerge(posts) AS n` + complaintsSQL + ` AND symptom = {symptom:String}` + largestSQL
	largestSQL   = ` GROUP BY name ORDER BY n DESC, name`
)

// Breakdown sums up the complaints that q asks for, about all of its services together.
func (s *Store) Breakdown(ctx context.Context, q aggregate.BreakdownQuery) (aggregate.Breakdown, error) {
	b := aggregate.Breakdown{ByMinute: make([]int, max(0, q.To.Sub(q.From)/time.Minute))}
	args := append(between(q.From, q.To), clickhouse.Named("services", orEmpty(q.Services)),
		clickhouse.Named("symptom", q.Symptom), clickhouse.Named("lang", q.Lang))
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error {
		return s.scan(ctx, totalSQL, args, func(rows driver.Rows) error {
			var people, posts uint64
			err := rows.Scan(&people, &posts)
			b.People, b.Posts = int(people), int(posts)
			return err
		})
	})
	group.Go(func() error { return s.byMinute(ctx, args, q.From, b.ByMinute) })
	lists := map[string]*[]aggregate.Share{symptomsSQL: &b.Symptoms, languagesSQL: &b.Languages, sourcesOfSQL: &b.Sources}
	for sql, list := range lists {
		group.Go(func() (err error) {
			*list, err = s.named(ctx, sql, args)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return aggregate.Breakdown{}, fmt.Errorf("read breakdown: %w", err)
	}
	for _, list := range lists { // which hold numbers of posts so far
		for i := range *list { // posts may have come between the queries
			(*list)[i].Share = min(1, (*list)[i].Share/float64(b.Posts))
		}
	}
	return b, nil
}

func (s *Store) byMinute(ctx context.Context, args []any, from time.Time, minutes []int) error {
	return s.steps(ctx, byMinuteSQL, args, func(t int64, people, _ uint64) {
		minutes[(t-from.Unix())/60] = int(people)
	})
}

func (s *Store) named(ctx context.Context, sql string, args []any) ([]aggregate.Share, error) {
	list := []aggregate.Share{}
	err := s.scan(ctx, sql, args, func(rows driver.Rows) error {
		var name string
		var n uint64
		err := rows.Scan(&name, &n)
		list = append(list, aggregate.Share{Name: name, Share: float64(n)})
		return err
	})
	return list, err
}

const textsSQL = `
SELECT text
FROM signals FINAL
WHERE service IN {services:Array(String)} AND kind = 'complaint'
  AND created_at >= toDateTime({from:UInt32}, 'UTC') AND created_at < toDateTime({to:UInt32}, 'UTC')
  AND text != '' AND post NOT IN (SELECT post FROM deletions)
ORDER BY post
LIMIT 1 BY post
LIMIT {limit:UInt32}`

// Texts are texts of the complaints about the services in [from, to), at most
// limit, each post once. Of more it takes a fair sample, always the same one,
// because it goes by the hashes of the posts. Posts that were deleted, or whose
// text has passed its time, are not in it.
func (s *Store) Texts(ctx context.Context, services []string, from, to time.Time, limit int) ([]string, error) {
	texts := []string{}
	args := append(between(from, to), clickhouse.Named("services", orEmpty(services)), clickhouse.Named("limit", uint32(max(0, limit))))
	err := s.scan(ctx, textsSQL, args, func(rows driver.Rows) error {
		var text string
		err := rows.Scan(&text)
		texts = append(texts, text)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read texts: %w", err)
	}
	return texts, nil
}
