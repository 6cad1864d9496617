package nlp

import (
	"cmp"
	"math"
	"slices"

	"outcry/nlp/lexicon"
	"outcry/nlp/model"
)

// decide puts the tags together.
func (c *Classifier) decide(p *scratch) Tags {
	p.all, p.hit = c.services(p, p.all, func(*spot) bool { return true }), c.affected(p, p.hit)
	named := len(p.all) > 0 || len(p.about) > 0
	v, symptom := c.weigh(p, named)
	tags := Tags{Lang: p.lang, Symptoms: []string{}}
	tags.Kind, tags.Score = v.choose(symptom)
	modelled := c.models != nil && (named || c.hinted(p))
	if modelled {
		c.featurize(p, v, symptom, len(p.all))
		tags.Kind, tags.Score = c.kind(p, symptom && v.other < clearlyOther, named || symptom)
		if tags.Kind == Other && p.doubted() {
			p.all, p.hit = p.all[:0], p.hit[:0]
		}
	}
	tags.Services = c.chosen(p, tags.Kind)
	if len(tags.Services) == 0 && (tags.Kind == News || tags.Kind == Resolved) {
		tags.Kind, tags.Services = Other, c.chosen(p, Other)
	}
	switch {
	case tags.Kind == Other:
	case modelled:
		tags.Symptoms = c.modelSymptoms(p)
	default:
		tags.Symptoms = c.symptoms(p, tags.Symptoms)
	}
	tags.Spans = c.spans(p, tags, modelled)
	return tags
}

// How likely a complaint must be: where a phrase tells a symptom, where the
// words alone speak for it, where there are so many of them that some always do,
// where no service is named and the phrase would need one, where the service itself
// is only a guess, and where it is no name but for the complaint. Of ordinary posts
// that name a service very few complain, so that little evidence is not enough;
// measured on labelled posts before they were learned from, and on tweets.
const (
	likelyTold     = 0.6
	likelyUntold   = 0.75
	likelyInMany   = 0.95
	likelyHinted   = 0.99
	likelyGuessed  = 0.95
	likelyDoubtful = 0.98
)

// manyWords is from how many units on a post has many.
const manyWords = 19

// clearlyOther are votes after which a symptom is told as no complaint: as past, or
// as what may be.
const clearlyOther = 5

// kind asks the model; told says that a phrase tells a symptom, clear that there is a
// service or a phrase that needs none.
func (c *Classifier) kind(p *scratch, told, clear bool) (Kind, float64) {
	p.scores = slices.Grow(p.scores[:0], len(c.models.posts.Outputs()))[:len(c.models.posts.Outputs())]
	p.ask(c.models.posts, p.scores)
	kinds := Kinds()
	chance := p.scores[:len(kinds)]
	model.Softmax(chance)
	least := float32(likelyUntold)
	switch {
	case p.doubted():
		least = likelyDoubtful
	case p.guessed():
		least = likelyGuessed
	case !clear:
		least = likelyHinted
	case told:
		least = likelyTold
	case len(p.units) >= manyWords:
		least = likelyInMany
	}
	complaint, other := slices.Index(kinds, Complaint), slices.Index(kinds, Other)
	best := other // of what is no complaint
	for i, x := range chance {
		if i != complaint && x > chance[best] {
			best = i
		}
	}
	switch {
	case chance[complaint] >= least && (best == other || chance[complaint] > chance[best]):
		best = complaint
	case p.doubted() && chance[best] < least:
		best = other
	}
	return kinds[best], float64(chance[best])
}

// doubted reports whether a name is only one if there is trouble.
func (p *scratch) doubted() bool {
	return slices.ContainsFunc(p.spots, func(s spot) bool { return s.doubtful })
}

// guessed reports whether every service named is one by the model's guess.
func (p *scratch) guessed() bool {
	any := false
	for i := range p.spots {
		if s := &p.spots[i]; s.service >= 0 {
			if !s.guessed {
				return false
			}
			any = true
		}
	}
	return any
}

// likelyBeside is the least log-odds of a symptom that a phrase says beside
// another one: "sending messages or logging in". downLead is by how much plain down
// has to lead the precise symptoms, and downTold how far it may fall behind them
// where phrases say it and nothing else.
const (
	likelyBeside = -3
	downLead     = 2
	downTold     = 0.3
)

// modelSymptoms are those that the model finds likelier than not, else the
// likeliest; down stands alone.
func (c *Classifier) modelSymptoms(p *scratch) []string {
	scores, names := p.scores[len(Kinds()):], c.models.posts.Outputs()[len(Kinds()):]
	p.told = c.symptoms(p, p.told)
	said := p.told
	best, most, lead, out := 0, float32(math.Inf(-1)), float32(downLead), []string{}
	told := slices.Equal(said, []string{"down"})
	if told {
		lead = -downTold
	}
	for i, x := range scores {
		if names[i] == "down" {
			x -= lead
		} else if x > 0 || len(said) > 1 && x > likelyBeside && slices.Contains(said, names[i]) {
			out = append(out, names[i])
		}
		if x > most {
			best, most = i, x
		}
	}
	if len(out) == 0 || names[best] == "down" && (told || scores[best] > 0) {
		return []string{names[best]}
	}
	slices.Sort(out)
	return out
}

// chosen picks the services for a kind.
func (c *Classifier) chosen(p *scratch, k Kind) []string {
	switch {
	case k == Other && len(p.about) > 0 && len(p.all) == 0, k != Other && len(p.hit) == 0 && len(p.about) > 0:
		return c.slugsOf(p.about)
	case k == Other || len(p.hit) == 0 && len(p.all) > 0:
		return append([]string{}, p.all...)
	case len(p.hit) == 0:
		return c.implied(p)
	}
	return append([]string{}, p.hit...)
}

func (c *Classifier) slugsOf(services []int) []string {
	out := []string{}
	for _, s := range services {
		out = append(out, c.slugs[s])
	}
	slices.Sort(out)
	return out
}

// implied lists services that phrases give away without a name. Where two could
// be meant, none is.
func (c *Classifier) implied(p *scratch) []string {
	out := []string{}
	for _, h := range p.hits {
		claim := c.matcher.Claim(h)
		if claim.Group != lexicon.Implied || slices.Contains(out, claim.Name) {
			continue
		}
		if _, known := c.bySlug[claim.Name]; known {
			out = append(out, claim.Name)
		}
	}
	if len(out) > 1 {
		return []string{}
	}
	return out
}

// spans lists the evidence for the tags that were given, in order.
func (c *Classifier) spans(p *scratch, tags Tags, modelled bool) []Span {
	out := p.spans[:0]
	for i := range p.spots {
		if s := &p.spots[i]; s.service >= 0 && slices.Contains(tags.Services, c.slugs[s.service]) {
			start, end := p.bytes(s)
			out = append(out, Span{start, end, c.serviceTags[s.service]})
		}
	}
	for _, h := range p.hits {
		if tag := c.tagOf(h, tags); tag != "" {
			start, _ := p.bytes(&p.spots[h.Start])
			_, end := p.bytes(&p.spots[h.End-1])
			out = append(out, Span{start, end, tag})
		}
	}
	if modelled {
		out = c.explain(p, tags, out)
	}
	slices.SortFunc(out, func(a, b Span) int {
		return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(a.End, b.End), cmp.Compare(a.Tag, b.Tag))
	})
	p.spans = out
	return append([]Span(nil), slices.Compact(out)...) // nil for none, whatever the scratch was used for
}

// claimTag is what a span says of a phrase that earns a tag of its own.
func claimTag(claim *lexicon.Claim) string {
	switch claim.Group {
	case lexicon.Symptom, lexicon.Topic:
		return "symptom:" + claim.Name
	case lexicon.Implied:
		return "service:" + claim.Name
	}
	return ""
}

// kindTags are what spans say of the kinds.
var kindTags = map[Kind]string{Complaint: "kind:complaint", News: "kind:news", Resolved: "kind:resolved", Other: "kind:other"}

// outputTag is what a span says of an output of the model of posts: of a kind, as the
// first of them are, or of a symptom.
func outputTag(i int, name string) string {
	if i < len(Kinds()) {
		return kindTags[Kind(name)]
	}
	return "symptom:" + name
}

// tagOf is the tag that a hit is evidence of, if that tag was given.
func (c *Classifier) tagOf(h lexicon.Hit, tags Tags) string {
	claim := c.matcher.Claim(h)
	switch {
	case (claim.Group == lexicon.Symptom || claim.Group == lexicon.Topic) && slices.Contains(tags.Symptoms, claim.Name):
		return c.claimTags[h.Claim]
	case claim.Group == lexicon.Implied && slices.Contains(tags.Services, claim.Name):
		return c.claimTags[h.Claim]
	case claim.Group == lexicon.Cue && supports(claim.Name, tags.Kind):
		return kindTags[tags.Kind]
	}
	return ""
}

func supports(cue string, k Kind) bool {
	v := cueVotes(cue)
	switch k {
	case Complaint:
		return v.complaint > 0
	case News:
		return v.news > 0
	case Resolved:
		return v.resolved > 0
	}
	return v.other > 0
}
