package spike

import (
	"math"
	"testing"
)

// Surprise against the plain sum of probabilities.
func TestSurprise(t *testing.T) {
	for _, mean := range []float64{0.01, 0.3, 1, 4, 30, 200} {
		for _, alpha := range []float64{0.01, 0.1, 1, 5} {
			for _, x := range []int{1, 2, 5, 12, 40, 300} {
				if float64(x) <= mean {
					if s := Surprise(x, mean, alpha); s != 0 {
						t.Errorf("%d of %g: %g, want 0", x, mean, s)
					}
					continue
				}
				r := 1 / alpha
				p := mean / (r + mean)
				want := 0.0
				for k := x + 20_000; k >= x; k-- {
					want += math.Exp(lgamma(float64(k)+r) - lgamma(r) - lgamma(float64(k)+1) + r*math.Log1p(-p) + float64(k)*math.Log(p))
				}
				if want < 1e-290 {
					continue
				}
				if got := Surprise(x, mean, alpha); math.Abs(got+math.Log10(want)) > 1e-6*math.Max(1, got) {
					t.Errorf("%d of mean %g, alpha %g: %g, want %g", x, mean, alpha, got, -math.Log10(want))
				}
				if s := Surprise(x, mean, alpha); s >= 2 && !unlikely(x, mean, alpha, s) {
					t.Errorf("%d of mean %g, alpha %g is called likely, at a surprise of %g", x, mean, alpha, s)
				}
			}
		}
	}
}

func TestQuantile(t *testing.T) {
	for _, c := range []struct{ q, mean, alpha, want float64 }{
		{0.5, 0, 1, 0}, {0.95, 0.01, 0.1, 0}, {0.05, 10, 1e-4, 5}, {0.95, 10, 1e-4, 15}, {0.95, 2000, 0.0001, 2080},
		{0.95, 773.2, 1e-4, 821}, {0.05, 773.2, 1e-4, 726},
	} {
		if got := quantile(c.q, c.mean, c.alpha); math.Abs(got-c.want) > 0.02*c.want {
			t.Errorf("%g of mean %g: %g, want %g", c.q, c.mean, got, c.want)
		}
	}
}
