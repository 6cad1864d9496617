package model_test

import (
	"bytes"
	"compress/gzip"
	"encoding/gob"
	"math"
	"reflect"
	"strings"
	"testing"

	"outcry/nlp/model"
)

// task is small enough to reason about: class a has feature 11, class b has
// 12, label x has 21, and feature 99 tells nothing.
var task = model.Task{Classes: []string{"a", "b"}, Labels: []string{"x"}, Epochs: 20, Rate: 0.5, L1: 0.01, L2: 0.01, MinCount: 2}

func examples() (out []model.Example) {
	for i := range 20 {
		e := model.Example{Features: []uint64{11, 99}, Class: 0, Weight: 1, Labelled: true}
		if i%2 == 1 {
			e.Features, e.Class = []uint64{12, 99}, 1
		}
		if i%3 == 0 {
			e.Features, e.Labels = append(e.Features, 21), []int{0}
		}
		out = append(out, e)
	}
	out[0].Features = append(out[0].Features, 1234) // seen once: left out
	return out
}

func train(t *testing.T) *model.Model {
	t.Helper()
	m, err := model.Train(task, examples())
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func scores(m *model.Model, features ...uint64) []float32 {
	out := make([]float32, len(m.Outputs()))
	m.Scores(features, out)
	return out
}

func TestTrainLearnsWhatTellsExamplesApart(t *testing.T) {
	m := train(t)
	if got := m.Outputs(); !reflect.DeepEqual(got, []string{"a", "b", "x"}) {
		t.Fatalf("outputs %v", got)
	}
	for _, tc := range []struct {
		features []uint64
		class    int
		x        bool
	}{{[]uint64{11, 99}, 0, false}, {[]uint64{12}, 1, false}, {[]uint64{99, 12, 21}, 1, true}, {[]uint64{21, 11, 555}, 0, true}} {
		s := scores(m, tc.features...)
		if class := map[bool]int{true: 0, false: 1}[s[0] > s[1]]; class != tc.class || (s[2] > 0) != tc.x {
			t.Errorf("%v: scores %v", tc.features, s)
		}
	}
	if a, b := scores(m, 1234), scores(m); !reflect.DeepEqual(a, b) {
		t.Errorf("a feature of one example has a weight: %v, without it %v", a, b)
	}
}

func TestTrainIsReproducibleAndWriteKeepsEverything(t *testing.T) {
	var first, second bytes.Buffer
	m := train(t)
	if err := model.Write(&first, m, m); err != nil {
		t.Fatal(err)
	}
	if err := model.Write(&second, train(t), train(t)); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(first.Bytes(), second.Bytes()) {
		t.Error("the same examples gave two models")
	}
	both, err := model.Read(&first)
	if err != nil || len(both) != 2 {
		t.Fatalf("%d models, error %v", len(both), err)
	}
	back := both[1]
	if got, want := scores(back, 11, 21), scores(m, 11, 21); !reflect.DeepEqual(got, want) || back.Features() != m.Features() {
		t.Errorf("read back: %v, %d features; wrote %v, %d", got, back.Features(), want, m.Features())
	}
}

func TestTrainOnNothingSaysNothing(t *testing.T) {
	m, err := model.Train(task, nil)
	if err != nil {
		t.Fatal(err)
	}
	if got := scores(m, 11, 21); got[0] != 0 || got[1] != 0 || got[2] != 0 {
		t.Errorf("scores %v", got)
	}
}

func TestSoftmax(t *testing.T) {
	x := []float32{1000, 999, -1000}
	model.Softmax(x)
	if sum := float64(x[0] + x[1] + x[2]); math.Abs(sum-1) > 1e-6 || x[0] < 0.73 || x[0] > 0.74 {
		t.Errorf("softmax %v", x)
	}
}

func TestReadRefusesDamagedFiles(t *testing.T) {
	var whole bytes.Buffer
	if err := model.Write(&whole, train(t)); err != nil {
		t.Fatal(err)
	}
	var odd bytes.Buffer
	z := gzip.NewWriter(&odd)
	if err := gob.NewEncoder(z).Encode([]struct{ Outputs []string }{{[]string{"a"}}}); err != nil {
		t.Fatal(err)
	}
	z.Close()
	for name, data := range map[string]string{
		"empty": "", "text": "not a model", "cut": whole.String()[:whole.Len()/2], "without weights": odd.String(),
	} {
		if _, err := model.Read(strings.NewReader(data)); err == nil || !strings.Contains(err.Error(), "read model") {
			t.Errorf("%s: error %v", name, err)
		}
	}
}
