package store_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"outcry/aggregate"
	"outcry/aggregate/store"
	"outcry/ingest"
	"outcry/nlp"
)

// TestEvidence is of what stands behind a curve, in the engine that is embedded.
func TestEvidence(t *testing.T) {
	s := open(t, store.Options{Dir: t.TempDir()})
	for name, check := range map[string]func(*testing.T, *store.Store, string){
		"evidence is read page by page":      checkEvidencePages,
		"spans come back and go with a text": checkSpans,
		"a range is kept to its parts":       checkEvidenceRange,
		"posts that were deleted are named":  checkDeleted,
		"rows of before there were spans":    checkNoSpans,
	} {
		t.Run(name, func(t *testing.T) { check(t, s, strings.ReplaceAll(name, " ", "-")) })
	}
}

// checkEvidenceRange reads from one post on to the next, which are parts of a second
// apart, or of a thousandth.
func checkEvidenceRange(t *testing.T, s *store.Store, service string) {
	var rows []nlp.Signal
	for i := range 10 {
		g := complaint(service, i, 0)
		g.CreatedAt = start.Add(time.Duration(i) * 250 * time.Millisecond)
		rows = append(rows, g)
	}
	insert(t, s, rows...)
	for _, c := range []struct {
		from, to time.Duration
		want     int
	}{
		{0, 2500 * time.Millisecond, 10}, {250 * time.Millisecond, 500 * time.Millisecond, 1}, {251 * time.Millisecond, 501 * time.Millisecond, 1},
		{100 * time.Millisecond, 900 * time.Millisecond, 3}, {250*time.Millisecond + 1, 750*time.Millisecond + 1, 2}, {600 * time.Millisecond, 700 * time.Millisecond, 0},
	} {
		got, err := s.Evidence(t.Context(), aggregate.EvidenceQuery{Service: service, Kind: "complaint", From: start.Add(c.from), To: start.Add(c.to), Limit: 20})
		if err != nil || len(got) != c.want {
			t.Errorf("from %s to %s: %d posts, want %d (%v)", c.from, c.to, len(got), c.want, err)
		}
	}
}

func checkEvidencePages(t *testing.T, s *store.Store, service string) {
	var rows []nlp.Signal
	for i := range 25 {
		g := complaint(service, i, 0)
		g.CreatedAt = start.Add(time.Duration(i/10) * time.Millisecond) // many at one time
		rows = append(rows, g)
	}
	insert(t, s, rows...)
	all := evidence(t, s, aggregate.EvidenceQuery{Service: service, Limit: 100})
	var paged []aggregate.Evidence
	q := aggregate.EvidenceQuery{Service: service, Limit: 7}
	for range 5 {
		page := evidence(t, s, q)
		if paged = append(paged, page...); len(page) < q.Limit {
			break
		}
		last := page[len(page)-1]
		q.After = aggregate.EvidencePlace{CreatedAt: last.CreatedAt, Post: ingest.PostHash(last.Source, last.ID)}
	}
	ids := func(all []aggregate.Evidence) (ids []string) {
		for _, e := range all {
			ids = append(ids, e.ID)
		}
		return ids
	}
	if len(all) != 25 || !slices.Equal(ids(paged), ids(all)) {
		t.Errorf("pages have %v, all is %v", ids(paged), ids(all))
	}
}

func checkSpans(t *testing.T, s *store.Store, service string) {
	g := complaint(service, 1, 0)
	g.Spans = []nlp.Span{{Start: 0, End: 7, Tag: "symptom:messages"}, {Start: 3, End: 9, Tag: "kind:complaint"}}
	insert(t, s, g)
	got := evidence(t, s, aggregate.EvidenceQuery{Service: service, Limit: 9})
	if len(got) != 1 || fmt.Sprint(got[0].Spans) != fmt.Sprint(g.Spans) {
		t.Fatalf("got %+v", got)
	}
	remove(t, s, service, 1)
	if err := s.ForgetDeleted(t.Context(), time.Unix(0, 0)); err != nil {
		t.Fatal(err)
	}
	for _, column := range []string{"text", "post_id", "span_start", "span_end", "span_tag"} {
		if n, err := store.Filled(t.Context(), s, column, service); err != nil || n != 0 {
			t.Errorf("%d rows of a deleted post have a %s: %v", n, column, err)
		}
	}
}

func checkDeleted(t *testing.T, s *store.Store, service string) {
	insert(t, s, complaint(service, 1, 0), complaint(service, 2, 0))
	remove(t, s, service, 2)
	one, two := ingest.PostHash("test", service+"/1"), ingest.PostHash("test", service+"/2")
	if got, err := s.Deleted(t.Context(), []uint64{one, two, 3}); err != nil || !slices.Equal(got, []uint64{two}) {
		t.Errorf("got %v, %v; want %d", got, err, two)
	}
	if got, err := s.Deleted(t.Context(), nil); err != nil || len(got) != 0 {
		t.Errorf("got %v, %v", got, err)
	}
}

func checkNoSpans(t *testing.T, s *store.Store, service string) {
	if err := store.InsertWithoutSpans(t.Context(), s, service, start, "an old text"); err != nil {
		t.Fatal(err)
	}
	if got := evidence(t, s, aggregate.EvidenceQuery{Service: service, Limit: 9}); len(got) != 1 || len(got[0].Spans) != 0 || got[0].Text != "an old text" {
		t.Errorf("got %+v", got)
	}
}
