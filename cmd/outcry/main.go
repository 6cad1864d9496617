// Command outcry turns public posts into per-minute complaint curves. Its
// subcommands are the stages of the street, one by one or all in one process.
package main

import (
	"context"
	"io"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	// A second signal ends the process at once, should a stop ever hang.
	context.AfterFunc(ctx, stop)
	os.Exit(Main(ctx, os.Args[1:], Streams{In: os.Stdin, Out: os.Stdout, Err: os.Stderr}))
}

// Streams are the standard streams of a command.
type Streams struct {
	In       io.Reader
	Out, Err io.Writer
}

// Main runs one command line until it is done or ctx ends, and returns the
// exit code: 0 done or stopped, 1 failed, 2 a mistake in the command line,
// the environment or the configuration file.
func Main(ctx context.Context, args []string, streams Streams) int {
	return parseAndRun(ctx, args, streams)
}
