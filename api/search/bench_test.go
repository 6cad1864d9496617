package search_test

import (
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"outcry/api/search"
	"outcry/nlp"
)

// vocabulary has words as frequent as words are: the n-th of a weight of 1/n.
type vocabulary struct {
	*rand.Zipf
	words []string
}

func newVocabulary(r *rand.Rand) vocabulary {
	v := vocabulary{Zipf: rand.NewZipf(r, 1.1, 4, 50_000)}
	for i := range 50_001 {
		word := ""
		for n := i + 7; n > 0; n /= 20 {
			word += string("bcdfghklmnprstvz"[n%16]) + string("aeiou"[n%5])
		}
		v.words = append(v.words, word)
	}
	return v
}

// corpus makes n posts of some 14 words, spread over days, as signals are: 200
// services, five languages.
func corpus(from, n, days int) []nlp.Signal {
	r := rand.New(rand.NewPCG(uint64(from), 7))
	v := newVocabulary(r)
	langs := []string{"en", "fr", "de", "es", "ja"}
	posts := make([]nlp.Signal, n)
	for i := range posts {
		var words []string
		for range 8 + r.IntN(12) {
			words = append(words, v.words[v.Uint64()])
		}
		p := post(fmt.Sprint("post-", from+i), strings.Join(words, " "))
		p.Service, p.Lang = fmt.Sprint("service-", r.IntN(200)), langs[r.IntN(len(langs))]
		p.CreatedAt = noon.Add(-time.Duration(r.Int64N(int64(days)*86_400_000)) * time.Millisecond)
		posts[i] = p
	}
	return posts
}

// BenchmarkApply indexes posts as they come from the queue: a day's, in batches.
func BenchmarkApply(b *testing.B) {
	index := benchIndex(b, b.TempDir())
	b.ResetTimer()
	for i := 0; i < b.N; i += 4_000 {
		if err := index.Apply(b.Context(), corpus(i, min(4_000, b.N-i), 1), nil); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "posts/s")
}

func benchIndex(b *testing.B, dir string) *search.Index {
	b.Helper()
	index, err := search.Open(search.Config{Dir: dir, Keep: 30 * 24 * time.Hour, Now: func() time.Time { return noon }, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { index.Close() })
	return index
}

// benchPosts is over how many posts searches are measured; OUTCRY_BENCH_POSTS
// makes it another.
func benchPosts(b *testing.B) int {
	n := 300_000
	if text := os.Getenv("OUTCRY_BENCH_POSTS"); text != "" {
		if _, err := fmt.Sscan(text, &n); err != nil {
			b.Fatal(err)
		}
	}
	return n
}

// filled is an index of posts of so many days. It is kept for the next time in
// the folder of OUTCRY_BENCH_DIR.
func filled(b *testing.B, days int) *search.Index {
	b.Helper()
	dir, n := b.TempDir(), benchPosts(b)
	if kept := os.Getenv("OUTCRY_BENCH_DIR"); kept != "" {
		dir = filepath.Join(kept, fmt.Sprintf("%d-days-%d-posts", days, n))
	}
	index := benchIndex(b, dir)
	if found, err := index.Search(b.Context(), search.Query{}); err == nil && found.Total >= n {
		return index
	}
	for i := 0; i < n; i += 20_000 {
		if err := index.Apply(b.Context(), corpus(i, min(20_000, n-i), days), nil); err != nil {
			b.Fatal(err)
		}
	}
	return index
}

// BenchmarkSearch asks for common and rare words over a month of posts, and over
// as many of one day, and beside each answer for the same of bleve's own collector.
func BenchmarkSearch(b *testing.B) {
	for _, days := range []int{30, 1} {
		b.Run(fmt.Sprint(days, "-days"), func(b *testing.B) { searchAll(b, filled(b, days)) })
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	b.Logf("heap in use after all: %d MiB", m.HeapInuse>>20)
}

func searchAll(b *testing.B, index *search.Index) {
	v := newVocabulary(rand.New(rand.NewPCG(1, 1)))
	for _, c := range []struct {
		name, words string
		edit        func(*search.Query)
	}{
		{"one-most-common", v.words[0], nil},
		{"one-common", v.words[3], nil},
		{"one-rare", v.words[20_000], nil},
		{"three-common", v.words[3] + " " + v.words[9] + " " + v.words[20], nil},
		{"phrase", `"` + v.words[2] + " " + v.words[3] + `"`, nil},
		{"phrase-common", `"` + v.words[0] + " " + v.words[1] + `"`, nil},
		{"prefix", v.words[500][:3] + "*", nil},
		{"fuzzy", v.words[400] + "~", nil},
		{"without", v.words[3] + " -" + v.words[2], nil},
		{"by-score", v.words[30], func(q *search.Query) { q.ByScore = true }},
		{"by-score-common", v.words[0], func(q *search.Query) { q.ByScore = true }},
		{"one-service", v.words[3], func(q *search.Query) { q.Service = "service-7" }},
		{"from-yesterday", v.words[3], func(q *search.Query) { q.From = noon.AddDate(0, 0, -1) }},
		{"everything", "", nil},
	} {
		b.Run(c.name, func(b *testing.B) {
			words, err := search.Parse(c.words)
			if err != nil {
				b.Fatal(err)
			}
			q := search.Query{Words: words, Limit: 20}
			if c.edit != nil {
				c.edit(&q)
			}
			searchOne(b, index, q)
		})
	}
}

// searchOne reports both ways, taken in turns: the machine is the same to both.
func searchOne(b *testing.B, index *search.Index, q search.Query) {
	var found search.Found
	var err error
	var ours, collector time.Duration
	for b.Loop() {
		began := time.Now()
		if found, err = index.Search(b.Context(), q); err != nil {
			b.Fatal(err)
		}
		ours += time.Since(began)
		began = time.Now()
		if _, err := index.Collect(b.Context(), q); err != nil {
			b.Fatal(err)
		}
		collector += time.Since(began)
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(ours.Seconds()*1000/float64(b.N), "ms/search")
	b.ReportMetric(collector.Seconds()*1000/float64(b.N), "ms/collector")
	b.ReportMetric(float64(found.Total), "hits")
}
