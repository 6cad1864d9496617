package lexicon

// route is a sequence as it is walked: nothing that only compiling needs.
type route struct {
	steps         []step
	phrase        int32
	before, after int32
	anchor        int
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
	steps       []step
	first, last int32
}

// packer lays out what is walked in as little memory as it takes. Options that
// several sequences share stay shared.
type packer struct {
	m    *Matcher
	seen map[*option]uint32
}

func (p *packer) route(s *sequence) route {
	return route{steps: p.steps(s.elems), phrase: s.phrase, before: s.before, after: s.after, anchor: s.anchor}
}

func (p *packer) steps(elems []elem) []step {
	out := make([]step, len(elems))
	for i := range elems {
		e := &elems[i]
		out[i] = step{kind: e.kind, optional: e.optional, n: e.n, class: e.class, first: e.first, last: e.last}
		if len(e.options) > 0 {
			out[i].from = p.branches(e.options)
			out[i].to = out[i].from + uint32(len(e.options))
		}
	}
	return out
}

// branches returns where the options begin.
func (p *packer) branches(options []option) uint32 {
	from, done := p.seen[&options[0]]
	if done {
		return from
	}
	from = uint32(len(p.m.branches))
	p.seen[&options[0]] = from
	p.m.branches = append(p.m.branches, make([]branch, len(options))...)
	for i, o := range options {
		b := branch{p.steps(o.elems), o.first, o.last} // which may add branches
		p.m.branches[from+uint32(i)] = b
	}
	return from
}
