// Command bench measures the whole street on this machine, with the program
// as users run it: posts per second, seconds from a post's arrival to its
// point in the API, and memory. The posts are simulated.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"
)

func main() {
	outcry := flag.String("outcry", "bin/outcry", "the program to measure")
	rounds := flag.Int("rounds", 3, "how often each throughput is measured; the median is printed")
	probes := flag.Int("probes", 200, "how many posts are timed from arrival to answer")
	latency := flag.String("latency", "", "measure only how fast curves are answered, from a store of a year in this folder (1 GB), which is filled once")
	rate := flag.Int("rate", 200, "requests a second for -latency")
	lasts := flag.Duration("for", time.Minute, "how long -latency asks")
	first := flag.String("first", "", "measure only the first view of the dashboard in Chromium, over the same store as -latency")
	script := flag.String("script", "api/web/browser/first.mjs", "what -first has the browser do; its packages are installed by make web")
	streams := flag.Int("streams", 0, "measure only what so many live streams cost")
	flag.Parse()
	dir, err := os.MkdirTemp("", "outcry-bench-*")
	if err == nil {
		defer os.RemoveAll(dir)
		b := bench{outcry: *outcry, dir: dir, rounds: *rounds, probes: *probes}
		if *streams > 0 {
			err = b.streams(context.Background(), *streams)
		} else if *first != "" {
			err = b.first(context.Background(), *first, *script)
		} else if *latency != "" {
			err = b.latency(context.Background(), &load{rate: *rate, lasts: *lasts, keep: *latency})
		} else {
			err = b.run(context.Background())
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

type bench struct {
	outcry, dir    string
	rounds, probes int
}

func (b bench) run(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 20*time.Minute)
	defer cancel()
	fmt.Printf("machine: %s, %d cores\n", cpu(), runtime.NumCPU())
	posts, n, err := b.simulate(ctx)
	if err != nil {
		return err
	}
	if err := b.throughput(ctx, posts, n); err != nil {
		return fmt.Errorf("throughput: %w", err)
	}
	if err := b.freshness(ctx, posts); err != nil {
		return fmt.Errorf("freshness: %w", err)
	}
	return nil
}

// simulate writes four times the usual posts.
func (b bench) simulate(ctx context.Context) (path string, lines int, err error) {
	path = filepath.Join(b.dir, "simulated.ndjson")
	if out, err := exec.CommandContext(ctx, b.outcry, "simulate", "--scale", "4", "--out", path).CombinedOutput(); err != nil {
		return "", 0, fmt.Errorf("simulate: %w: %s", err, out)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return "", 0, fmt.Errorf("simulate: %w", err)
	}
	return path, strings.Count(string(text), "\n"), nil
}

// throughput times a file of posts from the start of `outcry ingest` until
// the API counts the last of them, each time into an empty store.
func (b bench) throughput(ctx context.Context, posts string, n int) error {
	var rates, peaks []float64
	var idle float64
	for round := range b.rounds {
		s, err := b.start(ctx, fmt.Sprint("throughput", round))
		if err != nil {
			return err
		}
		idle = s.memory("VmRSS")
		began := time.Now()
		if out, err := exec.CommandContext(ctx, b.outcry, "ingest", "--data", s.data, "--file", posts).CombinedOutput(); err != nil {
			return fmt.Errorf("ingest: %w: %s", err, out)
		}
		if err := s.awaitHeard(ctx, n); err != nil {
			return err
		}
		rates = append(rates, float64(n)/time.Since(began).Seconds())
		peaks = append(peaks, s.memory("VmHWM"))
		if err := s.stop(); err != nil {
			return err
		}
	}
	fmt.Printf("throughput: %.0f posts/s from file to API (median of %d runs, %d simulated posts)\n", median(rates), b.rounds, n)
	fmt.Printf("memory of outcry run: %.0f MB idle, %.0f MB at its peak under that load\n", idle, median(peaks))
	return nil
}

// freshness writes single posts into a running `outcry ingest` while a replay
// keeps the street busy, and times each until its own curve shows it.
func (b bench) freshness(ctx context.Context, posts string) error {
	s, err := b.start(ctx, "freshness", "--replay", posts, "--replay-speed", "60", "--replay-fast-until", "2022-10-25T07:20:00Z")
	if err != nil {
		return err
	}
	feed, err := b.feed(ctx, s)
	if err != nil {
		return err
	}
	var seconds []float64
	for i := range b.probes + 5 {
		took, err := s.probe(ctx, feed, i)
		if err != nil {
			return err
		}
		if i >= 5 { // the first ones join groups and warm caches
			seconds = append(seconds, took.Seconds())
		}
	}
	slices.Sort(seconds)
	fmt.Printf("freshness: p50 %.2f s, p99 %.2f s from arrival to the point in the API (%d posts, while a replay brings about 800 a second)\n",
		seconds[len(seconds)/2], seconds[len(seconds)*99/100], len(seconds))
	if err := feed.Close(); err != nil {
		return fmt.Errorf("close feed: %w", err)
	}
	return s.stop()
}

func median(values []float64) float64 {
	slices.Sort(values)
	return values[len(values)/2]
}

func cpu() string {
	text, err := os.ReadFile("/proc/cpuinfo")
	if err != nil {
		return runtime.GOOS + "/" + runtime.GOARCH
	}
	for line := range strings.Lines(string(text)) {
		if name, ok := strings.CutPrefix(line, "model name"); ok {
			return strings.TrimSpace(strings.TrimLeft(name, "\t :"))
		}
	}
	return runtime.GOOS + "/" + runtime.GOARCH
}
