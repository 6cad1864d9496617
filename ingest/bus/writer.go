package bus

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/segmentio/kafka-go"
)

// answerTimeout is how long a broker may take to acknowledge messages.
const answerTimeout = 10 * time.Second

// Message is what a topic holds. Key chooses the partition; messages of one
// key keep their order.
type Message struct {
	Topic   string
	Key     []byte
	Value   []byte
	Headers []Header
}

// Header is a named note on a Message.
type Header struct{ Name, Value string }

// Writer puts messages into topics. It is safe for concurrent use.
type Writer struct {
	kafka *kafka.Writer
	log   *slog.Logger
}

// NewWriter makes a Writer for all topics. Close it.
func (b *Bus) NewWriter(log *slog.Logger) *Writer {
	return &Writer{log: log, kafka: &kafka.Writer{
		Addr:         kafka.TCP(b.brokers...),
		Transport:    b.transport,
		Balancer:     &kafka.Hash{},
		RequiredAcks: kafka.RequireAll,
		BatchSize:    10_000,
		BatchBytes:   MaxMessageBytes,
		BatchTimeout: 2 * time.Millisecond, // callers bring batches; waiting for more only adds delay
		Compression:  kafka.Lz4,
		MaxAttempts:  1, // Write itself tries again
		ReadTimeout:  answerTimeout,
		WriteTimeout: answerTimeout,
	}}
}

// Write returns when all messages are stored. While the brokers cannot take
// them it tries again, until ctx ends; an error that trying again cannot mend
// is returned at once. On an error some may be stored: write them all again.
func (w *Writer) Write(ctx context.Context, messages []Message) error {
	if len(messages) == 0 {
		return nil
	}
	out := make([]kafka.Message, len(messages))
	for i, m := range messages {
		out[i] = kafka.Message{Topic: m.Topic, Key: m.Key, Value: m.Value}
		for _, h := range m.Headers {
			out[i].Headers = append(out[i].Headers, kafka.Header{Key: h.Name, Value: []byte(h.Value)})
		}
	}
	if err := w.write(ctx, out); err != nil {
		return fmt.Errorf("write %d messages to Kafka: %w", len(messages), err)
	}
	return nil
}

// write tries again with what was not taken, and halves what is too large for
// a topic to take at once: one that was made by others may take less than
// MaxMessageBytes.
func (w *Writer) write(ctx context.Context, messages []kafka.Message) error {
	_, err := retry(ctx, w.log, "Kafka does not take messages", func() (struct{}, error) {
		err := w.kafka.WriteMessages(ctx, messages...)
		messages = failed(messages, err)
		return struct{}{}, firstError(err)
	})
	if !errors.Is(err, kafka.MessageSizeTooLarge) || len(messages) == 1 {
		return err
	}
	half := len(messages) / 2
	if err := w.write(ctx, messages[:half]); err != nil {
		return err
	}
	return w.write(ctx, messages[half:])
}

// failed leaves out the messages that were taken, where the error tells.
func failed(messages []kafka.Message, err error) []kafka.Message {
	var list kafka.WriteErrors
	if !errors.As(err, &list) || len(list) != len(messages) {
		return messages
	}
	var left []kafka.Message
	for i, e := range list {
		if e != nil {
			left = append(left, messages[i])
		}
	}
	return left
}

// firstError takes one error out of kafka-go's list of an error per message.
func firstError(err error) error {
	var list kafka.WriteErrors
	if !errors.As(err, &list) {
		return err
	}
	for _, e := range list {
		if e != nil {
			return e
		}
	}
	return err
}

// Close waits for running writes, as long as a broker may take to answer.
func (w *Writer) Close() error {
	closed := make(chan error, 1)
	go func() { closed <- w.kafka.Close() }()
	select {
	case err := <-closed:
		if err != nil {
			return fmt.Errorf("close Kafka writer: %w", err)
		}
		return nil
	case <-time.After(answerTimeout):
		return errors.New("close Kafka writer: no broker has acknowledged the last messages")
	}
}
