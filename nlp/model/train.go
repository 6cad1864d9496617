package model

import (
	"math"
	"math/rand/v2"
	"slices"
)

// Example is what Train learns from.
type Example struct {
	Features []uint64 // hashed; no duplicates, none of them 0
	Class    int      // index into Task.Classes
	Labels   []int    // indices into Task.Labels that are true
	Labelled bool     // Labels are known: false where they mean nothing
	Weight   float32  // 1 for an ordinary example
}

// Task says what to learn: one class of several (softmax) unless there are none,
// and any number of independent labels (logistic).
type Task struct {
	Classes []string
	Labels  []string

	Epochs   int     // passes over the examples
	Rate     float64 // alpha of FTRL
	L1, L2   float64
	MinCount int     // a feature of fewer examples is left out
	Least    float64 // a feature without a weight above that is left out in the end

	// Dropout is the probability with which a feature is left out of an example,
	// drawn anew in each pass, so that none leans on the company of others: an
	// unseen post has some of them only (Wager, Wang and Liang, Dropout Training
	// as Adaptive Regularization, NIPS 2013). The rest are scaled up in their stead.
	Dropout float64
}

// Train learns by follow-the-regularised-leader, which keeps weights that earn
// nothing at zero (McMahan et al., Ad Click Prediction, KDD 2013, algorithm 1).
// The same examples give the same model, and none give one that says nothing.
// Classes come first in its outputs.
func Train(task Task, examples []Example) (*Model, error) {
	t := newTrainer(task, examples)
	order := rand.New(rand.NewPCG(1, 2))
	index := make([]int, len(examples))
	for i := range index {
		index[i] = i
	}
	for range task.Epochs {
		order.Shuffle(len(index), func(a, b int) { index[a], index[b] = index[b], index[a] })
		for _, i := range index {
			t.learn(&examples[i], t.dropped(t.rows[i], order))
		}
	}
	return t.finish()
}

// dropped leaves out some of the rows, but never the bias.
func (t *trainer) dropped(rows []int32, r *rand.Rand) []int32 {
	if t.task.Dropout == 0 {
		return rows
	}
	t.kept = append(t.kept[:0], rows[0])
	for _, row := range rows[1:] {
		if r.Float64() >= t.task.Dropout {
			t.kept = append(t.kept, row)
		}
	}
	return t.kept
}

// cell is the state of FTRL for a pair of feature and output. Its parts lie side by
// side, because most of the time of training goes by waiting for memory.
type cell struct{ z, n, w float64 }

// trainer has a cell for each pair, those of a feature in a row. Feature 0 is the
// bias.
type trainer struct {
	task     Task
	outputs  int
	features []uint64
	rows     [][]int32 // of each example
	kept     []int32   // of those, in this pass
	cells    []cell
	weighs   []bool // by row: some w of it may be other than zero
	p, grad  []float64
}

func newTrainer(task Task, examples []Example) *trainer {
	t := &trainer{task: task, outputs: len(task.Classes) + len(task.Labels), features: []uint64{0}}
	count := map[uint64]int{}
	for _, e := range examples {
		for _, f := range e.Features {
			count[f]++
		}
	}
	for f, c := range count {
		if c >= task.MinCount {
			t.features = append(t.features, f)
		}
	}
	slices.Sort(t.features)
	row := make(map[uint64]int32, len(t.features))
	for i, f := range t.features {
		row[f] = int32(i)
	}
	for _, e := range examples {
		rows := []int32{0}
		for _, f := range e.Features {
			if r, ok := row[f]; ok {
				rows = append(rows, r)
			}
		}
		t.rows = append(t.rows, rows)
	}
	t.cells, t.weighs = make([]cell, len(t.features)*t.outputs), make([]bool, len(t.features))
	t.p, t.grad = make([]float64, t.outputs), make([]float64, t.outputs)
	return t
}

// of are the cells of a feature.
func (t *trainer) of(row int32) []cell { return t.cells[int(row)*t.outputs:][:t.outputs] }

// learn takes one step for one example.
func (t *trainer) learn(e *Example, rows []int32) {
	clear(t.p)
	for _, r := range rows {
		if !t.weighs[r] {
			continue
		}
		value := t.value(r)
		cells := t.of(r)
		for j := range t.p {
			t.p[j] += cells[j].w * value
		}
	}
	t.gradients(e)
	for _, r := range rows {
		t.step(r)
	}
}

// value is that of a feature which an example has: 1 on the average of all passes.
func (t *trainer) value(row int32) float64 {
	if row == 0 {
		return 1
	}
	return 1 / (1 - t.task.Dropout)
}

// gradients of the log loss by the sums: what is predicted minus what is true.
func (t *trainer) gradients(e *Example) {
	classes := len(t.task.Classes)
	top, sum := math.Inf(-1), 0.0
	for _, x := range t.p[:classes] {
		top = max(top, x)
	}
	for j := range classes {
		t.grad[j] = math.Exp(t.p[j] - top)
		sum += t.grad[j]
	}
	for j := range classes {
		t.grad[j] /= sum
		if j == e.Class {
			t.grad[j]--
		}
		t.grad[j] *= float64(e.Weight)
	}
	for j := range t.task.Labels {
		g := 0.0
		if e.Labelled {
			g = 1 / (1 + math.Exp(-t.p[classes+j]))
			if slices.Contains(e.Labels, j) {
				g--
			}
		}
		t.grad[classes+j] = g * float64(e.Weight)
	}
}

// step is lines 5 to 10 of the paper's algorithm for the weights of a feature; beta
// is 1. Most weights are zero and stay so, which takes no root and no division: their
// sigma is of no account.
func (t *trainer) step(row int32) {
	cells, value, l1, l2 := t.of(row), t.value(row), t.task.L1, t.task.L2
	if row == 0 {
		l1, l2 = 0, 0
	}
	for j, g := range t.grad {
		if g == 0 {
			continue
		}
		c := &cells[j]
		g *= value
		before := c.n
		c.n += g * g
		if c.w != 0 {
			g -= (math.Sqrt(c.n) - math.Sqrt(before)) / t.task.Rate * c.w
		}
		c.z += g
		if math.Abs(c.z) <= l1 {
			c.w = 0
			continue
		}
		c.w = -(c.z - math.Copysign(l1, c.z)) / ((1+math.Sqrt(c.n))/t.task.Rate + l2)
		t.weighs[row] = true
	}
}

// finish keeps the features that have a weight worth the memory.
func (t *trainer) finish() (*Model, error) {
	bias := make([]float32, t.outputs)
	for j, c := range t.of(0) {
		bias[j] = float32(c.w)
	}
	var features []uint64
	var weights [][]float32
	for r := 1; r < len(t.features); r++ {
		row, any := make([]float32, t.outputs), false
		for j, c := range t.of(int32(r)) {
			row[j] = float32(c.w)
			any = any || math.Abs(c.w) > t.task.Least
		}
		if any {
			features, weights = append(features, t.features[r]), append(weights, row)
		}
	}
	return assemble(slices.Concat(t.task.Classes, t.task.Labels), bias, features, weights)
}
