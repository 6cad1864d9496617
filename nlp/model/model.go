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
	// in a free row, and its weights, eight to a word. Rows lie in pairs, of which a
	// feature has one as its home: looking it up and adding its weights touches one
	// line of the processor's cache.
	rows  []uint64
	size  int    // words of a row
	pairs uint64 // of rows that there is room for
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
	if m.mayKnow(feature) == 0 {
		return nil
	}
	i := m.find(feature, m.home(feature))
	if i < 0 {
		return nil
	}
	return m.rows[i+1 : i+m.size]
}

// mayKnow is 0 for most features that have no weight, 1 for all others.
func (m *Model) mayKnow(feature uint64) int {
	bit := feature >> 32 & m.bits
	return int(m.filter[bit>>6] >> (bit & 63) & 1)
}

// find is where the row of a feature begins, from some row on, or -1.
func (m *Model) find(feature uint64, from int) int {
	for i := from; ; i += m.size {
		if i == len(m.rows) {
			i = 0
		}
		switch m.rows[i] {
		case feature:
			return i
		case 0:
			return -1
		}
	}
}

// home is where the pair of rows begins that has a feature unless others were there
// before: as far into the rows as its lower half is into the numbers of 32 bits.
func (m *Model) home(feature uint64) int {
	return int(uint64(uint32(feature))*m.pairs>>32) * 2 * m.size
}

// ahead is how many rows are fetched at once. Their sums fit into a lane.
const ahead = maxSum

// Scores adds up the weights of features and writes the sums, in log-odds, to
// out, which has the length of Outputs. Unknown features weigh nothing.
func (m *Model) Scores(features []uint64, out []float32) {
	var rows [ahead]int
	var steps [maxOutputs]int
	known := 0
	for len(features) > 0 {
		n := min(ahead, len(features))
		found := m.findAll(features[:n], &rows)
		m.sum(found, &steps)
		features, known = features[n:], known+len(found)
	}
	for j := range out {
		out[j] = m.bias[j] + float32(steps[j]-known*offset)*m.scale[j]
	}
}

// Known drops features that have no weight from a list, in place: most of them, so
// that little is done with those.
func (m *Model) Known(features []uint64) []uint64 {
	n := 0
	for _, f := range features {
		features[n] = f
		n += m.mayKnow(f)
	}
	return features[:n]
}

// findAll returns where the weights of features begin, those of features that have
// some. Most of the time goes by waiting for memory: so the rows of all are asked for
// before one is looked at, and come together. Nearly all rows are in their home; in which
// half, the processor could not foresee, so that both are compared.
func (m *Model) findAll(features []uint64, space *[ahead]int) []int {
	var fetched uint64
	for k, f := range features {
		space[k] = m.home(f)
		fetched |= m.rows[space[k]]
	}
	if fetched == 0 {
		return nil
	}
	n := 0
	for k, f := range features {
		at := space[k]
		next := at + m.size
		first, second := oneIf(m.rows[at] == f), oneIf(m.rows[next] == f)
		if first|second == 0 && m.rows[at] != 0 && m.rows[next] != 0 {
			if at = m.find(f, next+m.size); at < 0 {
				continue
			}
			first = 1
		}
		space[n] = at + 1 + (next-at)*second
		n += first | second
	}
	return space[:n]
}

// oneIf is 1 for true, without a branch.
func oneIf(b bool) int {
	if b {
		return 1
	}
	return 0
}

// sum adds the weights of rows to steps.
func (m *Model) sum(rows []int, steps *[maxOutputs]int) {
	for word := range m.size - 1 {
		var evens, odds uint64
		for _, i := range rows {
			w := m.rows[i+word]
			evens += w & even
			odds += w >> 8 & even
		}
		for lane := range lanes {
			steps[word*packed+2*lane] += int(evens >> (lane * laneBits) & laneMask)
			steps[word*packed+2*lane+1] += int(odds >> (lane * laneBits) & laneMask)
		}
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

// newModel makes the hash table, half full; steps are len(outputs) for each
// feature.
func newModel(outputs []string, bias, scale []float32, features []uint64, steps []int8) *Model {
	m := &Model{outputs: outputs, bias: bias, scale: scale, features: len(features), size: 1 + (len(outputs)+packed-1)/packed}
	m.pairs, m.bits = uint64(len(features)+1), 63
	m.rows = make([]uint64, 2*m.pairs*uint64(m.size))
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
