package spike

import (
	"encoding/csv"
	"math"
	"os"
	"strconv"
	"testing"
	"time"
)

// TestGolden compares with scores that the reference implementation, in Python with
// numpy, gave to six days of simulated counts with four events in them, the greatest
// of which reaches the bound of the evidence. The column rarity tells of every row.
func TestGolden(t *testing.T) {
	f, err := os.Open("testdata/series.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	records, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	s, told := NewSeries(5*time.Minute), 0
	// The ladder hides most of it, so other rarities are fed with the same evidence.
	var rare [len(factors)]rarity
	for i := range rare {
		rare[i] = newRarity(5 * time.Minute)
	}
	for i, r := range records[1:] {
		stamp, err := time.Parse(time.DateTime, r[0])
		if err != nil {
			t.Fatal(err)
		}
		value, rarity, want := number(t, r[1]), number(t, r[2]), number(t, r[3])
		got := s.Step(stamp, value)
		if got > 0 {
			told++
		}
		z := 0.0
		for i := range rare {
			z += rare[i].of(s.sought[i].evidence) / float64(len(rare))
		}
		if math.Abs(z-rarity) > 1e-9 || math.Abs(got-want) > 1e-9 {
			t.Fatalf("line %d: rarity %.12f, score %.12f, want %.12f, %.12f", i+2, z, got, rarity, want)
		}
	}
	if told != 6 {
		t.Errorf("%d rows with a score, want 6: does the file still hold its events?", told)
	}
}

func number(t *testing.T, s string) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		t.Fatal(err)
	}
	return v
}
