package nlp

import (
	"bytes"
	_ "embed"

	"outcry/nlp/catalog"
	"outcry/nlp/lexicon"
)

//go:embed model.bin
var trained []byte

// DefaultModels are the models that come with the program.
func DefaultModels() (*Models, error) { return ReadModels(bytes.NewReader(trained)) }

// Default is the classifier that comes with the program.
func Default() (*Classifier, error) {
	cat, err := catalog.Default()
	if err != nil {
		return nil, err
	}
	lex, err := lexicon.Default()
	if err != nil {
		return nil, err
	}
	m, err := DefaultModels()
	if err != nil {
		return nil, err
	}
	return New(cat, lex, m)
}
