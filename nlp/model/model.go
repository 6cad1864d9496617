// Package model is a linear classifier over hashed features: it learns weights
// from labelled examples and adds them up. It knows nothing of posts.
package model

import (
	"fmt"
	"math"
)

// Model holds a weight for each pair of feature and output. It never changes
// after Train or Read and is safe for concurrent use.
type Model struct {
	outputs []string
	bias    []float32
	scale   []float32 // of one step of a weight, by output
	slots   []slot    // hash table of features, open addressing
	filter  []uint64  // a bit for each feature, modulo its size: most features of a post have no weight
	weights []int8
}

// slot is where a feature has its weights: row by row of len(outputs). Feature 0
// is a free slot.
type slot struct {
	feature uint64
	row     uint32
}

// filterBits is the size of the filter; it fits the processor's cache.
const filterBits = 1 << 20

// Outputs names what is scored, in the order of Scores.
func (m *Model) Outputs() []string { return m.outputs }

// Features is the number of features that have a weight.
func (m *Model) Features() int { return len(m.weights) / max(1, len(m.outputs)) }

// Weight is what one feature adds to one output, in log-odds.
func (m *Model) Weight(feature uint64, output int) float32 {
	row, ok := m.row(feature)
	if !ok {
		return 0
	}
	return float32(m.weights[row+output]) * m.scale[output]
}

// row is where the weights of a feature begin.
func (m *Model) row(feature uint64) (int, bool) {
	if bit := feature >> 32 % filterBits; m.filter[bit>>6]&(1<<(bit&63)) == 0 {
		return 0, false
	}
	mask := uint64(len(m.slots) - 1)
	for i := feature & mask; m.slots[i].feature != 0; i = (i + 1) & mask {
		if m.slots[i].feature == feature {
			return int(m.slots[i].row) * len(m.outputs), true
		}
	}
	return 0, false
}

// Scores adds up the weights of features and writes the sums, in log-odds, to
// out, which has the length of Outputs. Unknown features weigh nothing.
func (m *Model) Scores(features []uint64, out []float32) {
	var sums [maxOutputs]int32
	for _, f := range features {
		if row, ok := m.row(f); ok {
			for j, w := range m.weights[row : row+len(m.outputs)] {
				sums[j] += int32(w)
			}
		}
	}
	for j := range out {
		out[j] = m.bias[j] + float32(sums[j])*m.scale[j]
	}
}

// Softmax turns log-odds into probabilities that sum to one.
func Softmax(x []float32) {
	top, sum := x[0], float32(0)
	for _, v := range x {
		top = max(top, v)
	}
	for i, v := range x {
		x[i] = float32(math.Exp(float64(v - top)))
		sum += x[i]
	}
	for i := range x {
		x[i] /= sum
	}
}

// maxOutputs bounds what one model scores.
const maxOutputs = 64

// assemble quantises weights, one row of them per feature, to eight bits.
func assemble(outputs []string, bias []float32, features []uint64, weights [][]float32) (*Model, error) {
	if len(outputs) > maxOutputs {
		return nil, fmt.Errorf("%d outputs: at most %d", len(outputs), maxOutputs)
	}
	m := &Model{outputs: outputs, bias: bias, scale: make([]float32, len(outputs))}
	for j := range outputs {
		top := float32(1e-6)
		for _, row := range weights {
			top = max(top, row[j], -row[j])
		}
		m.scale[j] = top / 127
	}
	for _, row := range weights {
		for j, w := range row {
			m.weights = append(m.weights, int8(math.Round(float64(w/m.scale[j]))))
		}
	}
	m.place(features)
	return m, nil
}

// place makes the hash table, at most half full.
func (m *Model) place(features []uint64) {
	size := 2
	for size < 2*len(features) {
		size *= 2
	}
	m.slots, m.filter = make([]slot, size), make([]uint64, filterBits/64)
	for row, f := range features {
		bit := f >> 32 % filterBits
		m.filter[bit>>6] |= 1 << (bit & 63)
		i := f & uint64(size-1)
		for m.slots[i].feature != 0 {
			i = (i + 1) & uint64(size-1)
		}
		m.slots[i] = slot{f, uint32(row)}
	}
}
