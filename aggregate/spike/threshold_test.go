package spike

import "testing"

// Calm days are no reason to expect more of the others: a burst a week raises the
// limit a little, however silent the days between are, and a greater one more.
func TestThresholdKnowsTheTailOnly(t *testing.T) {
	limit := func(between, weekly float64) float64 {
		var learnt threshold
		for minute := range 8 * 7 * dayMinutes {
			s := between
			if minute%(7*dayMinutes) == 700 {
				s = weekly
			}
			learnt.learn(s)
		}
		return learnt.at(1e-3)
	}
	silent, lively, wild := limit(0, 4.5), limit(3, 4.5), limit(0, 8)
	if silent != lively || silent < 5 || silent > 10 || wild < silent+2 {
		t.Errorf("limits %.2f and %.2f, want the same between 5 and 10; %.2f where bursts are great", silent, lively, wild)
	}
}
