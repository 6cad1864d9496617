// Package grafana_test runs what the dashboards ask: every SQL against the real engine
// with the schema of the store, every address against the real API.
package grafana_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.yaml.in/yaml/v3"

	"outcry/aggregate/store"
	"outcry/api"
	"outcry/nlp/catalog"
)

var (
	start = time.Date(2022, 10, 25, 7, 0, 0, 0, time.UTC)
	end   = start.Add(2 * time.Hour)
)

type source struct{ Type, UID string }

type target struct {
	Datasource source
	RefID      string
	RawSQL     string `json:"rawSql"`
	Format     any    // 0: a series, 1: a table; Infinity has words for it
	QueryType  string
	EditorType string
	URL        string
	Root       string `json:"root_selector"`
	Columns    []struct{ Selector, Text, Type string }
}

type panel struct {
	ID         int
	Type       string
	Title      string
	Datasource source
	GridPos    struct{ X, Y, W, H int }
	Targets    []target
}

type dashboard struct {
	UID, Title    string
	SchemaVersion int
	Panels        []panel
	Annotations   struct {
		List []struct {
			Name       string
			Datasource source
			Target     target
		}
	}
	Templating struct {
		List []struct {
			Name, Type, Query string
			Datasource        source
			IncludeAll, Multi bool
		}
	}
}

func dashboards(t *testing.T) map[string]dashboard {
	t.Helper()
	names, err := filepath.Glob("dashboards/*.json")
	if err != nil || len(names) == 0 {
		t.Fatal("no dashboards", err)
	}
	all := map[string]dashboard{}
	for _, name := range names {
		file, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		var d dashboard
		if err := json.Unmarshal(file, &d); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		all[name] = d
	}
	return all
}

func read(t *testing.T, name string, into any) {
	t.Helper()
	file, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal(file, into); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
}

func TestDashboardsAreWhole(t *testing.T) {
	var provisioned struct {
		Datasources []struct{ Name, UID, Type string }
	}
	read(t, "provisioning/datasources/outcry.yaml", &provisioned)
	types := map[string]string{}
	for _, d := range provisioned.Datasources {
		types[d.UID] = d.Type
	}
	check := func(t *testing.T, where string, s source) {
		if types[s.UID] == "" || types[s.UID] != s.Type {
			t.Errorf("%s: the source %+v is not in provisioning/datasources", where, s)
		}
	}
	uids := map[string]bool{}
	for name, d := range dashboards(t) {
		if d.UID == "" || d.Title == "" || uids[d.UID] || d.SchemaVersion < 36 || len(d.Panels) == 0 {
			t.Errorf("%s: uid %q, title %q, schema %d", name, d.UID, d.Title, d.SchemaVersion)
		}
		uids[d.UID] = true
		ids := map[int]bool{}
		for i, p := range d.Panels {
			if ids[p.ID] || p.Title == "" || len(p.Targets) == 0 || p.GridPos.W < 1 || p.GridPos.H < 1 || p.GridPos.X+p.GridPos.W > 24 {
				t.Errorf("%s: panel %d %q is not whole", name, p.ID, p.Title)
			}
			for _, o := range d.Panels[:i] {
				a, b := p.GridPos, o.GridPos
				if a.X < b.X+b.W && b.X < a.X+a.W && a.Y < b.Y+b.H && b.Y < a.Y+a.H {
					t.Errorf("%s: %q lies over %q", name, p.Title, o.Title)
				}
			}
			ids[p.ID] = true
			refs := map[string]bool{}
			for _, q := range p.Targets {
				check(t, p.Title, q.Datasource)
				if refs[q.RefID] || (q.RawSQL == "") == (q.URL == "") || q.RawSQL != "" && (q.EditorType != "sql" || q.Format == nil || (q.Format == 0.0) != (q.QueryType == "timeseries")) {
					t.Errorf("%s: target %s of %q is not whole", name, q.RefID, p.Title)
				}
				refs[q.RefID] = true
			}
		}
		for _, a := range d.Annotations.List {
			check(t, a.Name, a.Datasource)
		}
		for _, v := range d.Templating.List {
			if v.Type == "query" {
				check(t, v.Name, v.Datasource)
			}
		}
	}
}

// TestEveryAddressAnswers asks the real API, and finds the columns in the answer.
func TestEveryAddressAnswers(t *testing.T) {
	s, err := store.Open(t.Context(), store.Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	fill(t, s)
	server, err := api.New(api.Config{Catalog: shelf{{Slug: "whatsapp", Name: "WhatsApp"}, {Slug: "x", Name: "X"}}, Store: s, Registry: prometheus.NewRegistry()})
	if err != nil {
		t.Fatal(err)
	}
	addresses := 0
	for _, d := range dashboards(t) {
		for _, p := range d.Panels {
			for _, q := range p.Targets {
				if q.URL == "" {
					continue
				}
				addresses++
				url := strings.NewReplacer("${__from:date:seconds}", fmt.Sprint(start.Add(time.Hour).Unix()), "${__to:date:seconds}", fmt.Sprint(end.Unix()),
					"${service:percentencode}", "whatsapp").Replace(q.URL)
				w := httptest.NewRecorder()
				server.ServeHTTP(w, httptest.NewRequest(http.MethodGet, url, nil))
				var body map[string]json.RawMessage
				var rows []map[string]any
				if err := json.Unmarshal(w.Body.Bytes(), &body); err != nil || w.Code != http.StatusOK {
					t.Errorf("%s: %d %s", url, w.Code, w.Body)
					continue
				}
				if err := json.Unmarshal(body[q.Root], &rows); err != nil || len(rows) == 0 {
					t.Errorf("%s: no rows at %q: %v", url, q.Root, err)
					continue
				}
				for _, c := range q.Columns {
					if _, ok := rows[0][c.Selector]; !ok {
						t.Errorf("%s: %q is not in %v", p.Title, c.Selector, rows[0])
					}
				}
			}
		}
	}
	if addresses < 4 {
		t.Errorf("only %d addresses were found", addresses)
	}
}

type shelf []catalog.Service

func (s shelf) Services() []catalog.Service { return s }

func (s shelf) Lookup(slug string) (catalog.Service, bool) {
	i := slices.IndexFunc(s, func(c catalog.Service) bool { return c.Slug == slug })
	if i < 0 {
		return catalog.Service{}, false
	}
	return s[i], true
}

// TestComposeFits finds the files where docker-compose.yml mounts them, with pinned
// versions, and every environment variable that they need.
func TestComposeFits(t *testing.T) {
	var compose struct {
		Services map[string]struct {
			Image       string
			Profiles    []string
			Environment map[string]string
			Volumes     []string
		}
	}
	read(t, "../../docker-compose.yml", &compose)
	g := compose.Services["grafana"]
	if !slices.Contains(g.Profiles, "grafana") || !regexp.MustCompile(`^grafana/grafana:\d+\.\d+\.\d+$`).MatchString(g.Image) {
		t.Errorf("image %q, profiles %v", g.Image, g.Profiles)
	}
	for plugin := range strings.SplitSeq(g.Environment["GF_PLUGINS_PREINSTALL_SYNC"], ",") {
		if !regexp.MustCompile(`^(grafana-clickhouse|yesoreyeram-infinity)-datasource@\d+\.\d+\.\d+$`).MatchString(plugin) {
			t.Errorf("plugin %q", plugin)
		}
	}
	file, err := os.ReadFile("provisioning/datasources/outcry.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range regexp.MustCompile(`\$(\w+)`).FindAllStringSubmatch(string(file), -1) {
		if g.Environment[name[1]] == "" {
			t.Errorf("docker-compose.yml gives Grafana no %s", name[1])
		}
	}
	var providers struct {
		Providers []struct{ Options struct{ Path string } }
	}
	read(t, "provisioning/dashboards/outcry.yaml", &providers)
	for _, path := range []string{"/etc/grafana/provisioning/datasources", "/etc/grafana/provisioning/dashboards", providers.Providers[0].Options.Path} {
		if !slices.ContainsFunc(g.Volumes, func(v string) bool {
			from, to, _ := strings.Cut(v, ":")
			_, err := os.Stat(filepath.Join("../..", from))
			return err == nil && (strings.TrimSuffix(to, ":ro") == path || strings.HasPrefix(path, strings.TrimSuffix(to, ":ro")+"/"))
		}) {
			t.Errorf("nothing is mounted at %s: %v", path, g.Volumes)
		}
	}
}
