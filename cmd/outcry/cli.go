package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"

	"github.com/alecthomas/kong"
)

const description = `Outcry hears public posts, tags complaints by service and symptom, and draws the per-minute complaint curve of every service.

Every flag can also be set as OUTCRY_<FLAG> in the environment (--queue-port: OUTCRY_QUEUE_PORT) or as "flag: value" in the file given by --config. Flags win over the environment, the environment over the file.`

// cli is the command line. kong reads it by its tags.
type cli struct {
	Config    string `help:"YAML file with flag: value lines." type:"path" placeholder:"FILE"`
	LogLevel  string `help:"Least level that is logged: ${enum}." enum:"debug,info,warn,error" default:"info"`
	LogFormat string `help:"Form of the log on standard error: ${enum}." enum:"text,json" default:"text"`

	Run        runCmd        `cmd:"" help:"Run all stages in this process and serve the dashboard."`
	Ingest     ingestCmd     `cmd:"" help:"Queue posts from live sources, a file or standard input."`
	Sources    sourcesCmd    `cmd:"" help:"List live sources, or test one."`
	Classify   classifyCmd   `cmd:"" help:"Read posts from the queue, tag them, queue signals."`
	Aggregate  aggregateCmd  `cmd:"" help:"Read signals from the queue and store them as curves."`
	Serve      serveCmd      `cmd:"" help:"Serve the API and the dashboard from the store."`
	Replay     replayCmd     `cmd:"" help:"Queue the posts of a file at the pace at which they were written, or faster."`
	Tag        tagCmd        `cmd:"" help:"Tag posts: NDJSON on standard input, NDJSON on standard output. Needs no queue and no store."`
	Eval       evalCmd       `cmd:"" help:"Tag labelled posts and print how well that went, by language."`
	EvalSpikes evalSpikesCmd `cmd:"" help:"Simulate months of complaints and print how well outages are found in them; a thousand services take a core and 1 GB a world."`
	Train      trainCmd      `cmd:"" help:"Train the classifier's model from labelled posts."`
	Detect     detectCmd     `cmd:"" help:"Score how anomalous each row of any series of counts is: CSV in, CSV out. Needs no queue and no store."`
	Backtest   backtestCmd   `cmd:"" help:"Find the incidents in a file of posts or counts, on its own clock. Needs no queue and no store."`
	Simulate   simulateCmd   `cmd:"" help:"Write a simulated outage as NDJSON, for demonstrations and tests."`
	Key        keyCmd        `cmd:"" help:"Make a key for a client: print a new secret, and its hash for the file of --keys."`
	RotateKey  rotateKeyCmd  `cmd:"" help:"Make a new author key, and keep the earlier ones for deletions."`
	Version    versionCmd    `cmd:"" help:"Print the version."`
}

// env is what every command is given to work with.
type env struct {
	ctx     context.Context
	streams Streams
	log     *slog.Logger
}

// exited carries kong's wish to end (after --help) out of Parse.
type exited int

func parseAndRun(ctx context.Context, args []string, streams Streams) (code int) {
	defer func() {
		if r := recover(); r != nil {
			e, ok := r.(exited)
			if !ok {
				panic(r)
			}
			code = int(e)
		}
	}()
	var c cli
	parser, err := newParser(&c, args, streams)
	if err != nil {
		return complain(streams, 2, err)
	}
	parsed, err := parser.Parse(args)
	if err != nil {
		return complain(streams, 2, err)
	}
	e := env{ctx: ctx, streams: streams, log: c.logger(streams)}
	if err := parsed.Run(&e); err != nil && !stopped(ctx, err) {
		return complain(streams, 1, err)
	}
	return 0
}

func newParser(c *cli, args []string, streams Streams) (*kong.Kong, error) {
	resolver, err := configFile(args)
	if err != nil {
		return nil, err
	}
	parser, err := kong.New(c,
		kong.Name("outcry"),
		kong.Description(description),
		kong.Writers(streams.Out, streams.Err),
		kong.Exit(func(code int) { panic(exited(code)) }),
		kong.DefaultEnvars("OUTCRY"),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
		kong.Resolvers(resolver),
	)
	if err != nil {
		return nil, fmt.Errorf("command line: %w", err)
	}
	return parser, knownVariables(parser.Model, os.Environ())
}

func (c *cli) logger(streams Streams) *slog.Logger {
	var level slog.Level
	if err := level.UnmarshalText([]byte(c.LogLevel)); err != nil {
		level = slog.LevelInfo // the enum lets nothing else through
	}
	options := &slog.HandlerOptions{Level: level}
	if c.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(streams.Err, options))
	}
	return slog.New(slog.NewTextHandler(streams.Err, options))
}

// stopped says that err is no more than the stop that was asked for.
func stopped(ctx context.Context, err error) bool {
	return ctx.Err() != nil && errors.Is(err, ctx.Err())
}

func complain(streams Streams, code int, err error) int {
	fmt.Fprintf(streams.Err, "outcry: %v\n", err)
	return code
}
