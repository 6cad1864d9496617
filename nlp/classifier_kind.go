package nlp

import (
	"math"
	"slices"

	"outcry/nlp/lexicon"
)

// votes are what the evidence says for each kind.
type votes struct{ complaint, news, resolved, other float64 }

func (v *votes) add(w votes) {
	v.complaint += w.complaint
	v.news += w.news
	v.resolved += w.resolved
	v.other += w.other
}

// cueVotes is what one cue is worth, in steps of log-odds.
func cueVotes(name string) votes {
	switch name {
	case "complaint":
		return votes{complaint: 1.2, news: -0.8}
	case "self":
		return votes{complaint: 0.5, news: -1.2}
	case "question":
		return votes{complaint: 0.8, news: -1}
	case "now":
		return votes{complaint: 1.6, news: 0.6}
	case "news":
		return votes{news: 2.4}
	case "resolved":
		return votes{resolved: 5}
	case "reply":
		return votes{other: 7}
	case "past":
		return votes{other: 5}
	case "hypothetical":
		return votes{other: 6}
	case "own":
		return votes{other: 3.4}
	case "advert":
		return votes{other: 3.6}
	case "price":
		return votes{other: 2.2}
	case "praise":
		return votes{other: 3}
	}
	return votes{}
}

// The weights of symptoms: told of a named service, clear by itself, somewhere
// in the post, or only hinted at.
func boundVotes() votes  { return votes{complaint: 3.4, news: 2.2, resolved: 0.4} }
func strongVotes() votes { return votes{complaint: 3, news: 1.5} }
func weakVotes() votes   { return votes{complaint: 0.8, news: 0.6} }
func looseVotes() votes  { return votes{complaint: 2.4, news: 1.6} }

// weigh adds up the evidence. A second phrase for the same cue counts half.
func (c *Classifier) weigh(p *scratch, named bool) (v votes, symptom bool) {
	v.other = 1
	var best votes
	seen := map[string]int{}
	for _, h := range p.hits {
		claim := c.matcher.Claim(h)
		switch claim.Group {
		case lexicon.Cue:
			w := cueVotes(claim.Name)
			if seen[claim.Name]++; seen[claim.Name] == 2 {
				w = votes{w.complaint / 2, w.news / 2, w.resolved / 2, w.other / 2}
			} else if seen[claim.Name] > 2 {
				continue
			}
			v.add(w)
		case lexicon.Symptom, lexicon.Implied:
			if w, ok := symptomVotes(p, h, claim, named); ok {
				symptom = true
				if w.complaint > best.complaint {
					best = w
				}
			}
		}
	}
	v.add(best)
	return v, symptom
}

// hinted reports whether some phrase tells a symptom, of whatever service, or the words
// may tell of trouble with a line.
func (c *Classifier) hinted(p *scratch) bool {
	return p.tells == tellsAll || slices.ContainsFunc(p.hits, func(h lexicon.Hit) bool {
		group := c.matcher.Claim(h).Group
		return group == lexicon.Symptom || group == lexicon.Implied
	})
}

func symptomVotes(p *scratch, h lexicon.Hit, claim *lexicon.Claim, named bool) (votes, bool) {
	switch {
	case claim.Weak && named:
		return weakVotes(), true
	case claim.Weak:
		return votes{}, false
	case claim.Group == lexicon.Symptom && h.Service >= 0 && p.spots[h.Service].service >= 0 && !p.spots[h.Service].mention:
		return boundVotes(), true
	case claim.Strong:
		return strongVotes(), true
	case named && h.Service < 0:
		return looseVotes(), true
	}
	return votes{}, false
}

// choose returns the kind with most votes and how sure that is.
func (v votes) choose(symptom bool) (Kind, float64) {
	if !symptom {
		v.complaint, v.news = -9, v.news-4
	}
	kinds := [...]Kind{Complaint, News, Resolved, Other}
	values := [...]float64{v.complaint, v.news, v.resolved, v.other}
	best, sum := 0, 0.0
	for i, x := range values {
		sum += math.Exp(x)
		if x > values[best] {
			best = i
		}
	}
	return kinds[best], math.Exp(values[best]) / sum
}
