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
	MinCount int // a feature of fewer examples is left out

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

// trainer is the state of FTRL: z and n for each pair of feature and output.
// Feature 0 is the bias.
type trainer struct {
	task     Task
	outputs  int
	features []uint64
	rows     [][]int32 // of each example
	kept     []int32   // of those, in this pass
	z, n, w  []float64
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
	size := len(t.features) * t.outputs
	t.z, t.n, t.w = make([]float64, size), make([]float64, size), make([]float64, size)
	t.p, t.grad = make([]float64, t.outputs), make([]float64, t.outputs)
	return t
}

// learn takes one step for one example.
func (t *trainer) learn(e *Example, rows []int32) {
	clear(t.p)
	for _, r := range rows {
		for j, w := range t.w[int(r)*t.outputs : (int(r)+1)*t.outputs] {
			t.p[j] += w * t.value(r)
		}
	}
	t.gradients(e)
	for _, r := range rows {
		for j, g := range t.grad {
			if g != 0 {
				t.step(int(r)*t.outputs+j, g*t.value(r), r == 0)
			}
		}
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

// step is lines 5 to 10 of the paper's algorithm for one weight; beta is 1.
func (t *trainer) step(i int, g float64, bias bool) {
	sigma := (math.Sqrt(t.n[i]+g*g) - math.Sqrt(t.n[i])) / t.task.Rate
	t.z[i] += g - sigma*t.w[i]
	t.n[i] += g * g
	l1, l2 := t.task.L1, t.task.L2
	if bias {
		l1, l2 = 0, 0
	}
	if math.Abs(t.z[i]) <= l1 {
		t.w[i] = 0
		return
	}
	t.w[i] = -(t.z[i] - math.Copysign(l1, t.z[i])) / ((1+math.Sqrt(t.n[i]))/t.task.Rate + l2)
}

// finish keeps the features that have a weight.
func (t *trainer) finish() (*Model, error) {
	bias := make([]float32, t.outputs)
	for j := range bias {
		bias[j] = float32(t.w[j])
	}
	var features []uint64
	var weights [][]float32
	for r := 1; r < len(t.features); r++ {
		row, any := make([]float32, t.outputs), false
		for j, w := range t.w[r*t.outputs : (r+1)*t.outputs] {
			row[j] = float32(w)
			any = any || math.Abs(w) > 0.02
		}
		if any {
			features, weights = append(features, t.features[r]), append(weights, row)
		}
	}
	return assemble(slices.Concat(t.task.Classes, t.task.Labels), bias, features, weights)
}
