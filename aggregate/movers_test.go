package aggregate_test

import (
	"math"
	"testing"

	"outcry/aggregate"
)

// Values of a normal quantile at the mid-p value, worked out by summing the
// distribution term by term.
func TestAbove(t *testing.T) {
	reference := func(people, usual, alpha float64) float64 {
		r := 1 / alpha
		below, term := 0.0, math.Pow(r/(r+usual), r)
		for k := 0.0; k < people; k++ {
			below += term
			term *= usual / (r + usual) * (k + r) / (k + 1)
		}
		return math.Sqrt2 * math.Erfinv(2*(below+term/2)-1)
	}
	for _, c := range [][3]float64{{0, 0.1, 2}, {1, 0.1, 2}, {3, 0.1, 0.5}, {10, 10, 0.1}, {9, 10, 0.1}, {11, 10, 0.1}, {30, 10, 0.1}, {0, 10, 0.1}, {1200, 1000, 0.05}, {600, 1000, 0.05}, {2000, 1000, 0.03}} {
		if got, want := aggregate.Above(c[0], c[1], c[2]), reference(c[0], c[1], c[2]); math.Abs(got-want) > 1e-6*(1+math.Abs(want)) {
			t.Errorf("Above%v = %g, want %g", c, got, want)
		}
	}
}

// Where a float64 cannot hold the chance, another count is as unlikely by the known
// asymptote: ln Q(z) = -z²/2 - ln(z √2π) - 1/z² for large z.
func TestAboveFarOut(t *testing.T) {
	for _, people := range []float64{30, 60, 100, 300, 1000, 5000} {
		const usual, alpha, r = 1.0, 0.2, 5.0
		lg := func(x float64) float64 { v, _ := math.Lgamma(x); return v }
		term, sum := 1.0, 0.5
		for k := people; term > 1e-12; k++ {
			term *= usual / (r + usual) * (k + r) / (k + 1)
			sum += term
		}
		log := lg(people+r) - lg(r) - lg(people+1) + r*math.Log(r/(r+usual)) + people*math.Log(usual/(r+usual)) + math.Log(sum)
		z := aggregate.Above(people, usual, alpha)
		if got := -z*z/2 - math.Log(z*math.Sqrt(2*math.Pi)) - 1/(z*z); math.Abs(got-log) > 0.01*math.Abs(log) {
			t.Errorf("%g people are %g above 1: its chance is e^%g, want e^%g", people, z, got, log)
		}
	}
}

func TestAboveAtTheEnds(t *testing.T) {
	for _, usual := range []float64{1e-6, 0.1, 5, 1000, 1e6} {
		for _, alpha := range []float64{0, 0.01, 1, 20} {
			if alpha*usual > 1e6 { // no service varies like that
				continue
			}
			last := math.Inf(-1)
			for _, people := range []float64{0, 1, 2, 5, 10, 100, 999, 1000, 1001, 1e4, 1e6, 1e8} {
				above := aggregate.Above(people, usual, alpha)
				if math.IsNaN(above) || math.IsInf(above, 0) || above < last-1e-6 {
					t.Errorf("Above(%g, %g, %g) = %g after %g", people, usual, alpha, above, last)
				}
				last = above
			}
		}
	}
	if got := aggregate.Above(3, 0, 1); got != 0 {
		t.Errorf("nothing is usual: %g", got)
	}
}

// What is as unlikely is as far above normal, whatever the size of the service.
func TestAboveIsComparable(t *testing.T) {
	small, large := aggregate.Above(4, 0.1, 0.15), aggregate.Above(1250, 1000, 0.15)
	if small < 3 || large > 1.5 {
		t.Errorf("40 times a little is %g, a quarter more than much is %g", small, large)
	}
	crowd, few, alarm := aggregate.AboveUnknown(1000), aggregate.AboveUnknown(3), aggregate.Above(10, 1, 0.2)
	if few < 0 || few >= crowd || crowd >= alarm || crowd > 1.2 {
		t.Errorf("unknown: few %g, a crowd %g; known alarm %g", few, crowd, alarm)
	}
}

func TestNorms(t *testing.T) {
	if n := aggregate.NormOfMinutes(30, 2.15, 60); n.Usual != 30 || math.Abs(n.Alpha-(0.15+2.0/60)) > 1e-9 {
		t.Errorf("an hour: %+v", n)
	}
	if n := aggregate.NormOfMinutes(30, 0.05, 60); n.Alpha != 0.05 {
		t.Errorf("a steady hour: %+v", n)
	}
	if n := aggregate.NormOfDays(nil); n != nil {
		t.Errorf("no days: %+v", n)
	}
	calm := aggregate.NormOfDays([]uint64{10, 11, 9, 10, 10, 12, 9})
	outage := aggregate.NormOfDays([]uint64{10, 11, 9, 10, 10, 900, 9})
	if math.Abs(calm.Usual-10) > 0.5 || math.Abs(outage.Usual-10) > 0.5 || aggregate.Above(60, outage.Usual, outage.Alpha) < 3 {
		t.Errorf("calm %+v, with an outage %+v", calm, outage)
	}
	one := aggregate.NormOfDays([]uint64{10})
	if aggregate.Above(40, one.Usual, one.Alpha) >= aggregate.Above(40, calm.Usual, calm.Alpha) {
		t.Errorf("one day tells as much as seven: %+v, %+v", one, calm)
	}
	if never := aggregate.NormOfDays(make([]uint64, 7)); never.Usual <= 0 || never.Usual > 0.1 {
		t.Errorf("nobody in seven days: %+v", never)
	}
}
