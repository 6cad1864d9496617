package main

import (
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strconv"
	"time"

	"outcry/aggregate/spike"
)

// seriesScorer scores rows; where no step is given it finds it in the first rows.
// Those score 0 at once, as all of the first day does, so that no row has to wait
// for the next.
type seriesScorer struct {
	step   time.Duration // 0: not known yet
	first  []row         // until the step is known
	series *spike.Series
	last   row
}

// stepRows are the rows that tell the step.
const stepRows = 12

func (s *seriesScorer) score(r row) (float64, error) {
	if !s.last.t.IsZero() && !r.t.After(s.last.t) {
		return 0, fmt.Errorf("%q is not later than %q of the row before: sort the rows by time, one for each", r.stamp, s.last.stamp)
	}
	s.last = r
	if s.series == nil && s.step == 0 {
		s.first = append(s.first, r)
		if len(s.first) < stepRows {
			return 0, nil
		}
		return 0, s.begin(medianStep(s.first))
	}
	if s.series == nil {
		s.series = spike.NewSeries(s.step)
	}
	return s.series.Step(r.t, r.value), nil
}

// begin takes the first rows in, once they have told the step.
func (s *seriesScorer) begin(step time.Duration) error {
	if step > longestStep {
		return fmt.Errorf("the rows are %v apart: want a day at most", step)
	}
	s.series = spike.NewSeries(step)
	for _, r := range s.first {
		s.series.Step(r.t, r.value)
	}
	s.first = nil
	return nil
}

// medianStep is the usual time from row to row: some may be missing.
func medianStep(rows []row) time.Duration {
	var steps []time.Duration
	for i, r := range rows[1:] {
		steps = append(steps, r.t.Sub(rows[i].t))
	}
	slices.Sort(steps)
	return steps[len(steps)/2]
}

// scoreWriter writes rows with their scores.
type scoreWriter struct{ csv *csv.Writer }

func newScoreWriter(out io.Writer) *scoreWriter { return &scoreWriter{csv: csv.NewWriter(out)} }

func (w *scoreWriter) writeHeader() error {
	return w.csv.Write([]string{"timestamp", "value", "anomaly_score"})
}

func (w *scoreWriter) write(r row, score float64) error {
	text := "0"
	if score > 0 {
		text = strconv.FormatFloat(score, 'f', 6, 64)
	}
	return w.csv.Write([]string{r.stamp, r.count, text})
}

// Flush writes all that is answered.
func (w *scoreWriter) Flush() error {
	w.csv.Flush()
	if err := w.csv.Error(); err != nil {
		return fmt.Errorf("write scores: %w", err)
	}
	return nil
}
