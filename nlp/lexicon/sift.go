package lexicon

import "slices"

// A post leads to hundreds of starts, few of which lead to a phrase, and all of them
// lie scattered in more memory than the processor's cache holds. Memory is slow, but
// it answers many at once: so a sentence is sifted step by step, and each step
// fetches for all that is left what the next one needs.

// look is where the starts of a word are.
type look struct {
	at     int // the unit
	starts []start
}

// trial is a start that may lead to a phrase.
type trial struct {
	at    int // the unit
	start *start
	route *route
}

// sentence looks for phrases where starts says, by word; base is the index of its
// first unit in the post.
func (r *run) sentence(starts *index, base int, skip *Skip, hits []Hit) []Hit {
	r.lookUp(starts, skip)
	r.sift(skip)
	for i := 0; i < len(r.trials); i++ {
		t := r.trials[i]
		h, ok := r.try(t.route, t.at)
		if !ok {
			continue
		}
		hits = append(hits, h.from(base))
		for i+1 < len(r.trials) && r.trials[i+1].at == t.at && r.trials[i+1].start.route <= t.route.last {
			i++ // one hit is enough
		}
	}
	return hits
}

// lookUp finds the starts of all words; those of a word stand in the order of their
// languages.
func (r *run) lookUp(starts *index, skip *Skip) {
	r.looks = r.looks[:0]
	for at := range r.units {
		if list := starts.at(r.units[at].Word); len(list) > 0 {
			r.looks = append(r.looks, look{at, list})
		}
	}
	r.looks = slices.DeleteFunc(r.looks, func(l look) bool {
		first, last := l.starts[0].lang, l.starts[len(l.starts)-1].lang
		return first == last && skip[first]
	})
}

// sift leaves the starts to be tried.
func (r *run) sift(skip *Skip) {
	r.trials = r.trials[:0]
	for _, l := range r.looks {
		for i := range l.starts {
			if st := &l.starts[i]; !skip[st.lang] && r.mayMatch(st) {
				r.trials = append(r.trials, trial{at: l.at, start: st})
			}
		}
	}
	r.fetchClasses()
	r.trials = slices.DeleteFunc(r.trials, func(t trial) bool { return !r.near(t.start, t.at) })
	r.fetchRoutes()
}

// fetchClasses has the first class of several words of every trial fetched: most go
// no further.
func (r *run) fetchClasses() {
	for _, t := range r.trials {
		for _, class := range t.start.classes[:t.start.count] {
			if class > anyNumber {
				r.touched += r.m.classes[class]
				break
			}
		}
	}
}

// fetchRoutes has the routes of all trials fetched, and then their ends.
func (r *run) fetchRoutes() {
	for i := range r.trials {
		t := &r.trials[i]
		t.route = &r.m.routes[t.start.route]
		r.touched += t.route.from
	}
	for _, t := range r.trials {
		r.touched += uint32(r.m.steps[t.route.from].n) + uint32(r.m.steps[t.route.to-1].n)
	}
}

// mayMatch reports false of most starts of sequences that cannot do without words
// which the sentence does not have.
func (r *run) mayMatch(st *start) bool {
	if len(r.units) > maxPlaces {
		return true
	}
	for _, class := range st.classes[:st.count] {
		if !r.mayHave(class) {
			return false
		}
	}
	return st.bits&r.bits != 0
}

// mayHave reports false of classes that the sentence has no word of, where that
// is known without asking for their words.
func (r *run) mayHave(class int32) bool {
	switch word, is := theOne(class); {
	case is:
		return r.maySee(word)
	case class == anyService:
		return r.services != place{}
	case class == anyNumber:
		return r.numbers != place{}
	}
	return true
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
