package lexicon

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"go.yaml.in/yaml/v3"
)

// file is the form of one YAML file. Phrases are nodes to keep their lines.
type file struct {
	Lang     string               `yaml:"lang"`
	Sets     map[string]yaml.Node `yaml:"sets"`
	Symptoms map[string]strengths `yaml:"symptoms"`
	Cues     map[string]yaml.Node `yaml:"cues"`
	Implied  map[string]yaml.Node `yaml:"implied"`
	Concepts map[string]yaml.Node `yaml:"concepts"`
	Endings  yaml.Node            `yaml:"endings"` // of names
	Clitics  yaml.Node            `yaml:"clitics"`
	Joins    yaml.Node            `yaml:"joins"`
}

// strengths are the phrases of a symptom: strong ones need no service named,
// weak ones need one and another cue. Topics only make "down" more precise.
type strengths struct {
	Strong yaml.Node `yaml:"strong"`
	Named  yaml.Node `yaml:"named"`
	Weak   yaml.Node `yaml:"weak"`
	Topic  yaml.Node `yaml:"topic"`
}

// Symptoms are the symptom slugs.
func Symptoms() []string {
	return []string{
		"account", "app", "calls", "connection", "down", "internet", "loading", "login", "messages",
		"mobile", "notifications", "payment", "playback", "posting", "search", "slow", "tv", "website",
	}
}

type loader struct {
	phrases []Phrase
	meant   []meaning
	endings []Ending
	clitics []Clitic
	joins   []string
	errs    []error
	name    string // of the file being read
	sets    map[string]item
}

func (l *loader) readAll(fsys fs.FS) error {
	names, err := fs.Glob(fsys, "*.yaml")
	if err != nil {
		return fmt.Errorf("list the lexicon: %w", err)
	}
	if len(names) == 0 {
		return errors.New("the lexicon has no .yaml file")
	}
	for _, name := range names {
		data, err := fs.ReadFile(fsys, name)
		if err != nil {
			return fmt.Errorf("read the lexicon: %w", err)
		}
		l.read(name, data)
	}
	l.checkConcepts()
	return errors.Join(l.errs...)
}

func (l *loader) read(name string, data []byte) {
	var f file
	l.name = name
	dec := yaml.NewDecoder(bytes.NewReader(data))
	dec.KnownFields(true)
	if err := dec.Decode(&f); err != nil && !errors.Is(err, io.EOF) {
		l.errs = append(l.errs, fmt.Errorf("%s: %w", name, err))
		return
	}
	if !regexp.MustCompile(`^[a-z]{2}$`).MatchString(f.Lang) {
		l.fail(1, "lang %q is not a language code of two letters (xx for every language)", f.Lang)
	}
	lang := f.Lang
	if lang == "xx" {
		lang = ""
	}
	l.readSets(f.Sets)
	l.readGroups(lang, f)
	l.readForms(lang, f)
}

// readForms reads the endings of names (x, or y>x where y is replaced), the
// clitics, and the words that join names.
func (l *loader) readForms(lang string, f file) {
	l.each(f.Endings, func(text string, line int) {
		drop, add, replaces := strings.Cut(text, ">")
		if !replaces {
			drop, add = "", text
		}
		if !letters(add) || replaces && !letters(drop) || len(add) > 16 {
			l.fail(line, "ending %q: letters are wanted, or letters>letters", text)
			return
		}
		l.endings = append(l.endings, Ending{lang, drop, add})
	})
	l.each(f.Clitics, func(text string, line int) {
		if !letters(text) {
			l.fail(line, "clitic %q: letters are wanted", text)
			return
		}
		l.clitics = append(l.clitics, Clitic{lang, text})
	})
	l.each(f.Joins, func(text string, line int) {
		if !letters(text) {
			l.fail(line, "join %q: letters are wanted", text)
			return
		}
		l.joins = append(l.joins, text)
	})
}

func letters(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) })
}

func (l *loader) readGroups(lang string, f file) {
	for name, s := range f.Symptoms {
		l.known(max(s.Named.Line, s.Strong.Line, s.Weak.Line, s.Topic.Line), name, Symptoms())
		l.add(Claim{Lang: lang, Group: Symptom, Name: name, Strong: true}, s.Strong)
		l.add(Claim{Lang: lang, Group: Symptom, Name: name}, s.Named)
		l.add(Claim{Lang: lang, Group: Symptom, Name: name, Weak: true}, s.Weak)
		l.add(Claim{Lang: lang, Group: Topic, Name: name}, s.Topic)
	}
	for name, node := range f.Cues {
		l.known(node.Line, name, Cues())
		l.add(Claim{Lang: lang, Group: Cue, Name: name}, node)
	}
	for name, node := range f.Implied {
		l.add(Claim{Lang: lang, Group: Implied, Name: name, Strong: true}, node)
	}
	slices.SortFunc(l.phrases, comparePhrases)
	l.readConcepts(lang, f.Concepts)
}

func (l *loader) known(line int, name string, allowed []string) {
	if !slices.Contains(allowed, name) {
		l.fail(line, "unknown name %q", name)
	}
}

func (l *loader) fail(line int, format string, args ...any) {
	l.errs = append(l.errs, fmt.Errorf("%s:%d: %s", l.name, line, fmt.Sprintf(format, args...)))
}

// readSets reads the sets in the order of the file, so that one may use those
// above it.
func (l *loader) readSets(sets map[string]yaml.Node) {
	l.sets = map[string]item{}
	names := make([]string, 0, len(sets))
	for name := range sets {
		names = append(names, name)
	}
	slices.SortFunc(names, func(a, b string) int { return sets[a].Line*1000 + sets[a].Column - sets[b].Line*1000 - sets[b].Column })
	for _, name := range names {
		alt := item{kind: choice}
		l.each(sets[name], func(text string, line int) {
			items, err := parse(text, l.sets)
			if err != nil {
				l.fail(line, "set %s: %v", name, err)
				return
			}
			alt.options = append(alt.options, items)
		})
		l.sets[name] = alt
	}
}

// add parses the phrases of a list, which all say the same, and keeps them.
func (l *loader) add(claim Claim, list yaml.Node) {
	l.each(list, func(text string, line int) {
		items, err := parse(text, l.sets)
		if err == nil {
			err = checkPhrase(items)
		}
		if err != nil {
			l.fail(line, "phrase %q: %v", text, err)
			return
		}
		l.phrases = append(l.phrases, Phrase{claim, fmt.Sprintf("%s:%d", l.name, line), items})
	})
}

func (l *loader) each(list yaml.Node, use func(text string, line int)) {
	if list.Kind == 0 {
		return
	}
	if list.Kind != yaml.SequenceNode {
		l.fail(list.Line, "a list of phrases is wanted")
		return
	}
	for _, n := range list.Content {
		if n.Kind != yaml.ScalarNode {
			l.fail(n.Line, "a phrase is wanted")
			continue
		}
		use(n.Value, n.Line)
	}
}
