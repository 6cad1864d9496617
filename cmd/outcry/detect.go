package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"time"
)

type detectCmd struct {
	In          string        `help:"CSV file with a header and a row for every step, oldest first; - for standard input." short:"i" required:"" placeholder:"FILE"`
	Out         string        `help:"File to write; - for standard output." short:"o" default:"-" placeholder:"FILE"`
	TimeColumn  string        `help:"Column of the time: RFC 3339, 2006-01-02 15:04:05, 2006-01-02 or Unix time; without a zone it is UTC." default:"timestamp" placeholder:"NAME"`
	ValueColumn string        `help:"Column of the count." default:"value" placeholder:"NAME"`
	Step        time.Duration `help:"Time from row to row, a day at most; default: as in the first rows." placeholder:"5m"`
}

const longestStep = 24 * time.Hour

// Validate is called by kong; it names every bad value.
func (c *detectCmd) Validate() error {
	var errs []error
	if c.Step < 0 || c.Step > longestStep {
		errs = append(errs, fmt.Errorf("--step %v: must be positive and at most 24h", c.Step))
	}
	if c.TimeColumn == c.ValueColumn {
		errs = append(errs, fmt.Errorf("--time-column and --value-column are both %q: name two columns", c.TimeColumn))
	}
	return errors.Join(errs...)
}

// Run answers every row with its score as soon as it is read.
func (c *detectCmd) Run(e *env) error {
	in, name := e.streams.In, "standard input"
	if c.In != "-" {
		f, err := os.Open(c.In)
		if err != nil {
			return fmt.Errorf("--in: %w", err)
		}
		defer f.Close()
		in, name = f, c.In
	}
	out, err := c.create(e)
	if err != nil {
		return err
	}
	// Rows that never come must not hold up a stop: all that were read are answered.
	done := make(chan error, 1)
	go func() { done <- c.detect(in, out) }()
	select {
	case err = <-done:
	case <-e.ctx.Done():
		return e.ctx.Err()
	}
	if err != nil {
		err = fmt.Errorf("%s: %w", name, err)
	}
	return errors.Join(err, out.Close())
}

// create opens the file to write, which must not be the one that is read.
func (c *detectCmd) create(e *env) (io.WriteCloser, error) {
	if c.Out == "-" {
		return keptOpen{e.streams.Out}, nil
	}
	if before, err := os.Stat(c.Out); err == nil && c.In != "-" {
		if in, err := os.Stat(c.In); err == nil && os.SameFile(before, in) {
			return nil, fmt.Errorf("--out %s: is the file to read; name another", c.Out)
		}
	}
	f, err := os.Create(c.Out)
	if err != nil {
		return nil, fmt.Errorf("--out: %w", err)
	}
	return f, nil
}

// keptOpen is a stream that is not ours to close.
type keptOpen struct{ io.Writer }

func (keptOpen) Close() error { return nil }

// detect reads rows and writes them with their scores.
func (c *detectCmd) detect(in io.Reader, out io.Writer) error {
	w := newScoreWriter(out)
	rows, err := newRowReader(flushFirst{in, w}, c.TimeColumn, c.ValueColumn)
	if err != nil {
		return err
	}
	if err := w.writeHeader(); err != nil {
		return fmt.Errorf("write scores: %w", err)
	}
	scorer := seriesScorer{step: c.Step}
	for {
		r, err := rows.next()
		if errors.Is(err, io.EOF) {
			return w.Flush()
		}
		if err != nil {
			return errors.Join(err, w.Flush())
		}
		score, err := scorer.score(r)
		if err != nil {
			return errors.Join(fmt.Errorf("line %d: %w", r.line, err), w.Flush())
		}
		if err := w.write(r, score); err != nil {
			return fmt.Errorf("write scores: %w", err)
		}
	}
}
