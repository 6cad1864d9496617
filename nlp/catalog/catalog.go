// Package catalog knows the services: their names as people write them, their
// owners, countries and handles, and what tells a name from the everyday word
// that it looks like. The data is YAML; README.md in this folder describes it.
package catalog

import (
	"embed"
	"io/fs"
	"maps"
	"slices"
)

//go:embed data/*.yaml
var embedded embed.FS

// Service is one service of the catalogue.
type Service struct {
	Slug      string   `json:"slug" yaml:"slug"`
	Name      string   `json:"name" yaml:"name"`
	Owner     string   `json:"owner" yaml:"owner"` // slug or name of the owner; the name of the service when it owns itself
	Sector    string   `json:"sector" yaml:"-"`
	Countries []string `json:"countries" yaml:"countries"` // ISO 3166-1 alpha-2, lower case, or "world"
	Domains   []string `json:"domains" yaml:"domains"`

	Langs   []string `json:"-" yaml:"-"`       // languages spoken in its countries; none for any
	Handles []string `json:"-" yaml:"handles"` // accounts, without @
	Names   []string `json:"-" yaml:"names"`   // how people write it, Name included unless a rule holds it
	Rules   []Rule   `json:"-" yaml:"rules"`   // names that need evidence
}

// Rule is a set of names that are words too, with what counts as evidence that
// the service is meant. One piece of evidence is enough; being told that the
// post is about the service always is.
type Rule struct {
	Names    []string `yaml:"names"`
	Langs    []string `yaml:"langs"`    // the rule holds in posts of these languages only; none for any
	Exact    bool     `yaml:"exact"`    // only with this capitalisation may it be the name
	Near     []string `yaml:"near"`     // words at most six words away; $name for a group
	Post     []string `yaml:"post"`     // words anywhere in the post
	Caps     []string `yaml:"caps"`     // languages in which exactly this capitalisation, inside a sentence, is evidence; "all" for any
	Subject  []string `yaml:"subject"`  // languages in which "NAME is down" is evidence; "all" for any
	Symptoms []string `yaml:"symptoms"` // symptoms in the same post
	Hashtag  bool     `yaml:"hashtag"`  // the name as a hashtag
	Not      []string `yaml:"not"`      // words beside the name that rule the service out
}

// Catalog is a checked set of services. It never changes after Load.
type Catalog struct {
	services []Service
	bySlug   map[string]int
	suffixes []string
	groups   map[string]group
	everyday map[string][]string
	ordinary map[string][]string
}

// Load reads every .yaml file at the top of fsys. Whatever is wrong is an
// error that names file and line.
func Load(fsys fs.FS) (*Catalog, error) {
	c, err := load(fsys, false)
	if err != nil {
		return load(fsys, true)
	}
	return c, nil
}

// load finds the lines of the services where something is wrong only, because it
// takes as long as all else that is read.
func load(fsys fs.FS, lines bool) (*Catalog, error) {
	l := loader{lines: lines}
	if err := l.readAll(fsys); err != nil {
		return nil, err
	}
	return l.finish()
}

// Default is the catalogue that comes with the program.
func Default() (*Catalog, error) {
	sub, err := fs.Sub(embedded, "data")
	if err != nil {
		return nil, err
	}
	return Load(sub)
}

// Services returns every service, by slug. The caller must not change them.
func (c *Catalog) Services() []Service { return c.services }

// Lookup returns the service with that slug.
func (c *Catalog) Lookup(slug string) (Service, bool) {
	i, ok := c.bySlug[slug]
	if !ok {
		return Service{}, false
	}
	return c.services[i], true
}

// Suffixes returns what support accounts add to a brand's name in their
// handles, such as "support" and "cares".
func (c *Catalog) Suffixes() []string { return c.suffixes }

// Everyday returns the languages in which a name is an everyday word.
func (c *Catalog) Everyday(name string) []string { return c.everyday[key(name)] }

// Ordinary returns by language the words that look like a service's name and are
// none there without evidence. A star at the end stands for any ending.
func (c *Catalog) Ordinary() map[string][]string { return c.ordinary }

// Word is a neighbour word of a name. Lang is the language in whose posts it
// counts, "" for all.
type Word struct{ Text, Lang string }

// Group returns the words of a group ($telecom without the sign), by language.
func (c *Catalog) Group(name string) (out []Word) {
	for _, lang := range slices.Sorted(maps.Keys(c.groups[name])) {
		for _, w := range c.groups[name][lang] {
			out = append(out, Word{w, lang})
		}
	}
	return out
}
