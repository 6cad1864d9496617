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
	outputs  []string
	bias     []float32
	scale    []float32 // of one step of a weight, by output
	features int
	filter   []uint64 // a bit for each feature, modulo its size: many features of a post have no weight
	bits     uint64   // size of the filter, a power of two, minus one
	// rows is a hash table of features, open addressing. A row is the feature, 0
	// in a free row, and its weights, eight to a word: looking a feature up and
	// adding its weights touches one line of the processor's cache.
	rows []uint64
	size int // words of a row
}

// Weights are steps from -127 to 127. They stand in bytes, raised by offset. To be
// added they are spread over two words, every second one each, in lanes of 16 bits,
// so that one addition adds four of them; a lane holds the sum of as many as maxSum.
const (
	packed   = 8
	lanes    = 4
	laneBits = 64 / lanes
	laneMask = 1<<laneBits - 1
	even     = 0x00FF00FF00FF00FF
	offset   = 128
	maxSum   = laneMask / (2*offset - 1)
)

// perFeature is the least number of bits that the filter has for each feature. It
// shares the processor's cache with much else: more would tell hardly more.
const perFeature = 3

// Outputs names what is scored, in the order of Scores.
func (m *Model) Outputs() []string { return m.outputs }

// Features is the number of features that have a weight.
func (m *Model) Features() int { return m.features }

// Weight is what one feature adds to one output, in log-odds.
func (m *Model) Weight(feature uint64, output int) float32 {
	row := m.row(feature)
	if row == nil {
		return 0
	}
	return float32(step(row, output)) * m.scale[output]
}

func step(row []uint64, output int) int {
	return int(byte(row[output/packed]>>(output%packed*8))) - offset
}

// row are the weights of a feature, or nil.
func (m *Model) row(feature uint64) []uint64 {
	if !m.mayKnow(feature) {
		return nil
	}
	return m.find(feature)
}

// mayKnow reports false of most features that have no weight.
func (m *Model) mayKnow(feature uint64) bool {
	bit := feature >> 32 & m.bits
	return m.filter[bit>>6]&(1<<(bit&63)) != 0
}

func (m *Model) find(feature uint64) []uint64 {
	for i := m.home(feature); ; i += m.size {
		if i == len(m.rows) {
			i = 0
		}
		switch m.rows[i] {
		case feature:
			return m.rows[i+1 : i+m.size]
		case 0:
			return nil
		}
	}
}

// home is where the row of a feature begins unless others were there before: as far
// into the rows as its lower half is into the numbers of 32 bits.
func (m *Model) home(feature uint64) int {
	return int(uint64(uint32(feature))*uint64(len(m.rows)/m.size)>>32) * m.size
}

// ahead is how many rows are fetched at once.
const ahead = 64

// Scores adds up the weights of features and writes the sums, in log-odds, to
// out, which has the length of Outputs. Unknown features weigh nothing.
func (m *Model) Scores(features []uint64, out []float32) {
	var s sums
	var some [ahead]uint64
	n := 0
	for _, f := range features {
		if !m.mayKnow(f) {
			continue
		}
		some[n] = f
		if n++; n == ahead {
			m.sum(some[:n], &s)
			n = 0
		}
	}
	m.sum(some[:n], &s)
	s.spread(len(m.outputs))
	for j := range out {
		out[j] = m.bias[j] + float32(s.steps[j]-s.known*offset)*m.scale[j]
	}
}

// sums are those of the steps of weights.
type sums struct {
	words [maxOutputs / lanes]uint64 // of outputs 0, 2, 4, 6, then of 1, 3, 5, 7, then of 8, 10, …
	steps [maxOutputs]int            // what was in the lanes
	known int                        // features that were added
}

// sum adds the weights of some features, and overwrites features. Most of the time
// goes by waiting for memory: so the rows of all are asked for before one is used,
// and come together.
func (m *Model) sum(features []uint64, s *sums) {
	n := 0
	for _, f := range features {
		features[n] = f
		if m.rows[m.home(f)] != 0 {
			n++
		}
	}
	for _, f := range features[:n] {
		row := m.find(f)
		if row == nil {
			continue
		}
		for j, w := range row {
			s.words[2*j] += w & even
			s.words[2*j+1] += w >> 8 & even
		}
		if s.known++; s.known%maxSum == 0 {
			s.spread(len(m.outputs))
		}
	}
}

// spread moves the sums out of their lanes.
func (s *sums) spread(outputs int) {
	for j := range outputs {
		s.steps[j] += int(s.words[j/packed*2+j%2] >> (j % packed / 2 * laneBits) & laneMask)
	}
	clear(s.words[:])
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
	scale := make([]float32, len(outputs))
	for j := range outputs {
		top := float32(1e-6)
		for _, row := range weights {
			top = max(top, row[j], -row[j])
		}
		scale[j] = top / 127
	}
	steps := make([]int8, 0, len(features)*len(outputs))
	for _, row := range weights {
		for j, w := range row {
			steps = append(steps, int8(math.Round(float64(w/scale[j]))))
		}
	}
	return newModel(outputs, bias, scale, features, steps), nil
}

// newModel makes the hash table, two thirds full; steps are len(outputs) for each
// feature.
func newModel(outputs []string, bias, scale []float32, features []uint64, steps []int8) *Model {
	m := &Model{outputs: outputs, bias: bias, scale: scale, features: len(features), size: 1 + (len(outputs)+packed-1)/packed}
	m.rows, m.bits = make([]uint64, (len(features)*3/2+2)*m.size), 63
	for m.bits < perFeature*uint64(len(features)) {
		m.bits = 2*m.bits + 1
	}
	m.filter = make([]uint64, m.bits/64+1)
	for k, f := range features {
		bit := f >> 32 & m.bits
		m.filter[bit>>6] |= 1 << (bit & 63)
		i := m.home(f)
		for m.rows[i] != 0 {
			if i += m.size; i == len(m.rows) {
				i = 0
			}
		}
		m.rows[i] = f
		for j, v := range steps[k*len(outputs) : (k+1)*len(outputs)] {
			m.rows[i+1+j/packed] |= uint64(byte(int(v)+offset)) << (j % packed * 8)
		}
	}
	return m
}
