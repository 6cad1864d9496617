package main_test

import (
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"outcry/nlp"
)

// minute is one service in one minute.
type minute struct {
	service string
	at      time.Time
}

// TestStreet sends real posts through file, queue, classifier, queue, store
// and API, and compares every count of every service and minute with one made
// here, without any of these but the classifier.
func TestStreet(t *testing.T) {
	path := sharedData(t, "posts/twcs-sample.csv")
	want, posts, from, to := countComplaints(t, path)
	s := start(t, t.TempDir())
	out, errs, code := outcry(t, "", "ingest", "--data", s.data, "--file", path, "--source", "twcs", "--map", "id=tweet_id,author=author_id")
	if code != 0 {
		t.Fatalf("ingest: %d\n%s%s", code, out, errs)
	}
	if expected := fmt.Sprintf("%s: %d lines read, %d kept, 0 refused\n", path, posts, posts); out != expected {
		t.Errorf("ingest said %q, want %q", out, expected)
	}
	s.await("all posts in the store", func() bool { return s.heard(from, to) == uint64(posts) })
	s.await("all signals in the store", func() bool { return sum(s.counts(from, to)) >= sum(want) })
	compare(t, s.counts(from, to), want)
	s.stop()
}

// countComplaints reads the file by itself: distinct complaint posts per
// service and minute, the number of posts, and the range of their times in
// whole days.
func countComplaints(t *testing.T, path string) (counts map[minute]uint64, posts int, from, to time.Time) {
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	records, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	classifier := newClassifier(t)
	counts, seen := map[minute]uint64{}, map[string]bool{}
	for _, r := range records[1:] {
		id, created, text := r[1], r[4], r[5]
		at, err := time.Parse("Mon Jan 02 15:04:05 -0700 2006", created)
		if err != nil || seen[id] {
			t.Fatalf("post %s: time %q, seen before: %t", id, created, seen[id])
		}
		seen[id] = true
		if from.IsZero() || at.Before(from) {
			from = at.UTC().Truncate(24 * time.Hour)
		}
		if at.After(to) {
			to = at.UTC().Truncate(24 * time.Hour).Add(24 * time.Hour)
		}
		tags := classifier.Classify(nlp.Input{Text: text})
		if tags.Kind != nlp.Complaint {
			continue
		}
		if len(tags.Services) == 0 {
			tags.Services = []string{"unknown"}
		}
		for _, service := range tags.Services {
			counts[minute{service, at.UTC().Truncate(time.Minute)}]++
		}
	}
	return counts, len(seen), from, to
}

// counts asks the API for the curve by the minute of every service that has
// complaints, day by day.
func (s *server) counts(from, to time.Time) map[minute]uint64 {
	counts := map[minute]uint64{}
	for _, service := range s.services(from, to) {
		for _, day := range s.curve(service, from, to, "1d", "") {
			if day.Posts == 0 {
				continue
			}
			for _, p := range s.curve(service, day.T, day.T.Add(24*time.Hour), "1m", "") {
				if p.Posts > 0 {
					counts[minute{service, p.T}] = p.Posts
				}
			}
		}
	}
	return counts
}

func compare(t *testing.T, got, want map[minute]uint64) {
	t.Helper()
	if len(want) == 0 {
		t.Fatal("nothing to compare")
	}
	for m, n := range want {
		if got[m] != n {
			t.Errorf("%s at %s: got %d, want %d", m.service, m.at.Format(time.RFC3339), got[m], n)
		}
	}
	for m, n := range got {
		if want[m] == 0 {
			t.Errorf("%s at %s: got %d, want none", m.service, m.at.Format(time.RFC3339), n)
		}
	}
	t.Logf("%d counts of %d complaints compared", len(want), sum(want))
}

func sum(counts map[minute]uint64) (total uint64) {
	for _, n := range counts {
		total += n
	}
	return total
}

func newClassifier(t *testing.T) *nlp.Classifier {
	t.Helper()
	classifier, err := nlp.Default()
	if err != nil {
		t.Fatal(err)
	}
	return classifier
}

// sharedData finds development data that is not part of the project, and
// skips the test where they are absent.
func sharedData(t *testing.T, name string) string {
	t.Helper()
	path := filepath.Join("..", "..", "..", "shared", "data", name)
	if _, err := os.Stat(path); err != nil {
		t.Skipf("needs data that are not part of the project: %v", err)
	}
	return path
}

var simulatedDay = time.Date(2022, 10, 25, 0, 0, 0, 0, time.UTC)

// simulation writes the simulated outage and counts its lines.
func simulation(t *testing.T) (path string, posts uint64) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "simulated.ndjson")
	if _, errs, code := outcry(t, "", "simulate", "--out", path); code != 0 {
		t.Fatal(errs)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return path, uint64(len(regexp.MustCompile(`\n`).FindAll(text, -1)))
}

// TestKillInTheMiddle kills the program again and again while it replays, and
// compares every curve with those of a run that nobody disturbed.
func TestKillInTheMiddle(t *testing.T) {
	path, posts := simulation(t)
	day := simulatedDay
	replay := []string{"--replay", path, "--replay-speed", "0"}

	calm := start(t, t.TempDir(), replay...)
	calm.await("the undisturbed replay", func() bool { return calm.heard(day, day.Add(24*time.Hour)) == posts })
	want := settled(calm, day)
	calm.stop()

	data := t.TempDir()
	midway := 0
	for _, share := range []uint64{10, 45, 80} { // percent of the posts heard when the kill comes
		s := start(t, data, replay...)
		var heard uint64
		s.await("enough posts to be killed", func() bool {
			heard = s.heard(day, day.Add(24*time.Hour))
			return heard >= posts*share/100
		})
		s.kill()
		t.Logf("killed at %d of %d posts", heard, posts)
		if heard < posts {
			midway++
		}
	}
	if midway == 0 {
		t.Error("every kill came after the end: this test shows nothing")
	}
	s := start(t, data, replay...)
	s.await("the disturbed replay", func() bool { return s.heard(day, day.Add(24*time.Hour)) == posts })
	compare(t, settled(s, day), want)

	_, errs, code := outcry(t, "", "replay", "--data", data, "--speed", "0", "--from-start", path)
	if code != 0 {
		t.Fatal(errs)
	}
	compare(t, settled(s, day), want)
	s.stop()
}

// settled returns the counts of a day when they have stopped changing.
func settled(s *server, day time.Time) map[minute]uint64 {
	var last map[minute]uint64
	s.await("curves that stand still", func() bool {
		time.Sleep(2 * time.Second)
		now := s.counts(day, day.Add(24*time.Hour))
		same := last != nil && fmt.Sprint(now) == fmt.Sprint(last)
		last = now
		return same
	})
	return last
}
