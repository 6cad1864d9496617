package main

import (
	"fmt"
	"math"
	"runtime"
	"text/tabwriter"
	"time"

	"outcry/aggregate/judge"
	"outcry/aggregate/spike"
	"outcry/aggregate/spike/world"
)

type evalSpikesCmd struct {
	watchFlags
	Seeds    int `help:"How many simulated worlds to judge by; the seeds are 1, 2, 3 …" default:"5"`
	Services int `help:"Services in each." default:"1000"`
	Days     int `help:"Days of each, of which the first 21 are without outages." default:"60"`
}

// Validate is called by kong.
func (c *evalSpikesCmd) Validate() error {
	if c.Seeds < 1 || c.Services < 1 || c.Days < 23 {
		return fmt.Errorf("--seeds and --services must be at least 1, --days at least 23")
	}
	return nil
}

// quietDays are those in which a detector only learns.
const quietDays = 21

// Run prints how well outages are found in simulated worlds.
func (c *evalSpikesCmd) Run(e *env) error {
	began := time.Now()
	var scores []judge.Score
	for _, score := range c.judged() {
		select {
		case s := <-score:
			scores = append(scores, s)
			fmt.Fprintf(e.streams.Err, "world %d of %d: %v\n", len(scores), c.Seeds, s)
		case <-e.ctx.Done():
			return e.ctx.Err()
		}
	}
	fmt.Fprintf(e.streams.Out, "%d simulated worlds of %d services and %d days, judged after the first %d (%s on %d cores, simulation included)\n\n",
		c.Seeds, c.Services, c.Days, quietDays, time.Since(began).Round(time.Second), runtime.GOMAXPROCS(0))
	table := tabwriter.NewWriter(e.streams.Out, 0, 8, 2, ' ', 0)
	fmt.Fprintln(table, "measure\tmean\t95% interval over worlds")
	for _, m := range []struct {
		name  string
		value func(judge.Score) float64
		form  string
	}{
		{"outages found", judge.Score.Recall, "%.3f"},
		{"severe outages found", judge.Score.SevereRecall, "%.3f"},
		{"precision", judge.Score.Precision, "%.3f"},
		{"false alarms per service and year", judge.Score.FalseAYear, "%.2f"},
		{"minutes to the alarm, P50 (10 and more complaints a minute)", quantileOf(func(s judge.Score) []int { return s.Delays }, 0.5), "%.1f"},
		{"minutes to the alarm, P90", quantileOf(func(s judge.Score) []int { return s.Delays }, 0.9), "%.1f"},
		{"minutes by which the onset is wrong, P50", quantileOf(func(s judge.Score) []int { return s.Onsets }, 0.5), "%.1f"},
		{"minutes by which the onset is wrong, P90", quantileOf(func(s judge.Score) []int { return s.Onsets }, 0.9), "%.1f"},
	} {
		mean, half := interval(scores, m.value)
		fmt.Fprintf(table, "%s\t"+m.form+"\t"+m.form+" to "+m.form+"\n", m.name, mean, math.Max(0, mean-half), mean+half)
	}
	return table.Flush()
}

// judged judges all worlds, as many at once as there are cores.
func (c *evalSpikesCmd) judged() []chan judge.Score {
	scores, seeds := make([]chan judge.Score, c.Seeds), make(chan int, c.Seeds)
	for i := range scores {
		scores[i] = make(chan judge.Score, 1)
		seeds <- i
	}
	close(seeds)
	for range runtime.GOMAXPROCS(0) {
		go func() {
			for i := range seeds {
				w := world.New(world.Config{Seed: uint64(i + 1), Services: c.Services, Days: c.Days, Quiet: quietDays})
				scores[i] <- judge.Judge(w, judge.Run(w, spike.Config{FalseAlarms: c.FalseAlarms}), quietDays*24*60)
			}
		}()
	}
	return scores
}

func quantileOf(numbers func(judge.Score) []int, q float64) func(judge.Score) float64 {
	return func(s judge.Score) float64 { return float64(judge.Quantile(numbers(s), q)) }
}

// interval is the mean, and half of its 95% interval, by Student's t; a single
// world has none.
func interval(scores []judge.Score, value func(judge.Score) float64) (mean, half float64) {
	n := float64(len(scores))
	for _, s := range scores {
		mean += value(s) / n
	}
	if n < 2 {
		return mean, 0
	}
	var squares float64
	for _, s := range scores {
		squares += (value(s) - mean) * (value(s) - mean)
	}
	// 97.5% quantiles of Student's t with 1, 2, 3 … degrees of freedom.
	student := []float64{12.71, 4.30, 3.18, 2.78, 2.57, 2.45, 2.36, 2.31, 2.26}
	t := 1.96
	if i := len(scores) - 2; i < len(student) {
		t = student[i]
	}
	return mean, t * math.Sqrt(squares/(n-1)/n)
}
