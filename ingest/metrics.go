package ingest

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// Metrics counts posts and refusals by source, and how live sources fare.
type Metrics struct {
	events     *prometheus.CounterVec
	posts      *prometheus.CounterVec
	refused    *prometheus.CounterVec
	reconnects *prometheus.CounterVec
	lag        *prometheus.GaugeVec
	last       *prometheus.GaugeVec
}

// NewMetrics registers the metrics of this stage.
func NewMetrics(registry prometheus.Registerer) *Metrics {
	bySource := []string{"source"}
	m := &Metrics{
		events: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "outcry_ingest_events_total", Help: "Events heard, those that are no posts included."}, bySource),
		posts: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "outcry_ingest_posts_total", Help: "Posts queued."}, bySource),
		refused: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "outcry_ingest_refused_total", Help: "Records refused and kept in the dead-letter topic."}, []string{"source", "reason"}),
		reconnects: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "outcry_ingest_reconnects_total", Help: "Times that a live source was away and was tried again."}, bySource),
		lag: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "outcry_ingest_lag_seconds", Help: "Time between the network passing an event on and its being queued here."}, bySource),
		last: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "outcry_ingest_last_event_timestamp_seconds", Help: "When an event was last heard."}, bySource),
	}
	registry.MustRegister(m.events, m.posts, m.refused, m.reconnects, m.lag, m.last)
	return m
}

// begin makes the counters of a source stand at zero before anything happens.
func (m *Metrics) begin(source string) {
	m.events.WithLabelValues(source)
	m.reconnects.WithLabelValues(source)
	m.count(source, Stats{})
}

func (m *Metrics) count(source string, s Stats) {
	m.posts.WithLabelValues(source).Add(float64(s.Kept))
	for _, reason := range Reasons() {
		m.refused.WithLabelValues(source, string(reason)).Add(float64(s.Refused[reason]))
	}
}

// heard notes a batch that is queued at now.
func (m *Metrics) heard(source string, batch []Event, now time.Time) {
	m.events.WithLabelValues(source).Add(float64(len(batch)))
	m.last.WithLabelValues(source).Set(float64(now.UnixMilli()) / 1e3)
	if at := batch[len(batch)-1].At; !at.IsZero() {
		m.lag.WithLabelValues(source).Set(now.Sub(at).Seconds())
	}
}
