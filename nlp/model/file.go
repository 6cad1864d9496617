package model

import (
	"compress/gzip"
	"encoding/gob"
	"errors"
	"fmt"
	"io"
	"slices"
)

// stored is the form of a model in a file: a list of them in gob, compressed with
// gzip.
type stored struct {
	Outputs  []string
	Bias     []float32
	Scale    []float32
	Features []uint64 // ascending
	Weights  []byte   // int8, a row of len(Outputs) for each feature
}

// Write writes models; the same models give the same bytes.
func Write(w io.Writer, models ...*Model) error {
	z, err := gzip.NewWriterLevel(w, gzip.BestCompression)
	if err != nil {
		return fmt.Errorf("write model: %w", err)
	}
	all := make([]stored, 0, len(models))
	for _, m := range models {
		all = append(all, m.store())
	}
	if err := errors.Join(gob.NewEncoder(z).Encode(all), z.Close()); err != nil {
		return fmt.Errorf("write model: %w", err)
	}
	return nil
}

func (m *Model) store() stored {
	s := stored{Outputs: m.outputs, Bias: m.bias, Scale: m.scale}
	for i := 0; i < len(m.rows); i += m.size {
		if f := m.rows[i]; f != 0 {
			s.Features = append(s.Features, f)
		}
	}
	slices.Sort(s.Features)
	for _, f := range s.Features {
		row := m.row(f)
		for j := range m.outputs {
			s.Weights = append(s.Weights, byte(step(row, j)))
		}
	}
	return s
}

// Read reads what Write wrote: as many models.
func Read(r io.Reader) ([]*Model, error) {
	z, err := gzip.NewReader(r)
	if err != nil {
		return nil, fmt.Errorf("read model: %w", err)
	}
	var all []stored
	if err := gob.NewDecoder(z).Decode(&all); err != nil {
		return nil, fmt.Errorf("read model: %w", err)
	}
	var models []*Model
	for _, s := range all {
		m, err := s.model()
		if err != nil {
			return nil, err
		}
		models = append(models, m)
	}
	return models, nil
}

func (s stored) model() (*Model, error) {
	n := len(s.Outputs)
	if n == 0 || n > maxOutputs || len(s.Bias) != n || len(s.Scale) != n || len(s.Weights) != n*len(s.Features) || slices.Contains(s.Features, 0) {
		return nil, errors.New("read model: the file is damaged")
	}
	steps := make([]int8, len(s.Weights))
	for i, b := range s.Weights {
		steps[i] = int8(b)
	}
	return newModel(s.Outputs, s.Bias, s.Scale, s.Features, steps), nil
}
