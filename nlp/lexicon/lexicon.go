// Package lexicon knows how people say that something does not work: phrases
// per language for symptoms and for cues such as news, past or advert. The data
// is YAML in a small phrase language that README.md in this folder describes;
// Matcher finds all phrases in one pass over a post.
package lexicon

import (
	"embed"
	"io/fs"
)

//go:embed data/*.yaml
var embedded embed.FS

// Group says what a phrase is evidence of.
type Group uint8

// The groups of phrases.
const (
	Symptom Group = iota // Name is a symptom slug
	Cue                  // Name is one of Cues
	Implied              // Name is the slug of a service that needs no naming
	Topic                // Name is the symptom that "down" means where this is talked of
)

// Cues are the names that cue phrases may have.
func Cues() []string {
	return []string{
		"complaint", "self", "question", "now", // a witness, at this moment
		"news", "resolved", "reply",
		"past", "hypothetical", "own", "advert", "price", "praise",
		"mention", // the service in @ is only mentioned
		"affects", // the services around are all affected
		"cancel",  // what looks like a symptom here is none
	}
}

// Claim is what a phrase says. Hundreds of phrases say the same.
type Claim struct {
	Lang   string // ISO 639-1; empty for phrases of every language
	Group  Group
	Name   string
	Strong bool // a symptom clear enough without a service named
	Weak   bool // a hint of a symptom: it needs a service and another cue
}

// Phrase is one entry of the lexicon, in the form that Matcher compiles.
type Phrase struct {
	Claim
	At    string // file:line
	items []item
}

// Ending is what a language puts after the name of a service, in place of Drop
// where that is not empty: Facebookissa, в телеге.
type Ending struct{ Lang, Drop, Add string }

// Clitic is a small word that a language glues before another: ו, وال.
type Clitic struct{ Lang, Text string }

// Lexicon is a checked set of phrases. It never changes after Load.
type Lexicon struct {
	phrases []Phrase
	meant   []meaning
	endings []Ending
	clitics []Clitic
	joins   []string
}

// Endings returns what happens to the ends of names.
func (l *Lexicon) Endings() []Ending { return l.endings }

// Clitics returns what may be glued before a word.
func (l *Lexicon) Clitics() []Clitic { return l.clitics }

// Joins returns the words that join the names of a list: and, or, as well as.
func (l *Lexicon) Joins() []string { return l.joins }

// Phrases returns all phrases. The caller must not change them.
func (l *Lexicon) Phrases() []Phrase { return l.phrases }

// Concepts returns by language for which concepts the lexicon has words, sorted.
func (l *Lexicon) Concepts() map[string][]string {
	out := map[string][]string{}
	for _, m := range l.meant { // sorted by language and concept
		if of := out[m.lang]; len(of) == 0 || of[len(of)-1] != m.concept {
			out[m.lang] = append(of, m.concept)
		}
	}
	return out
}

// Load reads every .yaml file at the top of fsys. Whatever is wrong is an
// error that names file and line.
func Load(fsys fs.FS) (*Lexicon, error) {
	ld := loader{}
	if err := ld.readAll(fsys); err != nil {
		return nil, err
	}
	return &Lexicon{phrases: ld.phrases, meant: ld.meant, endings: ld.endings, clitics: ld.clitics, joins: ld.joins}, nil
}

// Default is the lexicon that comes with the program.
func Default() (*Lexicon, error) {
	sub, err := fs.Sub(embedded, "data")
	if err != nil {
		return nil, err
	}
	return Load(sub)
}
