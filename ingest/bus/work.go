package bus

import (
	"context"
	"errors"
	"time"

	"github.com/cenkalti/backoff/v5"
)

// Fetcher hands out batches that are fetched again by the next process until
// they are committed. *Reader is one.
type Fetcher interface {
	Fetch(ctx context.Context, limit int, window time.Duration) (Batch, error)
	Commit(ctx context.Context, b Batch) error
}

// Loop is how a stage takes its batches.
type Loop struct {
	Limit  int           // messages in a batch
	Window time.Duration // in which a batch is gathered
	Stop   time.Duration // how much longer than ctx the batch under way may take
}

// Run does one batch after another and commits each when it is done, until ctx
// ends, which is no error.
func (l Loop) Run(ctx context.Context, from Fetcher, do func(ctx context.Context, messages []Message) error) error {
	for {
		batch, err := from.Fetch(ctx, l.Limit, l.Window)
		if errors.Is(err, ctx.Err()) && ctx.Err() != nil {
			return nil
		}
		if err != nil {
			return err
		}
		if err := l.one(ctx, from, batch, do); err != nil {
			return err
		}
	}
}

func (l Loop) one(ctx context.Context, from Fetcher, batch Batch, do func(ctx context.Context, messages []Message) error) error {
	ctx, cancel := Outlive(ctx, l.Stop)
	defer cancel()
	if err := do(ctx, batch.Messages); err != nil {
		return err
	}
	return from.Commit(ctx, batch)
}

// maxWait bounds the wait between attempts, and so how much longer a stage is
// away than what it needs.
const maxWait = 5 * time.Second

// Insist does f until it succeeds or ctx ends: what a stage cannot do yet waits
// in its topic. failed hears of each attempt that is followed by another.
func Insist[T any](ctx context.Context, f func() (T, error), failed func(err error, wait time.Duration)) (T, error) {
	waits := backoff.NewExponentialBackOff()
	waits.MaxInterval = maxWait
	return backoff.Retry(ctx, f, backoff.WithBackOff(waits), backoff.WithMaxElapsedTime(0), backoff.WithNotify(failed))
}
