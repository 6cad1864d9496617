package simulate_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"flag"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"outcry/ingest"
	"outcry/ingest/simulate"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// run simulates and returns posts and truth as written.
func run(t *testing.T, cfg simulate.Config) (posts, truth []byte, stats simulate.Stats) {
	t.Helper()
	var p, q bytes.Buffer
	cfg.Truth = &q
	stats, err := simulate.Write(&p, cfg)
	if err != nil {
		t.Fatal(err)
	}
	return p.Bytes(), q.Bytes(), stats
}

func at(clock string) time.Time {
	t, _ := time.Parse(time.RFC3339, "2022-10-25T"+clock+":00Z")
	return t
}

// A golden minute of each phase, thinned. It also keeps a change of the
// generator from going unnoticed: the same seed must give the same bytes.
func TestGolden(t *testing.T) {
	for name, from := range map[string]string{"before": "06:40", "onset": "07:19", "peak": "07:40", "end": "09:20"} {
		cfg := simulate.Config{Seed: 7, From: at(from), To: at(from).Add(time.Minute), Scale: 0.1}
		posts, truth, _ := run(t, cfg)
		for file, got := range map[string][]byte{name + ".ndjson": posts, name + ".truth.ndjson": truth} {
			path := filepath.Join("testdata", file)
			if *update {
				if err := os.WriteFile(path, got, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			if want, err := os.ReadFile(path); err != nil || !bytes.Equal(got, want) {
				t.Errorf("%s differs (%v); run with -update if that is meant", path, err)
			}
		}
	}
}

func TestDeterminism(t *testing.T) {
	sum := func(cfg simulate.Config) string {
		posts, truth, _ := run(t, cfg)
		h := sha256.Sum256(append(posts, truth...))
		return hex.EncodeToString(h[:8])
	}
	cfg := simulate.Config{Seed: 7, Scale: 0.1}
	first := sum(cfg)
	if again := sum(cfg); again != first {
		t.Errorf("two runs: %s and %s", first, again)
	}
	cfg.Scenario = simulate.DefaultScenario
	if named := sum(cfg); named != first {
		t.Errorf("named scenario: %s, not %s", named, first)
	}
	cfg.Seed = 8
	if other := sum(cfg); other == first {
		t.Error("another seed gives the same posts")
	}
}

// A shorter span is a part of a longer one.
func TestSpan(t *testing.T) {
	all, _, _ := run(t, simulate.Config{Seed: 1, Scale: 0.3, From: at("07:10"), To: at("07:50")})
	part, _, _ := run(t, simulate.Config{Seed: 1, Scale: 0.3, From: at("07:30"), To: at("07:35")})
	if len(part) == 0 || !bytes.Contains(all, part) {
		t.Errorf("%d bytes of 07:30 to 07:35 are not among the %d of 07:10 to 07:50", len(part), len(all))
	}
	// On another day there is background, and no event.
	_, _, stats := run(t, simulate.Config{From: at("07:30").AddDate(0, 0, -1), To: at("07:40").AddDate(0, 0, -1)})
	if stats.News != 0 || stats.Resolved != 0 || stats.Complaints > 100 || stats.Posts < 1000 {
		t.Errorf("the day before: %+v", stats)
	}
}

// Every post must read back through the same door as anyone's.
func TestPostsDecode(t *testing.T) {
	posts, truth, stats := run(t, simulate.Config{Scale: 0.1})
	truths := bytes.Split(bytes.TrimSpace(truth), []byte("\n"))
	lines := bytes.Split(bytes.TrimSpace(posts), []byte("\n"))
	if len(lines) != stats.Posts || len(truths) != stats.Posts {
		t.Fatalf("%d posts, %d truths, stats %+v", len(lines), len(truths), stats)
	}
	ids, last := map[string]bool{}, at("06:30")
	for i, line := range lines {
		p, refusal := ingest.DecodePost(line, ingest.Post{})
		if refusal != nil {
			t.Fatal(refusal)
		}
		var q simulate.Truth
		if err := json.Unmarshal(truths[i], &q); err != nil || q.ID != p.ID || q.Services == nil || q.Symptoms == nil {
			t.Fatalf("%s: truth %s, %v", p.ID, truths[i], err)
		}
		if ids[p.ID] || p.CreatedAt.Before(last) || !p.CreatedAt.Before(at("10:00")) || p.CreatedAt.Truncate(time.Millisecond) != p.CreatedAt {
			t.Fatalf("id or time of %s", line)
		}
		if !strings.HasSuffix(p.Source, "-sim") || !strings.HasPrefix(p.Author, "sim-author-") || !strings.HasPrefix(p.ID, "sim-0-") {
			t.Fatalf("%s does not say that it is simulated", line)
		}
		if strings.ContainsAny(p.Text, "{}|") || strings.Contains(p.Text, "  ") {
			t.Fatalf("%s shows its template", line)
		}
		ids[p.ID], last = true, p.CreatedAt
	}
}

func TestConfigErrors(t *testing.T) {
	for _, c := range []struct {
		cfg  simulate.Config
		want string
	}{
		{simulate.Config{Scenario: "flood"}, `unknown scenario "flood": choose from whatsapp-2022-10-25`},
		{simulate.Config{Scale: -1}, "scale"},
		{simulate.Config{Scale: math.NaN()}, "scale"},
		{simulate.Config{Scale: 101}, "scale"},
		{simulate.Config{From: at("08:00"), To: at("08:00")}, "must be after"},
		{simulate.Config{From: at("12:00")}, "must be after"},
		{simulate.Config{From: at("08:00").Add(time.Second)}, "whole minutes"},
		{simulate.Config{From: at("08:00").AddDate(-1, 0, 0)}, "31 days"},
		{simulate.Config{From: at("08:00").AddDate(-900, 0, 0), To: at("09:00").AddDate(-900, 0, 0)}, "2000"},
	} {
		if _, err := simulate.Write(&bytes.Buffer{}, c.cfg); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: %v, want %q", c.cfg, err, c.want)
		}
	}
}

type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, errors.New("disk full") }

func TestWriteErrors(t *testing.T) {
	for _, cfg := range []simulate.Config{{Scale: 0.02}, {Scale: 0.02, Truth: fullDisk{}}} {
		var w interface{ Write([]byte) (int, error) } = fullDisk{}
		if cfg.Truth != nil {
			w = &bytes.Buffer{}
		}
		if _, err := simulate.Write(w, cfg); err == nil || !strings.Contains(err.Error(), "disk full") {
			t.Errorf("got %v", err)
		}
	}
}

func BenchmarkWrite(b *testing.B) {
	n := 0
	for b.Loop() {
		stats, err := simulate.Write(&bytes.Buffer{}, simulate.Config{})
		if err != nil {
			b.Fatal(err)
		}
		n += stats.Posts
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "posts/s")
}
