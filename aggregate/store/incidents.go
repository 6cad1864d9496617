package store

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"outcry/aggregate"
)

// incidentColumns are in the order of InsertIncidents and scanIncident.
const incidentColumns = `id, services, owner, severity, onset, earliest, latest, detected, updated, ended, retracted,
peak, peak_people, people, posts, usual, excess,
symptoms, symptom_shares, languages, language_shares, sources, source_shares, words,
part_by, part, part_people, part_usual, part_excess, part_symptoms, part_symptom_shares, mainly_in`

// InsertIncidents stores incidents as they are seen now. Of several rows of one
// incident that with the newest Updated is kept, in whatever order they come.
func (s *Store) InsertIncidents(ctx context.Context, incidents []aggregate.Incident) error {
	const sql = `INSERT INTO incidents (` + incidentColumns + `)`
	defer writing(s.answers, incidents, func(i aggregate.Incident) time.Time { return i.Onset }, "incidents")()
	return insert(ctx, s.conn, sql, incidents, func(batch driver.Batch, i aggregate.Incident) error {
		symptoms, symptomShares := unzip(i.Symptoms)
		languages, languageShares := unzip(i.Languages)
		sources, sourceShares := unzip(i.Sources)
		n := i.Noticed
		partSymptoms, partSymptomShares := unzip(n.Symptoms)
		return batch.Append(i.ID, orEmpty(i.Services), i.Owner, i.Severity,
			known(i.Onset), known(i.Earliest), known(i.Latest), known(i.Detected), known(i.Updated), known(i.End), i.Retracted,
			known(i.Peak), uint64(i.PeakPeople), uint64(i.People), uint64(i.Posts), i.Usual, i.Excess,
			symptoms, symptomShares, languages, languageShares, sources, sourceShares, orEmpty(i.Words),
			n.By, n.Name, uint64(n.People), n.Usual, n.Excess, partSymptoms, partSymptomShares, i.MainlyIn)
	})
}

const incidentsSQL = `
SELECT ` + incidentColumns + `
FROM incidents FINAL
WHERE NOT retracted
  AND ({service:String} = '' OR has(services, {service:String}))
  AND (empty({severities:Array(String)}) OR has({severities:Array(String)}, severity))
  AND (NOT {open:Bool} OR toUnixTimestamp64Milli(ended) = 0)
  AND (toUnixTimestamp64Milli(ended) = 0 OR toUnixTimestamp64Milli(ended) > {from:Int64})
  AND ({to:Int64} = 0 OR toUnixTimestamp64Milli(onset) < {to:Int64})
  AND ({id:String} = '' OR (toUnixTimestamp64Milli(onset), id) < ({before:Int64}, {id:String}))
ORDER BY onset DESC, id DESC
LIMIT {limit:UInt64}`

// Incidents answers q, the latest onset first, and of equals the greatest ID. A
// Limit of zero is none. Incidents that were retracted are not in it.
func (s *Store) Incidents(ctx context.Context, q aggregate.IncidentQuery) ([]aggregate.Incident, error) {
	limit := uint64(q.Limit)
	if q.Limit <= 0 {
		limit = 1 << 32 // more than there will be
	}
	of := answer{table: "incidents"} // a filter may find any
	of.from, of.to = everyTime()
	found, err := read(ctx, s, of, incidentsSQL, []any{
		clickhouse.Named("service", q.Service), clickhouse.Named("severities", atLeast(q.Severity)), clickhouse.Named("open", q.Open),
		clickhouse.Named("from", known(q.From).UnixMilli()), clickhouse.Named("to", known(q.To).UnixMilli()),
		clickhouse.Named("before", known(q.Before.Onset).UnixMilli()), clickhouse.Named("id", q.Before.ID),
		clickhouse.Named("limit", limit),
	}, func(rows driver.Rows, i *aggregate.Incident) (err error) {
		*i, err = scanIncident(rows)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read incidents: %w", err)
	}
	own := make([]aggregate.Incident, len(found))
	for i, f := range found { // which is kept
		f.Services, f.Words = slices.Clone(f.Services), slices.Clone(f.Words)
		f.Symptoms, f.Languages, f.Sources = slices.Clone(f.Symptoms), slices.Clone(f.Languages), slices.Clone(f.Sources)
		own[i] = f
	}
	return own, nil
}

const incidentSQL = `SELECT ` + incidentColumns + ` FROM incidents FINAL WHERE id = {id:String}`

// Incident is that with the id, retracted or not, and whether there is one.
func (s *Store) Incident(ctx context.Context, id string) (aggregate.Incident, bool, error) {
	var found aggregate.Incident
	var ok bool
	err := s.scan(ctx, incidentSQL, []any{clickhouse.Named("id", id)}, func(rows driver.Rows) (err error) {
		found, err = scanIncident(rows)
		ok = true
		return err
	})
	if err != nil {
		return aggregate.Incident{}, false, fmt.Errorf("read incident: %w", err)
	}
	return found, ok, nil
}

func scanIncident(rows driver.Rows) (aggregate.Incident, error) {
	var i aggregate.Incident
	n := &i.Noticed
	var peakPeople, people, posts, partPeople uint64
	var symptoms, languages, sources, partSymptoms []string
	var symptomShares, languageShares, sourceShares, partSymptomShares []float64
	err := rows.Scan(&i.ID, &i.Services, &i.Owner, &i.Severity,
		&i.Onset, &i.Earliest, &i.Latest, &i.Detected, &i.Updated, &i.End, &i.Retracted,
		&i.Peak, &peakPeople, &people, &posts, &i.Usual, &i.Excess,
		&symptoms, &symptomShares, &languages, &languageShares, &sources, &sourceShares, &i.Words,
		&n.By, &n.Name, &partPeople, &n.Usual, &n.Excess, &partSymptoms, &partSymptomShares, &i.MainlyIn)
	if err != nil {
		return i, err
	}
	for _, t := range []*time.Time{&i.Onset, &i.Earliest, &i.Latest, &i.Detected, &i.Updated, &i.End, &i.Peak} {
		*t = unknown(*t)
	}
	i.PeakPeople, i.People, i.Posts = int(peakPeople), int(people), int(posts)
	i.Symptoms, i.Languages, i.Sources = zip(symptoms, symptomShares), zip(languages, languageShares), zip(sources, sourceShares)
	i.Services, i.Words = orEmpty(i.Services), orEmpty(i.Words)
	if n.Name != "" {
		n.People, n.Symptoms = int(partPeople), zip(partSymptoms, partSymptomShares)
	}
	return i, nil
}

// known is t, or 1970 for the zero time, which is before all that ClickHouse
// can hold. unknown turns it back.
func known(t time.Time) time.Time {
	if t.IsZero() {
		return time.Unix(0, 0).UTC()
	}
	return t.UTC()
}

func unknown(t time.Time) time.Time {
	if t.Unix() == 0 {
		return time.Time{}
	}
	return t.UTC()
}

// atLeast lists the severities from one on; none for no severity.
func atLeast(severity string) []string {
	all := []string{aggregate.Minor, aggregate.Major, aggregate.Critical}
	if i := slices.Index(all, severity); i >= 0 {
		return all[i:]
	}
	return []string{}
}

func unzip(shares []aggregate.Share) (names []string, parts []float64) {
	names, parts = []string{}, []float64{}
	for _, s := range shares {
		names, parts = append(names, s.Name), append(parts, s.Share)
	}
	return names, parts
}

func zip(names []string, parts []float64) []aggregate.Share {
	shares := make([]aggregate.Share, min(len(names), len(parts)))
	for i := range shares {
		shares[i] = aggregate.Share{Name: names[i], Share: parts[i]}
	}
	return shares
}

// orEmpty is an empty list instead of none.
func orEmpty(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}
