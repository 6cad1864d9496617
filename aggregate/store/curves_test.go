package store_test

import (
	"reflect"
	"slices"
	"testing"
	"time"

	"outcry/aggregate"
	"outcry/aggregate/store"
	"outcry/nlp"
)

// TestCurves asks the real engine for several curves at once.
func TestCurves(t *testing.T) {
	s := open(t, store.Options{Dir: t.TempDir()})
	signals := []nlp.Signal{complaint("a", 1, 0), complaint("a", 2, 0.5), complaint("a", 2, 0.5), complaint("a", 3, 30), complaint("b", 4, 30)}
	signals[1].Lang, signals[2].Lang = "de", "de"
	signals[3].Symptoms, signals[3].Author = []string{"app", "messages"}, signals[0].Author // one author, who comes back
	shared := complaint("b", 3, 30)                                                         // a post that names both services
	shared.PostID, shared.Author = signals[3].PostID, signals[3].Author
	both := append(signals, shared)
	if err := s.InsertSignals(t.Context(), both); err != nil {
		t.Fatal(err)
	}
	q := aggregate.CurvesQuery{Services: []string{"a", "b", "none"}, From: start, To: start.Add(time.Hour), Step: 30 * time.Minute, Sums: true}
	got, err := s.Curves(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	sums := func(posts, authors uint64) aggregate.Sums { return aggregate.Sums{Posts: posts, Authors: authors} }
	a, b := aggregate.CurveID{Service: "a"}, aggregate.CurveID{Service: "b"}
	for _, points := range got.Points {
		slices.SortFunc(points, func(x, y aggregate.Sparse) int { return x.Step - y.Step })
	}
	want := aggregate.Curves{
		Points: map[aggregate.CurveID][]aggregate.Sparse{
			a: {{Step: 0, Sums: sums(2, 2)}, {Step: 1, Sums: sums(1, 1)}},
			b: {{Step: 1, Sums: sums(2, 2)}},
		},
		Totals:   map[aggregate.CurveID]aggregate.Sums{a: sums(3, 2), b: sums(2, 2)},
		Services: map[string]aggregate.Sums{"a": sums(3, 2), "b": sums(2, 2)},
		All:      sums(4, 3),
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	q.By, q.Services = aggregate.BySymptom, []string{"a"}
	if got, err = s.Curves(t.Context(), q); err != nil {
		t.Fatal(err)
	}
	app, messages := aggregate.CurveID{Service: "a", Name: "app"}, aggregate.CurveID{Service: "a", Name: "messages"}
	if got.Totals[app] != sums(1, 1) || got.Totals[messages] != sums(3, 2) || got.Totals[a] != sums(3, 2) || len(got.Points[app]) != 1 {
		t.Errorf("by symptom: %+v", got)
	}
	if ids, err := s.CurveIDs(t.Context(), q); err != nil || !slices.Equal(ids, []aggregate.CurveID{app, messages}) {
		t.Errorf("%v %v", ids, err)
	}
	q.By, q.Services = aggregate.ByLang, []string{"a", "b"}
	q.Sums = false
	if got, err = s.Curves(t.Context(), q); err != nil || len(got.Totals)+len(got.Services) != 0 || len(got.Points) != 3 {
		t.Errorf("by language, no sums: %+v %v", got, err)
	}
	if ids, err := s.CurveIDs(t.Context(), q); err != nil || !slices.Equal(ids, []aggregate.CurveID{{Service: "a", Name: "de"}, {Service: "a", Name: "fr"}, {Service: "b", Name: "fr"}}) {
		t.Errorf("%v %v", ids, err)
	}
	q.Services, q.Sums = []string{"none"}, true
	if got, err = s.Curves(t.Context(), q); err != nil || len(got.Points) != 0 || got.All != sums(0, 0) {
		t.Errorf("nothing: %+v %v", got, err)
	}
}

// A week begins on Monday; the first of January 1970 was a Thursday.
func TestCurvesByWeek(t *testing.T) {
	s := open(t, store.Options{Dir: t.TempDir()})
	const monday = 7*24*60 - 24*60 - 7*60 // minutes from the start, a Tuesday at seven
	if err := s.InsertSignals(t.Context(), []nlp.Signal{complaint("w", 1, 0), complaint("w", 2, monday-1), complaint("w", 3, monday)}); err != nil {
		t.Fatal(err)
	}
	volumes := []nlp.Volume{{Minute: start, Source: "x", Lang: "fr", Posts: []uint64{1, 2}}, {Minute: start.Add(monday * time.Minute), Source: "y", Lang: "fr", Posts: []uint64{3}}}
	if err := s.InsertVolumes(t.Context(), volumes); err != nil {
		t.Fatal(err)
	}
	from := time.Date(2022, 10, 24, 0, 0, 0, 0, time.UTC)
	q := aggregate.CurveQuery{Service: "w", From: from, To: from.AddDate(0, 0, 14), Step: 7 * 24 * time.Hour}
	points, err := s.Curve(t.Context(), q)
	if err != nil || len(points) != 2 || points[0].Posts != 2 || points[1].Posts != 1 || points[0].Heard != 2 || points[1].Heard != 1 {
		t.Errorf("%+v %v", points, err)
	}
	heard, err := s.Heard(t.Context(), aggregate.HeardQuery{By: aggregate.BySource, From: q.From, To: q.To, Step: q.Step})
	if err != nil || !reflect.DeepEqual(heard, map[string][]uint64{"x": {2, 0}, "y": {0, 1}}) {
		t.Errorf("%v %v", heard, err)
	}
}
