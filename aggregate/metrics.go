package aggregate

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

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

// WatchMetrics say how a Watcher fares.
type WatchMetrics struct {
	seconds, failed      prometheus.Counter
	lag, open, detectors prometheus.Gauge
}

// NewWatchMetrics registers the metrics of a Watcher.
func NewWatchMetrics(registry prometheus.Registerer) *WatchMetrics {
	m := &WatchMetrics{
		seconds:   prometheus.NewCounter(prometheus.CounterOpts{Name: "outcry_watch_seconds_total", Help: "Time spent on looking for incidents."}),
		failed:    prometheus.NewCounter(prometheus.CounterOpts{Name: "outcry_watch_failures_total", Help: "Looks that failed and were repeated."}),
		lag:       prometheus.NewGauge(prometheus.GaugeOpts{Name: "outcry_watch_lag_seconds", Help: "Time between the end of the last minute that was looked at and the look."}),
		open:      prometheus.NewGauge(prometheus.GaugeOpts{Name: "outcry_incidents_open", Help: "Incidents that last."}),
		detectors: prometheus.NewGauge(prometheus.GaugeOpts{Name: "outcry_watch_services", Help: "Services that are watched."}),
	}
	registry.MustRegister(m.seconds, m.failed, m.lag, m.open, m.detectors)
	return m
}

func (m *WatchMetrics) looked(took, lag time.Duration, services int) {
	m.seconds.Add(took.Seconds())
	m.lag.Set(lag.Seconds())
	m.detectors.Set(float64(services))
}
