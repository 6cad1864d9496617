package spike_test

import (
	"cmp"
	"encoding/csv"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"

	"outcry/aggregate/spike"
)

// labelled is a series whose anomalies are known.
type labelled struct {
	scores  []float64
	windows [][2]int // first and last row, in order
}

// benchmark is the score of the Numenta Anomaly Benchmark, standard profile, at the
// threshold that suits the series best: 0 for silence, 100 for the first row of
// every window and no other; Lavin and Ahmad, Evaluating Real-time Anomaly Detection
// Algorithms, 2015. The first 15% of a series, 750 rows at most, do not count.
func benchmark(all []labelled) (best, threshold float64) {
	type row struct {
		score, worth float64
		window       int // -1: none
	}
	var rows []row
	windows := 0
	for _, s := range all {
		for i := min(len(s.scores)*15/100, 750); i < len(s.scores); i++ {
			worth, window := worthOf(i, s.windows)
			if window >= 0 {
				window += windows
			}
			rows = append(rows, row{s.scores[i], worth, window})
		}
		windows += len(s.windows)
	}
	slices.SortFunc(rows, func(a, b row) int { return cmp.Compare(b.score, a.score) })
	earned := slices.Repeat([]float64{-1}, windows) // what is missed costs as much as it would bring
	sum := -float64(windows)
	best, threshold = sum, 1
	for i, r := range rows {
		if i > 0 && r.score != rows[i-1].score && sum > best {
			best, threshold = sum, rows[i-1].score
		}
		if r.window < 0 {
			sum += r.worth
		} else if gain := r.worth - earned[r.window]; gain > 0 {
			earned[r.window] += gain
			sum += gain
		}
	}
	if sum > best {
		best, threshold = sum, 0
	}
	return 100 * (best + float64(windows)) / (2 * float64(windows)), threshold
}

// worthOf an alarm at row i: in a window, the sooner the better, up to 1; outside,
// the further behind a window the worse, down to -0.11.
func worthOf(i int, windows [][2]int) (worth float64, window int) {
	const falseAlarm = 0.11
	worth = -falseAlarm
	for w, edges := range windows {
		length := float64(edges[1] - edges[0] + 1)
		switch {
		case i < edges[0]:
			return worth, -1
		case i <= edges[1]:
			return nabSigmoid(-float64(edges[1]-i+1)/length) / nabSigmoid(-1), w
		}
		worth = falseAlarm * nabSigmoid(float64(i-edges[1])/(length-1))
	}
	return worth, -1
}

func nabSigmoid(position float64) float64 {
	if position > 3 {
		return -1
	}
	return 2/(1+math.Exp(5*position)) - 1
}

func TestBenchmarkScorer(t *testing.T) {
	series := func(alarms ...int) labelled {
		s := labelled{make([]float64, 1000), [][2]int{{400, 499}, {800, 899}}}
		for _, a := range alarms {
			s.scores[a] = 0.9
		}
		return s
	}
	late := 2/(1+math.Exp(-5*0.01)) - 1 // the last row of a window
	late /= 2/(1+math.Exp(-5)) - 1
	for _, c := range []struct {
		name   string
		alarms []int
		want   float64
	}{
		{"silence", nil, 0},
		{"all at once", []int{400, 800}, 100},
		{"again and again", []int{400, 401, 450, 800, 899}, 100},
		{"one of two", []int{400}, 50},
		{"too late", []int{499, 899}, 100 * (2*late + 2) / 4},
		{"before any window, and in probation", []int{10, 300, 400, 800}, 100 * (4 - 0.11) / 4},
		{"far behind one", []int{400, 799, 800}, 100 * (4 - 0.11) / 4},
		{"more harm than good", []int{300, 301, 302, 303, 304, 305, 306, 307, 308, 309, 310, 311, 312, 313, 314, 315, 316, 317, 318, 899}, 0},
	} {
		got, _ := benchmark([]labelled{series(c.alarms...)})
		if math.Abs(got-c.want) > 1e-9 {
			t.Errorf("%s: %.4f, want %.4f", c.name, got, c.want)
		}
	}
}

// TestTweets scores five series of tweets about companies, 79,000 rows, whose
// anomalies were labelled by people.
func TestTweets(t *testing.T) {
	folder := filepath.Join("..", "..", "..", "shared", "data", "nab-tweets")
	if _, err := os.Stat(folder); err != nil {
		t.Skipf("the labelled series of the Numenta Anomaly Benchmark are not here: %v", err)
	}
	text, err := os.ReadFile(filepath.Join(folder, "windows.json"))
	if err != nil {
		t.Fatal(err)
	}
	var windows map[string][][2]string
	if err := json.Unmarshal(text, &windows); err != nil {
		t.Fatal(err)
	}
	var all []labelled
	for name, edges := range windows {
		all = append(all, scoreFile(t, filepath.Join(folder, name), edges))
	}
	score, threshold := benchmark(all)
	t.Logf("%.3f at a threshold of %.4f", score, threshold)
	if score < 83.2 || len(all) != 5 {
		t.Errorf("%d series score %.1f, want 83.2 at least", len(all), score)
	}
}

func scoreFile(t *testing.T, path string, edges [][2]string) (s labelled) {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	records, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	series, at := spike.NewSeries(5*time.Minute), map[string]int{}
	for i, r := range records[1:] {
		stamp, err := time.Parse(time.DateTime, r[0])
		if err != nil {
			t.Fatal(err)
		}
		value, err := strconv.ParseFloat(r[1], 64)
		if err != nil {
			t.Fatal(err)
		}
		at[r[0]] = i
		s.scores = append(s.scores, series.Step(stamp, value))
	}
	for _, e := range edges {
		from, ok := at[e[0][:len(time.DateTime)]]
		to, also := at[e[1][:len(time.DateTime)]]
		if !ok || !also {
			t.Fatalf("%s has no row at an edge of %v", path, e)
		}
		s.windows = append(s.windows, [2]int{from, to})
	}
	return s
}
