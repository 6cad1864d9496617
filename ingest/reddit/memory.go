package reddit

import (
	"encoding/hex"
	"encoding/json"
	"hash/fnv"
	"slices"
	"strings"
	"time"

	"outcry/ingest"
)

const (
	// maxKnown bounds the memory; memorySpan is how long a thing stays in it.
	maxKnown   = 10_000
	memorySpan = 24 * time.Hour
	// maxAsked is how many things may be asked for by name at once.
	maxAsked = 100
)

// Hashes that are no text's.
const (
	isGone   = 0
	isDoubt  = 1
	isNoPost = 2
)

// mark is what is remembered of a thing.
type mark struct {
	created time.Time
	seen    time.Time // when it was last heard, in a listing or by name
	text    uint64    // hash, or one of the above
}

// memory holds what was heard, by name.
type memory map[string]mark

// take remembers a thing and makes an event of it when it is news: not known, or
// other than it was. What is not known and older than floor is no news.
func (m memory) take(h heard, floor, now time.Time) (e ingest.Event, news bool) {
	var text uint64
	switch {
	case h.refusal != nil || h.blank:
		text = isNoPost
	case h.post.Deleted:
		text = isGone
	default:
		text = ingest.PostHash(h.key, h.post.Text)
	}
	before, known := m[h.key]
	m[h.key] = mark{h.created, now, text}
	switch {
	case known && before.text == text, !known && h.refusal == nil && h.created.Before(floor):
		return e, false
	case h.blank && !known:
		return e, false
	}
	return ingest.Event{Post: h.post, Refusal: h.refusal}, true
}

// doubt lets all come again that is heard again.
func (m memory) doubt() {
	for key, k := range m {
		if k.text != isNoPost {
			k.text = isDoubt
			m[key] = k
		}
	}
}

// old lists the names of at most maxAsked things that were not seen for so long,
// the longest first.
func (m memory) old(now time.Time, since time.Duration) (names []string) {
	for key, k := range m {
		if k.text != isGone && !k.created.IsZero() && now.Sub(k.seen) >= since {
			names = append(names, key)
		}
	}
	slices.SortFunc(names, func(a, b string) int {
		if d := m[a].seen.Compare(m[b].seen); d != 0 {
			return d
		}
		return strings.Compare(a, b)
	})
	return names[:min(len(names), maxAsked)]
}

// prune forgets what is older than a day and in no listing any more, and the oldest
// of what is too many.
func (m memory) prune(now time.Time) {
	var names []string
	for key, k := range m {
		if now.Sub(k.created) > memorySpan && now.Sub(k.seen) > 2*recheck {
			delete(m, key)
			continue
		}
		names = append(names, key)
	}
	if len(names) <= maxKnown {
		return
	}
	slices.SortFunc(names, func(a, b string) int { return m[a].created.Compare(m[b].created) })
	for _, key := range names[:len(names)-maxKnown] {
		delete(m, key)
	}
}

// rawKey is what stands for the name of a thing that cannot be read.
func rawKey(raw json.RawMessage) string {
	h := fnv.New128a()
	h.Write(raw)
	return "raw " + hex.EncodeToString(h.Sum(nil))
}
