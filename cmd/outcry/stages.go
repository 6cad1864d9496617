package main

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"outcry/aggregate"
	"outcry/aggregate/spike"
	"outcry/aggregate/store"
	"outcry/ingest"
	"outcry/nlp"
	"outcry/nlp/catalog"
)

func newRegistry() *prometheus.Registry {
	registry := prometheus.NewRegistry()
	registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return registry
}

// classify runs the second stage until ctx ends.
func classify(ctx context.Context, q *queue, c *nlp.Classifier, registry *prometheus.Registry, log *slog.Logger) error {
	reader, err := q.NewReader("outcry-classify", log.With("component", "classify"), ingest.PostsTopic)
	if err != nil {
		return err
	}
	worker := &nlp.Worker{Reader: reader, Queue: q.writer, Classifier: c, Metrics: nlp.NewMetrics(registry), Now: time.Now}
	return errors.Join(worker.Run(ctx), reader.Close())
}

// storeSignals runs the third stage until ctx ends.
func storeSignals(ctx context.Context, q *queue, s *store.Store, registry *prometheus.Registry, log *slog.Logger) error {
	log = log.With("component", "aggregate")
	reader, err := q.NewReader("outcry-aggregate", log, ingest.SignalsTopic, ingest.VolumesTopic, ingest.CoverageTopic)
	if err != nil {
		return err
	}
	worker := &aggregate.Worker{Reader: reader, Queue: q.writer, Store: s, Metrics: aggregate.NewMetrics(registry), Now: time.Now, Log: log}
	return errors.Join(worker.Run(ctx), reader.Close())
}

// watch looks for incidents until ctx ends.
func (f watchFlags) watch(ctx context.Context, q *queue, s *store.Store, services *catalog.Catalog, registry *prometheus.Registry, log *slog.Logger) error {
	watcher := &aggregate.Watcher{
		Store: s, Queue: q.writer, Owner: ownerOf(services), Config: spike.Config{FalseAlarms: f.FalseAlarms},
		Metrics: aggregate.NewWatchMetrics(registry), Now: time.Now, Log: log.With("component", "watch"),
	}
	return watcher.Run(ctx)
}
