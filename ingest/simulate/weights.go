package simulate

import (
	"fmt"
	"math"
	"math/rand/v2"

	"go.yaml.in/yaml/v3"
)

// weights are relative frequencies in the order of the file, so that no map's
// order decides what is drawn.
type weights struct {
	names []string
	each  []int
	total int
}

// UnmarshalYAML reads {name: weight, …}.
func (w *weights) UnmarshalYAML(node *yaml.Node) error {
	pairs, err := orderedPairs(node)
	if err != nil {
		return err
	}
	for _, p := range pairs {
		var n int
		if err := p.value.Decode(&n); err != nil || n <= 0 || n > 1e6 {
			return fmt.Errorf("line %d: %s: want a positive whole number", p.value.Line, p.name)
		}
		w.names, w.each, w.total = append(w.names, p.name), append(w.each, n), w.total+n
	}
	return nil
}

// pick draws a name.
func (w *weights) pick(rng *rand.Rand) string { return w.at(rng.IntN(w.total)) }

// at is the name that a number below total falls to.
func (w *weights) at(n int) string {
	for i, each := range w.each {
		if n -= each; n < 0 {
			return w.names[i]
		}
	}
	return w.names[len(w.names)-1]
}

type pair struct {
	name  string
	value *yaml.Node
}

func orderedPairs(node *yaml.Node) ([]pair, error) {
	if node.Kind != yaml.MappingNode || len(node.Content) == 0 {
		return nil, fmt.Errorf("line %d: want name: value pairs", node.Line)
	}
	var pairs []pair
	seen := map[string]bool{}
	for i := 0; i < len(node.Content); i += 2 {
		name := node.Content[i].Value
		if seen[name] {
			return nil, fmt.Errorf("line %d: %s is there twice", node.Content[i].Line, name)
		}
		seen[name] = true
		pairs = append(pairs, pair{name, node.Content[i+1]})
	}
	return pairs, nil
}

// milli is a rate in thousandths: whole numbers come out the same on every
// machine, sums of fractions need not.
type milli int64

// UnmarshalYAML reads a decimal number.
func (m *milli) UnmarshalYAML(node *yaml.Node) error {
	var f float64
	if err := node.Decode(&f); err != nil || f < 0 || f > 1e6 || math.IsNaN(f) {
		return fmt.Errorf("line %d: want a number from 0 up", node.Line)
	}
	*m = milli(math.Round(f * 1000))
	return nil
}

// curve is a broken line of rates over the minutes of a day.
type curve []point

type point struct {
	minute int64
	rate   milli
}

// UnmarshalYAML reads {"07:17": rate, …}.
func (c *curve) UnmarshalYAML(node *yaml.Node) error {
	pairs, err := orderedPairs(node)
	if err != nil {
		return err
	}
	for _, p := range pairs {
		var at clock
		if err := at.parse(p.name); err != nil {
			return fmt.Errorf("line %d: %w", p.value.Line, err)
		}
		if n := len(*c); n > 0 && (*c)[n-1].minute >= int64(at) {
			return fmt.Errorf("line %d: %s is not after the time before it", p.value.Line, p.name)
		}
		var rate milli
		if err := p.value.Decode(&rate); err != nil {
			return err
		}
		*c = append(*c, point{int64(at), rate})
	}
	return nil
}

// in is the mean rate of the minute that begins at minute.
func (c curve) in(minute int64) milli {
	for i := 1; i < len(c); i++ {
		a, b := c[i-1], c[i]
		if minute >= a.minute && minute < b.minute {
			// Twice the distance to the middle of the minute.
			half := 2*(minute-a.minute) + 1
			return a.rate + (b.rate-a.rate)*milli(half)/milli(2*(b.minute-a.minute))
		}
	}
	return 0
}

// clock is a time of day in minutes.
type clock int64

// UnmarshalYAML reads "07:17".
func (c *clock) UnmarshalYAML(node *yaml.Node) error {
	if err := c.parse(node.Value); err != nil {
		return fmt.Errorf("line %d: %w", node.Line, err)
	}
	return nil
}

func (c *clock) parse(s string) error {
	var h, m int64
	if n, err := fmt.Sscanf(s, "%d:%d", &h, &m); err != nil || n != 2 || len(s) != 5 || h < 0 || h > 23 || m < 0 || m > 59 {
		return fmt.Errorf("%q is no time of day: want hh:mm", s)
	}
	*c = clock(60*h + m)
	return nil
}

// count draws from a negative binomial of the given mean: failures before the
// k-th success, in whole numbers throughout.
func count(rng *rand.Rand, mean milli, k int) int {
	if mean <= 0 {
		return 0
	}
	success := uint64(k) * 1000
	of := success + uint64(mean)
	n := 0
	for k > 0 {
		if rng.Uint64N(of) < success {
			k--
			continue
		}
		n++
	}
	return n
}
