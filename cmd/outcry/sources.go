package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"text/tabwriter"
	"time"

	"go.yaml.in/yaml/v3"
	"golang.org/x/sync/errgroup"

	"outcry/ingest"
)

// sourceFlags say which live sources to hear.
type sourceFlags struct {
	Live    bool   `help:"Hear the live sources: those of --sources, else all of Bluesky."`
	Sources string `help:"YAML file of live sources and their settings." type:"path" placeholder:"FILE"`
}

// live is a source that is heard until it is told to stop. After a time of silence
// it is taken for dead; 0 where it knows by itself.
type live struct {
	ingest.Source
	silence time.Duration
	kind    string
}

// open prepares the live sources, none if none are asked for. Every wrong field
// is named.
func (f sourceFlags) open(log *slog.Logger) ([]live, error) {
	if !f.Live && f.Sources == "" {
		return nil, nil
	}
	settings := map[string]yaml.Node{"bluesky": {Kind: yaml.MappingNode}}
	if f.Sources != "" {
		text, err := os.ReadFile(f.Sources)
		if err != nil {
			return nil, fmt.Errorf("--sources: %w", err)
		}
		settings = nil
		if err := yaml.Unmarshal(text, &settings); err != nil {
			return nil, fmt.Errorf("--sources %s: %w", f.Sources, err)
		}
		if len(settings) == 0 {
			return nil, fmt.Errorf("--sources %s: it names no source", f.Sources)
		}
	}
	var all []live
	var errs []error
	for _, name := range slices.Sorted(maps.Keys(settings)) {
		source, err := openSource(name, settings[name], log)
		if err != nil {
			errs = append(errs, fmt.Errorf("--sources %s: %s: %w", f.Sources, name, err))
		}
		all = append(all, source)
	}
	return all, errors.Join(errs...)
}

// hear queues what live sources say until ctx ends.
func hear(ctx context.Context, runner *ingest.Runner, sources []live) error {
	group, ctx := errgroup.WithContext(ctx)
	for _, s := range sources {
		group.Go(func() error { return runner.Listen(ctx, s, s.silence) })
	}
	return group.Wait()
}

type sourcesCmd struct {
	List listSourcesCmd `cmd:"" default:"withargs" help:"List the live sources: how each fares, and how far it has come."`
	Test testSourceCmd  `cmd:"" help:"Connect to a source and show ten posts as they would be queued."`
}

type listSourcesCmd struct {
	dataFlags
	sourceFlags
}

// Run prints one line a source.
func (c *listSourcesCmd) Run(e *env) error {
	c.Live = true
	sources, err := c.sourceFlags.open(e.log)
	if err != nil {
		return err
	}
	cursors, states := ingest.CursorDir(filepath.Join(c.Data, "cursors")), ingest.StateDir(filepath.Join(c.Data, "sources"))
	table := tabwriter.NewWriter(e.streams.Out, 0, 8, 2, ' ', 0)
	fmt.Fprintln(table, "SOURCE\tTYPE\tSTATE\tEVENTS/S\tPOSTS\tREFUSED\tRECONNECTS\tLAST EVENT\tCURSOR")
	for _, s := range sources {
		cursor, err := cursors.Load(s.Name())
		if err != nil {
			return err
		}
		state, err := states.Load(s.Name())
		if err != nil {
			return err
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", s.Name(), s.kind, describe(state, time.Now()), shorten(cursor))
	}
	return table.Flush()
}

// describe gives the columns of a state.
func describe(s ingest.State, now time.Time) string {
	ago := func(t time.Time) string {
		if t.IsZero() {
			return "never"
		}
		return fmt.Sprintf("%s ago", now.Sub(t).Round(time.Second))
	}
	if s.Saved.IsZero() {
		return "not heard yet\t\t\t\t\tnever"
	}
	text := fmt.Sprintf("%s for %s", s.State, now.Sub(s.Since).Round(time.Second))
	if s.Error != "" {
		text += ": " + shorten(s.Error)
	}
	if s.State == ingest.Stopped || s.Stale(now) {
		text = "stopped " + ago(s.Saved)
	}
	return fmt.Sprintf("%s\t%.1f\t%d\t%d\t%d\t%s", text, s.Rate, s.Posts, s.Refused, s.Reconnects, ago(s.LastEvent))
}

// shorten cuts what is too long for a column.
func shorten(text string) string {
	const most = 80
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most-1]) + "…"
	}
	return text
}

type testSourceCmd struct {
	dataFlags
	sourceFlags
	authorFlags
	Name string        `arg:"" help:"Name of the source."`
	Wait time.Duration `help:"How long to wait for posts." default:"30s"`
}

// shown is how many posts a test shows.
const shown = 10

// Run prints posts as NDJSON; nothing is queued and no cursor is moved.
func (c *testSourceCmd) Run(e *env) error {
	c.Live = true
	sources, err := c.sourceFlags.open(e.log)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(sources, func(s live) bool { return s.Name() == c.Name })
	if i < 0 {
		return fmt.Errorf("no source is called %q", c.Name)
	}
	authors, err := c.dataFlags.authors(c.AuthorKey)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(e.ctx, c.Wait)
	defer cancel()
	count := 0
	err = sources[i].Run(ctx, "", func(event ingest.Event) error {
		if event.Refusal != nil {
			fmt.Fprintf(e.streams.Err, "refused: %v\n", event.Refusal)
		}
		if event.Post == nil || event.Post.Deleted {
			return nil
		}
		line, err := ingest.Preview(*event.Post, authors)
		if err != nil {
			return err
		}
		fmt.Fprintf(e.streams.Out, "%s\n", line)
		if count++; count == shown {
			cancel()
		}
		return ctx.Err()
	})
	switch {
	case count == shown || e.ctx.Err() != nil:
		return nil
	case err != nil && ctx.Err() == nil:
		return fmt.Errorf("%s cannot be heard: %w", c.Name, err)
	}
	return fmt.Errorf("%s gave %d posts in %s", c.Name, count, c.Wait)
}
