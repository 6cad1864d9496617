package aggregate

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"golang.org/x/sync/errgroup"

	"outcry/ingest"
	"outcry/ingest/bus"
	"outcry/nlp"
)

const (
	batchSize   = 20_000
	batchWindow = 100 * time.Millisecond
	// stopTimeout bounds the batch that is under way when a stop is asked for.
	stopTimeout = 20 * time.Second
	// forgetEvery is how often the text of deleted posts is taken away: a
	// post must be gone within a minute of its deletion.
	forgetEvery = 30 * time.Second
	// forgetSpan is how far back each time looks: much longer than a post and
	// its deletion can be apart in the queue.
	forgetSpan = 24 * time.Hour
)

// Reader reads the signals, volumes and coverage topics.
type Reader interface{ bus.Fetcher }

// Queue takes messages; it returns when they are safe, or its context ends.
type Queue interface {
	Write(ctx context.Context, messages []bus.Message) error
}

// Store keeps signals, volumes and coverage. Inserting the same again changes no count.
type Store interface {
	InsertSignals(ctx context.Context, signals []nlp.Signal) error
	InsertVolumes(ctx context.Context, volumes []nlp.Volume) error
	InsertCoverage(ctx context.Context, spans []ingest.Coverage) error
	Forgetter
}

// Forgetter hides deleted posts, and takes their text away.
type Forgetter interface {
	InsertDeletions(ctx context.Context, deleted []nlp.Signal) error
	ForgetDeleted(ctx context.Context, since time.Time) error
}

// Worker reads signals, volumes and coverage and stores them. A batch is committed when
// all of it is stored.
type Worker struct {
	Reader  Reader
	Queue   Queue // for dead letters
	Store   Store
	Metrics *Metrics
	Now     func() time.Time
	Log     *slog.Logger
}

// Run works until ctx ends, which is no error.
func (w *Worker) Run(ctx context.Context) error {
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return w.storeAll(ctx) })
	group.Go(func() error { return w.forgetAll(ctx) })
	return group.Wait()
}

func (w *Worker) storeAll(ctx context.Context) error {
	if err := (bus.Loop{Limit: batchSize, Window: batchWindow, Stop: stopTimeout}).Run(ctx, w.Reader, w.work); err != nil {
		return fmt.Errorf("aggregate: %w", err)
	}
	return nil
}

func (w *Worker) work(ctx context.Context, messages []bus.Message) error {
	rows := w.sort(messages)
	if err := w.retry(ctx, "store signals", func() error { return w.Store.InsertSignals(ctx, rows.signals) }); err != nil {
		return err
	}
	if err := w.retry(ctx, "store volumes", func() error { return w.Store.InsertVolumes(ctx, rows.volumes) }); err != nil {
		return err
	}
	if err := w.retry(ctx, "store coverage", func() error { return w.Store.InsertCoverage(ctx, rows.coverage) }); err != nil {
		return err
	}
	if err := w.retry(ctx, "store deletions", func() error { return w.Store.InsertDeletions(ctx, rows.deleted) }); err != nil {
		return err
	}
	if err := w.Queue.Write(ctx, rows.dead); err != nil {
		return err
	}
	w.Metrics.count(rows)
	return nil
}

// retry tries until it succeeds or ctx ends: while the store is away, signals
// wait in their topic.
func (w *Worker) retry(ctx context.Context, what string, f func() error) error {
	_, err := bus.Insist(ctx, func() (struct{}, error) { return struct{}{}, f() }, func(err error, wait time.Duration) {
		w.Metrics.retries.Inc()
		w.Log.Error("cannot "+what+", trying again", "err", err, "in", wait)
	})
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	return nil
}

// rows is a batch, decoded and told apart.
type rows struct {
	signals  []nlp.Signal
	deleted  []nlp.Signal
	volumes  []nlp.Volume
	coverage []ingest.Coverage
	dead     []bus.Message
}

func (w *Worker) sort(messages []bus.Message) rows {
	var r rows
	for _, m := range messages {
		if err := r.take(m, w.Now()); err != nil {
			refusal := &ingest.Refusal{Reason: ingest.NotJSON, Detail: err.Error(), Raw: m.Value, Position: m.Topic + "/" + string(m.Key)}
			r.dead = append(r.dead, ingest.DeadLetter("aggregate", refusal))
		}
	}
	return r
}

func (r *rows) take(m bus.Message, now time.Time) error {
	switch m.Topic {
	case ingest.VolumesTopic:
		return r.takeVolume(m, now)
	case ingest.CoverageTopic:
		return r.takeCoverage(m, now)
	}
	return r.takeSignal(m, now)
}

func (r *rows) takeVolume(m bus.Message, now time.Time) error {
	var v nlp.Volume
	if err := json.Unmarshal(m.Value, &v); err != nil {
		return err
	}
	if err := ingest.CheckTime(v.Minute, now); err != nil {
		return err
	}
	r.volumes = append(r.volumes, v)
	return nil
}

func (r *rows) takeCoverage(m bus.Message, now time.Time) error {
	var c ingest.Coverage
	if err := json.Unmarshal(m.Value, &c); err != nil {
		return err
	}
	if err := ingest.CheckCoverage(c, now); err != nil {
		return err
	}
	r.coverage = append(r.coverage, c)
	return nil
}

func (r *rows) takeSignal(m bus.Message, now time.Time) error {
	var s nlp.Signal
	if err := json.Unmarshal(m.Value, &s); err != nil {
		return err
	}
	switch {
	case s.Deleted:
		r.deleted = append(r.deleted, s)
	case s.Service == "":
		return errors.New("a signal without a service")
	default:
		if err := ingest.CheckTime(s.CreatedAt, now); err != nil {
			return err
		}
		r.signals = append(r.signals, s)
	}
	return nil
}

// forgetAll takes the text of deleted posts away: once for all that was left
// over, then again and again, because a post may arrive after its own
// deletion.
func (w *Worker) forgetAll(ctx context.Context) error {
	tick := time.NewTicker(forgetEvery)
	defer tick.Stop()
	for since := time.Unix(0, 0); ; since = w.Now().Add(-forgetSpan) {
		if err := w.Store.ForgetDeleted(ctx, since); err != nil && ctx.Err() == nil {
			w.Log.Error("cannot forget deleted posts yet", "err", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}
