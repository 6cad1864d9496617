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
