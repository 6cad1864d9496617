package search_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"outcry/api/search"
	"outcry/ingest"
	"outcry/nlp"
)

func TestAgainChangesNothingAndEditsReplace(t *testing.T) {
	r := open(t)
	a := post("a", "first words")
	for range 3 {
		r.apply([]nlp.Signal{a, post("b", "first too")})
	}
	r.reopen()
	a.Text = "second words"
	r.apply([]nlp.Signal{a})
	if got := r.ids("first") + "/" + r.ids("second") + "/" + r.ids("words"); got != "b/a/a" {
		t.Error(got)
	}
}

func TestReportsAreNotIndexed(t *testing.T) {
	r := open(t)
	r.apply([]nlp.Signal{post("a", "")})
	if f := r.find(""); f.Total != 0 {
		t.Errorf("%+v", f)
	}
}

// hidden knows deletions as the store does.
type hidden []uint64

func (h hidden) Deleted(ctx context.Context, _ []uint64) ([]uint64, error) { return h, ctx.Err() }

func TestTheStoreHidesWhatItKnowsToBeDeleted(t *testing.T) {
	r := open(t)
	r.apply([]nlp.Signal{post("a", "broken"), post("b", "broken")})
	r.Close()
	cfg := r.config()
	cfg.Deletions = hidden{ingest.PostHash("test", "a")}
	x, err := search.Open(cfg)
	if err != nil {
		t.Fatal(err)
	}
	r.Index = x
	if got := r.ids("broken"); got != "b" {
		t.Error(got)
	}
}

func TestOneProcessAtATime(t *testing.T) {
	r := open(t)
	if _, err := search.Open(r.config()); err == nil || !strings.Contains(err.Error(), "--no-search") {
		t.Error(err)
	}
}

func TestADamagedDayIsMadeAnew(t *testing.T) {
	r := open(t)
	old := post("old", "broken")
	old.CreatedAt = noon.Add(-48 * time.Hour)
	r.apply([]nlp.Signal{old, post("new", "broken")})
	group := r.Group()
	r.reopen()
	if r.Group() != group {
		t.Error("another group without a cause: the queue would be read again at each start")
	}
	r.Close()
	files, err := filepath.Glob(filepath.Join(r.dir, "2026-03-12", "store", "*"))
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, f := range files {
		if err := os.WriteFile(f, []byte("\x00\x01 this is no index"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	r.Index = nil
	r.reopen()
	if got := r.ids("broken"); got != "new" {
		t.Errorf("found %q", got)
	}
	if r.Group() == group || !strings.Contains(r.log.String(), "day=2026-03-12") {
		t.Errorf("group %s, before %s; %s", r.Group(), group, &r.log)
	}
	r.apply([]nlp.Signal{old, post("new", "broken")}) // the queue again
	if got := r.ids("broken"); got != "new old" {
		t.Errorf("found %q", got)
	}
}

func TestACanceledSearchEnds(t *testing.T) {
	r := open(t)
	r.say("en: broken")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := r.Search(ctx, search.Query{Limit: 1}); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}
