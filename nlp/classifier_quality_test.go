package nlp_test

import (
	"bufio"
	"os"
	"path/filepath"
	"runtime"
	"sync/atomic"
	"testing"

	"outcry/nlp"
	"outcry/nlp/catalog"
)

// languages are those that the classifier is made for.
func languages() []string {
	return []string{
		"ar", "cs", "de", "el", "en", "es", "fa", "fi", "fr", "he", "hi", "hu", "id", "it",
		"ja", "ko", "nl", "pl", "pt", "ro", "ru", "sv", "th", "tl", "tr", "uk", "vi", "zh",
	}
}

// readPosts reads the labelled posts of a folder of testdata in one language.
func readPosts(t testing.TB, folder, lang string) []nlp.Labelled {
	t.Helper()
	name := filepath.Join("..", "testdata", folder, lang+".ndjson")
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	posts, err := nlp.ReadLabelled(f, name)
	if err != nil {
		t.Fatal(err)
	}
	return posts
}

func allPosts(t testing.TB, folder string) (posts []nlp.Labelled) {
	for _, lang := range languages() {
		posts = append(posts, readPosts(t, folder, lang)...)
	}
	return posts
}

// TestLabelledPostsAreSound holds every labelled post against the catalogue,
// and looks for texts that stand there twice.
func TestLabelledPostsAreSound(t *testing.T) {
	cat, err := catalog.Default()
	if err != nil {
		t.Fatal(err)
	}
	ids, texts := map[string]bool{}, map[string]string{}
	for _, folder := range []string{"posts", filepath.Join("posts", "aside")} {
		for _, lang := range languages() {
			for _, p := range readPosts(t, folder, lang) {
				for _, s := range p.Services {
					if _, ok := cat.Lookup(s); !ok {
						t.Errorf("%s: %q is not in the catalogue", p.ID, s)
					}
				}
				if p.Lang != lang {
					t.Errorf("%s: labelled %s in the file of %s", p.ID, p.Lang, lang)
				}
				if ids[p.ID] || texts[p.Text] != "" {
					t.Errorf("%s stands there twice (%s)", p.ID, texts[p.Text])
				}
				ids[p.ID], texts[p.Text] = true, p.ID
			}
		}
	}
}

// TestPostsKeptAside measures on posts that nothing is trained on or tuned to.
// They are there to be measured: whoever tunes a phrase to one of them spoils
// them all. The floors keep the quality from falling; make eval prints it all.
func TestPostsKeptAside(t *testing.T) {
	e := nlp.Evaluate(defaultClassifier(t), allPosts(t, filepath.Join("posts", "aside")))
	all := e.All
	t.Logf("%d posts: F1 of complaints, mean %.3f; services %.3f, symptoms of complaints %.3f; language right %.3f",
		all.Posts, e.Mean, all.Services.F1(), all.Symptoms.F1(), float64(all.Lang)/float64(all.Posts))
	for _, lang := range languages() {
		q := e.ByLang[lang]
		if q == nil || q.Posts < 30 {
			t.Errorf("%s: fewer than 30 posts", lang)
			continue
		}
		if f1 := q.Complaint.F1(); f1 < 0.70 {
			t.Errorf("%s: F1 of complaints %.3f", lang, f1)
		}
	}
	if e.Mean < 0.83 || all.Services.F1() < 0.92 || all.Symptoms.F1() < 0.74 || float64(all.Lang) < 0.97*float64(all.Posts) {
		t.Error("the quality has fallen")
	}
}

// sharedData is the folder of development data, where there is one.
func sharedData(t testing.TB, elem ...string) string {
	root := os.Getenv("OUTCRY_TEST_SHARED")
	if root == "" {
		root = filepath.Join("..", "..", "shared")
	}
	path := filepath.Join(append([]string{root, "data"}, elem...)...)
	if _, err := os.Stat(path); err != nil {
		t.Skipf("no development data: %v", err)
	}
	return path
}

func readLines(t testing.TB, path string) (lines []string) {
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for sc := bufio.NewScanner(f); sc.Scan(); {
		lines = append(lines, sc.Text())
	}
	return lines
}

func backgrounds() []string {
	return []string{"arabic", "english", "french", "german", "hindi", "italian", "portuguese", "spanish"}
}

// TestOrdinaryPostsAreNoComplaints counts false alarms on ordinary tweets. A few
// of these do complain of a service, so that none is not the aim.
func TestOrdinaryPostsAreNoComplaints(t *testing.T) {
	dir := sharedData(t, "background")
	all, wrong := 0, 0
	for _, name := range backgrounds() {
		lines, called := readLines(t, filepath.Join(dir, name+".txt")), 0
		for _, line := range lines {
			if got := defaultClassifier(t).Classify(nlp.Input{Text: line}); got.Kind == nlp.Complaint {
				called++
			}
		}
		t.Logf("%s: %d of %d called complaints (%.2f in 1,000)", name, called, len(lines), perThousand(called, len(lines)))
		all, wrong = all+len(lines), wrong+called
	}
	if rate := perThousand(wrong, all); rate >= 5 {
		t.Errorf("%.2f in 1,000 ordinary posts called complaints", rate)
	}
}

func perThousand(part, whole int) float64 { return 1000 * float64(part) / float64(whole) }

// BenchmarkClassify classifies the posts kept aside, of all languages, one at a time:
// those that name a service, and those that name none.
func BenchmarkClassify(b *testing.B) {
	c := defaultClassifier(b)
	var silent, named []nlp.Input
	for _, p := range allPosts(b, filepath.Join("posts", "aside")) {
		if in := (nlp.Input{Text: p.Text}); len(p.Services) > 0 {
			named = append(named, in)
		} else if p.Kind == nlp.Other {
			silent = append(silent, in)
		}
	}
	for name, posts := range map[string][]nlp.Input{"silent": silent, "named": named} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				c.Classify(posts[i*7919%len(posts)])
			}
		})
	}
}

// BenchmarkFirehose classifies a mix as on a public network, on all cores: 97
// of 100 posts name no service.
func BenchmarkFirehose(b *testing.B) {
	dir := sharedData(b, "background")
	c := defaultClassifier(b)
	var silent, named, mixed []nlp.Input
	for _, name := range backgrounds() {
		for _, line := range readLines(b, filepath.Join(dir, name+".txt")) {
			if in := (nlp.Input{Text: line}); len(c.Classify(in).Services) == 0 {
				silent = append(silent, in)
			}
		}
	}
	for _, p := range allPosts(b, filepath.Join("posts", "aside")) {
		if len(p.Services) > 0 {
			named = append(named, nlp.Input{Text: p.Text})
		}
	}
	for i := range 100_000 {
		if i%100 < 3 {
			mixed = append(mixed, named[i*7919%len(named)])
		} else {
			mixed = append(mixed, silent[i*7919%len(silent)])
		}
	}
	b.ReportAllocs()
	b.ResetTimer()
	var next atomic.Int64
	b.RunParallel(func(pb *testing.PB) {
		for i := int(next.Add(31)); pb.Next(); i++ {
			c.Classify(mixed[i%len(mixed)])
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "posts/s")
}

// BenchmarkMemory reports what a loaded classifier holds.
func BenchmarkMemory(b *testing.B) {
	var before, after runtime.MemStats
	for b.Loop() {
		runtime.GC()
		runtime.ReadMemStats(&before)
		c, err := nlp.Default()
		if err != nil {
			b.Fatal(err)
		}
		runtime.GC()
		runtime.ReadMemStats(&after)
		runtime.KeepAlive(c)
	}
	b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/(1<<20), "MiB")
}
