package lexicon

import "slices"

// route is a sequence as it is walked: nothing that only compiling needs.
type route struct {
	from, to      uint32 // its steps, in Matcher.steps
	claim         int32
	last          int32 // number of the last route of the phrase; they stand in a row
	before, after int32
	anchor        int32
}

// step is an element of a route; see elem.
type step struct {
	kind     kind
	optional bool
	n        int16
	class    int32
	first    int32
	last     int32
	from, to uint32 // its options, in Matcher.branches
}

// branch is an option of a choice; see option.
type branch struct {
	from, to    uint32 // its steps, in Matcher.steps
	first, last int32
}

// packer lays out what is walked in as little memory as it takes, and side by side.
// Options that several sequences share stay shared.
type packer struct {
	m       *Matcher
	phrases []Phrase
	claims  map[Claim]int32
	seen    map[*option]uint32
}

// pack makes the routes of all sequences.
func (m *Matcher) pack(phrases []Phrase, sequences []sequence) {
	m.routes = make([]route, len(sequences))
	p := packer{m, phrases, map[Claim]int32{}, map[*option]uint32{}}
	for i := range sequences {
		m.routes[i] = p.route(&sequences[i])
	}
	m.steps, m.branches = slices.Clip(m.steps), slices.Clip(m.branches)
	last := int32(len(sequences) - 1)
	for i := last; i >= 0; i-- {
		if sequences[i].phrase != sequences[last].phrase {
			last = i
		}
		m.routes[i].last = last
	}
}

func (p *packer) route(s *sequence) route {
	from, to := p.steps(s.elems)
	return route{from: from, to: to, claim: p.claim(s), before: s.before, after: s.after, anchor: int32(s.anchor)}
}

// claim numbers what a sequence says.
func (p *packer) claim(s *sequence) int32 {
	said := p.phrases[s.phrase].Claim
	i, known := p.claims[said]
	if !known {
		i = int32(len(p.m.claims))
		p.claims[said], p.m.claims = i, append(p.m.claims, said)
	}
	return i
}

// steps returns where the steps begin and end.
func (p *packer) steps(elems []elem) (from, to uint32) {
	from, to = grow(&p.m.steps, len(elems))
	for i := range elems {
		e := &elems[i]
		st := step{kind: e.kind, optional: e.optional, n: e.n, class: e.class, first: e.first, last: e.last}
		if len(e.options) > 0 {
			st.from = p.branches(e.options) // which may add steps
			st.to = st.from + uint32(len(e.options))
		}
		p.m.steps[from+uint32(i)] = st
	}
	return from, to
}

// branches returns where the options begin.
func (p *packer) branches(options []option) uint32 {
	from, done := p.seen[&options[0]]
	if done {
		return from
	}
	from, _ = grow(&p.m.branches, len(options))
	p.seen[&options[0]] = from
	for i, o := range options {
		b := branch{first: o.first, last: o.last}
		b.from, b.to = p.steps(o.elems) // which may add branches
		p.m.branches[from+uint32(i)] = b
	}
	return from
}

// grow makes room for n more in list and returns where it begins and ends.
func grow[T any](list *[]T, n int) (from, to uint32) {
	from = uint32(len(*list))
	*list = append(*list, make([]T, n)...)
	return from, uint32(len(*list))
}
