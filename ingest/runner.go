package ingest

import (
	"bytes"
	"cmp"
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
	Read    int64            // posts and refused records
	Kept    int64            // posts that are queued
	Refused map[Reason]int64 // records in the dead-letter topic
}

// Runner queues what sources hear. All fields are needed but FirstWait, States and
// Cursors, without which a source begins at its start.
type Runner struct {
	Queue   Queue
	Cursors Cursors
	Authors AuthorKey
	Metrics *Metrics
	Now     func() time.Time
	Log     *slog.Logger

	States    StateDir      // where Listen keeps how sources fare; empty: nowhere
	FirstWait time.Duration // of Listen, before it tries a second time; 0: a second
}

// Run queues the events of one source until it has no more, fails, or ctx
// ends, which is no error. It returns when all it counts as kept is queued.
func (r *Runner) Run(ctx context.Context, source Source) (Stats, error) {
	return r.run(ctx, source, nil)
}

// run is Run; with hearing, of a live source, it fails with errSilent when nothing
// is heard for too long. While the queue is full the source is not waited for.
func (r *Runner) run(ctx context.Context, source Source, live *hearing) (Stats, error) {
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
	group.Go(func() error { return r.queueAll(groupCtx, source.Name(), events, live, &stats) })
	err = group.Wait()
	if ctx.Err() != nil && errors.Is(err, ctx.Err()) {
		err = nil
	}
	return stats, err
}

// Accept queues events that were brought rather than heard. It returns when they
// are safe; bringing them again changes no count.
func (r *Runner) Accept(ctx context.Context, source string, events []Event) (Stats, error) {
	stats := Stats{Refused: map[Reason]int64{}}
	err := r.queue(ctx, source, events, nil, &stats)
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
func (r *Runner) queueAll(ctx context.Context, source string, events <-chan Event, live *hearing, stats *Stats) error {
	ctx, cancel := bus.Outlive(ctx, flushTimeout)
	defer cancel()
	for {
		batch, err := collect(events, live.patience())
		if len(batch) == 0 {
			return err
		}
		if err := r.queue(ctx, source, batch, live, stats); err != nil {
			return err
		}
	}
}

// collect waits for an event, then takes what else comes within the window.
// It returns nothing once the channel is closed and empty, or silence has passed.
func collect(events <-chan Event, silence time.Duration) ([]Event, error) {
	first, err := wait(events, silence)
	if err != nil || first == nil {
		return nil, err
	}
	batch := []Event{*first}
	window := time.NewTimer(batchWindow)
	defer window.Stop()
	for len(batch) < batchSize {
		select {
		case e, open := <-events:
			if !open {
				return batch, nil
			}
			batch = append(batch, e)
		case <-window.C:
			return batch, nil
		}
	}
	return batch, nil
}

// wait returns the next event, nil when there are no more.
func wait(events <-chan Event, silence time.Duration) (*Event, error) {
	var over <-chan time.Time
	if silence > 0 {
		timer := time.NewTimer(silence)
		defer timer.Stop()
		over = timer.C
	}
	select {
	case e, open := <-events:
		if !open {
			return nil, nil
		}
		return &e, nil
	case <-over:
		return nil, fmt.Errorf("%w for %s", errSilent, silence)
	}
}

func (r *Runner) queue(ctx context.Context, source string, batch []Event, live *hearing, stats *Stats) error {
	messages := make([]bus.Message, 0, len(batch))
	var cursor string
	counts := Stats{Refused: map[Reason]int64{}}
	for _, e := range batch {
		if e.Cursor != "" {
			cursor = e.Cursor
		}
		if e.Post == nil && e.Refusal == nil {
			continue
		}
		counts.Read++
		message, reason := r.message(e, r.Authors)
		if messages = append(messages, message); reason == "" {
			counts.Kept++
			messages = append(messages, r.endings(e)...)
		} else {
			counts.Refused[reason]++
		}
	}
	if err := r.Queue.Write(ctx, append(messages, live.coverage(batch)...)); err != nil {
		return fmt.Errorf("queue posts of %s: %w", source, err)
	}
	stats.add(counts)
	r.Metrics.count(source, counts)
	r.Metrics.heard(source, batch, r.Now())
	live.heard(batch, counts)
	if cursor != "" && r.Cursors != nil {
		return r.Cursors.Save(source, cursor)
	}
	return nil
}

// endings are what an event says once more under each earlier key, where it is the
// end of an author: posts of that time stand under the hash of that key.
func (r *Runner) endings(e Event) (messages []bus.Message) {
	if !e.Post.Deleted || e.Post.ID != "" {
		return nil
	}
	for _, key := range r.Authors.earlier {
		message, _ := r.message(e, key) // it was not refused under the key in use
		messages = append(messages, message)
	}
	return messages
}

// message makes an event a post of the posts topic, or a dead letter with the
// reason for it.
func (r *Runner) message(e Event, authors AuthorKey) (bus.Message, Reason) {
	if e.Refusal != nil {
		return DeadLetter("ingest", e.Refusal), e.Refusal.Reason
	}
	post := queued(*e.Post, authors)
	value, err := encode(post)
	refusal := Check(post, r.Now())
	if err != nil && refusal == nil { // a year above 9999 has no JSON form
		refusal = &Refusal{Reason: BadTime, Detail: err.Error()}
	}
	if refusal != nil {
		refusal.Raw, refusal.Position = value, e.Position
		return DeadLetter("ingest", refusal), refusal.Reason
	}
	return bus.Message{Topic: PostsTopic, Key: []byte(post.Source + "/" + cmp.Or(post.ID, post.Author)), Value: value}, ""
}

// queued is a post as it is queued: its author hashed, its id given.
func queued(post Post, authors AuthorKey) Post {
	post.Author = authors.Hash(post.Source, post.Author)
	if post.ID == "" && !post.Deleted {
		post.ID = derivedID(post)
	}
	return post
}

// Preview is the JSON that would be queued for a post.
func Preview(post Post, authors AuthorKey) ([]byte, error) { return encode(queued(post, authors)) }

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
