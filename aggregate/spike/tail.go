package spike

import "math"

// Surprise is -log10 of P(X >= people) for a negative binomial X of that mean and
// variance mean + alpha mean². It is 0 where no more people complain than the mean,
// which is no surprise, and where the mean is 0: nothing was heard.
func Surprise(people int, mean, alpha float64) float64 {
	if float64(people) <= mean || people <= 0 || mean <= 0 {
		return 0
	}
	r := 1 / max(alpha, 1e-4)
	p := mean / (r + mean) // P(X=k) = Γ(k+r)/(Γ(r) k!) (1-p)^r p^k
	k := float64(people)
	log := lgamma(k+r) - lgamma(r) - lgamma(k+1) + r*math.Log1p(-p) + k*math.Log(p)
	// The terms after the first shrink at least as fast as a geometric series once
	// k is above the mean; their ratio tends to p.
	sum, term := 1.0, 1.0
	for i := k; term > 1e-9*sum && i < k+1e5; i++ {
		term *= p * (i + r) / (i + 1)
		sum += term
	}
	return max(0, -(log+math.Log(sum))/math.Ln10)
}

// unlikely says, at little cost, whether Surprise could be at least least:
// Chernoff's bound falls short of it by no more than the logarithm of a factor that
// grows with the spread.
func unlikely(x int, mean, alpha, least float64) bool {
	if float64(x) <= mean {
		return false
	}
	short := 2 + math.Log10(1+float64(x)*alpha)
	return chernoff(float64(x), mean, alpha)/math.Ln10+short >= least
}

// chernoff bounds -ln P(X >= x) from below.
func chernoff(x, mean, alpha float64) float64 {
	r := 1 / max(alpha, 1e-4)
	return x*math.Log(x*(r+mean)/(mean*(r+x))) + r*math.Log((r+mean)/(r+x))
}

func lgamma(x float64) float64 {
	v, _ := math.Lgamma(x)
	return v
}

// Band encloses nine of ten counts of a negative binomial of that mean and variance
// mean + alpha mean²: one in twenty is below low, one in twenty above high, or fewer.
func Band(mean, alpha float64) (low, high float64) {
	return quantile(0.05, mean, alpha), quantile(0.95, mean, alpha)
}

// quantile is the least k with P(X <= k) >= q, by summing.
func quantile(q, mean, alpha float64) float64 {
	if mean <= 0 {
		return 0
	}
	r := 1 / max(alpha, 1e-4)
	p := mean / (r + mean)
	term := math.Exp(r * math.Log1p(-p))
	if term < 1e-290 { // far from 0 it is close to a normal distribution
		return math.Round(mean + 1.645*math.Copysign(1, q-0.5)*math.Sqrt(mean+alpha*mean*mean))
	}
	k := 0.0
	for sum := term; sum < q && k < 1e6; k++ {
		term *= p * (k + r) / (k + 1)
		sum += term
	}
	return k
}
