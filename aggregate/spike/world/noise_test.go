package world_test

import (
	"math/rand/v2"
	"testing"
)

const week = 7 * 24 * 60

// quiet is what authors complained of a service in the days without outages.
func (s *seen) quiet(service int) []float64 {
	out := make([]float64, 2*week)
	for _, c := range s.counts(service).Authors {
		for i := range out {
			out[i] += float64(c[i])
		}
	}
	return out
}

func TestVolumes(t *testing.T) {
	w := small()
	most, least := w.quiet(0), 0.0
	byHour := make([]float64, 24)
	for i, n := range most {
		byHour[i/60%24] += n / 14 / 60
	}
	low, high := byHour[0], byHour[0]
	for _, n := range byHour {
		low, high = min(low, n), max(high, n)
	}
	if low < 1 || low > 10 || high < 20 || high > 60 {
		t.Errorf("the largest service has %.1f to %.1f a minute by the hour", low, high)
	}
	silent, all := 0, len(w.Services())
	for s := 0; s < all; s += 3 {
		zero, said := 0.0, 0.0
		for _, n := range w.quiet(s) {
			said += n
			if n == 0 {
				zero++
			}
		}
		if zero > .5*2*week {
			silent++
		}
		if s >= all-30 {
			least += said / 10 / 14
		}
	}
	if share := float64(silent) * 3 / float64(all); share < .9 || share > .99 {
		t.Errorf("%.2f of the services are silent in most minutes", share)
	}
	if least < .1 || least > 2 {
		t.Errorf("the smallest have %.2f complaints a day", least)
	}
}

// TestNoise looks at five-minute counts of services of the size of brands in
// nab-tweets, whose variance within hours is 1.3 to 4 times the mean, and whose
// neighbouring counts hang together.
func TestNoise(t *testing.T) {
	w := small()
	for _, of := range []struct {
		service               int
		least, most, together float64
	}{
		{1, 1.6, 6, .1}, {2, 1.4, 5, .1}, {5, 1.2, 4, .05}, {10, 1.1, 3, .05}, {20, 1.05, 3, .03},
	} {
		var counts []float64
		for i, n := range w.quiet(of.service) {
			if i%5 == 0 {
				counts = append(counts, 0)
			}
			counts[len(counts)-1] += n
		}
		ratio, real := withinHours(counts)
		if ratio < of.least || ratio > of.most {
			t.Errorf("service %d: variance is %.2f times the mean within hours", of.service, ratio)
		}
		dice := rand.New(rand.NewPCG(1, 2))
		for i := 0; i+12 <= len(counts); i += 12 {
			dice.Shuffle(12, func(a, b int) { counts[i+a], counts[i+b] = counts[i+b], counts[i+a] })
		}
		if _, shuffled := withinHours(counts); real < shuffled+of.together {
			t.Errorf("service %d: neighbours correlate by %.2f, shuffled by %.2f", of.service, real, shuffled)
		}
	}
}

// withinHours is the variance against the mean of the hour, over the mean, and
// the correlation of neighbours.
func withinHours(x []float64) (ratio, together float64) {
	var variance, mean, neighbours float64
	for h := 0; h+12 <= len(x); h += 12 {
		hour, m := x[h:h+12], 0.0
		for _, n := range hour {
			m += n / 12
		}
		mean += 11 * m
		for i, n := range hour {
			variance += (n - m) * (n - m)
			if i > 0 {
				neighbours += (n - m) * (hour[i-1] - m)
			}
		}
	}
	return variance / mean, neighbours / variance
}

// TestSways wants more from day to day than chance and the weekday give.
func TestSways(t *testing.T) {
	w := small()
	for s := 1; s < 12; s++ {
		x := w.counts(s).Authors
		apart := 0.0
		for d := range 7 {
			a, b := sum(x, d*week/7, (d+1)*week/7), sum(x, week+d*week/7, week+(d+1)*week/7)
			apart += (a - b) * (a - b) / (a + b) / 7 // 1 of a Poisson process
		}
		if apart < 4 {
			t.Errorf("service %d: weeks differ by %.1f times what chance gives", s, apart)
		}
	}
}
