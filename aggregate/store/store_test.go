package store_test

import (
	"context"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"outcry/aggregate"
	"outcry/aggregate/store"
	"outcry/aggregate/store/chdb"
	"outcry/ingest"
	"outcry/nlp"
)

var start = time.Date(2022, 10, 25, 7, 0, 0, 0, time.UTC)

// TestConformance runs one suite against every ClickHouse there is: the
// embedded engine; the same engine behind a socket, which is the way to a
// server; and the server of OUTCRY_TEST_CLICKHOUSE when it is set.
func TestConformance(t *testing.T) {
	t.Run("embedded", func(t *testing.T) {
		s := open(t, store.Options{Dir: t.TempDir()})
		conform(t, s)
	})
	t.Run("over http", func(t *testing.T) {
		conform(t, open(t, store.Options{Address: serveEngine(t)}))
	})
	if address := os.Getenv("OUTCRY_TEST_CLICKHOUSE"); address != "" {
		t.Run("server", func(t *testing.T) { conform(t, open(t, store.Options{Address: address})) })
	}
}

func conform(t *testing.T, s *store.Store) {
	for name, check := range map[string]func(*testing.T, *store.Store, string){
		"a curve has every step":                         checkGaps,
		"curves count distinct posts and authors":        checkCounts,
		"the same rows again change nothing":             checkReplay,
		"filters":                                        checkFilters,
		"steps add up":                                   checkSteps,
		"volumes are beside the curve":                   checkVolumes,
		"coverage counts seconds once":                   checkCoverage,
		"of what is expected the last word counts":       checkExpected,
		"any text comes back as it was":                  checkAnyText,
		"evidence is the newest first":                   checkEvidence,
		"a deleted post vanishes, its count stays":       checkDeletion,
		"a post may come after its deletion":             checkLateDeletion,
		"an author who leaves takes all posts along":     checkAuthorGone,
		"a query may span all time":                      checkEnds,
		"an edit replaces the evidence":                  checkEdit,
		"queries nobody waits for do not hold up others": checkAbandoned,
		"a batch may span decades":                       checkDecades,
		"concurrent queries do not mix their filters":    checkConcurrency,
		"activity sums up services":                      checkActivity,
		"the newest row of an incident is kept":          checkIncidentRows,
		"an incident comes back as it was":               checkIncidentFields,
		"incidents are filtered":                         checkIncidentFilters,
		"incidents are read page by page":                checkIncidentPages,
		"a retracted incident is not listed":             checkRetracted,
		"counts are by service, minute and source":       checkServiceCounts,
		"volumes are by minute and source":               checkMinuteVolumes,
		"a breakdown counts people once":                 checkBreakdown,
		"texts are of each post once":                    checkTexts,
		"nothing is inserted from nothing":               checkEmpty,
		"text that looks like SQL is only text":          checkInjection,
		"a canceled context ends a query with an error":  checkCancel,
	} {
		t.Run(name, func(t *testing.T) {
			// every check has a service of its own, so that they can share a store
			check(t, s, strings.ReplaceAll(strings.ToLower(name), " ", "-")+fmt.Sprint(time.Now().UnixNano()))
		})
	}
}

func complaint(service string, n int, minute float64) nlp.Signal {
	return nlp.Signal{
		PostID: fmt.Sprint(service, "/", n), Source: "test", Service: service, Kind: nlp.Complaint, Lang: "fr",
		Symptoms: []string{"messages"}, Score: 0.5, Text: fmt.Sprint("message ", n), Author: fmt.Sprintf("%016x", n),
		CreatedAt: start.Add(time.Duration(minute * float64(time.Minute))).Truncate(time.Millisecond),
	}
}

func checkGaps(t *testing.T, s *store.Store, service string) {
	insert(t, s, complaint(service, 1, 2), complaint(service, 2, 4.99))
	want(t, s, hour(service), "0 0 1 0 1"+strings.Repeat(" 0", 55))
	points := curve(t, s, hour(service))
	for i, p := range points {
		if at := start.Add(time.Duration(i) * time.Minute); !p.T.Equal(at) {
			t.Fatalf("point %d is at %s, want %s", i, p.T, at)
		}
	}
}

func checkCounts(t *testing.T, s *store.Store, service string) {
	a, b, c := complaint(service, 1, 0), complaint(service, 2, 0), complaint(service, 3, 0)
	b.Author = a.Author // one author, two posts
	a.Symptoms = []string{"messages", "login"}
	insert(t, s, a, b, c)
	if p := curve(t, s, hour(service))[0]; p.Posts != 3 || p.Authors != 2 {
		t.Errorf("got %+v, want 3 posts of 2 authors", p)
	}
	d, e := complaint(service, 4, 1), complaint(service, 5, 1)
	d.Author, e.Author = "", "" // unknown authors are not one author
	insert(t, s, d, e)
	if p := curve(t, s, hour(service))[1]; p.Posts != 2 || p.Authors != 2 {
		t.Errorf("got %+v, want 2 posts of 2 authors", p)
	}
}

func checkReplay(t *testing.T, s *store.Store, service string) {
	rows := []nlp.Signal{}
	for i := range 500 {
		rows = append(rows, complaint(service, i, float64(i)/100))
	}
	for range 3 {
		insert(t, s, rows...)
		insert(t, s, rows[:100]...)
		want(t, s, hour(service), "100 100 100 100 100"+strings.Repeat(" 0", 55))
	}
	if got := evidence(t, s, aggregate.EvidenceQuery{Service: service, Limit: 1000}); len(got) != 500 {
		t.Errorf("got %d posts, want 500", len(got))
	}
}

func checkFilters(t *testing.T, s *store.Store, service string) {
	a, b, c := complaint(service, 1, 0), complaint(service, 2, 0), complaint(service, 3, 0)
	a.Lang, a.Symptoms = "de", []string{"login", "app"}
	b.Source = "other"
	c.Kind, c.Symptoms = nlp.News, nil
	insert(t, s, a, b, c)
	for _, f := range []struct {
		query aggregate.CurveQuery
		want  uint64
	}{
		{aggregate.CurveQuery{}, 2},
		{aggregate.CurveQuery{Lang: "de"}, 1},
		{aggregate.CurveQuery{Lang: "fi"}, 0},
		{aggregate.CurveQuery{Symptom: "app"}, 1},
		{aggregate.CurveQuery{Symptom: "messages"}, 1},
		{aggregate.CurveQuery{Symptom: "messages", Lang: "de"}, 0},
		{aggregate.CurveQuery{Source: "other"}, 1},
		{aggregate.CurveQuery{Kind: "news"}, 1},
		{aggregate.CurveQuery{Kind: "resolved"}, 0},
	} {
		q := f.query
		q.Service, q.From, q.To, q.Step = service, start, start.Add(time.Minute), time.Minute
		if p := curve(t, s, q)[0]; p.Posts != f.want {
			t.Errorf("%+v: got %d, want %d", f.query, p.Posts, f.want)
		}
	}
}

func checkSteps(t *testing.T, s *store.Store, service string) {
	for i := range 120 {
		a := complaint(service, i, float64(i))
		a.Author = fmt.Sprintf("%016x", i%10)
		insert(t, s, a)
	}
	q := hour(service)
	q.To, q.Step = start.Add(2*time.Hour), time.Hour
	points := curve(t, s, q)
	if len(points) != 2 || points[0].Posts != 60 || points[1].Posts != 60 || points[0].Authors != 10 {
		t.Errorf("got %+v", points)
	}
	q.From, q.To, q.Step = start.Truncate(24*time.Hour), start.Truncate(24*time.Hour).Add(24*time.Hour), 24*time.Hour
	if points = curve(t, s, q); len(points) != 1 || points[0].Posts != 120 {
		t.Errorf("got %+v", points)
	}
}

func checkVolumes(t *testing.T, s *store.Store, service string) {
	source := "v" + service[len(service)-12:]
	for range 2 { // heard twice is heard once
		err := s.InsertVolumes(t.Context(), []nlp.Volume{
			{Minute: start, Source: source, Lang: "fr", Posts: []uint64{1, 2, 3}},
			{Minute: start, Source: source, Lang: "de", Posts: []uint64{4}},
			{Minute: start.Add(time.Minute), Source: source, Lang: "fr", Posts: []uint64{5}},
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	q := hour(service)
	q.Source = source
	if points := curve(t, s, q); points[0].Heard != 4 || points[1].Heard != 1 || points[2].Heard != 0 {
		t.Errorf("got %+v", points[:3])
	}
	q.Lang = "de"
	if points := curve(t, s, q); points[0].Heard != 1 || points[1].Heard != 0 {
		t.Errorf("got %+v", points[:2])
	}
	if newest, err := s.Newest(t.Context()); err != nil || newest.Before(start.Add(time.Minute)) {
		t.Errorf("newest %s, %v", newest, err)
	}
}

func checkCoverage(t *testing.T, s *store.Store, service string) {
	source := "c" + service[len(service)-12:]
	at := func(seconds int) time.Time { return start.Add(time.Duration(seconds) * time.Second) }
	span := func(part string, from, to int) ingest.Coverage {
		return ingest.Coverage{Source: source, Part: part, Parts: 2, From: at(from), To: at(to)}
	}
	for range 2 { // said twice is heard once
		if err := s.InsertCoverage(t.Context(), []ingest.Coverage{
			span("a", 0, 90), span("a", 60, 120), span("b", 0, 60), span("b", 150, 180),
		}); err != nil {
			t.Fatal(err)
		}
	}
	q := aggregate.CoverageQuery{Source: source, From: start, To: start.Add(4 * time.Minute), Step: time.Minute}
	got, err := s.Coverage(t.Context(), q)
	if err != nil || len(got) != 1 || !slices.Equal(got[0].Shares, []float64{1, 0.5, 0.25, 0}) {
		t.Errorf("got %+v, %v", got, err)
	}
	q.Step = 2 * time.Minute
	if got, err = s.Coverage(t.Context(), q); err != nil || len(got) != 1 || !slices.Equal(got[0].Shares, []float64{0.75, 0.125}) {
		t.Errorf("got %+v, %v", got, err)
	}
	old := aggregate.CoverageQuery{Source: source, From: time.Unix(0, 0).UTC().Add(-24 * time.Hour), To: start.Add(24 * time.Hour).Truncate(24 * time.Hour), Step: 24 * time.Hour}
	if got, err = s.Coverage(t.Context(), old); err != nil || len(got) != 1 || got[0].Shares[len(got[0].Shares)-1] <= 0 {
		t.Errorf("of a range that begins before 1970: %d sources, %v", len(got), err)
	}
	q.Source = "nobody"
	if got, err = s.Coverage(t.Context(), q); err != nil || len(got) != 0 {
		t.Errorf("got %+v, %v", got, err)
	}
	all, err := s.Sources(t.Context(), start, start.Add(4*time.Minute))
	if i := slices.IndexFunc(all, func(a aggregate.SourceActivity) bool { return a.Source == source }); err != nil || i < 0 || math.Abs(all[i].Coverage-105.0/240) > 1e-9 {
		t.Errorf("got %+v, %v", all, err)
	}
}

func checkExpected(t *testing.T, s *store.Store, service string) {
	row := func(quarters int, usual float64) aggregate.Expected {
		return aggregate.Expected{Service: service, Quarter: start.Add(time.Duration(quarters) * aggregate.Quarter), Usual: usual, Alpha: 0.5}
	}
	for _, rows := range [][]aggregate.Expected{{row(0, 1), row(1, 2), row(3, 4)}, {row(1, 3)}, {}} {
		if err := s.InsertExpected(t.Context(), rows); err != nil {
			t.Fatal(err)
		}
	}
	got, err := s.Expected(t.Context(), service, start.Add(20*time.Minute), start.Add(45*time.Minute))
	if err != nil || len(got) != 1 || got[0] != row(1, 3) {
		t.Errorf("got %+v, %v", got, err)
	}
	if got, err = s.Expected(t.Context(), service, start, start.Add(46*time.Minute)); err != nil || len(got) != 3 || got[2] != row(3, 4) {
		t.Errorf("got %+v, %v", got, err)
	}
}

func checkAnyText(t *testing.T, s *store.Store, service string) {
	a := complaint(service, 1, 0)
	a.Text = "semi;colon ' quote \" \\ back \x00 nul \n line \t tab \u202e bidi 👍🏽 {x:String}"
	insert(t, s, a)
	if got := evidence(t, s, aggregate.EvidenceQuery{Service: service, Limit: 1}); len(got) != 1 || got[0].Text != a.Text {
		t.Errorf("got %+v, want %q", got, a.Text)
	}
}

func checkEvidence(t *testing.T, s *store.Store, service string) {
	a := complaint(service, 1, 1)
	a.Symptoms = []string{"login"}
	insert(t, s, a, complaint(service, 2, 3), complaint(service, 3, 2))
	got := evidence(t, s, aggregate.EvidenceQuery{Service: service, Limit: 2})
	if len(got) != 2 || got[0].ID != service+"/2" || got[1].ID != service+"/3" {
		t.Fatalf("got %+v", got)
	}
	if g := got[0]; g.Source != "test" || g.Kind != "complaint" || g.Lang != "fr" || g.Symptoms[0] != "messages" || g.Score != 0.5 || !g.CreatedAt.Equal(start.Add(3*time.Minute)) {
		t.Errorf("got %+v", g)
	}
	if got = evidence(t, s, aggregate.EvidenceQuery{Service: service, Symptom: "login", Limit: 9}); len(got) != 1 || got[0].ID != service+"/1" {
		t.Errorf("got %+v", got)
	}
}

func checkDeletion(t *testing.T, s *store.Store, service string) {
	insert(t, s, complaint(service, 1, 0), complaint(service, 2, 0))
	remove(t, s, service, 1)
	for range 2 { // before and after its text is gone
		if got := evidence(t, s, aggregate.EvidenceQuery{Service: service, Limit: 9}); len(got) != 1 || got[0].ID != service+"/2" {
			t.Errorf("got %+v", got)
		}
		want(t, s, hour(service), "2"+strings.Repeat(" 0", 59))
		if err := s.ForgetDeleted(t.Context(), time.Now().Add(-time.Minute)); err != nil {
			t.Fatal(err)
		}
	}
}

func checkAuthorGone(t *testing.T, s *store.Store, service string) {
	a, b, c := complaint(service, 1, 0), complaint(service, 2, 0), complaint(service, 3, 0)
	a.Author, b.Author, c.Author = "00000000000000aa", "00000000000000aa", "00000000000000bb"
	insert(t, s, a, b, c)
	if err := s.InsertDeletions(t.Context(), []nlp.Signal{{Source: "test", Author: "00000000000000aa", Deleted: true}}); err != nil {
		t.Fatal(err)
	}
	if got := evidence(t, s, aggregate.EvidenceQuery{Service: service, Limit: 9}); len(got) != 1 || got[0].ID != service+"/3" {
		t.Errorf("got %+v", got)
	}
	want(t, s, hour(service), "3"+strings.Repeat(" 0", 59))
}

func checkLateDeletion(t *testing.T, s *store.Store, service string) {
	remove(t, s, service, 1)
	insert(t, s, complaint(service, 1, 0))
	if err := s.ForgetDeleted(t.Context(), time.Unix(0, 0)); err != nil {
		t.Fatal(err)
	}
	if got := evidence(t, s, aggregate.EvidenceQuery{Service: service, Limit: 9}); len(got) != 0 {
		t.Errorf("got %+v", got)
	}
	want(t, s, hour(service), "1"+strings.Repeat(" 0", 59))
}

// checkEdit changes a post: the newest version is the evidence.
func checkEdit(t *testing.T, s *store.Store, service string) {
	a := complaint(service, 1, 0)
	insert(t, s, a)
	a.Text, a.Kind = "it works again", nlp.Resolved
	insert(t, s, a)
	if got := evidence(t, s, aggregate.EvidenceQuery{Service: service, Limit: 9}); len(got) != 0 {
		t.Errorf("got %+v", got)
	}
	if got := evidence(t, s, aggregate.EvidenceQuery{Service: service, Kind: "resolved", Limit: 9}); len(got) != 1 || got[0].Text != a.Text {
		t.Errorf("got %+v", got)
	}
}

// checkAbandoned asks much and waits for none of it: others must not have to.
func checkAbandoned(t *testing.T, s *store.Store, service string) {
	gone, cancel := context.WithCancel(t.Context())
	var group sync.WaitGroup
	for range 200 {
		group.Go(func() { s.Curve(gone, hour(service)) })
	}
	cancel()
	group.Wait()
	soon, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	if err := s.Ping(soon); err != nil {
		t.Error(err)
	}
}

func checkDecades(t *testing.T, s *store.Store, service string) {
	var rows []nlp.Signal
	for i := range 150 {
		a := complaint(service, i, 0)
		a.CreatedAt = start.AddDate(0, -i, 0)
		rows = append(rows, a)
	}
	insert(t, s, rows...)
	want(t, s, hour(service), "1"+strings.Repeat(" 0", 59))
}

func checkConcurrency(t *testing.T, s *store.Store, service string) {
	for i := range 8 {
		for j := range i + 1 {
			insert(t, s, complaint(fmt.Sprint(service, i), j, 0))
		}
	}
	var group sync.WaitGroup
	for i := range 8 {
		group.Go(func() {
			for range 20 {
				points, err := s.Curve(t.Context(), hour(fmt.Sprint(service, i)))
				if err != nil {
					t.Errorf("service %d: %v", i, err)
				} else if points[0].Posts != uint64(i+1) {
					t.Errorf("service %d got %d posts", i, points[0].Posts)
				}
			}
		})
	}
	group.Wait()
}

func checkActivity(t *testing.T, s *store.Store, service string) {
	a := complaint(service, 3, 9)
	a.Kind = nlp.Other
	insert(t, s, complaint(service, 1, 1), complaint(service, 2, 7.5), a)
	all, err := s.Activity(t.Context(), start, start.Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	for _, got := range all {
		if got.Service == service {
			if got.Posts != 2 || !got.Last.Equal(start.Add(7*time.Minute)) {
				t.Errorf("got %+v", got)
			}
			return
		}
	}
	t.Errorf("%s is not in %+v", service, all)
}

// checkEnds asks for everything that a DateTime can hold.
func checkEnds(t *testing.T, s *store.Store, service string) {
	insert(t, s, complaint(service, 1, 0))
	q := aggregate.CurveQuery{Service: service, From: time.Unix(0, 0), To: time.Date(2106, 2, 7, 0, 0, 0, 0, time.UTC), Step: 24 * time.Hour}
	var sum uint64
	for _, p := range curve(t, s, q) {
		sum += p.Posts
	}
	if sum != 1 {
		t.Errorf("got %d", sum)
	}
}

func checkEmpty(t *testing.T, s *store.Store, service string) {
	insert(t, s)
	want(t, s, hour(service), "0"+strings.Repeat(" 0", 59))
}

func checkInjection(t *testing.T, s *store.Store, service string) {
	nasty := `' OR 1=1; DROP TABLE signals -- \'`
	insert(t, s, complaint(service, 1, 0))
	if p := curve(t, s, hour(nasty))[0]; p.Posts != 0 {
		t.Errorf("got %+v", p)
	}
	if got := evidence(t, s, aggregate.EvidenceQuery{Service: service, Lang: nasty, Limit: 9}); len(got) != 0 {
		t.Errorf("got %+v", got)
	}
	insert(t, s, complaint(nasty, 1, 0))
	if p := curve(t, s, hour(nasty))[0]; p.Posts != 1 {
		t.Errorf("got %+v", p)
	}
}

func checkCancel(t *testing.T, s *store.Store, service string) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Curve(ctx, hour(service)); err == nil {
		t.Error("no error")
	}
	want(t, s, hour(service), "0"+strings.Repeat(" 0", 59))
}

func TestSecondStartFindsTheData(t *testing.T) {
	dir := t.TempDir()
	s := open(t, store.Options{Dir: dir})
	insert(t, s, complaint("whatsapp", 1, 0))
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = open(t, store.Options{Dir: dir})
	want(t, s, hour("whatsapp"), "1"+strings.Repeat(" 0", 59))
}

func TestOpenNamesWhatIsWrong(t *testing.T) {
	dir := t.TempDir()
	open(t, store.Options{Dir: dir})
	for _, c := range []struct {
		options store.Options
		want    string
	}{
		{store.Options{Dir: dir}, "in use by another Outcry"},
		{store.Options{Dir: t.TempDir(), LibPath: "/nowhere/libchdb.so"}, "no such file"},
		{store.Options{Address: "clickhouse://127.0.0.1:1/outcry"}, "127.0.0.1:1"},
		{store.Options{Address: "clickhouse://user:sesame@[::1/outcry"}, "ClickHouse address"},
	} {
		s, err := store.Open(t.Context(), c.options)
		if err == nil {
			s.Close()
		}
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "sesame") {
			t.Errorf("%+v: got %v, want %q", c.options, err, c.want)
		}
	}
}

// The engine takes whatever it is called with, and says nothing of settings that it does
// not know.
func TestEngineSettings(t *testing.T) {
	lib, err := chdb.Find("")
	if err != nil {
		t.Fatal(err)
	}
	engine, err := chdb.Open(lib, t.TempDir(), 1)
	if err != nil {
		t.Fatal(err)
	}
	defer engine.Close()
	const sql = "SELECT value FROM system.server_settings WHERE name = 'max_parts_cleaning_thread_pool_size'"
	if got, err := engine.Query(t.Context(), sql, "TSV", nil); err != nil || string(got) != "1\n" {
		t.Errorf("threads that delete parts: %q, %v", got, err)
	}
}

func TestPanicsStayRecoverable(t *testing.T) {
	open(t, store.Options{Dir: t.TempDir()}) // libchdb resets signal handlers when it is opened
	defer func() {
		if recover() == nil {
			t.Error("no panic")
		}
	}()
	var nothing *nlp.Signal
	t.Log(nothing.Score)
}

func open(t *testing.T, o store.Options) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// serveEngine puts the embedded engine behind a socket.
func serveEngine(t *testing.T) (address string) {
	lib, err := chdb.Find("")
	if err != nil {
		t.Fatal(err)
	}
	engine, err := chdb.Open(lib, t.TempDir(), 4, "CREATE DATABASE IF NOT EXISTS outcry ENGINE = Atomic", "USE outcry", "SET max_partitions_per_insert_block = 0")
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		response, err := engine.RoundTrip(r)
		if err != nil {
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
		w.WriteHeader(response.StatusCode)
		io.Copy(w, response.Body)
	}))
	t.Cleanup(func() { server.Close(); engine.Close() })
	return server.URL + "/outcry"
}

func insert(t *testing.T, s *store.Store, signals ...nlp.Signal) {
	t.Helper()
	if err := s.InsertSignals(t.Context(), signals); err != nil {
		t.Fatal(err)
	}
}

func remove(t *testing.T, s *store.Store, service string, n int) {
	t.Helper()
	if err := s.InsertDeletions(t.Context(), []nlp.Signal{{PostID: fmt.Sprint(service, "/", n), Source: "test", Deleted: true}}); err != nil {
		t.Fatal(err)
	}
}

func hour(service string) aggregate.CurveQuery {
	return aggregate.CurveQuery{Service: service, From: start, To: start.Add(time.Hour), Step: time.Minute}
}

func curve(t *testing.T, s *store.Store, q aggregate.CurveQuery) []aggregate.Point {
	t.Helper()
	points, err := s.Curve(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	return points
}

// want compares the posts of every step with a line of numbers.
func want(t *testing.T, s *store.Store, q aggregate.CurveQuery, line string) {
	t.Helper()
	var got []string
	for _, p := range curve(t, s, q) {
		got = append(got, fmt.Sprint(p.Posts))
	}
	if strings.Join(got, " ") != line {
		t.Errorf("got %s, want %s", strings.Join(got, " "), line)
	}
}

func evidence(t *testing.T, s *store.Store, q aggregate.EvidenceQuery) []aggregate.Evidence {
	t.Helper()
	q.From, q.To = start.Add(-time.Hour), start.Add(time.Hour)
	got, err := s.Evidence(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	return got
}
