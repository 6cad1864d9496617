package search

import "github.com/prometheus/client_golang/prometheus"

// Metrics are the numbers of a Worker.
type Metrics struct {
	posts, deletions, refused, retries prometheus.Counter
	lag                                prometheus.Gauge
}

// NewMetrics registers the metrics, which must not be registered yet.
func NewMetrics(registry prometheus.Registerer) *Metrics {
	counter := func(name, help string) prometheus.Counter {
		return prometheus.NewCounter(prometheus.CounterOpts{Namespace: "outcry", Subsystem: "search", Name: name, Help: help})
	}
	m := &Metrics{
		posts:     counter("posts_total", "Signals indexed, repetitions included."),
		deletions: counter("deletions_total", "Deletions of posts and authors that were honoured, repetitions included."),
		refused:   counter("refused_total", "Messages that are no signal."),
		retries:   counter("retries_total", "Batches that could not be indexed at the first attempt."),
		lag:       prometheus.NewGauge(prometheus.GaugeOpts{Namespace: "outcry", Subsystem: "search", Name: "lag", Help: "Signals that the index is behind the queue, in the part it read last."}),
	}
	registry.MustRegister(m.posts, m.deletions, m.refused, m.retries, m.lag)
	return m
}
