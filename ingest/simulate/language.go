package simulate

import (
	"fmt"
	"slices"

	"go.yaml.in/yaml/v3"
)

// language is how one language speaks: a grammar, and the forms that the
// names of services take in it.
type language struct {
	Code     string              `yaml:"language"`
	Tags     []string            `yaml:"tags"` // what a platform that tags rightly says
	Services map[string]forms    `yaml:"services"`
	Rules    map[string][]phrase `yaml:"rules"`
	file     string
}

// forms are a service's words in a language, by slot: s is its name.
type forms struct {
	words map[string][]string
	line  int
}

// UnmarshalYAML reads {s: [name, other name], …}.
func (f *forms) UnmarshalYAML(node *yaml.Node) error {
	f.line = node.Line
	if err := node.Decode(&f.words); err != nil {
		return err
	}
	for slot, words := range f.words {
		if len(words) == 0 || slices.Contains(words, "") {
			return fmt.Errorf("line %d: %s has an empty word", node.Line, slot)
		}
	}
	return nil
}

// check finds what a draw could stumble over: rules that are named but not
// there, rules that contain themselves, services whose forms differ.
func (l *language) check() error {
	if len(l.Tags) == 0 {
		return fmt.Errorf("%s: no tags", l.file)
	}
	slots, err := l.slots()
	if err != nil {
		return err
	}
	for _, name := range sortedKeys(l.Rules) {
		if len(l.Rules[name]) == 0 {
			return fmt.Errorf("%s: rule %s has no phrases", l.file, name)
		}
		if err := l.checkRule(name, slots, nil); err != nil {
			return err
		}
	}
	return nil
}

func (l *language) slots() ([]string, error) {
	var slots []string
	for _, slug := range sortedKeys(l.Services) {
		f := l.Services[slug]
		got := sortedKeys(f.words)
		if slots == nil {
			slots = got
		}
		if !slices.Equal(got, slots) || !slices.Contains(got, "s") {
			return nil, fmt.Errorf("%s:%d: %s has the forms %v, want %v and s among them", l.file, f.line, slug, got, slots)
		}
	}
	return slots, nil
}

// checkRule follows every reference; path are the rules that led here.
func (l *language) checkRule(name string, slots, path []string) error {
	for _, p := range l.Rules[name] {
		err := p.refs(func(ref string) error {
			switch {
			case ref == "core" || slices.Contains(slots, ref):
				return nil
			case ref == "since":
				return l.need("since.start", "since.middle", "since.long")
			case l.Rules[ref] == nil:
				return fmt.Errorf("%s:%d: {%s} is neither a rule nor a form of a service", l.file, p.line, ref)
			case ref == name || slices.Contains(path, ref):
				return fmt.Errorf("%s:%d: {%s} contains itself", l.file, p.line, ref)
			}
			return l.checkRule(ref, slots, append(path, name))
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// need reports rules that are not there.
func (l *language) need(rules ...string) error {
	for _, name := range rules {
		if l.Rules[name] == nil {
			return fmt.Errorf("%s: no rule %s", l.file, name)
		}
	}
	return nil
}
