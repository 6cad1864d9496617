package ingest

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/cenkalti/backoff/v5"

	"outcry/ingest/bus"
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
	live := &hearing{ear: ear{source: source.Name(), silence: silence, now: r.Now}}
	live.turn(Connecting, r.Now())
	defer r.keepState(ctx, live, log)()
	for ctx.Err() == nil {
		stats, err := r.run(ctx, &upstream{Source: source}, live)
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
		live.status.lose(err, r.Now())
		select {
		case <-time.After(wait):
		case <-ctx.Done():
		}
	}
	return nil
}

// hearing is what is remembered of a live source over all attempts at it. A nil one
// is for sources that are not live.
type hearing struct {
	ear
	status
}

// patience is how long it may be silent.
func (h *hearing) patience() time.Duration {
	if h == nil {
		return 0
	}
	return h.silence
}

// coverage is what can be said of it once batch is queued.
func (h *hearing) coverage(batch []Event) (messages []bus.Message) {
	if h == nil {
		return nil
	}
	for _, c := range h.listen(batch) {
		if m, ok := c.message(h.now()); ok {
			messages = append(messages, m)
		}
	}
	return messages
}

func (h *hearing) heard(batch []Event, counts Stats) {
	if h != nil {
		h.hear(batch, counts, h.now())
	}
}

// keepState saves the state of a source now and then until the function that it
// returns is called.
func (r *Runner) keepState(ctx context.Context, live *hearing, log *slog.Logger) (stop func()) {
	if r.States == "" {
		return func() {}
	}
	save := func() {
		if err := r.States.Save(live.source, live.take(r.Now())); err != nil {
			log.Error("the state of the source is not shown", "err", err)
		}
	}
	ctx, cancel := context.WithCancel(ctx)
	var saver sync.WaitGroup
	saver.Go(func() {
		tick := time.NewTicker(stateEvery)
		defer tick.Stop()
		for {
			save()
			select {
			case <-tick.C:
			case <-ctx.Done():
				live.turn(Stopped, r.Now())
				save()
				return
			}
		}
	})
	return func() { cancel(); saver.Wait() }
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
