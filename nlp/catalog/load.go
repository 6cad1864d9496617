package catalog

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
	"golang.org/x/text/unicode/norm"
)

// file is the form of one YAML file: services of a sector, or shared words.
type file struct {
	Sector   string              `yaml:"sector"`
	Services []Service           `yaml:"services"`
	Groups   map[string]group    `yaml:"groups"`
	Everyday map[string][]string `yaml:"everyday"`
	Ordinary map[string][]string `yaml:"ordinary"`
	Suffixes []string            `yaml:"suffixes"`
	Spoken   map[string][]string `yaml:"spoken"`
}

// group is a list of words by language; "" for those of any.
type group map[string][]string

// UnmarshalYAML reads lists by language (xx for any), or one list.
func (g *group) UnmarshalYAML(node *yaml.Node) error {
	langs := map[string][]string{}
	if node.Kind != yaml.MappingNode {
		var words []string
		err := node.Decode(&words)
		*g = group{"": words}
		return err
	}
	err := node.Decode(&langs)
	if any, ok := langs["xx"]; ok {
		langs[""] = any
		delete(langs, "xx")
	}
	*g = langs
	return err
}

// entry is a service and where it stands.
type entry struct {
	Service
	at string // file:line, where it was found
}

type loader struct {
	lines    bool // find them
	entries  []entry
	groups   map[string]group
	everyday map[string][]string // languages by word
	ordinary map[string][]string // words by language
	suffixes []string
	spoken   map[string][]string // languages by country
}

func (l *loader) readAll(fsys fs.FS) error {
	names, err := fs.Glob(fsys, "*.yaml")
	if err != nil {
		return fmt.Errorf("list the catalogue: %w", err)
	}
	if len(names) == 0 {
		return errors.New("the catalogue has no .yaml file")
	}
	l.groups, l.everyday, l.ordinary, l.spoken = map[string]group{}, map[string][]string{}, map[string][]string{}, map[string][]string{}
	for _, name := range names {
		data, err := fs.ReadFile(fsys, name)
		if err != nil {
			return fmt.Errorf("read the catalogue: %w", err)
		}
		if err := l.read(path.Base(name), data); err != nil {
			return err
		}
	}
	return nil
}

func (l *loader) read(name string, data []byte) error {
	var f file
	dec := yaml.NewDecoder(bytes.NewReader(data))
	dec.KnownFields(true)
	if err := dec.Decode(&f); err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("%s: %w", name, err)
	}
	var lines []int
	if l.lines {
		lines = serviceLines(data)
	}
	for i, s := range f.Services {
		s.Sector = f.Sector
		e := entry{Service: s}
		if l.lines {
			e.at = fmt.Sprintf("%s:%d", name, lines[i])
		}
		l.entries = append(l.entries, e)
	}
	for name, langs := range f.Groups {
		if l.groups[name] == nil {
			l.groups[name] = group{}
		}
		for lang, words := range langs {
			l.groups[name][lang] = append(l.groups[name][lang], words...)
		}
	}
	for lang, words := range f.Everyday {
		for _, w := range words {
			l.everyday[key(w)] = append(l.everyday[key(w)], lang)
		}
	}
	for lang, words := range f.Ordinary {
		if !twoLetters(lang) {
			return fmt.Errorf("%s: ordinary words of %q: a language is two lower-case letters", name, lang)
		}
		if bad := slices.IndexFunc(words, func(w string) bool {
			w = strings.TrimSuffix(w, "*")
			return key(w) == "" || strings.Contains(w, "*")
		}); bad >= 0 {
			return fmt.Errorf("%s: ordinary words of %s: %q: a star stands at the end of a word only", name, lang, words[bad])
		}
		l.ordinary[lang] = append(l.ordinary[lang], words...)
	}
	l.suffixes = append(l.suffixes, f.Suffixes...)
	for country, langs := range f.Spoken {
		if bad := slices.IndexFunc(append([]string{country}, langs...), func(code string) bool { return !twoLetters(code) }); bad >= 0 {
			return fmt.Errorf("%s: spoken in %s: codes of countries and languages are two lower-case letters", name, country)
		}
		l.spoken[country] = append(l.spoken[country], langs...)
	}
	return nil
}

// serviceLines finds the line that each service starts on. The data has been
// decoded before, so the shape is right.
func serviceLines(data []byte) (lines []int) {
	var root yaml.Node
	if yaml.Unmarshal(data, &root) != nil || len(root.Content) == 0 {
		return nil
	}
	top := root.Content[0].Content
	for i := 0; i+1 < len(top); i += 2 {
		if top[i].Value == "services" {
			for _, n := range top[i+1].Content {
				lines = append(lines, n.Line)
			}
		}
	}
	return lines
}

// finish fills in what may be left out, checks everything and sorts.
func (l *loader) finish() (*Catalog, error) {
	errs := make([]error, 0, 8)
	for i := range l.entries {
		errs = append(errs, l.complete(&l.entries[i])...)
	}
	errs = append(errs, l.check()...)
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	slices.SortFunc(l.entries, func(a, b entry) int { return cmp.Compare(a.Slug, b.Slug) })
	c := &Catalog{bySlug: map[string]int{}, suffixes: l.suffixes, groups: l.groups, everyday: l.everyday, ordinary: l.ordinary}
	for i, e := range l.entries {
		c.services = append(c.services, e.Service)
		c.bySlug[e.Slug] = i
	}
	return c, nil
}

// langs are the languages spoken in some countries, none where they may be any.
func (l *loader) langs(countries []string) (out []string) {
	for _, country := range countries {
		langs, ok := l.spoken[country]
		if !ok {
			return nil
		}
		out = append(out, langs...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// complete adds the name to the names, the owner and the languages; it checks the
// groups.
func (l *loader) complete(e *entry) (errs []error) {
	if e.Owner == "" {
		e.Owner = e.Name
	}
	everyday := l.everyday[key(e.Name)] != nil
	if e.Name != "" && !slices.ContainsFunc(e.allNames(), func(n string) bool {
		return sameName(n, e.Name) || everyday && key(n) == key(e.Name)
	}) {
		e.Names = append([]string{e.Name}, e.Names...)
	}
	e.Langs = l.langs(e.Countries)
	for _, r := range e.Rules {
		for _, w := range slices.Concat(r.Near, r.Post, r.Not) {
			if name, ok := strings.CutPrefix(w, "$"); ok && l.groups[name] == nil {
				errs = append(errs, fmt.Errorf("%s: service %q: unknown word group %s", e.at, e.Slug, w))
			}
		}
	}
	return errs
}

// sameName reports whether a and b are one name to a post: capitals do not count,
// but accents and apostrophes do ("Uala", "o'dido").
func sameName(a, b string) bool { return plain(a) == plain(b) }

func plain(name string) string {
	return strings.Join(strings.Fields(norm.NFC.String(strings.ToLower(name))), " ")
}

func (s Service) allNames() []string {
	all := slices.Clone(s.Names)
	for _, r := range s.Rules {
		all = append(all, r.Names...)
	}
	return all
}
