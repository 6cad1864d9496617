package aggregate

import (
	"math"
	"slices"
)

// Norm is how many people would complain in a range of time as usual: their number
// varies by Usual + Alpha Usual² in the square.
type Norm struct{ Usual, Alpha float64 }

// mostTails bounds how many terms of a tail are added up.
const mostTails = 1e6

// What is assumed of people where their number alone is known: they come in clusters
// as people answer each other, and the level sways.
const (
	clusterGuess = 1.0
	swayGuess    = 0.15
	guessDays    = 4 // that the guess of the variance weighs as much as
)

// Above says how far people are above usual in standard deviations of a normal
// distribution, below it where it is negative. It is the quantile residual of a
// negative binomial distribution at its mid-p value (Dunn and Smyth, "Randomized
// quantile residuals", Journal of Computational and Graphical Statistics 5, 1996;
// Lancaster, "Significance tests in discrete distributions", JASA 56, 1961): what is
// equally unlikely has the same number, whether a service has a complaint a day or a
// thousand an hour, which cannot be said of ratios, nor of z-scores of small counts.
func Above(people, usual, alpha float64) float64 {
	if usual <= 0 || people < 0 {
		return 0
	}
	alpha = max(alpha, 1e-4)
	if people > usual {
		return quantile(logTail(people, usual, alpha, 1))
	}
	return -quantile(logTail(people, usual, alpha, -1))
}

// AboveUnknown stands in for Above where nothing tells what is usual: it takes half of
// the people for usual, and their number to vary as much as it is, so that a crowd
// stands before a few, and both behind whatever is known to be unusual.
func AboveUnknown(people float64) float64 {
	return Above(people, people/2+0.5, 1)
}

// logTail is the logarithm of the chance of more than k people, up = 1, or of fewer,
// up = -1, with half of the chance of k itself.
func logTail(k, mean, alpha, up float64) float64 {
	r := 1 / alpha
	p := mean / (r + mean) // P(X=k) = Γ(k+r)/(Γ(r) k!) (1-p)^r p^k
	log := lgamma(k+r) - lgamma(r) - lgamma(k+1) - r*math.Log1p(mean/r) + k*math.Log(p)
	sum, term := 0.5, 1.0
	for i := k; i+up >= 0 && math.Abs(i-k) < mostTails; {
		ratio := p * (i + r) / (i + 1) // of i+1 to i
		if up < 0 {
			ratio = i / (p * (i - 1 + r)) // of i-1 to i
		}
		term, i = term*ratio, i+up
		sum += term
		if term < 1e-9*sum && ratio < 1 {
			break
		}
	}
	return min(log+math.Log(sum), -1e-12)
}

// quantile is how many standard deviations of a normal distribution are exceeded with
// a chance of that logarithm. Of small chances math.Erfcinv knows nothing: they are
// approached from the asymptote by Newton's steps, as far as a float64 holds them.
func quantile(log float64) float64 {
	if log > -16 {
		return math.Sqrt2 * math.Erfcinv(2*math.Exp(log))
	}
	square := -2*log - math.Log(2*math.Pi)
	z := math.Sqrt(square - math.Log(square))
	for range 4 {
		tail := math.Erfc(z/math.Sqrt2) / 2
		if tail < 1e-290 {
			break
		}
		z += (math.Log(tail) - log) * tail / (math.Exp(-z*z/2) / math.Sqrt(2*math.Pi))
	}
	return z
}

func lgamma(x float64) float64 {
	v, _ := math.Lgamma(x)
	return v
}

// NormOfMinutes is the norm of a range of minutes, of which usual people are expected
// in all, and alpha is that of a single minute. What makes counts of a minute vary is
// in part that people answer each other, which evens out over a range, in part that
// the level sways, which does not; how much of it is which is not known, and the sway
// is taken to be as large as it is guessed for a service that nothing is known of.
func NormOfMinutes(usual, alpha float64, minutes int) *Norm {
	sway := min(alpha, swayGuess)
	return &Norm{usual, sway + (alpha-sway)/float64(max(minutes, 1))}
}

// NormOfDays is the norm by what there was at the same time of other days: nil where
// there are none. Of four days or more the largest counts as the second largest, so
// that an outage of last week does not hide that of today.
func NormOfDays(people []uint64) *Norm {
	n := float64(len(people))
	if n == 0 {
		return nil
	}
	counts := slices.Sorted(slices.Values(people))
	if last := len(counts) - 1; last >= 3 {
		counts[last] = counts[last-1]
	}
	var sum, squares float64
	for _, c := range counts {
		sum += float64(c)
	}
	mean := (sum + 0.5) / n // nobody in a few days does not mean that nobody ever does
	for _, c := range counts {
		squares += (float64(c) - mean) * (float64(c) - mean)
	}
	guess := clusterGuess/max(mean, 0.5) + swayGuess
	seen := max(0, (squares/max(n-1, 1)-mean)/(mean*mean))
	alpha := (guess*guessDays + seen*(n-1)) / (guessDays + n - 1)
	return &Norm{mean, alpha + (1/mean+alpha)/n} // the mean is itself not known well
}
