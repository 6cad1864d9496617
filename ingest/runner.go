package ingest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"golang.org/x/sync/errgroup"

	"outcry/ingest/bus"
)

const (
	batchSize   = 2_000
	batchWindow = 20 * time.Millisecond
	// flushTimeout bounds the last write after a stop was asked for.
	flushTimeout = 10 * time.Second
)

// Queue takes messages; it returns when they are safe, or its context ends.
type Queue interface {
	Write(ctx context.Context, messages []bus.Message) error
}

// Cursors remembers how far a source has come.
type Cursors interface {
	Load(source string) (string, error)
	Save(source, cursor string) error
}

// Stats counts what a run heard.
type Stats struct {
	Read    int64            // records, refused ones included
	Kept    int64            // posts that are queued
	Refused map[Reason]int64 // records in the dead-letter topic
}

// Runner queues what sources hear. All fields are needed but Cursors, without
// which a source begins at its start.
type Runner struct {
	Queue   Queue
	Cursors Cursors
	Authors AuthorKey
	Metrics *Metrics
	Now     func() time.Time
	Log     *slog.Logger
}

// Run queues the events of one source until it has no more, fails, or ctx
// ends, which is no error. It returns when all it counts as kept is queued.
func (r *Runner) Run(ctx context.Context, source Source) (Stats, error) {
	cursor, err := r.load(source.Name())
	if err != nil {
		return Stats{}, err
	}
	stats := Stats{Refused: map[Reason]int64{}}
	events := make(chan Event, batchSize)
	group, groupCtx := errgroup.WithContext(ctx)
	group.Go(func() error {
		defer close(events)
		return source.Run(groupCtx, cursor, func(e Event) error {
			select {
			case events <- e:
				return nil
			case <-groupCtx.Done():
				return groupCtx.Err()
			}
		})
	})
	group.Go(func() error { return r.queueAll(groupCtx, source.Name(), events, &stats) })
	err = group.Wait()
	if ctx.Err() != nil && errors.Is(err, ctx.Err()) {
		err = nil
	}
	return stats, err
}

func (r *Runner) load(source string) (string, error) {
	if r.Cursors == nil {
		return "", nil
	}
	return r.Cursors.Load(source)
}

// queueAll writes events in batches until the channel is closed. What was
// heard before a stop is still written.
func (r *Runner) queueAll(ctx context.Context, source string, events <-chan Event, stats *Stats) error {
	ctx, cancel := bus.Outlive(ctx, flushTimeout)
	defer cancel()
	for {
		batch := collect(events)
		if len(batch) == 0 {
			return nil
		}
		if err := r.queue(ctx, source, batch, stats); err != nil {
			return err
		}
	}
}

// collect waits for an event, then takes what else comes within the window.
// It returns nothing once the channel is closed and empty.
func collect(events <-chan Event) []Event {
	first, open := <-events
	if !open {
		return nil
	}
	batch := []Event{first}
	window := time.NewTimer(batchWindow)
	defer window.Stop()
	for len(batch) < batchSize {
		select {
		case e, open := <-events:
			if !open {
				return batch
			}
			batch = append(batch, e)
		case <-window.C:
			return batch
		}
	}
	return batch
}

func (r *Runner) queue(ctx context.Context, source string, batch []Event, stats *Stats) error {
	messages := make([]bus.Message, 0, len(batch))
	var cursor string
	counts := Stats{Read: int64(len(batch)), Refused: map[Reason]int64{}}
	for _, e := range batch {
		message, reason := r.message(e)
		if messages = append(messages, message); reason == "" {
			counts.Kept++
		} else {
			counts.Refused[reason]++
		}
		if e.Cursor != "" {
			cursor = e.Cursor
		}
	}
	if err := r.Queue.Write(ctx, messages); err != nil {
		return fmt.Errorf("queue posts of %s: %w", source, err)
	}
	stats.add(counts)
	r.Metrics.count(source, counts)
	if cursor != "" && r.Cursors != nil {
		return r.Cursors.Save(source, cursor)
	}
	return nil
}

// message makes an event a post of the posts topic, or a dead letter with the
// reason for it.
func (r *Runner) message(e Event) (bus.Message, Reason) {
	if e.Refusal != nil {
		return DeadLetter("ingest", e.Refusal), e.Refusal.Reason
	}
	post := *e.Post
	post.Author = r.Authors.Hash(post.Source, post.Author)
	if post.ID == "" {
		post.ID = derivedID(post)
	}
	value, err := encode(post)
	refusal := Check(post, r.Now())
	if err != nil && refusal == nil { // a year above 9999 has no JSON form
		refusal = &Refusal{Reason: BadTime, Detail: err.Error()}
	}
	if refusal != nil {
		refusal.Raw, refusal.Position = value, e.Position
		return DeadLetter("ingest", refusal), refusal.Reason
	}
	return bus.Message{Topic: PostsTopic, Key: []byte(post.Source + "/" + post.ID), Value: value}, ""
}

// encode writes a post without HTML's escapes, which make six bytes of one.
func encode(post Post) ([]byte, error) {
	var buf bytes.Buffer
	encoder := json.NewEncoder(&buf)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(post)
	return bytes.TrimSuffix(buf.Bytes(), []byte("\n")), err
}

func (s *Stats) add(o Stats) {
	s.Read += o.Read
	s.Kept += o.Kept
	for reason, n := range o.Refused {
		s.Refused[reason] += n
	}
}
