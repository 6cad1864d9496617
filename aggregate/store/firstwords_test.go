package store_test

import (
	"testing"
	"time"

	"outcry/aggregate"
	"outcry/aggregate/store"
	"outcry/nlp"
)

func TestSaid(t *testing.T) {
	s := open(t, store.Options{Dir: t.TempDir()})
	insert(t, s, said("alpha", start, 5)...)
	insert(t, s, said("alpha", start, 5)...) // a replay
	insert(t, s, said("alpha", start.Add(10*time.Minute), 2, func(s *nlp.Signal) { s.Lang, s.Text = "fr", "ça rame" })...)
	insert(t, s, said("alpha", start.Add(20*time.Minute), 2, func(s *nlp.Signal) { s.Kind = nlp.News })...)
	insert(t, s, said("alpha", start.Add(2*time.Hour), 2)...)
	insert(t, s, said("beta", start, 2)...)
	deleted := said("alpha", start.Add(30*time.Minute), 1)
	insert(t, s, deleted...)
	if err := s.InsertDeletions(t.Context(), []nlp.Signal{{PostID: deleted[0].PostID, Source: "test", Deleted: true}}); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		q    aggregate.SaidQuery
		want int
	}{
		"all":      {aggregate.SaidQuery{Service: "alpha", Limit: 100}, 7},
		"limit":    {aggregate.SaidQuery{Service: "alpha", Limit: 3}, 3},
		"language": {aggregate.SaidQuery{Service: "alpha", Lang: "fr", Limit: 100}, 2},
		"anybody":  {aggregate.SaidQuery{Limit: 100}, 9},
		"nobody":   {aggregate.SaidQuery{Service: "alpha' OR 1=1 --", Limit: 100}, 0},
	} {
		c.q.From, c.q.To = start, start.Add(time.Hour)
		got, err := s.Said(t.Context(), c.q)
		if err != nil || len(got) != c.want {
			t.Errorf("%s: got %d (%v), want %d", name, len(got), err, c.want)
		}
		authors := map[uint64]bool{}
		for _, g := range got {
			authors[g.Author] = true
			if g.Service != "alpha" && name != "anybody" {
				t.Errorf("%s: of %s", name, g.Service)
			}
			if g.Text == "" || g.Lang == "" || g.At.Before(start) {
				t.Errorf("%s: %+v", name, g)
			}
		}
		if len(authors) != len(got) && name != "anybody" {
			t.Errorf("%s: %d authors of %d posts", name, len(authors), len(got))
		}
	}
}
