package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/sync/errgroup"
	"golang.org/x/term"

	"outcry/ingest"
	"outcry/ingest/file"
)

type ingestCmd struct {
	dataFlags
	queueFlags
	metricsFlags
	authorFlags
	sourceFlags
	File   string `help:"File of posts: .ndjson, .csv or .tsv, also with .gz or .zst; - for standard input." placeholder:"FILE"`
	Format string `help:"Form of the file where its name does not tell: ndjson, csv or tsv." enum:",ndjson,csv,tsv" default:""`
	Map    string `help:"CSV columns by field: id=tweet_id,created_at=date,text=body,author=user,lang=lang,about=to." placeholder:"FIELD=COLUMN,…"`
	Source string `help:"Name of the source for posts that name none." default:"file"`
}

// Validate is called by kong.
func (c *ingestCmd) Validate() error {
	if (c.File == "") == !(c.Live || c.Sources != "") {
		return errors.New("give either --file or, for live sources, --live or --sources")
	}
	return nil
}

// job queues what one command is about, with a runner.
type job func(ctx context.Context, runner *ingest.Runner) error

// Run checks everything, then queues live sources until it is stopped, or a file.
func (c *ingestCmd) Run(e *env) (err error) {
	metrics, err := c.metricsFlags.listen()
	if err != nil {
		return err
	}
	work, err := c.job(e)
	if err != nil {
		return err
	}
	authors, err := c.dataFlags.authors(c.AuthorKey)
	if err != nil {
		return err
	}
	q, err := c.queueFlags.open(e, c.dataFlags, true)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, q.Close()) }()
	registry := newRegistry()
	runner := newRunner(e, q, c.dataFlags, authors, registry)
	group, ctx := errgroup.WithContext(e.ctx)
	ctx, done := context.WithCancel(ctx)
	group.Go(func() error { return serveMetrics(ctx, metrics, registry) })
	group.Go(func() error {
		defer done()
		return work(ctx, runner)
	})
	return group.Wait()
}

func (c *ingestCmd) job(e *env) (job, error) {
	if c.File != "" {
		return c.fileJob(e)
	}
	sources, err := c.sourceFlags.open(e.log)
	return func(ctx context.Context, runner *ingest.Runner) error { return hear(ctx, runner, sources) }, err
}

// fileJob queues the file and says what became of its records.
func (c *ingestCmd) fileJob(e *env) (job, error) {
	config, err := c.fileConfig(e)
	if err != nil {
		return nil, err
	}
	bar := progress(e.streams.Err)
	config.Progress = bar.set
	source, err := file.New(config)
	return func(ctx context.Context, runner *ingest.Runner) error {
		runner.Cursors = nil // a file that is given again is read again: no post counts twice
		stats, err := runner.Run(ctx, source)
		bar.finish()
		printStats(e.streams.Out, c.name(), stats)
		switch {
		case err != nil || e.ctx.Err() == nil:
			return err
		case c.File == "-":
			return errors.New("stopped: what standard input gave after the lines counted above is not queued")
		}
		return errors.New("stopped before the end of the file; give it again to queue the rest")
	}, err
}

func (c *ingestCmd) name() string {
	if c.File == "-" {
		return "standard input"
	}
	return c.File
}

func (c *ingestCmd) fileConfig(e *env) (file.Config, error) {
	mapping, err := file.ParseMapping(c.Map)
	if err != nil {
		return file.Config{}, fmt.Errorf("--map: %w", err)
	}
	return file.Config{Path: c.File, Format: c.Format, Mapping: mapping, SourceName: c.Source, Stdin: e.streams.In}, nil
}

// printStats says how many records were read, kept and refused, and why.
func printStats(w io.Writer, name string, s ingest.Stats) {
	fmt.Fprintf(w, "%s: %d lines read, %d kept, %d refused\n", name, s.Read, s.Kept, s.Read-s.Kept)
	for _, reason := range sortedReasons(s.Refused) {
		fmt.Fprintf(w, "  %8d %s\n", s.Refused[reason], reason)
	}
	if s.Read > s.Kept {
		fmt.Fprintf(w, "Refused lines are kept in the topic %s, each with its reason and place.\n", ingest.DeadLettersTopic)
	}
}

func sortedReasons(refused map[ingest.Reason]int64) []ingest.Reason {
	reasons := []ingest.Reason{}
	for reason, n := range refused {
		if n > 0 {
			reasons = append(reasons, reason)
		}
	}
	slices.SortFunc(reasons, func(a, b ingest.Reason) int {
		if refused[a] != refused[b] {
			return int(refused[b] - refused[a])
		}
		return strings.Compare(string(a), string(b))
	})
	return reasons
}

// bar is a progress bar in bytes, or nothing where no terminal shows it.
type bar struct{ *progressbar.ProgressBar }

func progress(w io.Writer) bar {
	f, ok := w.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return bar{}
	}
	return bar{progressbar.NewOptions64(-1, progressbar.OptionSetWriter(w), progressbar.OptionShowBytes(true),
		progressbar.OptionSetDescription("queueing"), progressbar.OptionClearOnFinish())}
}

func (b bar) set(read, total int64) {
	if b.ProgressBar == nil {
		return
	}
	if total > 0 {
		b.ChangeMax64(total)
	}
	_ = b.Set64(read) // a terminal that is gone is no reason to stop
}

func (b bar) finish() {
	if b.ProgressBar != nil {
		_ = b.Finish()
	}
}
