package brief

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"go.yaml.in/yaml/v3"
	"golang.org/x/text/language"
)

// LoadFrom reads every .yaml file of a folder, one language each, and checks
// that nothing is missing: a symptom, a plural form that some number takes, a
// placeholder. Errors name file and key, all at once.
func LoadFrom(fsys fs.FS) (*Book, error) {
	names, err := fs.Glob(fsys, "*.yaml")
	if err != nil {
		return nil, fmt.Errorf("list the briefs: %w", err)
	}
	if len(names) == 0 {
		return nil, errors.New("there is no .yaml file of a brief's words")
	}
	book := &Book{languages: map[string]*voice{}}
	var errs []error
	for _, name := range names {
		l, err := read(fsys, name)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		book.languages[l.Lang] = l
	}
	return book, errors.Join(append(errs, book.checkLanguages()...)...)
}

// checkLanguages sees that every language of the book has a name in every other.
func (b *Book) checkLanguages() (errs []error) {
	for _, in := range b.Languages() {
		names := b.languages[in].words.Part.Languages
		for _, code := range b.Languages() {
			if r := (rule{key: "part.languages." + code, text: names[code]}); r.check() != nil {
				errs = append(errs, fmt.Errorf("%s.yaml: %w", in, r.check()))
			}
		}
	}
	return errs
}

// read reads one language; name is also what its errors begin with.
func read(fsys fs.FS, name string) (*voice, error) {
	text, err := fs.ReadFile(fsys, name)
	if err != nil {
		return nil, fmt.Errorf("read a brief: %w", err)
	}
	var w words
	dec := yaml.NewDecoder(bytes.NewReader(text))
	dec.KnownFields(true)
	if err := dec.Decode(&w); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if w.Lang != strings.TrimSuffix(name, ".yaml") {
		return nil, fmt.Errorf("%s: lang: %q is not the language of the file's name", name, w.Lang)
	}
	tag, err := language.Parse(w.Numbers)
	if err != nil {
		return nil, fmt.Errorf("%s: numbers: %q is not a language tag: %w", name, w.Numbers, err)
	}
	v := newVoice(w, tag)
	if errs := check(v); len(errs) > 0 {
		for i, err := range errs {
			errs[i] = fmt.Errorf("%s: %w", name, err)
		}
		return nil, errors.Join(errs...)
	}
	return v, nil
}
