package main

import (
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"time"

	"outcry/ingest/simulate"
	"outcry/nlp"
)

type tagCmd struct {
	nlpFlags
	Explain bool `help:"Print the parts of the text that earned each tag."`
}

// Run tags lines until the input ends.
func (c *tagCmd) Run(e *env) error {
	_, classifier, err := c.nlpFlags.load()
	if err != nil {
		return err
	}
	return nlp.TagLines(e.ctx, classifier, e.streams.In, e.streams.Out, nlp.TagOptions{Explain: c.Explain})
}

type simulateCmd struct {
	Scenario string  `help:"Which outage." default:"whatsapp-2022-10-25"`
	Seed     uint64  `help:"The same seed makes the same posts." default:"1"`
	Scale    float64 `help:"Times the usual number of posts." default:"1"`
	Out      string  `help:"File to write; - for standard output." short:"o" default:"-" placeholder:"FILE"`
}

// Run writes the simulated posts.
func (c *simulateCmd) Run(e *env) (err error) {
	w := e.streams.Out
	if c.Out != "-" {
		f, err := os.Create(c.Out)
		if err != nil {
			return fmt.Errorf("write simulation: %w", err)
		}
		defer func() {
			if closeErr := f.Close(); err == nil {
				err = closeErr
			}
		}()
		w = f
	}
	return c.write(e, w)
}

func (c *simulateCmd) write(e *env, w io.Writer) error {
	stats, err := simulate.Write(w, simulate.Config{Seed: c.Seed, Scenario: c.Scenario, Scale: c.Scale})
	if err != nil {
		return err
	}
	e.log.Info("simulated posts written", "scenario", c.Scenario, "seed", c.Seed, "posts", stats.Posts)
	return nil
}

type versionCmd struct{}

// Run prints the version.
func (versionCmd) Run(e *env) error {
	_, err := fmt.Fprintln(e.streams.Out, "outcry", version())
	return err
}

// version is what the build knows of itself: the module's version, or the
// commit and its time.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	commit, at := "", ""
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			commit = s.Value
		case "vcs.time":
			at = s.Value
		}
	}
	if commit == "" {
		return info.Main.Version
	}
	if t, err := time.Parse(time.RFC3339, at); err == nil {
		at = t.UTC().Format("2006-01-02")
	}
	return fmt.Sprintf("%.12s (%s)", commit, at)
}
