package simulate

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

//go:embed data
var builtIn embed.FS

// Scenarios names the built-in scenarios, sorted.
func Scenarios() []string {
	files, _ := fs.Glob(builtIn, "data/scenarios/*.yaml") // the pattern is good and the files are embedded
	for i, f := range files {
		files[i] = strings.TrimSuffix(path.Base(f), ".yaml")
	}
	return files
}

// load reads a scenario and the languages it speaks.
func load(data fs.FS, name string) (*scenario, []*language, error) {
	s := &scenario{file: "scenarios/" + name + ".yaml"}
	err := readYAML(data, s.file, s)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, fmt.Errorf("unknown scenario %q: choose from %s", name, strings.Join(Scenarios(), ", "))
	}
	if err == nil {
		err = s.check()
	}
	if err != nil {
		return nil, nil, err
	}
	var languages []*language
	for _, code := range sortedKeys(s.Languages) {
		l := &language{file: "languages/" + code + ".yaml"}
		if err := readYAML(data, l.file, l); err != nil {
			return nil, nil, err
		}
		if err := errors.Join(l.check(), s.checkLanguage(l)); err != nil {
			return nil, nil, err
		}
		languages = append(languages, l)
	}
	for _, code := range s.Event.Languages.names {
		if _, ok := s.Languages[code]; !ok {
			return nil, nil, fmt.Errorf("%s: event: unknown language %s", s.file, code)
		}
	}
	return s, languages, nil
}

// readYAML is strict: a key that nobody reads is a slip of the pen.
func readYAML(data fs.FS, file string, into any) error {
	text, err := fs.ReadFile(data, file)
	if err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	dec := yaml.NewDecoder(bytes.NewReader(text))
	dec.KnownFields(true)
	if err := dec.Decode(into); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	return nil
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
