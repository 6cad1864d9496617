package store_test

import (
	"slices"
	"testing"
	"time"

	"outcry/aggregate"
	"outcry/aggregate/store"
	"outcry/nlp"
)

// TestMinutes holds the minutes of several services against their curves, which
// are asked for one by one.
func TestMinutes(t *testing.T) {
	s := open(t, store.Options{Dir: t.TempDir()})
	late, news := complaint("one", 3, 9.5), complaint("one", 4, 2)
	news.Kind = nlp.News
	twice := complaint("two", 6, 2)
	twice.Author = complaint("two", 5, 2).Author
	insert(t, s, complaint("one", 1, 2), complaint("one", 2, 2.5), late, news, complaint("two", 5, 2), twice, complaint("two", 7, 10), complaint("three", 8, 2))
	err := s.InsertVolumes(t.Context(), []nlp.Volume{
		{Minute: start.Add(2 * time.Minute), Source: "test", Lang: "fr", Posts: []uint64{1, 2}},
		{Minute: start.Add(2 * time.Minute), Source: "other", Lang: "de", Posts: []uint64{3}},
		{Minute: start.Add(7 * time.Minute), Source: "test", Lang: "fr", Posts: []uint64{4}},
		{Minute: start.Add(10 * time.Minute), Source: "test", Lang: "fr", Posts: []uint64{5}},
	})
	if err != nil {
		t.Fatal(err)
	}
	names := []string{"one", "two", "silent", "it's \\ here, [x]"}
	got, err := s.Minutes(t.Context(), names, start, start.Add(10*time.Minute))
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != len(names) {
		t.Errorf("%d services, want %d", len(got), len(names))
	}
	for _, name := range names {
		want := curve(t, s, aggregate.CurveQuery{Service: name, From: start, To: start.Add(10 * time.Minute), Step: time.Minute})
		if !slices.EqualFunc(got[name], want, samePoint) {
			t.Errorf("%s: %v, want %v", name, got[name], want)
		}
	}
	if p := got["two"][2]; p.Posts != 2 || p.Authors != 1 || p.Heard != 3 {
		t.Errorf("two in minute 2: %+v, want 2 posts of 1 author among 3", p)
	}
	if none, err := s.Minutes(t.Context(), nil, start, start.Add(time.Minute)); err != nil || len(none) != 0 {
		t.Errorf("of no service: %v, %v", none, err)
	}
}

func samePoint(a, b aggregate.Point) bool {
	return a.T.Equal(b.T) && a.Posts == b.Posts && a.Authors == b.Authors && a.Heard == b.Heard
}
