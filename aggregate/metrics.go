package aggregate

import "github.com/prometheus/client_golang/prometheus"

// Metrics counts what the Worker stores.
type Metrics struct {
	signals, deleted, volumes, coverage, refused, retries prometheus.Counter
}

// NewMetrics registers the metrics of this stage.
func NewMetrics(registry prometheus.Registerer) *Metrics {
	counter := func(name, help string) prometheus.Counter {
		c := prometheus.NewCounter(prometheus.CounterOpts{Name: name, Help: help})
		registry.MustRegister(c)
		return c
	}
	return &Metrics{
		signals:  counter("outcry_aggregate_signals_total", "Signals stored, repeated ones included."),
		deleted:  counter("outcry_aggregate_deletions_total", "Deletions of posts stored."),
		volumes:  counter("outcry_aggregate_volumes_total", "Volume messages stored."),
		coverage: counter("outcry_aggregate_coverage_total", "Messages stored that say when a source was heard."),
		refused:  counter("outcry_aggregate_refused_total", "Messages that are none of these, kept in the dead-letter topic."),
		retries:  counter("outcry_aggregate_retries_total", "Attempts to store that failed and were repeated."),
	}
}

func (m *Metrics) count(r rows) {
	m.signals.Add(float64(len(r.signals)))
	m.deleted.Add(float64(len(r.deleted)))
	m.volumes.Add(float64(len(r.volumes)))
	m.coverage.Add(float64(len(r.coverage)))
	m.refused.Add(float64(len(r.dead)))
}
