package grafana_test

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"outcry/aggregate"
	"outcry/aggregate/store"
	"outcry/aggregate/store/chdb"
	"outcry/ingest"
	"outcry/nlp"
)

// expand does what Grafana does with variables, and the ClickHouse plugin with macros
// (its documentation: query editor, macros). What is left of a dollar is an error.
func expand(t *testing.T, sql string, values map[string][]string) string {
	t.Helper()
	all := func(name string) bool { return slices.Contains(values[name], "$__all") }
	const step = 60
	conditional := regexp.MustCompile(`\$__conditionalAll\((.*?\)), \$(\w+)\)`)
	sql = conditional.ReplaceAllStringFunc(sql, func(m string) string {
		parts := conditional.FindStringSubmatch(m)
		if all(parts[2]) {
			return "1=1"
		}
		return parts[1]
	})
	variable := regexp.MustCompile(`\$\{(\w+):singlequote\}`)
	sql = variable.ReplaceAllStringFunc(sql, func(m string) string {
		name := variable.FindStringSubmatch(m)[1]
		if values[name] == nil || all(name) {
			t.Errorf("variable %s has no value here", name)
		}
		var quoted []string
		for _, v := range values[name] {
			quoted = append(quoted, "'"+strings.ReplaceAll(v, "'", `\'`)+"'")
		}
		return strings.Join(quoted, ",")
	})
	from, to := fmt.Sprintf("toDateTime(%d)", start.Unix()), fmt.Sprintf("toDateTime(%d)", end.Unix())
	for pattern, with := range map[string]string{
		`\$__timeFilter\((\w+)\)`:   "${1} >= " + from + " AND ${1} <= " + to,
		`\$__timeFrom\((\w+)\)`:     "${1} >= " + from,
		`\$__timeTo\((\w+)\)`:       "${1} <= " + to,
		`\$__timeInterval\((\w+)\)`: fmt.Sprintf("toStartOfInterval(toDateTime(${1}), INTERVAL %d second)", step),
		`\$__fromTime\b`:            from,
		`\$__toTime\b`:              to,
		`\$__interval_s\b`:          fmt.Sprint(step),
	} {
		sql = regexp.MustCompile(pattern).ReplaceAllString(sql, with)
	}
	if strings.Contains(sql, "$") {
		t.Errorf("not all is expanded: %s", sql)
	}
	return sql
}

// fill stores two hours of complaints, and all that stands beside them.
func fill(t *testing.T, s *store.Store) {
	t.Helper()
	var signals []nlp.Signal
	var volumes []nlp.Volume
	var covered []ingest.Coverage
	var expected []aggregate.Expected
	for i := range 120 {
		at := start.Add(time.Duration(i) * time.Minute)
		text := "it is slow again"
		if i >= 60 {
			text = "hourglass spinning for ever"
		}
		for _, service := range []string{"whatsapp", "x"} {
			signals = append(signals, nlp.Signal{PostID: fmt.Sprint(service, i), Source: "bluesky", Service: service, Kind: nlp.Complaint, Lang: []string{"en", "fr"}[i%2],
				Symptoms: []string{"messages"}, Score: 1, Text: text, Author: fmt.Sprintf("%016x", i+1), CreatedAt: at})
		}
		volumes = append(volumes, nlp.Volume{Minute: at, Source: "bluesky", Lang: "en", Posts: []uint64{uint64(i)}})
		covered = append(covered, ingest.Coverage{Source: "bluesky", Part: "a", Parts: 1, From: at, To: at.Add(30 * time.Second)})
		if i%15 == 0 {
			expected = append(expected, aggregate.Expected{Service: "whatsapp", Quarter: at, Usual: 2, Alpha: 0.5}, aggregate.Expected{Service: "x", Quarter: at, Usual: 1, Alpha: 0.5})
		}
	}
	incident := aggregate.Incident{ID: "whatsapp-1", Services: []string{"whatsapp", "x"}, Severity: aggregate.Major, Onset: start.Add(17 * time.Minute), Updated: end, People: 40, Words: []string{"hourglass"}}
	ctx := t.Context()
	for _, err := range []error{s.InsertSignals(ctx, signals), s.InsertVolumes(ctx, volumes), s.InsertCoverage(ctx, covered), s.InsertExpected(ctx, expected),
		s.InsertIncidents(ctx, []aggregate.Incident{incident})} {
		if err != nil {
			t.Fatal(err)
		}
	}
}

// answer is what the engine says in JSON.
type answer struct {
	Meta []struct{ Name, Type string }
	Data []map[string]any
}

// TestEverySQLGivesRows runs panels, annotations and variables, for one service and
// several, one language and all.
func TestEverySQLGivesRows(t *testing.T) {
	dir := t.TempDir()
	s, err := store.Open(t.Context(), store.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	fill(t, s)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	lib, err := chdb.Find("")
	if err != nil {
		t.Fatal(err)
	}
	engine, err := chdb.Open(lib, dir, 2, "USE outcry")
	if err != nil {
		t.Fatal(err)
	}
	defer engine.Close()
	run := func(where, sql string) answer {
		var a answer
		for _, values := range []map[string][]string{
			{"service": {"whatsapp"}, "kind": {"complaint"}, "lang": {"$__all"}},
			{"service": {"whatsapp", "x", "it's"}, "kind": {"complaint"}, "lang": {"en", "fr"}},
		} {
			out, err := engine.Query(t.Context(), expand(t, sql, values), "JSON", nil)
			if err == nil {
				err = json.Unmarshal(out, &a)
			}
			if err != nil || len(a.Data) == 0 {
				t.Errorf("%s with %v: %d rows, %v\n%s", where, values, len(a.Data), err, expand(t, sql, values))
				return answer{}
			}
		}
		return a
	}
	for _, statement := range grants(t) {
		if _, err := engine.Query(t.Context(), "SELECT formatQuery({sql:String})", "JSON", map[string]string{"sql": statement}); err != nil {
			t.Errorf("docker-compose.yml: %v", err)
		}
	}
	queries := 0
	for name, d := range dashboards(t) {
		for _, p := range d.Panels {
			for _, q := range p.Targets {
				if q.RawSQL == "" {
					continue
				}
				queries++
				a := run(name+": "+p.Title, q.RawSQL)
				if q.Format == 0.0 && a.Meta != nil {
					checkSeries(t, p.Title, a)
				}
			}
		}
		for _, n := range d.Annotations.List {
			queries++
			a := run(name+": "+n.Name, n.Target.RawSQL)
			for i, want := range []string{"time", "timeEnd", "text"} {
				if a.Meta != nil && a.Meta[i].Name != want {
					t.Errorf("%s: column %d is %s, want %s", n.Name, i, a.Meta[i].Name, want)
				}
			}
		}
		for _, v := range d.Templating.List {
			if v.Type == "query" {
				queries++
				run(name+": variable "+v.Name, v.Query)
			}
		}
	}
	if queries < 12 {
		t.Errorf("only %d queries were found", queries)
	}
}

// checkSeries wants a time named so, then perhaps a name, then numbers that are sound.
func checkSeries(t *testing.T, title string, a answer) {
	t.Helper()
	if a.Meta[0].Name != "time" || !strings.HasPrefix(a.Meta[0].Type, "DateTime") {
		t.Errorf("%s: the first column is %+v", title, a.Meta[0])
	}
	last := ""
	for _, row := range a.Data {
		if now := fmt.Sprint(row["time"]); now < last {
			t.Errorf("%s: %s after %s", title, now, last)
		} else {
			last = now
		}
		for _, m := range a.Meta[1:] {
			if _, named := row[m.Name].(string); named && !strings.Contains(m.Type, "Int") {
				continue
			}
			if x, err := strconv.ParseFloat(fmt.Sprint(row[m.Name]), 64); err != nil || x < 0 || x > 1000 {
				t.Errorf("%s: %s is %v", title, m.Name, row[m.Name])
			}
		}
		if row["high"] != nil && (row["low"].(float64) > row["usual"].(float64) || row["high"].(float64) <= row["usual"].(float64)) {
			t.Errorf("%s: the band is %v", title, row)
		}
		if row["heard"] != nil && row["heard"].(float64) != 0.5 {
			t.Errorf("%s: half of every minute was heard, not %v", title, row["heard"])
		}
	}
}

// grants are the statements that make Grafana's user, and name every table that the
// dashboards read.
func grants(t *testing.T) (statements []string) {
	t.Helper()
	var compose struct {
		Services map[string]struct{ Command []string }
	}
	read(t, "../../docker-compose.yml", &compose)
	sql := strings.Join(compose.Services["grafana-user"].Command, "\n")
	for statement := range strings.SplitSeq(sql, ";") {
		if statement = strings.TrimSpace(statement); statement != "" {
			statements = append(statements, statement)
		}
	}
	for name, d := range dashboards(t) {
		file, err := json.Marshal(d)
		if err != nil {
			t.Fatal(err)
		}
		for _, table := range regexp.MustCompile(`FROM (\w+)`).FindAllStringSubmatch(string(file), -1) {
			if !strings.Contains(sql, "GRANT SELECT ON outcry."+table[1]+" TO grafana") {
				t.Errorf("%s reads %s, which Grafana's user may not", name, table[1])
			}
		}
	}
	if len(statements) < 2 || !strings.Contains(statements[0], "readonly = 1") {
		t.Errorf("the user of Grafana is made by %q", statements)
	}
	return statements
}
