package nlp

import "github.com/prometheus/client_golang/prometheus"

// Metrics counts what the Worker reads.
type Metrics struct {
	posts   *prometheus.CounterVec
	refused *prometheus.CounterVec
	seconds prometheus.Counter
}

// NewMetrics registers the metrics of this stage.
func NewMetrics(registry prometheus.Registerer) *Metrics {
	m := &Metrics{
		posts: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "outcry_classify_posts_total", Help: "Posts classified, by kind."}, []string{"kind"}),
		refused: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "outcry_classify_refused_total", Help: "Messages of the posts topic that are no posts, kept in the dead-letter topic."}, []string{"reason"}),
		seconds: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "outcry_classify_seconds_total", Help: "Time spent decoding, classifying and encoding."}),
	}
	registry.MustRegister(m.posts, m.refused, m.seconds)
	return m
}
