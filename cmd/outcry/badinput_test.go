package main_test

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"outcry/ingest/bus"
)

// TestBadRecords queues one of every kind of bad record among good ones. Each
// is counted by its reason and kept as it came; none of the good ones is lost.
func TestBadRecords(t *testing.T) {
	t.Parallel()
	const good = `{"id":"g%d","text":"WhatsApp is down, I cannot send messages","created_at":"2022-10-25T07:20:00Z"}`
	long := strings.Repeat("x", 1<<20)
	bad := []struct{ reason, line string }{
		{"not_json", `WhatsApp is down`},
		{"not_json", `["an","array"]`},
		{"not_json", `{"id":"b","text":"cut`},
		{"no_text", `{"id":"b","created_at":"2022-10-25T07:20:00Z"}`},
		{"no_text", `{"id":"b","text":" \n ","created_at":"2022-10-25T07:20:00Z"}`},
		{"no_time", `{"id":"b","text":"WhatsApp is down"}`},
		{"bad_time", `{"id":"b","text":"WhatsApp is down","created_at":"yesterday"}`},
		{"time_range", `{"id":"b","text":"WhatsApp is down","created_at":"0001-01-01T00:00:00Z"}`},
		{"time_range", fmt.Sprintf(`{"id":"b","text":"WhatsApp is down","created_at":%q}`, time.Now().Add(24*time.Hour).Format(time.RFC3339))},
		{"text_too_long", `{"id":"b","text":"` + long + `","created_at":"2022-10-25T07:20:00Z"}`},
		{"invalid_utf8", "{\"id\":\"b\",\"text\":\"WhatsApp \xff is down\",\"created_at\":\"2022-10-25T07:20:00Z\"}"},
		{"line_too_long", `{"id":"b","text":"` + strings.Repeat(long, 5) + `","created_at":"2022-10-25T07:20:00Z"}`},
		{"text_too_long", `{"id":"b","text":"` + strings.Repeat("<", 3<<20) + `","created_at":"2022-10-25T07:20:00Z"}`},
		{"too_large", `{"id":"b","text":"WhatsApp is down","about":["` + strings.Repeat("<", 3<<20) + `"],"created_at":"2022-10-25T07:20:00Z"}`},
		{"bad_id", `{"id":"` + long[:2000] + `","text":"WhatsApp is down","created_at":"2022-10-25T07:20:00Z"}`},
		{"bad_source", `{"id":"b","source":"<script>","text":"WhatsApp is down","created_at":"2022-10-25T07:20:00Z"}`},
	}
	var lines strings.Builder
	want := map[string]int{}
	for i, b := range bad {
		fmt.Fprintf(&lines, good+"\n%s\n", i, b.line)
		want[b.reason]++
	}
	path := filepath.Join(t.TempDir(), "posts.ndjson")
	if err := os.WriteFile(path, []byte(lines.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	s := start(t, t.TempDir())
	out, errs, code := outcry(t, "", "ingest", "--data", s.data, "--file", path)
	summary := fmt.Sprintf("%s: %d lines read, %d kept, %d refused\n", path, 2*len(bad), len(bad), len(bad))
	if code != 0 || !strings.HasPrefix(out, summary) {
		t.Errorf("got %d, %s%s, want %s", code, out, errs, summary)
	}
	for reason, n := range want {
		if !strings.Contains(out, fmt.Sprintf("%8d %s\n", n, reason)) {
			t.Errorf("no %d %s in:\n%s", n, reason, out)
		}
	}
	at := time.Date(2022, 10, 25, 7, 20, 0, 0, time.UTC)
	s.await("the good posts", func() bool {
		return s.curve("whatsapp", at, at.Add(time.Minute), "1m", "")[0].Posts == uint64(len(bad))
	})
	letters := s.deadLetters(t, len(bad))
	for i, b := range bad {
		letter := letters[i]
		position := fmt.Sprintf("posts.ndjson:%d", 2*i+2)
		if letter["reason"] != b.reason || letter["position"] != position || letter["detail"] == "" {
			t.Errorf("got %.300v, want %s at %s", letter, b.reason, position)
		}
	}
	s.stop()
}

// deadLetters reads the dead-letter topic as an operator would.
func (s *server) deadLetters(t *testing.T, n int) (letters []map[string]string) {
	t.Helper()
	address, err := bus.FindEmbedded(t.Context(), filepath.Join(s.data, "queue"))
	if err != nil {
		t.Fatal(err)
	}
	b, err := bus.Connect(t.Context(), bus.Options{Brokers: []string{address}})
	if err != nil {
		t.Fatal(err)
	}
	reader, err := b.NewReader("test", slog.New(slog.DiscardHandler), "dead-letters")
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	for len(letters) < n {
		batch, err := reader.Fetch(t.Context(), n, 100*time.Millisecond)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range batch.Messages {
			letter := map[string]string{"raw": string(m.Value)}
			for _, h := range m.Headers {
				letter[h.Name] = h.Value
			}
			letters = append(letters, letter)
		}
	}
	return letters
}

// TestStrangersInTheQueue puts messages into the topics that no part of the
// program would write.
func TestStrangersInTheQueue(t *testing.T) {
	t.Parallel()
	s := start(t, t.TempDir())
	address, err := bus.FindEmbedded(t.Context(), filepath.Join(s.data, "queue"))
	if err != nil {
		t.Fatal(err)
	}
	b, err := bus.Connect(t.Context(), bus.Options{Brokers: []string{address}})
	if err != nil {
		t.Fatal(err)
	}
	w := b.NewWriter(slog.New(slog.DiscardHandler))
	defer w.Close()
	err = w.Write(t.Context(), []bus.Message{
		{Topic: "posts", Value: []byte("no post")},
		{Topic: "posts", Value: []byte(`{"id":"1","source":"x","text":"WhatsApp is down","created_at":"9999-01-01T00:00:00Z"}`)},
		{Topic: "signals", Value: []byte("{}")},
		{Topic: "volumes", Value: []byte("\x00")},
		{Topic: "posts", Value: []byte(`{"id":"2","source":"x","text":"WhatsApp is down","created_at":"2022-10-25T07:20:00Z"}`)},
	})
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2022, 10, 25, 7, 20, 0, 0, time.UTC)
	s.await("the good post", func() bool { return s.curve("whatsapp", at, at.Add(time.Minute), "1m", "")[0].Posts == 1 })
	stages := map[string]int{}
	for _, letter := range s.deadLetters(t, 4) {
		stages[letter["stage"]+" "+letter["reason"]]++
	}
	if fmt.Sprint(stages) != "map[aggregate not_json:2 classify not_json:1 classify time_range:1]" {
		t.Errorf("got %v", stages)
	}
	s.stop()
}

// TestDeletionIsHonoured follows a deletion through the street: the post is
// gone, its count stays.
func TestDeletionIsHonoured(t *testing.T) {
	t.Parallel()
	const post = `{"id":"1","text":"WhatsApp is down","created_at":"2022-10-25T07:20:00Z"}` + "\n"
	s := start(t, t.TempDir())
	ingest := func(line string) {
		if out, errs, code := outcry(t, line, "ingest", "--data", s.data, "--file", "-", "--format", "ndjson"); code != 0 {
			t.Fatal(out, errs)
		}
	}
	evidence := func() int {
		var answer struct{ Posts []json.RawMessage }
		body := s.get("/v1/posts?service=whatsapp&from=2022-10-25T07:00:00Z&to=2022-10-25T08:00:00Z", "application/json")
		if err := json.Unmarshal(body, &answer); err != nil {
			t.Fatal(err)
		}
		return len(answer.Posts)
	}
	ingest(post)
	s.await("the post", func() bool { return evidence() == 1 })
	ingest(`{"id":"1","deleted":true}` + "\n")
	s.await("the deletion", func() bool { return evidence() == 0 })
	ingest(post) // a source may hand it on once more
	at := time.Date(2022, 10, 25, 7, 20, 0, 0, time.UTC)
	time.Sleep(time.Second)
	if got := s.curve("whatsapp", at, at.Add(time.Minute), "1m", "")[0]; got.Posts != 1 || evidence() != 0 {
		t.Errorf("got %+v and %d posts", got, evidence())
	}
	s.stop()
}

func TestBadQueries(t *testing.T) {
	t.Parallel()
	s := start(t, t.TempDir())
	for _, c := range []struct {
		path   string
		status int
		say    string
	}{
		{"/v1/curves?service=whatsap", 404, "whatsapp"},
		{"/v1/curves", 400, "service"},
		{"/v1/curves?service=whatsapp&step=7m", 400, "1m"},
		{"/v1/curves?service=whatsapp&from=2022-10-25T08:00:00Z&to=2022-10-25T07:00:00Z", 400, "from"},
		{"/v1/curves?service=whatsapp&from=yesterday", 400, "2022-10-25T07:17:00Z"},
		{"/v1/curves?serivce=whatsapp", 400, "serivce"},
		{"/v1/nothing", 404, ""},
	} {
		response, err := http.Get(s.url + c.path)
		if err != nil {
			t.Fatal(err)
		}
		var problem struct{ Title, Detail string }
		err = json.NewDecoder(response.Body).Decode(&problem)
		response.Body.Close()
		if response.StatusCode != c.status || response.Header.Get("Content-Type") != "application/problem+json" ||
			err != nil || problem.Title == "" || !strings.Contains(problem.Detail, c.say) {
			t.Errorf("%s: got %s, %+v, %v; want %d and %q", c.path, response.Status, problem, err, c.status, c.say)
		}
	}
	s.stop()
}

// TestStartSaysWhatIsWrong gives every fault at the start its sentence.
func TestStartSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	s := start(t, t.TempDir())
	taken := strings.TrimPrefix(s.url, "http://")
	config := filepath.Join(t.TempDir(), "outcry.yaml")
	if err := os.WriteFile(config, []byte("lisen: 127.0.0.1:1\nkafka: [a]\nspeeed: 3\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		args string
		code int
		say  []string
	}{
		{"run --listen 127.0.0.1:0 --data " + s.data, 1, []string{"in use by another Outcry", "--data"}},
		{"run --data " + t.TempDir() + " --listen " + taken, 1, []string{"address already in use", "--listen"}},
		{"run --listen 127.0.0.1:0 --data " + t.TempDir() + " --libchdb /nowhere/libchdb.so", 1, []string{"/nowhere/libchdb.so", "no such file"}},
		{"run --listen 127.0.0.1:0 --data " + t.TempDir() + " --queue-port " + taken[strings.LastIndex(taken, ":")+1:], 1, []string{"--queue-port"}},
		{"run --listen 127.0.0.1:0 --data " + t.TempDir() + " --kafka 127.0.0.1:1", 1, []string{"127.0.0.1:1", "no broker answers"}},
		{"run --listen 127.0.0.1:0 --data " + t.TempDir() + " --replay /nowhere.ndjson", 1, []string{"/nowhere.ndjson"}},
		{"run --listen 127.0.0.1:0 --data " + t.TempDir() + " --catalog /nowhere", 1, []string{"/nowhere"}},
		{"run --listen 127.0.0.1:0 --data " + t.TempDir() + " --author-key short", 1, []string{"author key", "16"}},
		{"--config " + config + " version", 2, []string{"lisen", "speeed", ":1:", ":3:"}},
		{"ingest --file " + config, 1, []string{"ndjson", "csv"}},
		{"ingest --file x.csv --map nonsense", 1, []string{"--map", "nonsense"}},
		{"ingest", 2, []string{"--file"}},
		{"replay", 2, []string{"<file>"}},
		{"nonsense", 2, []string{"nonsense"}},
		{"run --partitions many", 2, []string{"--partitions", "many"}},
	} {
		out, errs, code := outcry(t, "", strings.Fields(c.args)...)
		for _, say := range c.say {
			if !strings.Contains(errs, say) {
				t.Errorf("outcry %s: said %q, want %q in it", c.args, errs, say)
			}
		}
		if code != c.code || strings.Count(errs, "\n") > 3 || out != "" {
			t.Errorf("outcry %s: code %d, want %d; said:\n%s%s", c.args, code, c.code, errs, out)
		}
	}
	s.stop()
}

// TestSecondStart stops and starts the program: the data are there, and the
// replay goes on where it was.
func TestSecondStart(t *testing.T) {
	t.Parallel()
	path, posts := simulation(t)
	data, day := t.TempDir(), simulatedDay
	// at this speed the rest after 07:10 takes minutes: the stop comes midway
	replay := []string{"--replay", path, "--replay-speed", "60", "--replay-fast-until", "2022-10-25T07:10:00Z"}
	s := start(t, data, replay...)
	s.await("some posts", func() bool { return s.heard(day, day.Add(24*time.Hour)) > 5000 })
	s.stop()
	s = start(t, data)
	heard := s.heard(day, day.Add(24*time.Hour))
	if heard <= 5000 || heard >= posts {
		t.Errorf("after a stop midway, %d of %d posts", heard, posts)
	}
	s.stop()
	s = start(t, data, "--replay", path, "--replay-speed", "0")
	s.await("the whole replay", func() bool { return s.heard(day, day.Add(24*time.Hour)) == posts })
	s.stop()
	if strings.Contains(s.log.String(), fmt.Sprint("posts=", posts)) {
		t.Errorf("the replay began again:\n%s", s.log)
	}
}
