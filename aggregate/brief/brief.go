// Package brief tells an incident in one to three sentences, in 28 languages:
// what a newsroom could print and an on-call engineer reads at a glance.
//
// It is careful as news agencies are: users report, nothing is said of causes,
// and no number appears that does not follow from the Facts. The words of
// each language are in data, one YAML file a language.
package brief

import (
	"embed"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"time"
)

//go:embed data/*.yaml
var data embed.FS

// Facts is all that a brief may say. Onset, Now and one name are required;
// what else is zero is not spoken of.
type Facts struct {
	Names      []string  // display names of the services, leading first
	Owner      string    // set when Names are services of one owner
	Onset      time.Time // when it began
	End        time.Time // zero while it lasts
	Now        time.Time // decides whether days and years are told
	Peak       time.Time // when most people complained; told once it has ended
	PeakPeople int       // people a minute at the peak
	People     int       // distinct people who complained
	Usual      float64   // how many would usually have in that time; 0 when unknown
	Symptoms   []Share   // leading first
	Part       Part      // what it is of, where that is not the whole
}

// Part is what sets the reports of an incident apart: one of the two, or nothing.
type Part struct {
	Lang    string // code of the language in which most of them are; one that no brief is in is not told
	Symptom string // a slug of lexicon.Symptoms that most of them name
	// Apart says that all others complain as on any other day: People, Usual and
	// Symptoms are of this part alone.
	Apart bool
}

// Share is the part of the complaints, 0 to 1, that name one symptom, a slug
// of lexicon.Symptoms.
type Share struct {
	Name  string
	Share float64
}

// Book writes briefs. It may be used by several goroutines at once.
type Book struct {
	languages map[string]*voice
}

// Load reads the languages that come with the program.
func Load() (*Book, error) {
	sub, err := fs.Sub(data, "data")
	if err != nil {
		return nil, fmt.Errorf("open the briefs: %w", err)
	}
	return LoadFrom(sub)
}

// Languages lists the codes that Write knows, sorted.
func (b *Book) Languages() []string {
	return slices.Sorted(maps.Keys(b.languages))
}

// Write tells f in the language with that code, with the time of day in zone
// (nil for GMT). It fails on a language that there is not, and on facts that
// contradict themselves, naming the field.
func (b *Book) Write(lang string, zone *time.Location, f Facts) (string, error) {
	l, ok := b.languages[lang]
	if !ok {
		return "", fmt.Errorf("there is no brief in language %.20q; there are %s", lang, strings.Join(b.Languages(), ", "))
	}
	if zone == nil {
		zone = time.UTC
	}
	f, err := checkFacts(f, l)
	if err != nil {
		return "", fmt.Errorf("write a brief: %w", err)
	}
	w := &writer{voice: l, facts: f, zone: zone}
	return w.write(), nil
}
