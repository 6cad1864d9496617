package nlp

import (
	"errors"
	"fmt"
	"sync"
	"unicode/utf8"

	"outcry/nlp/catalog"
	"outcry/nlp/lang"
	"outcry/nlp/lexicon"
)

// Classifier tags posts. It is pure: what it says depends on the input alone.
// It is safe for concurrent use.
type Classifier struct {
	dict    *dictionary
	names   *nameTree
	matcher *lexicon.Matcher
	langs   *lang.Data
	slugs   []string        // of the catalogue, by index
	lines   []bool          // beside slugs: it provides telephone or internet lines
	spoken  map[string]bool // languages that the lexicon has phrases of
	pool    sync.Pool
}

// New prepares a classifier over a catalogue and a lexicon.
func New(cat *catalog.Catalog, lex *lexicon.Lexicon) (*Classifier, error) {
	if cat == nil || lex == nil {
		return nil, errors.New("a catalogue and a lexicon are needed")
	}
	c := &Classifier{dict: newDictionary(), langs: lang.Load(), spoken: map[string]bool{}}
	c.dict.learnLanguages(c.langs)
	c.names = newNameTree(c.dict, cat)
	for _, s := range cat.Services() {
		c.slugs, c.lines = append(c.slugs, s.Slug), append(c.lines, s.Sector == "telecom")
	}
	for _, ph := range lex.Phrases() {
		c.spoken[ph.Lang] = true
	}
	var err error
	if c.matcher, err = lexicon.Compile(lex, c.dict); err != nil {
		return nil, fmt.Errorf("compile the lexicon: %w", err)
	}
	c.dict.freeze()
	c.names.finish(c.dict)
	c.pool.New = func() any { return &scratch{} }
	return c, nil
}

// maxRead is how much of a text is read, in bytes. A complaint says in its
// first lines what it is about, and some of the work grows with the square of
// the evidence: 64 KiB of "whatsapp is down" would take a second and more.
const maxRead = 4 << 10

// head is the part of a text that is read, cut between characters.
func head(text string) string {
	if len(text) <= maxRead {
		return text
	}
	end := maxRead
	for end > maxRead-utf8.UTFMax && !utf8.RuneStart(text[end]) {
		end--
	}
	return text[:end]
}

// Classify tags one post, by its first 4 KiB.
func (c *Classifier) Classify(in Input) Tags {
	in.Text = head(in.Text)
	p := c.pool.Get().(*scratch)
	defer c.pool.Put(p)
	p.reset(in)
	p.text.Analyze(in.Text)
	c.look(p)
	c.join(p)
	c.readAbout(p)
	if !p.trigger && !p.named && len(p.about) == 0 {
		return Tags{Kind: Other, Lang: c.language(p, false), Services: []string{}, Symptoms: []string{}, Score: 0.99}
	}
	p.hits = c.matcher.Match(p.units, p.hits[:0])
	p.lang = c.language(p, p.named || len(p.about) > 0)
	c.keepHits(p)
	c.resolve(p)
	return c.decide(p)
}
