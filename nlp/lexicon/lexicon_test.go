package lexicon_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"outcry/nlp/lexicon"
	"outcry/nlp/text"
)

// dict is the simplest Words: every word in one list.
type dict struct{ forms []string }

func (d *dict) number(form string) uint32 {
	for i, f := range d.forms {
		if f == form {
			return uint32(i)
		}
	}
	d.forms = append(d.forms, form)
	return uint32(len(d.forms) - 1)
}

func (d *dict) Word(s string) (ids []uint32) {
	var t text.Text
	t.Analyze(s)
	for _, tok := range t.Tokens {
		ids = append(ids, d.number(string(tok.Word)))
	}
	return ids
}

func (d *dict) Prefix(s string) []uint32 {
	ids := d.Word(s)
	last := &ids[len(ids)-1]
	*last = d.number(d.forms[*last] + "*")
	return ids
}

func (d *dict) Under(id uint32) (ids []uint32) {
	start, ok := strings.CutSuffix(d.forms[id], "*")
	for i, f := range d.forms {
		if ok && strings.HasPrefix(f, start) && uint32(i) != id {
			ids = append(ids, uint32(i))
		}
	}
	return ids
}

func (d *dict) Len() int             { return len(d.forms) }
func (d *dict) Used(uint32, string)  {}
func (d *dict) Common(w uint32) bool { return len(d.forms[w]) < 4 }

// units reads a sentence; SVC is a service.
func (d *dict) units(s string) (units []lexicon.Unit) {
	var t text.Text
	t.Analyze(s)
	for _, tok := range t.Tokens {
		u := lexicon.Unit{Service: string(tok.Word) == "svc", Number: tok.Kind == text.Number, Hard: tok.Break == text.Hard, Soft: tok.Break == text.Soft}
		for i, f := range d.forms {
			if f == string(tok.Word) {
				u.Word = uint32(i)
			}
		}
		for i, f := range d.forms {
			if p, ok := strings.CutSuffix(f, "*"); u.Word == 0 && ok && strings.HasPrefix(string(tok.Word), p) {
				u.Word = uint32(i)
			}
		}
		units = append(units, u)
	}
	return units
}

func load(phrase string) (*lexicon.Lexicon, error) {
	yaml := "lang: en\nsets: {neg: [not, never, \"no more\"]}\nsymptoms:\n  down:\n    named:\n      - " + quote(phrase) + "\n"
	return lexicon.Load(fstest.MapFS{"en.yaml": {Data: []byte(yaml)}})
}

// compiled is the matcher of a lexicon, with the words that it knows.
func compiled(t *testing.T, lex *lexicon.Lexicon, err error) (*lexicon.Matcher, *dict) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	d := &dict{forms: []string{""}}
	m, err := lexicon.Compile(lex, d)
	if err != nil {
		t.Fatal(err)
	}
	return m, d
}

func quote(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

func TestPhrases(t *testing.T) {
	for _, tc := range []struct {
		phrase, post string
		hit          bool
	}{
		{"not working", "it is not working", true},
		{"not working", "not. Working", false},
		{"ca marche", "Ça marche", true},
		{"crash*", "it crashes", true},
		{"crash*", "it cracks", false},
		{"wi-f*", "wi fis", true},
		{"l'appli*", "dans l’application", true},
		{"(pop-up*|crash*) again", "pop-ups again", true},
		{"pop-up*", "pop it", false},
		{"(down|broke down) again", "it broke down again", true},
		{"(down|broke down) again", "it broke again", false},
		{"is [still|so very] down", "is down", true},
		{"is [still|so very] down", "is so very down", true},
		{"is [still|so very] down", "is very down", false},
		{"can't ~2 send", "I can’t for now send", true},
		{"can't ~2 send", "I can't for now even send", false},
		{"@ ~1 down", "Svc is down", true},
		{"@ ~1 down", "it is down", false},
		{"# mbps", "only 5 mbps", true},
		{"anyone ?", "anyone??", true},
		{"down !(with|to)", "down to earth", false},
		{"down !(with|to)", "down, to be sure", true},
		{"!since yesterday down", "since yesterday down", false},
		{"!since yesterday down", "yesterday down", true},
		{"it ~3 !(not) works", "it now really works", true},
		{"it ~3 !(not) works", "it does not works", false},
		{"$neg loads", "never loads", true},
		{"$neg loads", "no more loads", true},
		{"störung", "Stoerung", true},
		{"wi-fi", "wi fi", true},
		{"n'envoie", "il n’envoie", true},
	} {
		lex, err := load(tc.phrase)
		if err != nil {
			t.Errorf("%q: %v", tc.phrase, err)
			continue
		}
		d := &dict{forms: []string{""}}
		m, err := lexicon.Compile(lex, d)
		if err != nil {
			t.Errorf("%q: %v", tc.phrase, err)
			continue
		}
		if hits := m.Match(d.units(tc.post), 0, nil); len(hits) > 0 != tc.hit {
			t.Errorf("%q in %q: %v, want %v", tc.phrase, tc.post, hits, tc.hit)
		}
	}
}

func TestHitsTellWhereAndWhat(t *testing.T) {
	lex, err := load("@ ~2 down")
	m, d := compiled(t, lex, err)
	hits := m.Match(d.units("oh svc is so down"), 0, nil)
	if len(hits) != 1 || hits[0].Start != 1 || hits[0].End != 5 || hits[0].Service != 1 || hits[0].Matched != 1<<1|1<<4 {
		t.Errorf("%+v", hits)
	}
	if at := lex.Phrases()[0].At; at != "en.yaml:6" {
		t.Errorf("the phrase is from %s", at)
	}
	if claim := m.Claim(hits[0]); claim.Name != "down" || claim.Group != lexicon.Symptom {
		t.Errorf("%+v", claim)
	}
}

func TestDefaultLoads(t *testing.T) {
	lex, err := lexicon.Default()
	if err != nil {
		t.Fatal(err)
	}
	langs := map[string]int{}
	for _, p := range lex.Phrases() {
		langs[p.Lang]++
	}
	for _, l := range []string{"en", "fr", "es", "pt", "de", "it", ""} {
		if langs[l] < 5 {
			t.Errorf("%q has %d phrases", l, langs[l])
		}
	}
}

func TestLoadNamesFileAndLine(t *testing.T) {
	for name, tc := range map[string]struct{ yaml, want string }{
		"unknown key":     {"lang: en\nfoo: 1\n", "a.yaml: yaml"},
		"no language":     {"cues: {}\n", "a.yaml:1: lang"},
		"unknown symptom": {"lang: en\nsymptoms:\n  nap:\n    named:\n      - x\n", "unknown name \"nap\""},
		"unknown cue":     {"lang: en\ncues:\n  nap:\n    - x\n", "a.yaml:4: unknown name \"nap\""},
		"unknown set":     {"lang: en\ncues:\n  now:\n    - ok\n    - $nope now\n", "a.yaml:5: phrase \"$nope now\": unknown set $nope"},
		"open choice":     {"lang: en\ncues:\n  now:\n    - (a|b\n", "a.yaml:4: phrase \"(a|b\": \")\" is missing"},
		"bad gap":         {"lang: en\ncues:\n  now:\n    - a ~99 b\n", "gap \"~99\""},
		"gap at the end":  {"lang: en\ncues:\n  now:\n    - a ~2\n", "a gap stands between words"},
		"no word":         {"lang: en\ncues:\n  now:\n    - \"@ ~2 @\"\n", "needs a word"},
		"star inside":     {"lang: en\ncues:\n  now:\n    - fo*o\n", "* stands at the end"},
		"not a list":      {"lang: en\ncues:\n  now: x\n", "a list of phrases is wanted"},
		"bad set":         {"lang: en\nsets:\n  x: [\"(a\"]\n", "a.yaml:3: set x"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := lexicon.Load(fstest.MapFS{"a.yaml": {Data: []byte(tc.yaml)}})
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got %v, want %q", err, tc.want)
			}
		})
	}
}

func FuzzPhrase(f *testing.F) {
	for _, s := range []string{"a ~2 (b|c d) [e] !f", "@ # $neg", "((((", "!!a", "[a|[b|c]] d*", "…", "(a b|c) ~1 !(x|y) z"} {
		f.Add(s, "svc a b c d e not working")
	}
	f.Fuzz(func(t *testing.T, phrase, post string) {
		if strings.ContainsAny(phrase, "\n\r\x00") || len(phrase) > 200 || len(post) > 400 {
			return
		}
		lex, err := load(phrase)
		if err != nil {
			return
		}
		d := &dict{forms: []string{""}}
		m, err := lexicon.Compile(lex, d)
		if err != nil {
			return
		}
		units := d.units(post)
		for _, h := range m.Match(units, 0, nil) {
			if h.Start < 0 || h.End <= h.Start || h.End > len(units) || h.Service >= len(units) {
				t.Fatalf("%q in %q: %+v", phrase, post, h)
			}
		}
	})
}
