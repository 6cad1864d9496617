package search_test

import (
	"fmt"
	"log/slog"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"outcry/api/search"
	"outcry/nlp"
)

// jumpy is a clock that leaps ahead at each look, so that patience ends soon.
func jumpy(by time.Duration) func() time.Time {
	now := make(chan time.Time, 1)
	now <- noon
	return func() time.Time {
		t := (<-now).Add(by)
		now <- t
		return t
	}
}

// some makes posts of few words, so that phrases are frequent, and of few
// minutes, so that many are of one.
func some(r *rand.Rand, n int) []nlp.Signal {
	posts := make([]nlp.Signal, n)
	for i := range posts {
		var words []string
		for range 3 + r.IntN(8) {
			words = append(words, strings.Fields("is down is not sending again broken today messages the the app brokn")[r.IntN(13)])
		}
		p := post(fmt.Sprint(r.IntN(5*n)), strings.Join(words, " "))
		p.Service, p.Lang = fmt.Sprint("service-", r.IntN(9)), []string{"en", "fr", "de", "xx"}[r.IntN(4)]
		p.Symptoms = [][]string{nil, {"messages"}, {"login", "app"}}[r.IntN(3)]
		p.CreatedAt = noon.Add(-time.Duration(r.IntN(3)) * 24 * time.Hour).Add(-time.Duration(r.IntN(40)*r.IntN(60_000)) * time.Millisecond)
		posts[i] = p
	}
	return posts
}

// agreeing is an index of three days in many pieces, from which some is deleted.
func agreeing(t *testing.T, patience time.Duration, clock func() time.Time) *search.Index {
	t.Helper()
	r := rand.New(rand.NewPCG(3, 4))
	x, err := search.Open(search.Config{Dir: t.TempDir(), Keep: 30 * 24 * time.Hour, Patience: patience, Now: clock, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { x.Close() })
	for range 6 {
		posts := some(r, 1_500)
		var dead []nlp.Signal
		for _, p := range posts[:150] {
			dead = append(dead, gone(p.PostID, ""))
		}
		if err := x.Apply(t.Context(), posts, nil); err != nil {
			t.Fatal(err)
		}
		if err := x.Apply(t.Context(), nil, dead); err != nil {
			t.Fatal(err)
		}
	}
	return x
}

func asked(t *testing.T, text string, r *rand.Rand) search.Query {
	t.Helper()
	words, err := search.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	q := search.Query{Words: words, Limit: 1 + r.IntN(300)}
	if r.IntN(3) == 0 {
		q.Service = fmt.Sprint("service-", r.IntN(9))
	}
	if r.IntN(3) == 0 {
		q.From = noon.Add(-time.Duration(r.IntN(50*3600)) * time.Second)
		q.To = q.From.Add(time.Duration(r.IntN(30*3_600_000)) * time.Millisecond)
	}
	return q
}

func texts() []string {
	return []string{"", "down", "is", "the app", `"is down"`, `"the the app"`, `down -"is down"`, `"is not" "the app" -again`, "brok*", "brokn~",
		"-the", "messages -message", `-"is down"`, "nothing", "again today sending", `"down broken" is`}
}

// TestAnswersAreThoseOfTheCollector compares pages and counts with those that
// bleve's own collector finds.
func TestAnswersAreThoseOfTheCollector(t *testing.T) {
	x := agreeing(t, 0, func() time.Time { return noon })
	r := rand.New(rand.NewPCG(1, 2))
	for i := range 3 * len(texts()) {
		q := asked(t, texts()[i%len(texts())], r)
		for page := range 4 {
			got, err := x.Search(t.Context(), q)
			if err != nil {
				t.Fatal(err)
			}
			want, err := x.Collect(t.Context(), q)
			if err != nil {
				t.Fatal(err)
			}
			if !same(got, want) {
				t.Fatalf("%q %+v, page %d:\ngot  %d %v %s\nwant %d %v %s", texts()[i%len(texts())], q, page,
					got.Total, got.Services, places(got), want.Total, want.Services, places(want))
			}
			if q.After = got.Next; q.After == nil {
				break
			}
		}
	}
}

func same(a, b search.Found) bool {
	return fmt.Sprint(a.Total, a.Partial, a.Services, a.Symptoms, a.Languages, places(a), a.Next == nil) ==
		fmt.Sprint(b.Total, b.Partial, b.Services, b.Symptoms, b.Languages, places(b), b.Next == nil)
}

func places(f search.Found) string {
	var all []string
	for _, h := range f.Hits {
		all = append(all, h.Place.ID)
	}
	return strings.Join(all, " ")
}

// TestPagesAreExactWhereTimeIsShort goes through all pages of answers for which
// there is never enough time: they say so, and nothing is there twice or missing.
func TestPagesAreExactWhereTimeIsShort(t *testing.T) {
	for _, patience := range []time.Duration{time.Millisecond, time.Second} {
		x := agreeing(t, patience, jumpy(time.Second))
		t.Run(patience.String(), func(t *testing.T) { goThrough(t, x) })
	}
}

func goThrough(t *testing.T, x *search.Index) {
	r := rand.New(rand.NewPCG(5, 6))
	short := 0
	for _, text := range texts() {
		q := asked(t, text, r)
		q.Limit = 1_000_000
		want, err := x.Collect(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		q.Limit = 700
		var all []string
		for range 1000 {
			got, err := x.Search(t.Context(), q)
			if err != nil {
				t.Fatal(err)
			}
			if got.Partial {
				short++
			}
			if got.Total > want.Total || !got.Partial && got.Total != want.Total {
				t.Errorf("%q: %d found (partial: %t), there are %d", text, got.Total, got.Partial, want.Total)
			}
			if len(got.Hits) > 0 {
				all = append(all, places(got))
			}
			if q.After = got.Next; q.After == nil {
				break
			}
		}
		if strings.Join(all, " ") != places(want) {
			t.Errorf("%q: %d posts on pages, there are %d", text, len(strings.Fields(strings.Join(all, " "))), len(want.Hits))
		}
	}
	if short < 10 {
		t.Errorf("time was short %d times only", short)
	}
}
