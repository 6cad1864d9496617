package nlp_test

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"outcry/nlp"
)

// labelled is a line of testdata/posts.
type labelled struct {
	ID       string
	Text     string
	Kind     nlp.Kind
	Lang     string
	Services []string
	Symptoms []string
}

// readPosts reads the posts of a folder of testdata in one language.
func readPosts(t testing.TB, folder, lang string) (posts []labelled) {
	t.Helper()
	f, err := os.Open(filepath.Join("..", "testdata", folder, lang+".ndjson"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	dec := json.NewDecoder(f)
	for dec.More() {
		var p labelled
		if err := dec.Decode(&p); err != nil {
			t.Fatal(err)
		}
		posts = append(posts, p)
	}
	return posts
}

// counts are true positives, false positives and false negatives.
type counts struct{ tp, fp, fn int }

func (c *counts) add(want, got bool) {
	switch {
	case want && got:
		c.tp++
	case got:
		c.fp++
	case want:
		c.fn++
	}
}

func (c counts) f1() float64 { return 2 * float64(c.tp) / float64(2*c.tp+c.fp+c.fn) }

// TestLabelledPosts keeps the quality on our own labelled posts from falling.
// The posts were at hand while the lexicon was written: the figures say that
// nothing broke, not how well strangers' posts are tagged.
func TestLabelledPosts(t *testing.T) { measure(t, "posts", 0.95, 0.95) }

// TestPostsKeptAside measures on posts whose authors had not seen the lexicon.
// They are there to be measured: whoever tunes a phrase to one of them spoils
// them all.
func TestPostsKeptAside(t *testing.T) { measure(t, filepath.Join("posts", "aside"), 0.84, 0.91) }

// measure prints F1 by language and refuses a whole under the floors.
func measure(t *testing.T, folder string, complaintFloor, serviceFloor float64) {
	var complaint, service, symptom counts
	for _, lang := range []string{"en", "fr", "es", "pt", "de", "it"} {
		posts := readPosts(t, folder, lang)
		if len(posts) < 25 {
			t.Errorf("%s: %d posts", lang, len(posts))
		}
		var c, s, y counts
		right := 0
		for _, p := range posts {
			got := defaultClassifier(t).Classify(nlp.Input{Text: p.Text})
			c.add(p.Kind == nlp.Complaint, got.Kind == nlp.Complaint)
			countSlugs(&s, p.Services, got.Services)
			if p.Kind == nlp.Complaint {
				countSlugs(&y, p.Symptoms, got.Symptoms)
			}
			if got.Lang == p.Lang {
				right++
			}
		}
		t.Logf("%s: %d posts, F1 of complaints %.3f, services %.3f, symptoms of complaints %.3f; language right %.3f",
			lang, len(posts), c.f1(), s.f1(), y.f1(), float64(right)/float64(len(posts)))
		complaint, service, symptom = complaint.plus(c), service.plus(s), symptom.plus(y)
	}
	t.Logf("all: F1 of complaints %.3f, services %.3f, symptoms of complaints %.3f", complaint.f1(), service.f1(), symptom.f1())
	if complaint.f1() < complaintFloor || service.f1() < serviceFloor {
		t.Errorf("F1 of complaints %.3f, services %.3f: under the floors of %.2f and %.2f", complaint.f1(), service.f1(), complaintFloor, serviceFloor)
	}
}

func (c counts) plus(o counts) counts { return counts{c.tp + o.tp, c.fp + o.fp, c.fn + o.fn} }

// countSlugs adds up which of the wanted slugs were got, and which others.
func countSlugs(s *counts, want, got []string) {
	for _, w := range want {
		s.add(true, slices.Contains(got, w))
	}
	for _, g := range got {
		if !slices.Contains(want, g) {
			s.add(false, true)
		}
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

// TestOrdinaryPostsAreNoComplaints counts false alarms on ordinary tweets.
func TestOrdinaryPostsAreNoComplaints(t *testing.T) {
	dir := sharedData(t, "background")
	for _, name := range []string{"english", "french", "german", "italian", "portuguese", "spanish"} {
		lines := readLines(t, filepath.Join(dir, name+".txt"))
		wrong := 0
		for _, line := range lines {
			if got := defaultClassifier(t).Classify(nlp.Input{Text: line}); got.Kind == nlp.Complaint {
				wrong++
			}
		}
		rate := 1000 * float64(wrong) / float64(len(lines))
		t.Logf("%s: %d of %d called complaints (%.2f in 1,000)", name, wrong, len(lines), rate)
		if rate >= 3 {
			t.Errorf("%s: %.2f in 1,000 ordinary posts called complaints", name, rate)
		}
	}
}

func BenchmarkClassify(b *testing.B) {
	c := defaultClassifier(b)
	var silent, named []nlp.Input
	for _, lang := range []string{"en", "fr", "es", "pt", "de", "it"} {
		for _, p := range readPosts(b, "posts", lang) {
			if in := (nlp.Input{Text: p.Text}); len(p.Services) > 0 {
				named = append(named, in)
			} else if p.Kind == nlp.Other {
				silent = append(silent, in)
			}
		}
	}
	for name, posts := range map[string][]nlp.Input{"silent": silent, "named": named} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				c.Classify(posts[i%len(posts)])
			}
		})
	}
}

// BenchmarkFirehose classifies ordinary tweets, of which hardly any names a
// service.
func BenchmarkFirehose(b *testing.B) {
	dir := sharedData(b, "background")
	var posts []nlp.Input
	for _, name := range []string{"english", "french", "german", "italian", "portuguese", "spanish", "arabic", "hindi"} {
		for _, line := range readLines(b, filepath.Join(dir, name+".txt")) {
			posts = append(posts, nlp.Input{Text: line})
		}
	}
	c := defaultClassifier(b)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		c.Classify(posts[i*7919%len(posts)])
	}
}
