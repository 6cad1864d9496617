package main_test

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/segmentio/kafka-go"

	"outcry/ingest"
	"outcry/ingest/bus"
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
	t.Parallel()
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
	s.drained()
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
	var lines strings.Builder
	times := map[string]time.Time{}
	for _, r := range records[1:] {
		id, created, text := r[1], r[4], r[5]
		at, err := time.Parse("Mon Jan 02 15:04:05 -0700 2006", created)
		if err != nil || !times[id].IsZero() {
			t.Fatalf("post %s: time %q, seen before at %s", id, created, times[id])
		}
		times[id] = at.UTC()
		if from.IsZero() || at.Before(from) {
			from = at.UTC().Truncate(24 * time.Hour)
		}
		if at.After(to) {
			to = at.UTC().Truncate(24 * time.Hour).Add(24 * time.Hour)
		}
		line, err := json.Marshal(map[string]string{"id": id, "text": text})
		if err != nil {
			t.Fatal(err)
		}
		lines.Write(append(line, '\n'))
	}
	return complaints(t, lines.String(), times), len(times), from, to
}

// complaints lets the classifier tag lines of posts, and counts the complaints per
// service and minute.
func complaints(t *testing.T, lines string, times map[string]time.Time) map[minute]uint64 {
	t.Helper()
	out, errs, code := outcry(t, lines, "tag")
	if n := strings.Count(out, "\n"); code != 0 || n != len(times) {
		t.Fatalf("%d of %d posts are tagged: %d %s", n, len(times), code, errs)
	}
	counts := map[minute]uint64{}
	for answer := json.NewDecoder(strings.NewReader(out)); answer.More(); {
		var tags struct {
			ID       string
			Kind     nlp.Kind
			Services []string
		}
		if err := answer.Decode(&tags); err != nil || times[tags.ID].IsZero() {
			t.Fatalf("%+v: %v", tags, err)
		}
		if tags.Kind != nlp.Complaint {
			continue
		}
		if len(tags.Services) == 0 {
			tags.Services = []string{"unknown"}
		}
		for _, service := range tags.Services {
			counts[minute{service, times[tags.ID].Truncate(time.Minute)}]++
		}
	}
	return counts
}

// counts asks the API for the curve by the minute of every service that has
// complaints, day by day.
func (s *server) counts(from, to time.Time) map[minute]uint64 {
	counts := map[minute]uint64{}
	for service := range s.services(from, to) {
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

// simulated counts the complaints of a simulation.
func simulated(t *testing.T, path string) map[minute]uint64 {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	times := map[string]time.Time{}
	for line := range strings.Lines(string(text)) {
		var post struct {
			ID string
			At time.Time `json:"created_at"`
		}
		if err := json.Unmarshal([]byte(line), &post); err != nil {
			t.Fatal(err)
		}
		times[post.ID] = post.At.UTC()
	}
	return complaints(t, string(text), times)
}

// TestKillInTheMiddle kills the program again and again while it replays, and
// compares every curve with what the classifier alone makes of the posts.
func TestKillInTheMiddle(t *testing.T) {
	t.Parallel()
	path, posts := simulation(t)
	want := simulated(t, path)
	day := simulatedDay
	replay := []string{"--replay", path, "--replay-speed", "0"}

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
	s.drained()
	compare(t, s.counts(day, day.Add(24*time.Hour)), want)

	_, errs, code := outcry(t, "", "replay", "--data", data, "--speed", "0", "--from-start", path)
	if code != 0 {
		t.Fatal(errs)
	}
	s.drained()
	compare(t, s.counts(day, day.Add(24*time.Hour)), want)
	s.stop()
}

// drained waits until every stage has done all that is queued for it.
func (s *server) drained() {
	s.t.Helper()
	address, err := bus.FindEmbedded(s.t.Context(), filepath.Join(s.data, "queue"))
	if err != nil {
		s.t.Fatal(err)
	}
	queue := &kafka.Client{Addr: kafka.TCP(address)}
	for _, stage := range []struct {
		group  string
		topics []string
	}{
		{"outcry-classify", []string{ingest.PostsTopic}},
		{"outcry-aggregate", []string{ingest.SignalsTopic, ingest.VolumesTopic, ingest.CoverageTopic}},
	} {
		s.await("end of the work of "+stage.group, func() bool { return left(s.t, queue, stage.group, stage.topics) == 0 })
	}
}

// left is how many messages of some topics a group has not committed.
func left(t *testing.T, queue *kafka.Client, group string, topics []string) (n int64) {
	t.Helper()
	known, err := queue.Metadata(t.Context(), &kafka.MetadataRequest{Topics: topics})
	if err != nil {
		t.Fatal(err)
	}
	ends, done := map[string][]kafka.OffsetRequest{}, map[string][]int{}
	for _, topic := range known.Topics {
		for _, p := range topic.Partitions {
			ends[topic.Name] = append(ends[topic.Name], kafka.LastOffsetOf(p.ID))
			done[topic.Name] = append(done[topic.Name], p.ID)
		}
	}
	committed, err := queue.OffsetFetch(t.Context(), &kafka.OffsetFetchRequest{GroupID: group, Topics: done})
	if err != nil {
		t.Fatal(err)
	}
	listed, err := queue.ListOffsets(t.Context(), &kafka.ListOffsetsRequest{Topics: ends})
	if err != nil {
		t.Fatal(err)
	}
	end := map[string]map[int]int64{}
	for topic, partitions := range listed.Topics {
		end[topic] = map[int]int64{}
		for _, p := range partitions {
			end[topic][p.Partition] = p.LastOffset
			n += p.LastOffset
		}
	}
	for topic, partitions := range committed.Topics {
		for _, p := range partitions {
			n -= max(0, p.CommittedOffset)
		}
		if len(partitions) != len(end[topic]) {
			t.Fatalf("%s: %d partitions and %d", topic, len(partitions), len(end[topic]))
		}
	}
	return n
}
