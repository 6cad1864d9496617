package store_test

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"sync"
	"testing"
	"time"

	"outcry/aggregate"
	"outcry/aggregate/store"
	"outcry/nlp"
)

// questions are of all that is kept, in ranges that are written to and others.
func questions() (all []aggregate.MoverQuery) {
	for _, q := range []aggregate.MoverQuery{
		{}, {Sort: aggregate.ByChange}, {Source: "test"}, {Lang: "fr"}, {From: start.Add(-48 * time.Hour)}, {Source: "test", From: start.Add(-30 * time.Hour)},
		{From: start.Add(-time.Hour), To: start}, {Source: "test", From: time.Unix(0, 0), To: time.Unix(7200, 0)},
	} {
		if q.From.IsZero() {
			q.From = start
		}
		if q.To.IsZero() {
			q.To = start.Add(time.Hour)
		}
		q.Limit = 3
		all = append(all, q)
	}
	return all
}

type told struct {
	newest    time.Time
	incidents []aggregate.Incident
	movers    [][]aggregate.Mover
}

func tell(t *testing.T, s *store.Store) (a told) {
	t.Helper()
	var err error
	if a.newest, err = s.Newest(t.Context()); err != nil {
		t.Fatal(err)
	}
	if a.incidents, err = s.Incidents(t.Context(), aggregate.IncidentQuery{Limit: 10}); err != nil {
		t.Fatal(err)
	}
	for _, q := range questions() {
		movers, err := s.Movers(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		a.movers = append(a.movers, movers)
	}
	return a
}

// write adds something, at any time that some question is of, or at none.
func write(t *testing.T, s *store.Store, r *rand.Rand, n int) {
	t.Helper()
	at := start.Add(time.Duration(r.IntN(3600)) * time.Second)
	if n%3 > 0 {
		at = at.Add(-time.Duration(r.IntN(8)) * 24 * time.Hour)
	}
	service, source := fmt.Sprint("service-", r.IntN(5)), []string{"test", "other"}[r.IntN(2)]
	var err error
	switch r.IntN(5) {
	case 0:
		hear(t, s, source, at.Truncate(time.Minute).Add(-40*time.Minute), at.Truncate(time.Minute))
	case 1:
		err = s.InsertExpected(t.Context(), []aggregate.Expected{{Service: service, Quarter: at.Truncate(aggregate.Quarter), Usual: r.Float64(), Alpha: 1}})
	case 2:
		keep(t, s, incident(service, n, float64(n)))
	default:
		insert(t, s, nlp.Signal{PostID: fmt.Sprint(n), Source: source, Service: service, Kind: nlp.Complaint, Lang: []string{"en", "fr"}[r.IntN(2)],
			Symptoms: []string{"app", "login"}[:r.IntN(3)], CreatedAt: at})
	}
	if err != nil {
		t.Fatal(err)
	}
}

// What is kept is what would be read anew, whatever was written meanwhile.
func TestAnswersAreCurrent(t *testing.T) {
	s := open(t, store.Options{Dir: t.TempDir()})
	r := rand.New(rand.NewPCG(3, 4))
	for n := range 40 {
		write(t, s, r, n)
		got := tell(t, s)
		if kept := store.Kept(s); kept == 0 {
			t.Fatal("nothing is kept")
		}
		store.Forget(s)
		if want := tell(t, s); !reflect.DeepEqual(got, want) {
			t.Fatalf("after %d writes: got\n%+v\nwant\n%+v", n+1, got, want)
		}
	}
}

// So it is when they are read while something is written.
func TestAnswersMeanwhile(t *testing.T) {
	s := open(t, store.Options{Dir: t.TempDir()})
	var wg sync.WaitGroup
	wg.Go(func() {
		r := rand.New(rand.NewPCG(5, 6))
		for n := range 60 {
			write(t, s, r, n)
		}
	})
	for range 2 {
		wg.Go(func() {
			for range 8 {
				tell(t, s)
			}
		})
	}
	wg.Wait()
	got := tell(t, s)
	store.Forget(s)
	if want := tell(t, s); !reflect.DeepEqual(got, want) {
		t.Errorf("got\n%+v\nwant\n%+v", got, want)
	}
}

// A caller may change what it was given.
func TestAnswersAreOwn(t *testing.T) {
	s := open(t, store.Options{Dir: t.TempDir()})
	keep(t, s, incident("alpha", 1, 1))
	insert(t, s, said("alpha", start, 6)...)
	before := tell(t, s)
	for range 2 {
		a := tell(t, s)
		if !reflect.DeepEqual(a, before) {
			t.Fatalf("got\n%+v\nwant\n%+v", a, before)
		}
		a.incidents[0].Services[0], a.incidents[0].ID = "changed", "changed"
		for _, movers := range a.movers {
			for i := range movers {
				movers[i].Service, movers[i].Posts = "changed", 0
				clear(movers[i].Spark)
			}
		}
	}
}
