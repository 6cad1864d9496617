package nlp

import (
	"outcry/nlp/lang"
	"outcry/nlp/lexicon"
	"outcry/nlp/text"
)

// scratch is the working memory of one Classify, reused.
type scratch struct {
	in       Input
	text     text.Text
	wholes   []lookup // beside the tokens of the text: their words in the dictionary
	words    []wordAt // what the text says, hashtags split
	units    []lexicon.Unit
	spots    []spot // beside units
	hits     []lexicon.Hit
	meanings []lexicon.Meaning
	meant    []meant   // what the units mean, in their order
	known    []bool    // beside units: they mean something
	about    []int     // services that the input says the post is about
	own      lang.Mask // the post's language, none where it is not known
	tongues  lang.Mask // whose words count beside names: the post's language, and English
	possible lang.Mask // see Classifier.possible; 0 where it is not known
	tongue   lang.Evidence
	tally    lang.Tally
	odds     []lang.Odds
	letters  func() []lang.Odds // asks the model of languages
	lang     string
	trigger  bool // a word may begin a complaint that names no service
	tells    telling
	named    bool // something may be a service's name
	short    []byte
	forms    []string        // of the dictionary
	joins    map[uint32]bool // of the dictionary
	features []uint64        // for the models
	seen     [1024]uint64    // a hash table of features
	grams    []uint64        // those of features that are of words, in the order of the text
	upTo     []int           // beside units: where in grams the features that end in a unit begin
	starts   []int           // of the letters of a word
	worth    []float32       // beside units: of one tag
	scores   []float32
	all, hit []string // the services that are named, and those that have the problem
	told     []string // the symptoms that phrases tell
	said     []saying
	spans    []Span
	caps     int // words in capitals, minus the others
}

// wordAt is a word of the post with its number in the dictionary.
type wordAt struct {
	id    uint32
	token int       // index into text.Tokens
	langs lang.Mask // in which it is that word with an ending; 0 for the word itself
}

// spot is what a unit stands for in the text.
type spot struct {
	first, last int // words, inclusive
	names       []nameRef
	certain     int  // service of a handle or domain, else -1
	service     int  // after resolve: the service meant, else -1
	perhaps     int  // the service that it may mean besides a word, else -1
	everyday    bool // perhaps is named by an everyday word of the post's language, or of English
	bare        bool // perhaps is by a rule that asks for neighbours, and none is there
	guessed     bool // service is what the model made of perhaps
	doubtful    bool // and it is only a name if there is trouble
	mention     bool // only mentioned, by the phrase around it
	told        bool // a symptom is told of it
	affected    bool // has the problem
}

func (c *Classifier) newScratch() *scratch {
	p := &scratch{forms: c.dict.forms, joins: c.dict.joins}
	p.letters = func() []lang.Odds { return c.letterOdds(p) }
	return p
}

func (p *scratch) reset(in Input) {
	p.in = in
	p.words, p.units, p.spots = p.words[:0], p.units[:0], p.spots[:0]
	p.about, p.hits = p.about[:0], p.hits[:0]
	p.tally, p.possible, p.lang, p.trigger, p.tells, p.named, p.caps = lang.Tally{}, 0, "", false, 0, false, 0
}

// bytes returns where a unit stands in the text.
func (p *scratch) bytes(s *spot) (start, end int) {
	return p.text.Tokens[p.words[s.first].token].Start, p.text.Tokens[p.words[s.last].token].End
}
