package lexicon_test

import (
	"reflect"
	"strings"
	"testing"
	"testing/fstest"

	"outcry/nlp/lexicon"
)

const english = `
lang: en
concepts:
  not: [not, never]
  play: [play*, playing cards]
  nobody: [no one, no sou*]
  end: [die]
`

const german = `
lang: de
concepts:
  play: [spiel*]
  not: [nicht, gar nicht]
`

// meanings are the concepts that a sentence has in a language, with an x for each
// word that means it.
func meanings(t *testing.T, lang, sentence string) (out []string) {
	t.Helper()
	lex, err := lexicon.Load(fstest.MapFS{"en.yaml": {Data: []byte(english)}, "de.yaml": {Data: []byte(german)}})
	m, d := compiled(t, lex, err)
	for _, x := range m.Means(d.units(sentence), lang, nil) {
		s := m.Concepts()[x.Concept] + ":" + strings.Repeat("_", x.Start) + strings.Repeat("x", x.End-x.Start)
		if x.Borrowed {
			s += " borrowed"
		}
		out = append(out, s)
	}
	return out
}

func TestWordsMeanConcepts(t *testing.T) {
	for _, tc := range []struct {
		lang, sentence string
		want           []string
	}{
		{"en", "it never plays", []string{"not:_x", "play:__x"}},
		{"en", "playing cards", []string{"play:xx", "play:x"}},
		{"en", "no one", []string{"nobody:xx"}},
		{"en", "no. One", nil},
		{"en", "no souls", []string{"nobody:xx"}},
		{"en", "no", nil},
		{"de", "spielt gar nicht", []string{"play:x", "not:_xx", "not:__x"}},
		{"de", "die play", []string{"end:x borrowed", "play:_x borrowed"}},
		{"en", "spielt", nil},
		{"", "nicht never", []string{"not:_x borrowed"}},
	} {
		got := meanings(t, tc.lang, tc.sentence)
		if len(got) != len(tc.want) {
			t.Errorf("%s, %q: %q, want %q", tc.lang, tc.sentence, got, tc.want)
			continue
		}
		for _, w := range tc.want {
			if !strings.Contains(strings.Join(got, "|")+"|", w+"|") {
				t.Errorf("%s, %q: %q, want %q", tc.lang, tc.sentence, got, tc.want)
			}
		}
	}
}

func TestConceptsNameFileAndLine(t *testing.T) {
	for name, tc := range map[string]struct{ yaml, want string }{
		"misspelt":     {"lang: de\nconcepts:\n  nott: [nein]\n", `de.yaml:3: unknown concept "nott"`},
		"a gap":        {"lang: de\nconcepts:\n  not:\n    - nicht ~2 mehr\n", `de.yaml:4: concept not, "nicht ~2 mehr": only words`},
		"a set":        {"lang: de\nconcepts:\n  not:\n    - $neg\n", "de.yaml:4: concept not"},
		"too long":     {"lang: de\nconcepts:\n  not: [" + strings.Repeat("a ", 17) + "]\n", "at most 16 words"},
		"a short stem": {"lang: de\nconcepts:\n  not: [ni*]\n", "three letters or more"},
		"empty":        {"lang: de\nconcepts:\n  not: ['']\n", "it is empty"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := lexicon.Load(fstest.MapFS{"en.yaml": {Data: []byte("lang: en\nconcepts:\n  not: [not]\n")}, "de.yaml": {Data: []byte(tc.yaml)}})
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got %v, want %q", err, tc.want)
			}
		})
	}
}

func TestLongConceptsAreRefused(t *testing.T) {
	lex, err := lexicon.Load(fstest.MapFS{"en.yaml": {Data: []byte("lang: en\nconcepts:\n  not: ['" + strings.Repeat("不", 300) + "']\n")}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err = lexicon.Compile(lex, &dict{forms: []string{""}}); err == nil || !strings.Contains(err.Error(), "en.yaml:3") {
		t.Errorf("got %v", err)
	}
}

// Every language has words for every concept.
func TestConceptsOfAllLanguages(t *testing.T) {
	lex, err := lexicon.Default()
	if err != nil {
		t.Fatal(err)
	}
	words := lex.Concepts()
	if len(words) < 28 {
		t.Errorf("%d languages have concepts", len(words))
	}
	for lang, list := range words {
		if !reflect.DeepEqual(list, words["en"]) {
			t.Errorf("%s has %d concepts, English %d", lang, len(list), len(words["en"]))
		}
	}
}
