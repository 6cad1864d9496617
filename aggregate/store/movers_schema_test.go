package store_test

import (
	"testing"
	"time"

	"outcry/aggregate"
	"outcry/aggregate/store"
	"outcry/aggregate/store/chdb"
)

// What was stored before there was a pulse is in it after the next start.
func TestPulseOfAnOlderStore(t *testing.T) {
	dir := t.TempDir()
	s := open(t, store.Options{Dir: dir})
	insert(t, s, said("alpha", start, 5)...)
	if err := s.InsertExpected(t.Context(), []aggregate.Expected{{Service: "alpha", Quarter: start, Usual: 1, Alpha: 1}}); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	lib, err := chdb.Find("")
	if err != nil {
		t.Fatal(err)
	}
	engine, err := chdb.Open(lib, dir, 1, "USE outcry")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"pulse_from_signals", "pulse", "expected_by_quarter_from_expected", "expected_by_quarter", "schema_versions"} {
		if _, err := engine.Query(t.Context(), "DROP TABLE "+name+" SYNC", "Null", nil); err != nil {
			t.Fatal(err)
		}
	}
	if err := engine.Close(); err != nil {
		t.Fatal(err)
	}
	s = open(t, store.Options{Dir: dir})
	insert(t, s, said("alpha", start.Add(5*time.Minute), 2)...)
	m := movers(t, s, aggregate.MoverQuery{From: start, To: start.Add(15 * time.Minute)})["alpha"]
	if m.Posts != 7 || m.Usual == nil || *m.Usual != 15 {
		t.Errorf("got %+v", m)
	}
}
