package lexicon

// rest is what remains to be matched after an option of a choice; next is the
// index of what remains after that, or none.
type rest struct {
	steps []step
	e     int
	next  int
}

const none = -1

func (r *run) push(x rest) int {
	r.rests = append(r.rests, x)
	return len(r.rests) - 1
}

// forward matches steps from e on, and then what is left, at unit u; it returns
// the end.
func (r *run) forward(steps []step, e, u int, left int) (end int, ok bool) {
	if e == len(steps) {
		if left == none {
			return u, true
		}
		x := r.rests[left]
		return r.forward(x.steps, x.e, u, x.next)
	}
	st := &steps[e]
	if st.kind == gap {
		return r.gapForward(steps, e, u, left)
	}
	if u < len(r.units) && r.is(st, u) {
		if end, ok = r.forward(steps, e+1, u+1, left); ok {
			r.matched |= 1 << min(u, 63)
			return end, true
		}
	}
	options := r.m.branches[st.from:st.to]
	if len(options) > 0 && !r.may(st.first, u) {
		options = nil // none of them begins with it
	}
	for i := range options {
		o := &options[i]
		if !r.may(o.first, u) {
			continue
		}
		end, ok = r.forward(r.m.steps[o.from:o.to], 0, u, r.push(rest{steps, e + 1, left}))
		r.rests = r.rests[:len(r.rests)-1]
		if ok {
			return end, true
		}
	}
	if st.optional {
		return r.forward(steps, e+1, u, left)
	}
	return 0, false
}

// is reports whether unit u fits st, and remembers the service.
func (r *run) is(st *step, u int) bool {
	if st.class == noClass || !r.in(st.class, u) {
		return false
	}
	if st.kind == service {
		r.service = u
	}
	return true
}

// may reports whether a word of a class stands at unit u, or the class is not known.
func (r *run) may(class int32, u int) bool {
	return class == noClass || u >= 0 && u < len(r.units) && r.in(class, u)
}

// stops reports whether a gap may not skip unit u.
func (r *run) stops(gap *step, u int) bool {
	return gap.class != noClass && r.in(gap.class, u)
}

func (r *run) gapForward(steps []step, e, u int, left int) (end int, ok bool) {
	for skipped := 0; skipped <= int(steps[e].n) && u+skipped <= len(r.units); skipped++ {
		if end, ok = r.forward(steps, e+1, u+skipped, left); ok {
			return end, true
		}
		if u+skipped < len(r.units) && r.stops(&steps[e], u+skipped) {
			break
		}
	}
	return 0, false
}

// backward matches steps from e down, and then what is left, before unit u; it
// returns the start.
func (r *run) backward(steps []step, e, u int, left int) (start int, ok bool) {
	if e < 0 {
		if left == none {
			return u, true
		}
		x := r.rests[left]
		return r.backward(x.steps, x.e, u, x.next)
	}
	st := &steps[e]
	if st.kind == gap {
		return r.gapBackward(steps, e, u, left)
	}
	if u > 0 && r.is(st, u-1) {
		if start, ok = r.backward(steps, e-1, u-1, left); ok {
			r.matched |= 1 << min(u-1, 63)
			return start, true
		}
	}
	options := r.m.branches[st.from:st.to]
	if len(options) > 0 && !r.may(st.last, u-1) {
		options = nil // none of them ends in it
	}
	for i := range options {
		o := &options[i]
		if !r.may(o.last, u-1) {
			continue
		}
		start, ok = r.backward(r.m.steps[o.from:o.to], int(o.to-o.from)-1, u, r.push(rest{steps, e - 1, left}))
		r.rests = r.rests[:len(r.rests)-1]
		if ok {
			return start, true
		}
	}
	if st.optional {
		return r.backward(steps, e-1, u, left)
	}
	return 0, false
}

func (r *run) gapBackward(steps []step, e, u int, left int) (start int, ok bool) {
	for skipped := 0; skipped <= int(steps[e].n) && u-skipped >= 0; skipped++ {
		if start, ok = r.backward(steps, e-1, u-skipped, left); ok {
			return start, true
		}
		if u > skipped && r.stops(&steps[e], u-skipped-1) {
			break
		}
	}
	return 0, false
}
