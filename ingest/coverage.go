package ingest

import (
	"encoding/json"
	"time"

	"outcry/ingest/bus"
)

// Coverage is the message of the coverage topic: Source was heard, in the part
// that Span names, from From to To. What is said twice, or overlaps, counts once.
type Coverage struct {
	Source string    `json:"source"`
	Part   string    `json:"part,omitempty"`
	Parts  int       `json:"parts"`
	From   time.Time `json:"from"`
	To     time.Time `json:"to"`
}

// coverEvery is how much of a stream one message covers at least.
const coverEvery = 5 * time.Second

// maxParts is more than any source has.
const maxParts = 10_000

// ear follows what a live source has heard, over all attempts at it.
type ear struct {
	source  string
	silence time.Duration // a stream that passes over more than this has lost something
	now     func() time.Time
	at      time.Time // until which the stream is covered
	since   time.Time // from which on that is not yet said
}

// listen returns what a batch covers that is worth saying now.
func (e *ear) listen(batch []Event) []Coverage {
	var said []Coverage
	for _, event := range batch {
		switch {
		case event.Heard != nil:
			said = e.say(said, *event.Heard)
		case !event.At.IsZero() && e.silence > 0:
			said = e.follow(said, event.At)
		}
	}
	if e.at.Sub(e.since) >= coverEvery {
		said = e.rest(said)
	}
	return said
}

// follow goes on to an event of a stream. One from before is of a rewind, or of
// another server's clock; one from after now is nobody's.
func (e *ear) follow(said []Coverage, at time.Time) []Coverage {
	switch {
	case at.After(e.now().Add(clockSkew)), at.Before(e.at):
		return said
	case at.Sub(e.at) > e.silence: // the first of all, or the first after a loss
		said = e.rest(said)
		e.since = at
	}
	e.at = at
	return said
}

// rest says what of the stream is not yet said.
func (e *ear) rest(said []Coverage) []Coverage {
	if e.at.After(e.since) {
		said = e.say(said, Span{Parts: 1, From: e.since, To: e.at})
	}
	e.since = e.at
	return said
}

func (e *ear) say(said []Coverage, s Span) []Coverage {
	if begin := s.To.Add(-maxSpan); s.From.Before(begin) {
		s.From = begin
	}
	return append(said, Coverage{Source: e.source, Part: s.Part, Parts: s.Parts, From: s.From.UTC(), To: s.To.UTC()})
}

// message puts coverage on its topic; false where it says nothing that can be true.
func (c Coverage) message(now time.Time) (bus.Message, bool) {
	if CheckCoverage(c, now) != nil {
		return bus.Message{}, false
	}
	value, err := json.Marshal(c)
	return bus.Message{Topic: CoverageTopic, Key: []byte(c.Source), Value: value}, err == nil
}
