package ingest

import (
	"cmp"
	"context"
	"errors"
	"time"

	"github.com/cenkalti/backoff/v5"
)

// Waits between attempts at a live source grow to maxWait; one that heard
// something begins anew.
const (
	firstWait = time.Second
	maxWait   = time.Minute
)

// errSilent ends an attempt that hears nothing: a connection may be dead without
// a word. errEnded is for one that ended in peace.
var (
	errSilent = errors.New("nothing was heard")
	errEnded  = errors.New("it closed the connection")
)

// Listen runs a live source until ctx ends, which is no error: whenever it fails,
// ends, or is silent for so long, it is run again from where it was, after a
// pause that grows and is of random length, so that many do not come back at
// once. Only what is wrong on our side, the queue or the cursor file, is an error.
func (r *Runner) Listen(ctx context.Context, source Source, silence time.Duration) error {
	log := r.Log.With("source", source.Name())
	waits := backoff.NewExponentialBackOff()
	waits.InitialInterval, waits.MaxInterval = cmp.Or(r.FirstWait, firstWait), maxWait
	r.Metrics.begin(source.Name())
	for ctx.Err() == nil {
		stats, err := r.run(ctx, &upstream{Source: source}, silence)
		if ctx.Err() != nil {
			return nil
		}
		if err != nil && !errors.As(err, new(upstreamError)) && !errors.Is(err, errSilent) {
			return err
		}
		if stats.Read > 0 {
			waits.Reset()
		}
		wait := waits.NextBackOff()
		if err == nil {
			err = errEnded
		}
		log.Warn("the source is away, trying again", "err", err, "in", wait.Round(time.Millisecond))
		r.Metrics.reconnects.WithLabelValues(source.Name()).Inc()
		select {
		case <-time.After(wait):
		case <-ctx.Done():
		}
	}
	return nil
}

// upstream marks the errors of a source, to tell them from those of the queue.
type upstream struct{ Source }

type upstreamError struct{ error }

func (e upstreamError) Unwrap() error { return e.error }

func (u *upstream) Run(ctx context.Context, cursor string, emit func(Event) error) error {
	if err := u.Source.Run(ctx, cursor, emit); err != nil {
		return upstreamError{err}
	}
	return nil
}
