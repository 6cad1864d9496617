package spike

import "math"

// cusum sums evidence for a rise: the logarithm of how much more likely the counts
// are if the mean has risen by a factor than if it has not, never below 0. It finds
// small rises that no short window shows; Höhle and Paul, Count data regression
// charts for the monitoring of surveillance time series, 2008, section 2.
type cusum struct {
	sum    float64 // nats
	since  int     // first minute after it last was 0
	people int
}

// rise is the factor that it looks for.
const rise = 2

// add takes the count of minute t.
func (c *cusum) add(t, x int, mean, alpha float64) {
	if mean <= 0 {
		return
	}
	c.sum += llr(float64(x), mean, rise, 1/math.Max(alpha, 1e-4))
	c.people += x
	if c.sum <= 0 {
		c.sum, c.since, c.people = 0, t+1, 0
	}
}

// llr is the log likelihood ratio of x people for a mean that is factor times as
// high; r is the size of the negative binomial.
func llr(x, mean, factor, r float64) float64 {
	grown := math.Log((r + factor*mean) / (r + mean))
	return x*(math.Log(factor)-grown) - r*grown
}
