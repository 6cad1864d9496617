package nlp

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"sync"
	"unicode/utf8"

	"outcry/nlp/catalog"
	"outcry/nlp/lang"
	"outcry/nlp/lexicon"
)

// Classifier tags posts. It is pure: what it says depends on the input alone.
// It is safe for concurrent use.
type Classifier struct {
	dict        *dictionary
	names       *nameTree
	matcher     *lexicon.Matcher
	langs       *lang.Data
	slugs       []string        // of the catalogue, by index
	bySlug      map[string]int  // slugs the other way round
	slugHash    []uint64        // beside slugs
	sectors     []uint64        // beside slugs: hashed
	lines       []bool          // beside slugs: it provides telephone or internet lines
	home        []lang.Mask     // beside slugs: languages spoken where it is offered
	spoken      map[string]bool // languages that the lexicon has phrases of
	models      *Models
	phraseLangs []lang.Mask // in the order of the matcher's languages
	groupHash   []uint64    // by claim: its group and name
	conceptHash []uint64    // by the matcher's concepts
	serviceTags []string    // beside slugs: what spans say of them
	claimTags   []string    // by claim: what spans say of it; empty for a cue
	outputTags  []string    // by output of the model of posts: what spans say of it
	pool        sync.Pool
}

// New prepares a classifier over a catalogue, a lexicon and trained models;
// without models the rules decide alone.
func New(cat *catalog.Catalog, lex *lexicon.Lexicon, m *Models) (*Classifier, error) {
	if cat == nil || lex == nil {
		return nil, errors.New("a catalogue and a lexicon are needed")
	}
	c := &Classifier{dict: newDictionary(), langs: lang.Load(), models: m, bySlug: map[string]int{}, spoken: map[string]bool{}}
	c.dict.learnLanguages(c.langs)
	c.dict.learnForms(c.langs, lex)
	c.names = newNameTree(c.dict, cat, c.langs)
	for i, s := range cat.Services() {
		c.bySlug[s.Slug] = i
		c.slugs, c.lines = append(c.slugs, s.Slug), append(c.lines, s.Sector == "telecom")
		c.home = append(c.home, c.spokenAtHome(s))
		c.serviceTags = append(c.serviceTags, "service:"+s.Slug)
		c.slugHash = append(c.slugHash, hashBytes(fnvOffset, []byte(s.Slug)))
		c.sectors = append(c.sectors, hashBytes(fnvOffset, []byte(s.Sector)))
	}
	var err error
	if c.matcher, err = lexicon.Compile(lex, c.dict); err != nil {
		return nil, fmt.Errorf("compile the lexicon: %w", err)
	}
	for _, claim := range c.matcher.Claims() {
		c.spoken[claim.Lang] = true
		c.groupHash = append(c.groupHash, hashBytes(fnvOffset+uint64(claim.Group), []byte(claim.Name)))
		c.claimTags = append(c.claimTags, claimTag(&claim))
	}
	for _, name := range c.matcher.Concepts() {
		c.conceptHash = append(c.conceptHash, hashBytes(fnvOffset, []byte(name)))
	}
	for _, code := range c.matcher.Langs() {
		c.phraseLangs = append(c.phraseLangs, cmp.Or(c.langs.Mask(code), anyLang))
	}
	if m != nil {
		for i, name := range m.posts.Outputs() {
			c.outputTags = append(c.outputTags, outputTag(i, name))
		}
	}
	tells := tellingOf()
	for id := range c.dict.info {
		info := &c.dict.info[id]
		info.clear = c.matcher.MayBeClear(uint32(id))
		c.matcher.MayMean(uint32(id), func(concept string) { info.tells |= tells[concept] })
	}
	c.names.finish(c.dict)
	c.dict.nameTypos, c.dict.wordTypos = nameTypos(c.dict, cat), wordTypos(c.dict)
	c.dict.freeze()
	c.pool.New = func() any { return c.newScratch() }
	return c, nil
}

// spokenAtHome are the languages of the countries that a service is offered in.
func (c *Classifier) spokenAtHome(s catalog.Service) lang.Mask {
	if len(s.Langs) == 0 {
		return anyLang
	}
	return c.names.masks(s.Langs)
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
	p := c.pool.Get().(*scratch)
	defer c.pool.Put(p)
	if !c.read(p, in) {
		return Tags{Kind: Other, Lang: p.lang, Services: []string{}, Symptoms: []string{}, Score: 0.99}
	}
	return c.decide(p)
}

// read gathers the evidence and reports whether there is any.
func (c *Classifier) read(p *scratch, in Input) bool {
	in.Text = head(in.Text)
	p.reset(in)
	p.text.Analyze(in.Text)
	c.look(p)
	if p.tells&tellsTrouble != 0 {
		c.mendNames(p)
	}
	c.join(p)
	c.readAbout(p)
	named := p.named && c.mayName(p) || len(p.about) > 0
	if !named && p.tells != tellsAll && !(p.trigger && c.matcher.Clear(p.units, c.unlikely(p))) {
		p.lang = c.language(p, false)
		return false
	}
	if named {
		c.mend(p)
	}
	p.hits = c.matcher.Match(p.units, c.unlikely(p), p.hits[:0])
	p.lang = c.language(p, named)
	c.keepHits(p)
	c.resolve(p)
	p.meanings = p.meanings[:0]
	if p.mayTell() || c.hinted(p) {
		c.findConcepts(p)
	}
	if c.models != nil && c.models.names != nil {
		c.recognise(p)
	}
	c.assign(p)
	return true
}

// mayTell reports whether the post is on a service, or may be.
func (p *scratch) mayTell() bool {
	return len(p.about) > 0 || slices.ContainsFunc(p.spots, func(s spot) bool { return s.service >= 0 || s.perhaps >= 0 })
}

// postFeatures returns what the model is shown of a post, or nil where nothing in
// it calls for a look.
func (c *Classifier) postFeatures(in Input) []uint64 {
	p := c.pool.Get().(*scratch)
	defer c.pool.Put(p)
	if !c.read(p, in) {
		return nil
	}
	p.all = c.services(p, p.all, func(*spot) bool { return true })
	v, symptom := c.weigh(p, len(p.all) > 0 || len(p.about) > 0)
	if len(p.all) == 0 && len(p.about) == 0 && !c.hinted(p) {
		return nil
	}
	c.featurize(p, v, symptom, len(p.all))
	p.distinct()
	return slices.Clone(p.features)
}
