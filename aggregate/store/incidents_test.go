package store_test

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"outcry/aggregate"
	"outcry/aggregate/store"
	"outcry/nlp"
)

// after is so many minutes after the start of the tests.
func after(minutes float64) time.Time {
	return start.Add(time.Duration(minutes * float64(time.Minute)))
}

// incident lasts from its onset on, and was looked at last five minutes later.
func incident(service string, n int, onset float64) aggregate.Incident {
	return aggregate.Incident{
		ID: fmt.Sprintf("%s-%d", service, n), Services: []string{service}, Severity: aggregate.Major,
		Onset: after(onset), Earliest: after(onset), Latest: after(onset + 1), Detected: after(onset + 2), Updated: after(onset + 5),
		Symptoms: []aggregate.Share{}, Languages: []aggregate.Share{}, Sources: []aggregate.Share{}, Words: []string{},
	}
}

func keep(t *testing.T, s *store.Store, incidents ...aggregate.Incident) {
	t.Helper()
	if err := s.InsertIncidents(t.Context(), incidents); err != nil {
		t.Fatal(err)
	}
}

// ids lists the numbers of the incidents that answer q.
func ids(t *testing.T, s *store.Store, q aggregate.IncidentQuery) string {
	t.Helper()
	found, err := s.Incidents(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	var numbers []string
	for _, i := range found {
		numbers = append(numbers, i.ID[strings.LastIndexByte(i.ID, '-')+1:])
	}
	return strings.Join(numbers, " ")
}

func checkIncidentRows(t *testing.T, s *store.Store, service string) {
	first := incident(service, 1, 0)
	second, third := first, first
	second.Updated, second.People, second.Services = after(6), 20, []string{service, service + "-b"}
	third.Updated, third.People, third.End = after(7), 30, after(7)
	keep(t, s, second, first) // older after newer, in one batch
	if got, ok, err := s.Incident(t.Context(), first.ID); err != nil || !ok || got.People != 20 {
		t.Errorf("got %+v, %v, %v", got, ok, err)
	}
	keep(t, s, third)
	keep(t, s, second, first) // a replay, in later batches
	keep(t, s, first)
	if got, ok, err := s.Incident(t.Context(), first.ID); err != nil || !ok || got.People != 30 || got.Open() {
		t.Errorf("got %+v, %v, %v", got, ok, err)
	}
	if got := ids(t, s, aggregate.IncidentQuery{Service: service}); got != "1" {
		t.Errorf("got %q", got)
	}
	if got := ids(t, s, aggregate.IncidentQuery{Service: service + "-b"}); got != "" {
		t.Errorf("an older row was found: %q", got)
	}
	if got := ids(t, s, aggregate.IncidentQuery{Service: service, Open: true}); got != "" {
		t.Errorf("an older row was found: %q", got)
	}
}

func checkIncidentFields(t *testing.T, s *store.Store, service string) {
	i := incident(service, 1, 0.5)
	i.Services, i.Owner = []string{service, "it's \"b\"; DROP"}, "Example\t& Söhne"
	i.End, i.Peak, i.PeakPeople, i.People, i.Posts, i.Usual, i.Excess = after(9), after(3), 7, 40, 45, 1.25, 38.75
	i.Symptoms = []aggregate.Share{{Name: "login", Share: 0.75}, {Name: "app", Share: 0.1}}
	i.Languages = []aggregate.Share{{Name: "fr", Share: 1}}
	i.Sources = []aggregate.Share{{Name: "test", Share: 0.5}, {Name: "other", Share: 0.5}}
	i.MainlyIn = "fr"
	i.Noticed = aggregate.Noticed{By: aggregate.PartLang, Name: "fr", People: 31, Usual: 0.75, Excess: 30.5, Symptoms: []aggregate.Share{{Name: "login", Share: 1}}}
	i.Words = []string{"connexion", "'nul\x00'", "壊れた"}
	bare := incident(service, 2, 0) // no end, no peak
	keep(t, s, i, bare)
	for _, want := range []aggregate.Incident{i, bare} {
		if got, ok, err := s.Incident(t.Context(), want.ID); err != nil || !ok || !reflect.DeepEqual(got, want) {
			t.Errorf("got  %+v\nwant %+v (%v, %v)", got, want, ok, err)
		}
	}
	nothing := aggregate.Incident{ID: service + "-3"} // nil lists, zero times
	keep(t, s, nothing)
	got, _, err := s.Incident(t.Context(), nothing.ID)
	if err != nil || got.Services == nil || got.Symptoms == nil || got.Words == nil || !got.Onset.IsZero() || !got.Open() {
		t.Errorf("got %+v, %v", got, err)
	}
	if _, ok, err := s.Incident(t.Context(), service+"-4' OR 1=1 --"); ok || err != nil {
		t.Errorf("got one, %v", err)
	}
}

func checkIncidentFilters(t *testing.T, s *store.Store, service string) {
	var all []aggregate.Incident
	for n, onset := range []float64{0, 10, 20} {
		all = append(all, incident(service, n, onset))
	}
	all[0].Severity, all[0].End = aggregate.Minor, after(10)
	all[1].Severity, all[1].End = aggregate.Critical, after(30)
	all[2].Services = []string{service + "-lead", service}
	keep(t, s, all...)
	for _, f := range []struct {
		query aggregate.IncidentQuery
		want  string
	}{
		{aggregate.IncidentQuery{}, "2 1 0"},
		{aggregate.IncidentQuery{Severity: aggregate.Minor}, "2 1 0"},
		{aggregate.IncidentQuery{Severity: aggregate.Major}, "2 1"},
		{aggregate.IncidentQuery{Severity: aggregate.Critical}, "1"},
		{aggregate.IncidentQuery{Open: true}, "2"},
		{aggregate.IncidentQuery{From: after(9)}, "2 1 0"},
		{aggregate.IncidentQuery{From: after(10)}, "2 1"}, // End is the first minute that is as usual
		{aggregate.IncidentQuery{From: after(30)}, "2"},
		{aggregate.IncidentQuery{To: after(20)}, "1 0"},
		{aggregate.IncidentQuery{To: after(0)}, ""},
		{aggregate.IncidentQuery{From: after(12), To: after(15)}, "1"},
		{aggregate.IncidentQuery{Limit: 2}, "2 1"},
	} {
		f.query.Service = service
		if got := ids(t, s, f.query); got != f.want {
			t.Errorf("%+v: got %q, want %q", f.query, got, f.want)
		}
	}
	if got := ids(t, s, aggregate.IncidentQuery{Service: service + "-lead"}); got != "2" {
		t.Errorf("got %q", got)
	}
}

// checkIncidentPages has incidents of one onset at the ends of pages.
func checkIncidentPages(t *testing.T, s *store.Store, service string) {
	for n, onset := range []float64{1, 1, 1, 0, 2} {
		keep(t, s, incident(service, n, onset))
	}
	q := aggregate.IncidentQuery{Service: service, Limit: 2}
	var pages []string
	for len(pages) < 9 {
		found, err := s.Incidents(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		pages = append(pages, ids(t, s, q))
		if len(found) == 0 {
			break
		}
		q.Before = aggregate.Incident{ID: found[len(found)-1].ID, Onset: found[len(found)-1].Onset}
	}
	if got := strings.Join(pages, "|"); got != "4 2|1 0|3|" {
		t.Errorf("got %s", got)
	}
}

func checkRetracted(t *testing.T, s *store.Store, service string) {
	i := incident(service, 1, 0)
	keep(t, s, i)
	i.Updated, i.Retracted = after(9), true
	keep(t, s, i, incident(service, 2, 0))
	if got := ids(t, s, aggregate.IncidentQuery{Service: service}); got != "2" {
		t.Errorf("got %q", got)
	}
	if got, ok, err := s.Incident(t.Context(), i.ID); err != nil || !ok || !got.Retracted {
		t.Errorf("got %+v, %v, %v", got, ok, err)
	}
}

// checkServiceCounts spans a time that is read in several pieces.
func checkServiceCounts(t *testing.T, s *store.Store, service string) {
	a, b, c, d := complaint(service, 1, 1800), complaint(service, 2, 1800.5), complaint(service, 3, 0), complaint(service, 4, 0)
	a.Author, a.Lang = b.Author, "de"          // one author in two languages
	c.Symptoms = []string{"login", "messages"} // counts once
	d.Source = "other"
	news, late := complaint(service, 5, 0), complaint(service, 6, 1900)
	news.Kind = nlp.News
	insert(t, s, a, b, c, d, news, late)
	insert(t, s, a, b)
	var got []string
	last := time.Time{}
	err := s.Counts(t.Context(), after(0), after(1900), func(c aggregate.Count) error {
		if c.Minute.Before(last) {
			t.Errorf("%s comes after %s", c.Minute, last)
		}
		last = c.Minute
		if c.Service == service {
			got = append(got, fmt.Sprint(c.Minute.Sub(start).Minutes(), " ", c.Source, " ", c.Authors, " ", c.Posts, " ", c.Parts))
		}
		return nil
	})
	if want := []string{"0 other 1 1 map[lang=fr:1 symptom=messages:1]", "0 test 1 1 map[lang=fr:1 symptom=login:1 symptom=messages:1]", "1800 test 1 2 map[lang=de:1 symptom=messages:1]"}; err != nil || !slices.Equal(got, want) {
		t.Errorf("got %q, want %q, %v", got, want, err)
	}
	enough := errors.New("enough")
	calls := 0
	if err = s.Counts(t.Context(), after(0), after(1900), func(aggregate.Count) error { calls++; return enough }); !errors.Is(err, enough) || calls != 1 {
		t.Errorf("got %v after %d calls", err, calls)
	}
}

func checkMinuteVolumes(t *testing.T, s *store.Store, service string) {
	source := "m" + service[len(service)-12:]
	for range 2 {
		if err := s.InsertVolumes(t.Context(), []nlp.Volume{
			{Minute: after(1800), Source: source, Lang: "fr", Posts: []uint64{5}},
			{Minute: after(0), Source: source, Lang: "fr", Posts: []uint64{1, 2, 3}},
			{Minute: after(0), Source: source, Lang: "de", Posts: []uint64{4}},
			{Minute: after(1900), Source: source, Lang: "de", Posts: []uint64{6}},
		}); err != nil {
			t.Fatal(err)
		}
	}
	var got []string
	err := s.Volumes(t.Context(), after(0), after(1900), func(v aggregate.Volume) error {
		if v.Source == source {
			got = append(got, fmt.Sprint(v.Minute.Sub(start).Minutes(), " ", v.Posts))
		}
		return nil
	})
	if want := []string{"0 4", "1800 1"}; err != nil || !slices.Equal(got, want) {
		t.Errorf("got %q, want %q, %v", got, want, err)
	}
}

func checkBreakdown(t *testing.T, s *store.Store, service string) {
	two := service + "-b'\\" // as no slug is
	a, b, c, d := complaint(service, 1, 0), complaint(service, 2, 0), complaint(service, 3, 1), complaint(service, 4, 3)
	a.Symptoms = []string{"login", "messages"}
	b.Author, b.Lang = a.Author, "de"
	c.Author, c.Source, c.Symptoms = a.Author, "other", nil
	also := b
	also.Service = two // one post about both
	insert(t, s, a, b, c, d, also, complaint(service, 5, 4))
	got, err := s.Breakdown(t.Context(), aggregate.BreakdownQuery{Services: []string{service, two}, From: after(0), To: after(4)})
	want := aggregate.Breakdown{
		People: 2, Posts: 4, ByMinute: []int{1, 1, 0, 1},
		Symptoms:  []aggregate.Share{{Name: "messages", Share: 0.75}, {Name: "login", Share: 0.25}},
		Languages: []aggregate.Share{{Name: "fr", Share: 0.75}, {Name: "de", Share: 0.25}},
		Sources:   []aggregate.Share{{Name: "test", Share: 0.75}, {Name: "other", Share: 0.25}},
	}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v, %v\nwant %+v", got, err, want)
	}
	for name, c := range map[string]struct{ symptom, lang, want string }{
		"a symptom":    {"login", "", "1 1 [1 0 0 0] [{login 1}] [{fr 1}] [{test 1}]"},
		"a language":   {"", "de", "1 1 [1 0 0 0] [{messages 1}] [{de 1}] [{test 1}]"},
		"both":         {"messages", "fr", "2 2 [1 0 0 1] [{messages 1}] [{fr 1}] [{test 1}]"},
		"not spoken":   {"", "ja", "0 0 [0 0 0 0] [] [] []"},
		"no injection": {"", "' OR 1=1 --", "0 0 [0 0 0 0] [] [] []"},
	} {
		q := aggregate.BreakdownQuery{Services: []string{service, two}, Symptom: c.symptom, Lang: c.lang, From: after(0), To: after(4)}
		b, err := s.Breakdown(t.Context(), q)
		if got := fmt.Sprint(b.People, b.Posts, b.ByMinute, b.Symptoms, b.Languages, b.Sources); err != nil || got != c.want {
			t.Errorf("%s: got %s, want %s, %v", name, got, c.want, err)
		}
	}
	if got, err = s.Breakdown(t.Context(), aggregate.BreakdownQuery{Services: []string{two}, From: after(0), To: after(2)}); err != nil || got.Posts != 1 || !slices.Equal(got.ByMinute, []int{1, 0}) {
		t.Errorf("got %+v, %v", got, err)
	}
	if got, err = s.Breakdown(t.Context(), aggregate.BreakdownQuery{From: after(0), To: after(1)}); err != nil || got.Posts != 0 || len(got.ByMinute) != 1 || got.Symptoms == nil {
		t.Errorf("got %+v, %v", got, err)
	}
}

func checkTexts(t *testing.T, s *store.Store, service string) {
	two := service + "-b"
	also := complaint(service, 1, 0)
	also.Service = two // one post about both
	news := complaint(service, 9, 0)
	news.Kind = nlp.News
	insert(t, s, complaint(service, 1, 0), also, complaint(service, 2, 0), complaint(service, 3, 1.5), complaint(service, 4, 2), news)
	remove(t, s, service, 3)
	texts := func(limit int) []string {
		t.Helper()
		got, err := s.Texts(t.Context(), []string{service, two}, after(0), after(2), limit)
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	first := texts(1)
	all := texts(9)
	if len(first) != 1 || len(all) != 2 || first[0] != all[0] {
		t.Errorf("got %q of %q", first, all)
	}
	slices.Sort(all)
	if !slices.Equal(all, []string{"message 1", "message 2"}) {
		t.Errorf("got %q", all)
	}
}
