package lexicon

// rest is what remains to be matched after an option of a choice; next is the
// index of what remains after that, or none.
type rest struct {
	elems []elem
	e     int
	next  int
}

const none = -1

func (r *run) push(x rest) int {
	r.rests = append(r.rests, x)
	return len(r.rests) - 1
}

// forward matches elems from e on, and then what is left, at unit u; it returns
// the end.
func (r *run) forward(elems []elem, e, u int, left int) (end int, ok bool) {
	if e == len(elems) {
		if left == none {
			return u, true
		}
		x := r.rests[left]
		return r.forward(x.elems, x.e, u, x.next)
	}
	el := &elems[e]
	if el.kind == gap {
		return r.gapForward(elems, e, u, left)
	}
	if u < len(r.units) && r.is(el, u) {
		if end, ok = r.forward(elems, e+1, u+1, left); ok {
			r.matched |= 1 << min(u, 63)
			return end, true
		}
	}
	options := el.options
	if len(options) > 0 && !r.may(el.first, u) {
		options = nil // none of them begins with it
	}
	for i := range options {
		o := &options[i]
		if !r.may(o.first, u) {
			continue
		}
		end, ok = r.forward(o.elems, 0, u, r.push(rest{elems, e + 1, left}))
		r.rests = r.rests[:len(r.rests)-1]
		if ok {
			return end, true
		}
	}
	if el.optional {
		return r.forward(elems, e+1, u, left)
	}
	return 0, false
}

// is reports whether unit u fits el, and remembers the service.
func (r *run) is(el *elem, u int) bool {
	if el.class == noClass || !r.in(el.class, u) {
		return false
	}
	if el.kind == service {
		r.service = u
	}
	return true
}

// may reports whether a word of a class stands at unit u, or the class is not known.
func (r *run) may(class int32, u int) bool {
	return class == noClass || u >= 0 && u < len(r.units) && r.in(class, u)
}

// stops reports whether a gap may not skip unit u.
func (r *run) stops(gap *elem, u int) bool {
	return gap.class != noClass && r.in(gap.class, u)
}

func (r *run) gapForward(elems []elem, e, u int, left int) (end int, ok bool) {
	for skipped := 0; skipped <= int(elems[e].n) && u+skipped <= len(r.units); skipped++ {
		if end, ok = r.forward(elems, e+1, u+skipped, left); ok {
			return end, true
		}
		if u+skipped < len(r.units) && r.stops(&elems[e], u+skipped) {
			break
		}
	}
	return 0, false
}

// backward matches elems from e down, and then what is left, before unit u; it
// returns the start.
func (r *run) backward(elems []elem, e, u int, left int) (start int, ok bool) {
	if e < 0 {
		if left == none {
			return u, true
		}
		x := r.rests[left]
		return r.backward(x.elems, x.e, u, x.next)
	}
	el := &elems[e]
	if el.kind == gap {
		return r.gapBackward(elems, e, u, left)
	}
	if u > 0 && r.is(el, u-1) {
		if start, ok = r.backward(elems, e-1, u-1, left); ok {
			r.matched |= 1 << min(u-1, 63)
			return start, true
		}
	}
	options := el.options
	if len(options) > 0 && !r.may(el.last, u-1) {
		options = nil // none of them ends in it
	}
	for i := range options {
		o := &options[i]
		if !r.may(o.last, u-1) {
			continue
		}
		start, ok = r.backward(o.elems, len(o.elems)-1, u, r.push(rest{elems, e - 1, left}))
		r.rests = r.rests[:len(r.rests)-1]
		if ok {
			return start, true
		}
	}
	if el.optional {
		return r.backward(elems, e-1, u, left)
	}
	return 0, false
}

func (r *run) gapBackward(elems []elem, e, u int, left int) (start int, ok bool) {
	for skipped := 0; skipped <= int(elems[e].n) && u-skipped >= 0; skipped++ {
		if start, ok = r.backward(elems, e-1, u-skipped, left); ok {
			return start, true
		}
		if u > skipped && r.stops(&elems[e], u-skipped-1) {
			break
		}
	}
	return 0, false
}
