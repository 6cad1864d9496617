package mastodon

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"outcry/ingest"
)

// part is one timeline of one instance. What stands below run is for one at a
// time, see run.turn.
type part struct {
	instance *instance
	timeline timeline
	name     string
	log      *slog.Logger
	asked    *away // the list
	streamed *away // the stream
	sockets  bool  // the stream is asked for as a WebSocket
	wake     chan struct{}

	run       *run
	mark      mark
	trail     trail
	head      string    // the newest post that was heard, with all before it
	swept     time.Time // when late posts were looked for
	epoch     int       // grows when a stream is opened or lost
	streaming bool      // a stream is open
	whole     bool      // and all from before it was heard
}

// begin makes a part ready for a run.
func (p *part) begin(r *run, from mark) {
	p.run, p.mark, p.trail, p.head, p.swept = r, from, nil, from.From, time.Time{}
	p.streaming, p.whole = false, false
	p.epoch++
}

// told is one post as an instance tells it. changed is of one that is known to
// be another than before.
type told struct {
	raw     []byte
	changed bool
	fault   error
}

// hear hands on posts, the oldest first. Those of a list are contiguous: between
// them and what was read before there are none.
func (p *part) hear(ctx context.Context, posts []told, home string, contiguous bool) (newest string, err error) {
	if err := p.run.turn.take(ctx); err != nil {
		return "", err
	}
	defer p.run.turn.give()
	var events []ingest.Event
	now := time.Now()
	for _, t := range posts {
		s, event := p.read(t, home, now)
		events = append(events, event...)
		if s.ID == "" || len(s.ID) > maxID {
			continue
		}
		if newer(s.ID, newest) {
			newest = s.ID
		}
		if (contiguous || p.whole) && !t.changed {
			p.advance(s.ID, s.written(now))
		}
	}
	if p.whole && !contiguous {
		events = append(events, p.alive(now)...)
	}
	return newest, p.run.publish(events)
}

// advance notes that all until a post was heard.
func (p *part) advance(id string, written time.Time) {
	if newer(id, p.head) {
		p.head = id
	}
	p.trail.add(id, written)
}

// read makes of a post what is new in it. It is remembered also when it is
// refused, for lists bring it again.
func (p *part) read(t told, home string, now time.Time) (s status, events []ingest.Event) {
	i := p.instance
	if t.fault != nil {
		return s, []ingest.Event{p.refuse(ingest.LineTooLong, t.fault, t.raw)}
	}
	s, reason, err := parseStatus(t.raw)
	if err != nil {
		if s.ID == "" {
			json.Unmarshal(t.raw, &struct{ ID *string }{&s.ID}) // the number may be there yet
		}
		number := s.ID
		if number == "" || len(number) > maxID {
			number = fmt.Sprintf("%016x", ingest.PostHash(string(t.raw), ""))
		}
		if i.known.heard(number, s.EditedAt, p.run.number) {
			return s, nil
		}
		i.known.put(number, known{edited: s.EditedAt, run: p.run.number})
		return s, []ingest.Event{p.refuse(reason, err, t.raw)}
	}
	if !t.changed && i.known.heard(s.ID, s.EditedAt, p.run.number) {
		return s, nil
	}
	i.known.put(s.ID, known{id: s.id(), edited: s.EditedAt, run: p.run.number})
	post := s.post(i.source, home, now)
	if post == nil && s.EditedAt != "" && s.text() == "" { // what was said before is taken back
		post = &ingest.Post{ID: s.id(), Source: i.source, Deleted: true}
	}
	if post == nil {
		return s, nil
	}
	return s, []ingest.Event{{Post: post, Position: p.name}}
}

func (p *part) refuse(reason ingest.Reason, err error, raw []byte) ingest.Event {
	return ingest.Event{Position: p.name, Refusal: &ingest.Refusal{Reason: reason, Detail: err.Error(), Position: p.name, Raw: slices.Clone(raw)}}
}

// errLong is the fault of a post longer than maxStatus.
var errLong = errors.New("a post of more than " + fmt.Sprint(maxStatus) + " bytes")

// alive says that all until now was heard, once a second at most.
func (p *part) alive(now time.Time) []ingest.Event {
	if now.Sub(p.mark.Heard) < time.Second {
		return nil
	}
	return []ingest.Event{p.heard(now)}
}

// heard says that all until a time was heard, and how far that is.
func (p *part) heard(to time.Time) ingest.Event {
	e := ingest.Event{Position: p.name, At: to}
	if from := p.mark.Heard; !from.IsZero() && from.Before(to) {
		e.Heard = &ingest.Span{Part: p.name, Parts: len(p.run.source.parts), From: from, To: to}
	}
	if id := p.trail.settle(to.Add(-depth)); id != "" {
		p.mark.From = id
	}
	p.mark.Heard = later(p.mark.Heard, to)
	e.Cursor = p.run.cursor()
	return e
}
