package simulate

import (
	"math/rand/v2"
	"strings"
)

// text words a draft, and names whom it is addressed to.
func (m *minuteMaker) text(l *language, d draft) (text string, about []string) {
	press := d.kind == "news" || d.rule == "advert"
	x := expander{rng: m.rng, language: l, stage: m.stage(), formal: press, last: map[*part]int{}}
	if d.service != nil {
		x.words = l.Services[d.service.Slug].words
	}
	x.core = x.rule(d.rule)
	text = tidy(x.rule("frame." + d.kind))
	style := styler{rng: m.rng, lang: l.Code, keep: x.words["s"]}
	if press {
		text = firstUpper(text)
	} else {
		text = style.apply(text)
	}
	if d.service != nil && !press && m.rng.IntN(100) < 5 {
		text, about = "@"+d.service.Handle+" "+text, []string{d.service.Handle}
	}
	if d.event && d.kind != "other" && m.rng.IntN(100) < 16 {
		text += " " + x.rule(m.scenario.Event.Rules+".hashtag")
	}
	if emoji := m.scenario.Emoji[d.kind]; len(emoji) > 0 && m.rng.IntN(100) < 17 {
		one := emoji[m.rng.IntN(len(emoji))]
		text += " " + strings.Repeat(one, 1+m.rng.IntN(5)/3+m.rng.IntN(6)/5)
	}
	return text, about
}

// tidy mends the seams between phrases.
func tidy(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	return strings.NewReplacer("?,", "?", "?...", "?", "?.", "?", "!,", "!", "!.", "!", "? !", "?", " ,", ",").Replace(text)
}

// stage is how long the event has lasted, for {since}.
func (m *minuteMaker) stage() string {
	switch gone := m.ofDay - int64(m.scenario.Event.Onset); {
	case gone < 0:
		return "middle"
	case gone < 10:
		return "start"
	case gone < 45:
		return "middle"
	}
	return "long"
}

// expander says phrases of a language about one service.
type expander struct {
	rng      *rand.Rand
	language *language
	words    map[string][]string
	core     string
	stage    string
	formal   bool          // services by their proper names only
	last     map[*part]int // what each choice gave last, for "tea or tea?" is no question
}

func (x *expander) rule(name string) string {
	phrases := x.language.Rules[name]
	return x.say(phrases[x.rng.IntN(len(phrases))])
}

func (x *expander) say(p phrase) string {
	var b strings.Builder
	for _, part := range p.parts {
		switch {
		case part.choice != nil:
			b.WriteString(x.say(part.choice[x.choose(part)]))
		case part.ref != "":
			b.WriteString(x.ref(part.ref))
		default:
			b.WriteString(part.literal)
		}
	}
	return b.String()
}

func (x *expander) choose(p *part) int {
	i := x.rng.IntN(len(p.choice))
	if last, ok := x.last[p]; ok && i == last {
		i = (i + 1) % len(p.choice)
	}
	x.last[p] = i
	return i
}

func (x *expander) ref(name string) string {
	switch words := x.words[name]; {
	case len(words) > 0 && x.formal:
		return words[0]
	case len(words) > 0:
		return words[x.rng.IntN(len(words))]
	case name == "core":
		return x.core
	case name == "since":
		name += "." + x.stage
	}
	return x.rule(name)
}
