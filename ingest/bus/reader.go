package bus

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/segmentio/kafka-go"
)

// Reader reads topics as a member of a consumer group. It is for one
// goroutine.
type Reader struct {
	kafka *kafka.Reader
	log   *slog.Logger
}

// NewReader joins the group for the topics; a new group begins at their
// start. Close it.
func (b *Bus) NewReader(group string, log *slog.Logger, topics ...string) (*Reader, error) {
	config := kafka.ReaderConfig{
		Brokers:               b.brokers,
		Dialer:                b.dialer,
		GroupID:               group,
		GroupTopics:           topics,
		StartOffset:           kafka.FirstOffset,
		MinBytes:              1,
		MaxBytes:              MaxMessageBytes,
		MaxWait:               500 * time.Millisecond,
		QueueCapacity:         5_000,
		WatchPartitionChanges: true,
		SessionTimeout:        10 * time.Second,
		RebalanceTimeout:      10 * time.Second,
		HeartbeatInterval:     2 * time.Second,
		JoinGroupBackoff:      time.Second, // a new Kafka has no coordinator until it is asked for one
		ErrorLogger:           kafka.LoggerFunc(func(f string, args ...any) { log.Debug(fmt.Sprintf(f, args...)) }),
	}
	if err := config.Validate(); err != nil { // NewReader panics on what it refuses
		return nil, fmt.Errorf("read topics %v: %w", topics, err)
	}
	return &Reader{kafka: kafka.NewReader(config), log: log}, nil
}

// Batch is messages read together. Commit it when their effects are stored.
type Batch struct {
	Messages []Message
	raw      []kafka.Message
}

// Fetch waits for a message, then takes what else comes within window, up to
// limit messages. While the brokers are away it waits on.
func (r *Reader) Fetch(ctx context.Context, limit int, window time.Duration) (Batch, error) {
	first, err := retry(ctx, r.log, "Kafka gives no messages", func() (kafka.Message, error) { return r.kafka.FetchMessage(ctx) })
	if err != nil {
		return Batch{}, fmt.Errorf("read from Kafka: %w", err)
	}
	var batch Batch
	batch.add(first)
	soon, cancel := context.WithTimeout(ctx, window)
	defer cancel()
	for len(batch.raw) < limit {
		m, err := r.kafka.FetchMessage(soon)
		if err != nil { // also one of the brokers: what was read is not read again, so it is never thrown away
			break
		}
		batch.add(m)
	}
	return batch, nil
}

func (b *Batch) add(m kafka.Message) {
	b.raw = append(b.raw, m)
	message := Message{Topic: m.Topic, Key: m.Key, Value: m.Value}
	for _, h := range m.Headers {
		message.Headers = append(message.Headers, Header{h.Key, string(h.Value)})
	}
	b.Messages = append(b.Messages, message)
}

// Commit marks the batch as done: the group does not see it again. While the
// brokers are away, or move the group's shares about, it tries again.
func (r *Reader) Commit(ctx context.Context, b Batch) error {
	_, err := retry(ctx, r.log, "Kafka takes no commit", func() (struct{}, error) {
		return struct{}{}, r.kafka.CommitMessages(ctx, b.raw...)
	})
	if err != nil {
		return fmt.Errorf("commit to Kafka: %w", err)
	}
	return nil
}

// Lag is how many messages the reader was behind when it last fetched.
func (r *Reader) Lag() int64 { return r.kafka.Stats().Lag }

// Close leaves the group.
func (r *Reader) Close() error {
	if err := r.kafka.Close(); err != nil {
		return fmt.Errorf("close Kafka reader: %w", err)
	}
	return nil
}
