package store

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"outcry/aggregate"
)

// The columns and groups of curves stand for NAME and GROUPS: there is one
// statement for each way to tell curves apart, made of nothing that a client sends.
const (
	curvesSQL = `
SELECT grouping(service, name, i) AS level, service, NAME AS name,
       toUInt64(intDiv(toUnixTimestamp(minute) - {from:UInt32}, {step:UInt32})) AS i,
       uniqExactMerge(posts), uniqExactMerge(authors)` + curvesOfSQL + `
GROUP BY GROUPS`
	curveIDsSQL = `SELECT service, NAME AS name` + curvesOfSQL + ` GROUP BY service, name ORDER BY service, name`
	curvesOfSQL = `
FROM curves
WHERE service IN {services:Array(String)} AND kind = {kind:String} AND SYMPTOM
  AND minute >= toDateTime({from:UInt32}, 'UTC') AND minute < toDateTime({to:UInt32}, 'UTC')
  AND ({lang:String} = '' OR lang = {lang:String})
  AND ({source:String} = '' OR source = {source:String})`
)

// What grouping() says of a row: a bit for each column that it is not told
// apart by.
const (
	levelPoint   = 0b000
	levelTotal   = 0b001
	levelService = 0b011
	levelAll     = 0b111
)

// curvesStatement fills in what the columns of a query are.
func curvesStatement(sql string, q aggregate.CurvesQuery) string {
	name, symptom, groups := "materialize('')", "symptom = {symptom:String}", "GROUPING SETS ((service, name, i))"
	switch q.By {
	case aggregate.BySymptom: // '' among them, which is the service as a whole
		name, symptom = "symptom", "1"
	case aggregate.ByLang:
		name = "lang"
	case aggregate.BySource:
		name = "source"
	}
	if q.Sums {
		groups = "GROUPING SETS ((service, name, i), (service, name), (service), ())"
	}
	return strings.NewReplacer("NAME", name, "SYMPTOM", symptom, "GROUPS", groups).Replace(sql)
}

// Curves answers q with the steps that have posts. From and To must be aligned
// to Step, From before To.
func (s *Store) Curves(ctx context.Context, q aggregate.CurvesQuery) (aggregate.Curves, error) {
	all := aggregate.Curves{Points: map[aggregate.CurveID][]aggregate.Sparse{}, Totals: map[aggregate.CurveID]aggregate.Sums{}, Services: map[string]aggregate.Sums{}}
	err := s.scan(oneThread(ctx, q.From, q.To), curvesStatement(curvesSQL, q), curvesArgs(q), func(rows driver.Rows) error {
		var level, i uint64
		var id aggregate.CurveID
		var sums aggregate.Sums
		if err := rows.Scan(&level, &id.Service, &id.Name, &i, &sums.Posts, &sums.Authors); err != nil {
			return err
		}
		switch level {
		case levelPoint:
			all.Points[id] = append(all.Points[id], aggregate.Sparse{Step: int(i), Sums: sums})
		case levelTotal:
			all.Totals[id] = sums
		case levelService:
			all.Services[id.Service] = sums
		case levelAll:
			all.All = sums
		}
		return nil
	})
	if err != nil {
		return aggregate.Curves{}, fmt.Errorf("read curves: %w", err)
	}
	return all, nil
}

// CurveIDs are the curves that an answer to q has when it is told apart by something,
// in the order of services and names.
func (s *Store) CurveIDs(ctx context.Context, q aggregate.CurvesQuery) ([]aggregate.CurveID, error) {
	ids := []aggregate.CurveID{}
	err := s.scan(ctx, curvesStatement(curveIDsSQL, q), curvesArgs(q), func(rows driver.Rows) error {
		var id aggregate.CurveID
		err := rows.Scan(&id.Service, &id.Name)
		if id.Name != "" || q.By != aggregate.BySymptom {
			ids = append(ids, id)
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read which curves there are: %w", err)
	}
	return ids, nil
}

func curvesArgs(q aggregate.CurvesQuery) []any {
	return append(filters("", q.Kind, q.Symptom, q.Lang, q.Source, q.From, q.To),
		clickhouse.Named("services", orEmpty(q.Services)), clickhouse.Named("step", uint32(q.Step/time.Second)))
}

const heardSQL = `
SELECT NAME AS name, toUInt64(intDiv(toUnixTimestamp(minute) - {from:UInt32}, {step:UInt32})) AS i, uniqMerge(posts)
FROM volumes
WHERE minute >= toDateTime({from:UInt32}, 'UTC') AND minute < toDateTime({to:UInt32}, 'UTC')
  AND ({lang:String} = '' OR lang = {lang:String})
  AND ({source:String} = '' OR source = {source:String})
GROUP BY name, i`

// Heard counts the posts heard by step, by the name of the part; under "" when q
// tells none apart. From and To must be aligned to Step, From before To.
func (s *Store) Heard(ctx context.Context, q aggregate.HeardQuery) (map[string][]uint64, error) {
	heard := map[string][]uint64{}
	sql := curvesStatement(heardSQL, aggregate.CurvesQuery{By: q.By})
	args := append(between(q.From, q.To), clickhouse.Named("lang", q.Lang), clickhouse.Named("source", q.Source),
		clickhouse.Named("step", uint32(q.Step/time.Second)))
	err := s.scan(oneThread(ctx, q.From, q.To), sql, args, func(rows driver.Rows) error {
		var name string
		var i, n uint64
		if err := rows.Scan(&name, &i, &n); err != nil {
			return err
		}
		if heard[name] == nil {
			heard[name] = make([]uint64, q.To.Sub(q.From)/q.Step)
		}
		heard[name][i] = n
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read what was heard: %w", err)
	}
	return heard, nil
}

const expectedOfSQL = `
SELECT service, quarter, usual, alpha
FROM expected FINAL
WHERE service IN {services:Array(String)} AND quarter >= toDateTime({from:UInt32}, 'UTC') AND quarter < toDateTime({to:UInt32}, 'UTC')
ORDER BY service, quarter`

// ExpectedOf is what was usual of each of the services in the quarters that touch
// [from, to), where it is known.
func (s *Store) ExpectedOf(ctx context.Context, services []string, from, to time.Time) ([]aggregate.Expected, error) {
	var all []aggregate.Expected
	args := append(between(from.Truncate(aggregate.Quarter), to), clickhouse.Named("services", orEmpty(services)))
	err := s.scan(oneThread(ctx, from, to), expectedOfSQL, args, func(rows driver.Rows) error {
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

// oneThread keeps a question for some days to one processor: what others ask at the
// same time shall not wait for it, and two would not make it much faster.
func oneThread(ctx context.Context, from, to time.Time) context.Context {
	if to.Sub(from) > 3*24*time.Hour {
		return ctx
	}
	return clickhouse.Context(ctx, clickhouse.WithSettings(clickhouse.Settings{"max_threads": 1}))
}
