package search

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"time"

	"golang.org/x/sync/errgroup"

	"outcry/ingest"
	"outcry/ingest/bus"
	"outcry/nlp"
)

const (
	// batchSize bounds the memory of a batch: a text has up to 64 KiB.
	batchSize   = 4_000
	batchWindow = 500 * time.Millisecond
	stopTimeout = 20 * time.Second
	sweepEvery  = time.Hour
	// behind is a backlog that is worth a word in the log, so often.
	behind   = 10_000
	sayEvery = 10 * time.Second
)

// Reader reads the signals topic as a group of its own: Index.Group.
type Reader interface {
	bus.Fetcher
	Lag() int64
}

// Worker feeds an Index from the signals topic. A batch is committed when it is
// on the disk.
type Worker struct {
	Reader  Reader
	Index   *Index
	Metrics *Metrics
	Now     func() time.Time
	Log     *slog.Logger

	said     time.Time // of the backlog
	catching bool
}

// Run works until ctx ends, which is no error.
func (w *Worker) Run(ctx context.Context) error {
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return w.feed(ctx) })
	group.Go(func() error { return w.sweep(ctx) })
	return group.Wait()
}

func (w *Worker) feed(ctx context.Context) error {
	if err := (bus.Loop{Limit: batchSize, Window: batchWindow, Stop: stopTimeout}).Run(ctx, w.Reader, w.work); err != nil {
		return fmt.Errorf("feed search: %w", err)
	}
	return nil
}

func (w *Worker) work(ctx context.Context, messages []bus.Message) error {
	posts, deleted := w.sort(messages)
	_, err := bus.Insist(ctx, func() (struct{}, error) { return struct{}{}, w.Index.Apply(ctx, posts, deleted) }, func(err error, wait time.Duration) {
		w.Metrics.retries.Inc()
		w.Log.Error("cannot index posts for search, trying again", "err", err, "in", wait)
	})
	if err != nil {
		return err
	}
	w.Metrics.posts.Add(float64(len(posts)))
	w.Metrics.deletions.Add(float64(len(deleted)))
	w.say()
	return nil
}

// say tells of a backlog now and then, and of its end.
func (w *Worker) say() {
	lag := w.Reader.Lag()
	w.Metrics.lag.Set(float64(lag))
	switch now := w.Now(); {
	case lag >= behind && now.Sub(w.said) >= sayEvery:
		w.said, w.catching = now, true
		w.Log.Info("search is catching up; what is newer is not found yet", "signals", lag)
	case lag == 0 && w.catching:
		w.catching = false
		w.Log.Info("search has caught up")
	}
}

// sort leaves out what is no signal: the third stage keeps it as a dead letter.
func (w *Worker) sort(messages []bus.Message) (posts, deleted []nlp.Signal) {
	for _, m := range messages {
		var s nlp.Signal
		err := json.Unmarshal(m.Value, &s)
		switch {
		case err == nil && s.Deleted:
			deleted = append(deleted, s)
		case err != nil || s.Service == "" || ingest.CheckTime(s.CreatedAt, w.Now()) != nil:
			w.Metrics.refused.Inc()
		default:
			posts = append(posts, s)
		}
	}
	return posts, deleted
}

func (w *Worker) sweep(ctx context.Context) error {
	tick := time.NewTicker(sweepEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
			if err := w.Index.sweep(ctx); err != nil && ctx.Err() == nil {
				w.Log.Error("cannot drop old text from search yet", "err", err)
			}
		}
	}
}
