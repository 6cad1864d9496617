package mastodon

import "outcry/ingest"

// maxKnown is how many posts of an instance are remembered, some 20 MB. The
// deletion of an older one is not heard: it names the post by a number of the
// instance alone.
const maxKnown = 100_000

// memory knows the last posts of an instance by their number there.
type memory struct {
	posts map[string]known
	order []string // a ring of their numbers
	next  int
}

// known is what is remembered of a post.
type known struct {
	id     string // the post's own
	edited string // when; as the instance says it
	run    int    // in which it was last handed on
	gone   bool
}

func newMemory(size int) *memory {
	return &memory{posts: map[string]known{}, order: make([]string, 0, size)}
}

func (m *memory) put(number string, k known) {
	if _, has := m.posts[number]; !has {
		if len(m.order) < cap(m.order) {
			m.order = append(m.order, number)
		} else {
			delete(m.posts, m.order[m.next])
			m.order[m.next] = number
			m.next = (m.next + 1) % len(m.order)
		}
	}
	m.posts[number] = k
}

// heard says whether a post was handed on in this run, as it is now or newer.
func (m *memory) heard(number, edited string, run int) bool {
	k, has := m.posts[number]
	return has && (k.gone || k.run == run && edited <= k.edited)
}

// end makes of the number of a deleted post the post that says so, nil for one
// that is not known.
func (m *memory) end(source, number string) *ingest.Post {
	k, has := m.posts[number]
	if !has || k.id == "" {
		return nil
	}
	k.gone = true
	m.posts[number] = k
	return &ingest.Post{ID: k.id, Source: source, Deleted: true}
}
