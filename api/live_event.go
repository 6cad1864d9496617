package api

import (
	"bytes"
	"encoding/json"
	"time"

	"outcry/aggregate"
)

// liveEvent is one event as it is sent. Its bytes are made once and shared by all
// streams that get it.
type liveEvent struct {
	seq  uint64
	at   time.Time // when it was made
	data []byte
}

// livePoint is a minute of a service.
type livePoint struct {
	Service string    `json:"service"`
	T       time.Time `json:"t"`
	Posts   uint64    `json:"posts"`
	Authors uint64    `json:"authors"`
	Heard   uint64    `json:"heard"`
}

type liveNewest struct {
	Newest time.Time `json:"newest"`
}

// liveCount is a minute of a service as streams know it.
type liveCount struct{ posts, authors, heard uint64 }

func liveCountOf(p aggregate.Point) liveCount { return liveCount{p.Posts, p.Authors, p.Heard} }

func (c liveCount) point(service string, t time.Time) livePoint {
	return livePoint{Service: service, T: t.UTC(), Posts: c.posts, Authors: c.authors, Heard: c.heard}
}

// differs says whether a minute is worth sending again. All that is heard grows
// with every post there is: that alone is told once the minute is over, and then
// only where it makes a difference.
func (c liveCount) differs(sent liveCount, over bool) bool {
	if c.posts != sent.posts || c.authors != sent.authors {
		return true
	}
	gap := max(c.heard, sent.heard) - min(c.heard, sent.heard)
	return over && gap*100 > sent.heard
}

// liveEventBytes encodes an event; without an id where that is empty. JSON has no line
// breaks within, so that no text can end an event.
func liveEventBytes(name, id string, body any) []byte {
	var b bytes.Buffer
	b.WriteString("event: " + name + "\n")
	if id != "" {
		b.WriteString("id: " + id + "\n")
	}
	b.WriteString("data: ")
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(body); err != nil { // only of a number that is none
		return nil
	}
	b.WriteByte('\n')
	return b.Bytes()
}

func joinLive(events []*liveEvent) liveBytes {
	if len(events) == 1 {
		return liveBytes{events[0].data, 1}
	}
	all := make([][]byte, len(events))
	for i, e := range events {
		all[i] = e.data
	}
	return liveBytes{bytes.Join(all, nil), len(events)}
}

// liveBytes are events in a row.
type liveBytes struct {
	data   []byte
	events int
}
