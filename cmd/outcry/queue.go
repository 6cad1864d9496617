package main

import (
	"errors"
	"fmt"
	"path/filepath"

	"outcry/ingest"
	"outcry/ingest/bus"
)

// queue is a bus and what must be closed after it.
type queue struct {
	*bus.Bus
	embedded *bus.Embedded
	writer   *bus.Writer
}

// open connects to Kafka, or to the embedded queue: its own, or, where share
// allows it, the one that another process has open in the same folder.
func (f queueFlags) open(e *env, data dataFlags, share bool) (*queue, error) {
	q := &queue{}
	options := bus.Options{Brokers: f.Kafka, TLS: f.KafkaTLS, Mechanism: f.KafkaLogin, User: f.KafkaUser, Password: f.KafkaPassword}
	if len(f.Kafka) == 0 {
		addr, err := q.openEmbedded(e, filepath.Join(data.Data, "queue"), f.QueuePort, share)
		if err != nil {
			return nil, err
		}
		options = bus.Options{Brokers: []string{addr}}
	}
	var err error
	if q.Bus, err = bus.Connect(e.ctx, options); err != nil {
		return nil, errors.Join(err, q.Close())
	}
	if err := q.EnsureTopics(e.ctx, ingest.Topics(f.Partitions)...); err != nil {
		return nil, errors.Join(err, q.Close())
	}
	q.writer = q.NewWriter(e.log.With("component", "queue"))
	return q, nil
}

func (q *queue) openEmbedded(e *env, dir string, port int, share bool) (addr string, err error) {
	q.embedded, err = bus.StartEmbedded(dir, port, e.log.With("component", "queue"))
	if errors.Is(err, bus.ErrInUse) && share {
		return bus.FindEmbedded(e.ctx, dir)
	}
	if errors.Is(err, bus.ErrInUse) {
		return "", fmt.Errorf("the data folder %s is in use by another Outcry: stop that one, or choose another folder with --data", filepath.Dir(dir))
	}
	if err != nil {
		return "", err
	}
	return q.embedded.Addr, nil
}

// Close is for when all readers are closed.
func (q *queue) Close() error {
	var errs []error
	if q.writer != nil {
		errs = append(errs, q.writer.Close())
	}
	if q.embedded != nil {
		errs = append(errs, q.embedded.Close())
	}
	return errors.Join(errs...)
}
