package ingest

import "github.com/prometheus/client_golang/prometheus"

// Metrics counts posts and refusals by source.
type Metrics struct {
	posts   *prometheus.CounterVec
	refused *prometheus.CounterVec
}

// NewMetrics registers the metrics of this stage.
func NewMetrics(registry prometheus.Registerer) *Metrics {
	m := &Metrics{
		posts: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "outcry_ingest_posts_total", Help: "Posts queued."}, []string{"source"}),
		refused: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "outcry_ingest_refused_total", Help: "Records refused and kept in the dead-letter topic."}, []string{"source", "reason"}),
	}
	registry.MustRegister(m.posts, m.refused)
	return m
}

func (m *Metrics) count(source string, s Stats) {
	m.posts.WithLabelValues(source).Add(float64(s.Kept))
	for _, reason := range Reasons() {
		m.refused.WithLabelValues(source, string(reason)).Add(float64(s.Refused[reason]))
	}
}
