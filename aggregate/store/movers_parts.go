package store

import (
	"context"
	"fmt"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"golang.org/x/sync/errgroup"

	"outcry/aggregate"
)

const (
	ofService     = ` AND ({service:String} = '' OR service = {service:String})`
	partsTotalSQL = `SELECT uniqExactMerge(posts), uniqExactMerge(authors)` + curvesWhere + ofService + ` AND symptom = {symptom:String}`
	allTotalSQL   = `SELECT uniqExactMerge(posts), uniqExactMerge(authors)` + moverWhere
	counted       = `, uniqExactMerge(posts) AS n, uniqExactMerge(authors)`

	// The rows of a symptom hold that symptom alone; those of none hold every post once.
	bySymptomSQL = `SELECT symptom AS name` + counted + curvesWhere + ofService +
		` AND symptom != '' AND ({symptom:String} = '' OR symptom = {symptom:String})` + largestPartsSQL
	byLangSQL    = `SELECT lang AS name` + counted + curvesWhere + ofService + ` AND symptom = {symptom:String}` + largestPartsSQL
	bySourceSQL  = `SELECT source AS name` + counted + curvesWhere + ofService + ` AND symptom = {symptom:String}` + largestPartsSQL
	byServiceSQL = `SELECT service AS name` + counted + curvesWhere + ofService + ` AND symptom = {symptom:String}` + largestPartsSQL
	ofAllSQL     = `SELECT service AS name` + counted + moverWhere + largestPartsSQL

	largestPartsSQL = ` AND (empty({names:Array(String)}) OR has({names:Array(String)}, toString(name))) GROUP BY name ORDER BY n DESC, name LIMIT {limit:UInt32}`
)

// partsSQL are the queries of the whole and of its parts.
func partsSQL(q aggregate.PartsQuery) (total, parts string, ok bool) {
	switch q.By {
	case aggregate.PartSymptom:
		return partsTotalSQL, bySymptomSQL, true
	case aggregate.PartLang:
		return partsTotalSQL, byLangSQL, true
	case aggregate.PartSource:
		return partsTotalSQL, bySourceSQL, true
	case aggregate.PartService:
		if q.Service == "" && q.Symptom == "" {
			return allTotalSQL, ofAllSQL, true
		}
		return partsTotalSQL, byServiceSQL, true
	}
	return "", "", false
}

// Parts answers q.
func (s *Store) Parts(ctx context.Context, q aggregate.PartsQuery) (aggregate.Parts, error) {
	total, sql, ok := partsSQL(q)
	if !ok {
		return aggregate.Parts{}, fmt.Errorf("read parts: there are none by %q", q.By)
	}
	p := aggregate.Parts{Rows: []aggregate.Part{}}
	group, inGroup := errgroup.WithContext(ctx)
	group.Go(func() error {
		return s.scan(inGroup, total, partsArgs(q, nil), func(rows driver.Rows) error { return rows.Scan(&p.Posts, &p.Authors) })
	})
	group.Go(func() (err error) {
		p.Rows, err = s.parts(inGroup, sql, partsArgs(q, nil))
		return err
	})
	group.Go(func() (err error) {
		p.Heard, err = s.heardWeekBefore(inGroup, q.Source, q.From, q.To)
		return err
	})
	err := group.Wait()
	if err == nil && p.Heard && len(p.Rows) > 0 {
		err = s.partsBefore(ctx, sql, q, p.Rows)
	}
	if err != nil {
		return aggregate.Parts{}, fmt.Errorf("read parts: %w", err)
	}
	return p, nil
}

// partsBefore sets how many posts the parts had a week before.
func (s *Store) partsBefore(ctx context.Context, sql string, q aggregate.PartsQuery, rows []aggregate.Part) error {
	q.From, q.To = q.From.Add(-aggregate.Week), q.To.Add(-aggregate.Week)
	place, names := map[string]int{}, []string{}
	for i, r := range rows {
		place[r.Name], names = i, append(names, r.Name)
	}
	then, err := s.parts(ctx, sql, partsArgs(q, names))
	for _, t := range then {
		rows[place[t.Name]].Before = t.Posts
	}
	return err
}

func (s *Store) parts(ctx context.Context, sql string, args []any) ([]aggregate.Part, error) {
	all := []aggregate.Part{}
	err := s.scan(ctx, sql, args, func(rows driver.Rows) error {
		var p aggregate.Part
		err := rows.Scan(&p.Name, &p.Posts, &p.Authors)
		all = append(all, p)
		return err
	})
	return all, err
}

func partsArgs(q aggregate.PartsQuery, names []string) []any {
	return append(filters(q.Service, q.Kind, q.Symptom, q.Lang, q.Source, q.From, q.To),
		clickhouse.Named("names", orEmpty(names)), clickhouse.Named("limit", uint32(max(0, q.Limit))))
}
