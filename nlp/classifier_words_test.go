package nlp_test

import (
	"testing"
	"testing/fstest"

	"outcry/nlp"
	"outcry/nlp/catalog"
	"outcry/nlp/lexicon"
)

// A word with small words glued before it is that word, whether the glued form stands
// somewhere in the lexicon too or not.
func TestGluedWords(t *testing.T) {
	cat, err := catalog.Default()
	if err != nil {
		t.Fatal(err)
	}
	lex, err := lexicon.Load(fstest.MapFS{"ar.yaml": {Data: []byte(`
lang: ar
symptoms:
  payment:
    strong: [بطاقة مرفوضة]
cues:
  now: [البطاقة هنا]
clitics: [ال, بال, و]
`)}})
	if err != nil {
		t.Fatal(err)
	}
	c, err := nlp.New(cat, lex, nil)
	if err != nil {
		t.Fatal(err)
	}
	for text, kind := range map[string]nlp.Kind{
		"بطاقة مرفوضة في كل مكان":     nlp.Complaint,
		"البطاقة مرفوضة في كل مكان":   nlp.Complaint, // البطاقة is a word of a cue
		"البطاقة المرفوضة في كل مكان": nlp.Complaint, // المرفوضة stands nowhere
		"البطاقات مرفوضة في كل مكان":  nlp.Other,
	} {
		if got := c.Classify(nlp.Input{Text: text}); got.Kind != kind {
			t.Errorf("%s: %s, want %s", text, got.Kind, kind)
		}
	}
}

// A word of the lexicon is no name with an ending of another language, though services
// are called so with other words: cajeros is not the cajero of "cajero ING" with an s.
func TestKnownWordsAreNoPartsOfNames(t *testing.T) {
	cat, err := catalog.Default()
	if err != nil {
		t.Fatal(err)
	}
	lex, err := lexicon.Load(fstest.MapFS{
		"es.yaml": {Data: []byte("lang: es\nsymptoms:\n  payment:\n    strong: [cajeros caídos]\n")},
		"sv.yaml": {Data: []byte("lang: sv\nendings: [s]\n")},
	})
	if err != nil {
		t.Fatal(err)
	}
	c, err := nlp.New(cat, lex, nil)
	if err != nil {
		t.Fatal(err)
	}
	if got := c.Classify(nlp.Input{Text: "los cajeros caídos en todo el pueblo"}); got.Kind != nlp.Complaint {
		t.Errorf("%+v", got)
	}
}
