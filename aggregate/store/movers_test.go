package store_test

import (
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"outcry/aggregate"
	"outcry/aggregate/store"
	"outcry/nlp"
)

// said makes complaints about a service, each by somebody else, a minute apart.
func said(service string, from time.Time, n int, edit ...func(*nlp.Signal)) []nlp.Signal {
	var all []nlp.Signal
	for i := range n {
		s := nlp.Signal{
			PostID: fmt.Sprint(service, from.Unix(), i), Source: "test", Service: service, Kind: nlp.Complaint, Lang: "en",
			Symptoms: []string{"login"}, Score: 0.9, Text: "cannot log in", Author: fmt.Sprintf("%016x", from.Unix()*1000+int64(i)),
			CreatedAt: from.Add(time.Duration(i) * time.Minute),
		}
		for _, e := range edit {
			e(&s)
		}
		all = append(all, s)
	}
	return all
}

// hear notes that something was heard in every minute of [from, to).
func hear(t testing.TB, s *store.Store, source string, from, to time.Time) {
	t.Helper()
	var all []nlp.Volume
	for m := from; m.Before(to); m = m.Add(time.Minute) {
		all = append(all, nlp.Volume{Minute: m, Source: source, Lang: "en", Posts: []uint64{uint64(m.Unix())}})
	}
	if err := s.InsertVolumes(t.Context(), all); err != nil {
		t.Fatal(err)
	}
}

func movers(t *testing.T, s *store.Store, q aggregate.MoverQuery) map[string]aggregate.Mover {
	t.Helper()
	if q.Limit == 0 {
		q.Limit = 100
	}
	all, err := s.Movers(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	byName := map[string]aggregate.Mover{}
	for _, m := range all {
		byName[m.Service] = m
	}
	return byName
}

func order(t *testing.T, s *store.Store, q aggregate.MoverQuery) string {
	t.Helper()
	q.Limit = 100
	all, err := s.Movers(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, m := range all {
		names = append(names, m.Service)
	}
	return fmt.Sprint(names)
}

func TestMovers(t *testing.T) {
	s := open(t, store.Options{Dir: t.TempDir()})
	week := start.Add(-aggregate.Week)
	insert(t, s, said("alpha", start, 40)...) // many, as usual
	insert(t, s, said("alpha", week, 20)...)
	insert(t, s, said("beta", start, 12, func(s *nlp.Signal) { // few, but far more than usual
		s.Symptoms = []string{"app", "messages"}
		if s.CreatedAt.Minute() < 3 {
			s.Lang, s.Source, s.Symptoms = "fr", "other", []string{"app"}
		}
	})...)
	insert(t, s, said("gamma", start, 3)...) // nothing is known of it
	insert(t, s, said("delta", start, 5, func(s *nlp.Signal) { s.Kind = nlp.News })...)
	for _, from := range []time.Time{week, start} {
		hear(t, s, "test", from, from.Add(time.Hour))
	}
	usual := func(service string, perMinute float64) (rows []aggregate.Expected) {
		for q := range 4 {
			rows = append(rows, aggregate.Expected{Service: service, Quarter: start.Add(time.Duration(q) * aggregate.Quarter), Usual: perMinute, Alpha: 2})
		}
		return rows
	}
	if err := s.InsertExpected(t.Context(), append(usual("alpha", 0.6), usual("beta", 0.01)...)); err != nil {
		t.Fatal(err)
	}
	q := aggregate.MoverQuery{From: start, To: start.Add(time.Hour)}
	got := movers(t, s, q)
	alpha, beta, gamma := got["alpha"], got["beta"], got["gamma"]
	if len(got) != 3 || alpha.Posts != 40 || alpha.Authors != 40 || *alpha.Usual != 36 || *alpha.Before != 20 || *alpha.Change() != 2 {
		t.Errorf("got %+v", got)
	}
	if *beta.Before != 0 || beta.Change() != nil || beta.Symptom != "app" || beta.SymptomShare != 1 || math.Abs(*beta.Usual-0.6) > 0.01 {
		t.Errorf("beta is %+v", beta)
	}
	if math.Abs(alpha.Above) > 1 || beta.Above < 3 {
		t.Errorf("alpha is %g, beta %g above normal", alpha.Above, beta.Above)
	}
	if gamma.Usual == nil || *gamma.Usual != 0.5 { // there is one earlier day, on which nobody said so
		t.Errorf("gamma is %+v", gamma)
	}
	if len(alpha.Spark) != 24 || alpha.Spark[20] != 15 || alpha.Spark[22] != 10 || alpha.Spark[19]+alpha.Spark[23] != 0 {
		t.Errorf("the spark of alpha is %v", alpha.Spark)
	}
	for _, c := range []struct {
		sort string
		open []string
		want string
	}{
		{aggregate.ByAbove, nil, "[beta gamma alpha]"},
		{aggregate.ByAbove, []string{"alpha", "omega"}, "[alpha omega beta gamma]"},
		{aggregate.ByPosts, []string{"omega"}, "[alpha beta gamma omega]"},
		{aggregate.ByChange, nil, "[beta gamma alpha]"},
	} {
		q.Sort, q.Open = c.sort, c.open
		if got := order(t, s, q); got != c.want {
			t.Errorf("by %s with %v open: %s, want %s", c.sort, c.open, got, c.want)
		}
	}
}

func TestMoversFilters(t *testing.T) {
	s := open(t, store.Options{Dir: t.TempDir()})
	insert(t, s, said("alpha", start, 6)...)
	insert(t, s, said("alpha", start.Add(10*time.Minute), 3, func(s *nlp.Signal) { s.Lang, s.Source = "fr", "other" })...)
	insert(t, s, said("beta", start, 2, func(s *nlp.Signal) { s.Kind = nlp.News })...)
	for name, c := range map[string]struct {
		q    aggregate.MoverQuery
		want uint64
	}{
		"all":     {aggregate.MoverQuery{}, 9},
		"lang":    {aggregate.MoverQuery{Lang: "fr"}, 3},
		"source":  {aggregate.MoverQuery{Source: "test"}, 6},
		"both":    {aggregate.MoverQuery{Source: "test", Lang: "fr"}, 0},
		"nasty":   {aggregate.MoverQuery{Source: "' OR 1=1 --"}, 0},
		"another": {aggregate.MoverQuery{Among: func(service string) bool { return service != "alpha" }}, 0},
	} {
		c.q.From, c.q.To = start, start.Add(time.Hour)
		m := movers(t, s, c.q)
		if m["alpha"].Posts != c.want || m["alpha"].Usual != nil || m["alpha"].Before != nil {
			t.Errorf("%s: got %+v", name, m)
		}
	}
	if m := movers(t, s, aggregate.MoverQuery{Kind: "news", From: start, To: start.Add(time.Hour)}); len(m) != 1 || m["beta"].Posts != 2 {
		t.Errorf("news: got %+v", m)
	}
	if m := movers(t, s, aggregate.MoverQuery{From: time.Unix(0, 0), To: time.Unix(3600, 0)}); len(m) != 0 {
		t.Errorf("1970: got %+v", m)
	}
}

// Days on which nothing was heard say nothing of what is usual; the others do, and one
// outage among them does not.
func TestMoversByDays(t *testing.T) {
	s := open(t, store.Options{Dir: t.TempDir()})
	for day, n := range []int{4, 4, 5, 50, 0, 4} { // the present is the first; the fifth was deaf
		from := start.AddDate(0, 0, -day)
		insert(t, s, said("alpha", from, n)...)
		insert(t, s, said("alpha", from.Add(-2*time.Hour), 30)...) // at another time of day
		if n > 0 {
			hear(t, s, "test", from, from.Add(time.Hour))
		}
	}
	m := movers(t, s, aggregate.MoverQuery{From: start, To: start.Add(time.Hour)})["alpha"]
	if m.Usual == nil || math.Abs(*m.Usual-4.63) > 0.01 || math.Abs(m.Above) > 0.5 {
		t.Errorf("got %+v, usual %v", m, m.Usual)
	}
	m = movers(t, s, aggregate.MoverQuery{Lang: "en", From: start.Add(-2 * time.Hour), To: start.Add(-time.Hour)})["alpha"]
	if m.Usual != nil { // nothing was heard at that hour
		t.Errorf("got %+v", m)
	}
}

func TestParts(t *testing.T) {
	s := open(t, store.Options{Dir: t.TempDir()})
	week := start.Add(-aggregate.Week)
	insert(t, s, said("alpha", start, 6, func(s *nlp.Signal) { s.Symptoms = []string{"login", "app"} })...)
	insert(t, s, said("alpha", start.Add(20*time.Minute), 2, func(s *nlp.Signal) { s.Lang, s.Source, s.Symptoms = "fr", "other", nil })...)
	insert(t, s, said("beta", start, 3)...)
	insert(t, s, said("alpha", week, 4)...)
	row := func(name string, posts, before uint64) aggregate.Part {
		return aggregate.Part{Name: name, Posts: posts, Authors: posts, Before: before}
	}
	for _, c := range []struct {
		q     aggregate.PartsQuery
		posts uint64
		want  []aggregate.Part
	}{
		{aggregate.PartsQuery{Service: "alpha", By: "symptom"}, 8, []aggregate.Part{row("app", 6, 0), row("login", 6, 4)}},
		{aggregate.PartsQuery{Service: "alpha", By: "lang"}, 8, []aggregate.Part{row("en", 6, 4), row("fr", 2, 0)}},
		{aggregate.PartsQuery{Service: "alpha", By: "source", Lang: "fr"}, 2, []aggregate.Part{row("other", 2, 0)}},
		{aggregate.PartsQuery{Service: "alpha", By: "lang", Symptom: "app"}, 6, []aggregate.Part{row("en", 6, 0)}},
		{aggregate.PartsQuery{Service: "alpha", By: "symptom", Symptom: "app"}, 6, []aggregate.Part{row("app", 6, 0)}},
		{aggregate.PartsQuery{By: "service"}, 11, []aggregate.Part{row("alpha", 8, 4), row("beta", 3, 0)}},
		{aggregate.PartsQuery{By: "service", Limit: 1}, 11, []aggregate.Part{row("alpha", 8, 4)}},
		{aggregate.PartsQuery{Service: "nothing'; --", By: "lang"}, 0, []aggregate.Part{}},
	} {
		if c.q.Limit == 0 {
			c.q.Limit = 100
		}
		c.q.From, c.q.To = start, start.Add(time.Hour)
		for heard := range 2 {
			if heard == 1 {
				hear(t, s, "test", week, week.Add(time.Hour))
				hear(t, s, "other", week, week.Add(time.Hour))
			}
			p, err := s.Parts(t.Context(), c.q)
			if err != nil {
				t.Fatal(err)
			}
			if p.Heard && (p.Posts != c.posts || !slices.Equal(p.Rows, c.want)) {
				t.Errorf("%+v: got %+v, want %+v of %d", c.q, p, c.want, c.posts)
			}
			if heard == 1 && !p.Heard {
				t.Errorf("%+v: nothing was heard a week before", c.q)
			}
		}
	}
	if _, err := s.Parts(t.Context(), aggregate.PartsQuery{By: "1; DROP TABLE curves"}); err == nil {
		t.Error("parts by nonsense")
	}
}

// One hour of a store of 1,000 active services: the overview page asks for this.
func BenchmarkMovers(b *testing.B) {
	s, err := store.Open(b.Context(), store.Options{Dir: b.TempDir()})
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	const services, days = 1000, 9
	end := start.Truncate(24 * time.Hour).Add(12 * time.Hour)
	for day := range days {
		from := end.AddDate(0, 0, -day-1)
		var signals []nlp.Signal
		var expected []aggregate.Expected
		for i := range services {
			name := fmt.Sprintf("service-%04d", i)
			n := 20_000 / (i + 5) // a day: a few are large, most small
			for j := range n {
				id := fmt.Sprint(name, day, j)
				signals = append(signals, nlp.Signal{PostID: id, Source: []string{"bluesky", "mastodon"}[j%2], Service: name, Kind: nlp.Complaint,
					Lang: []string{"en", "fr", "ja"}[j%3], Symptoms: []string{"app", "login"}[:1+j%2], Author: fmt.Sprintf("%016x", uint64(j)*2654435761+uint64(day*i)),
					CreatedAt: from.Add(time.Duration(j) * 24 * time.Hour / time.Duration(n))})
			}
			for q := range 96 {
				expected = append(expected, aggregate.Expected{Service: name, Quarter: from.Add(time.Duration(q) * aggregate.Quarter), Usual: float64(n) / 1440, Alpha: 0.5})
			}
		}
		if err := s.InsertSignals(b.Context(), signals); err != nil {
			b.Fatal(err)
		}
		if err := s.InsertExpected(b.Context(), expected); err != nil {
			b.Fatal(err)
		}
		hear(b, s, "bluesky", from, from.Add(24*time.Hour))
	}
	for name, q := range map[string]aggregate.MoverQuery{
		"all":         {From: end.Add(-time.Hour), To: end, Limit: 50},
		"by change":   {From: end.Add(-time.Hour), To: end, Limit: 50, Sort: aggregate.ByChange},
		"of a source": {From: end.Add(-time.Hour), To: end, Limit: 50, Source: "bluesky"},
		"of a day":    {From: end.AddDate(0, 0, -1), To: end, Limit: 50},
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if all, err := s.Movers(b.Context(), q); err != nil || len(all) != 50 {
					b.Fatal(len(all), err)
				}
			}
		})
	}
}
