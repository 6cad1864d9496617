package lexicon

import "slices"

// A post leads to hundreds of starts, few of which lead to a phrase, and all of them
// lie scattered in more memory than the processor's cache holds. Memory is slow, but
// it answers many at once: so a sentence is sifted step by step, and each step
// fetches for all that is left what the next one needs.

// look is where the starts of a word are.
type look struct {
	at       int32  // the unit
	from, to uint32 // in the starts of the index
}

// trial is a start that may lead to a phrase.
type trial struct {
	at    int32  // the unit
	start uint32 // in the starts of the index
	route int32
}

// sentence looks for phrases where starts says, by word; base is the index of its
// first unit in the post.
func (r *run) sentence(starts *index, base int, skip Skip, hits []Hit) []Hit {
	r.starts = starts.starts
	r.lookUp(starts, skip)
	r.sift(skip)
	for i := 0; i < len(r.trials); i++ {
		t := r.trials[i]
		s := &r.m.routes[t.route]
		h, ok := r.try(s, int(t.at))
		if !ok {
			continue
		}
		hits = append(hits, h.from(base))
		for i+1 < len(r.trials) && r.trials[i+1].at == t.at && r.trials[i+1].route <= s.last {
			i++ // one hit is enough
		}
	}
	return hits
}

// lookUp finds the starts of all words; those of a word stand in the order of their
// languages.
func (r *run) lookUp(starts *index, skip Skip) {
	r.looks = r.looks[:0]
	for at := range r.units {
		if from, to := starts.at(r.units[at].Word); from < to {
			r.looks = append(r.looks, look{int32(at), from, to})
		}
	}
	r.looks = slices.DeleteFunc(r.looks, func(l look) bool {
		first, last := r.starts[l.from].lang, r.starts[l.to-1].lang
		return first == last && skip.has(first) != 0
	})
}

// sift leaves the starts to be tried.
func (r *run) sift(skip Skip) {
	n := 0
	for _, l := range r.looks {
		starts := r.starts[l.from:l.to]
		r.trials = slices.Grow(r.trials[:n], len(starts))[:n+len(starts)]
		for i := range starts {
			st := &starts[i]
			r.trials[n] = trial{l.at, l.from + uint32(i), st.route}
			n += int(r.mayMatch(st) &^ skip.has(st.lang)) // a branch would be foreseen badly
		}
	}
	r.trials = r.trials[:n]
	r.fetchClasses()
	r.trials = slices.DeleteFunc(r.trials, func(t trial) bool { return !r.near(&r.starts[t.start], int(t.at)) })
	r.fetchRoutes()
}

// fetchClasses has the first class of several words of every trial fetched: most go
// no further.
func (r *run) fetchClasses() {
	for _, t := range r.trials {
		st := &r.starts[t.start]
		for _, class := range st.classes[:st.count] {
			if class > anyNumber {
				r.touched += r.m.classes[class]
				break
			}
		}
	}
}

// fetchRoutes has the routes of all trials fetched, and then their ends.
func (r *run) fetchRoutes() {
	for _, t := range r.trials {
		r.touched += r.m.routes[t.route].from
	}
	for _, t := range r.trials {
		s := &r.m.routes[t.route]
		r.touched += uint32(r.m.steps[s.from].n) + uint32(r.m.steps[s.to-1].n)
	}
}

// mayMatch is 0 for most starts of sequences that cannot do without words which the
// sentence does not have, 1 for all others.
func (r *run) mayMatch(st *start) uint64 {
	return r.maySee(st.signs[0]) & r.maySee(st.signs[1]) & r.maySee(st.signs[2]) & oneIf(st.bits&r.bits != 0)
}

// oneIf is 1 for true, without a branch.
func oneIf(b bool) uint64 {
	if b {
		return 1
	}
	return 0
}

// near reports whether what a sequence cannot do without stands near enough.
func (r *run) near(st *start, at int) bool {
	if len(r.units) > maxPlaces {
		return true
	}
	for i, class := range st.classes[:st.count] {
		if !r.within(class, max(0, at+int(st.lo[i])), min(at+int(st.hi[i]), len(r.units)-1)) {
			return false
		}
	}
	return true
}
