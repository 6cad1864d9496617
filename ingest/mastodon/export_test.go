package mastodon

import (
	"io"
	"strings"
	"time"
)

// ReadEvents reads server-sent events until they end.
func ReadEvents(text string) (names, data []string, faults int) {
	dog := newWatch(time.Hour, func() {})
	defer dog.stop()
	in := newEvents(io.NopCloser(strings.NewReader(text)), dog)
	for {
		m, err := in.next()
		if err != nil {
			return names, data, faults
		}
		if m.fault != nil {
			faults++
		}
		names, data = append(names, m.event), append(data, string(m.data))
	}
}

// ReadCursor reads a cursor and writes it again.
func ReadCursor(saved string) string { return parseCursor(saved).String() }

// ReadStatus makes a post of a status.
func ReadStatus(raw []byte) {
	if s, _, err := parseStatus(raw); err == nil {
		s.post("mastodon", "social.example", time.Now())
	}
}

// Remember puts posts into a memory of a size, and returns how many it has, and
// whether it still knows one.
func Remember(size int, numbers []string, asked string) (has int, knows bool) {
	m := newMemory(size)
	for _, n := range numbers {
		m.put(n, known{id: "uri " + n})
	}
	return len(m.posts), m.end("mastodon", asked) != nil
}
