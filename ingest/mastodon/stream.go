package mastodon

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"outcry/ingest"
)

// message is one word of a stream: an event, or with no name a keep-alive.
type message struct {
	event string
	data  []byte // valid until the next message
	fault error
}

// words is an open stream in either form.
type words interface {
	next() (message, error)
	Close() error
}

var (
	errSilent = errors.New("the stream fell silent")
	// errForm is for an instance that does not speak one form of the stream.
	errForm = errors.New("the instance has no stream in this form, trying the other")
)

// stream listens to the timeline again and again until ctx ends.
func (p *part) stream(ctx context.Context) {
	rest(ctx, time.Until(p.streamed.until), nil)
	for ctx.Err() == nil {
		err := p.listen(ctx)
		if ctx.Err() != nil {
			return
		}
		p.turned(ctx, false)
		if errors.Is(err, errForm) {
			p.sockets = !p.sockets
		}
		wait := p.streamed.failed(err)
		p.log.Warn("there is no stream, asking until there is", "err", err, "in", wait.Round(time.Millisecond))
		rest(ctx, wait, nil)
	}
}

// listen opens one stream and reads it until it ends.
func (p *part) listen(parent context.Context) error {
	about, err := p.instance.learn(parent)
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancelCause(parent)
	defer stop(nil)
	dog := newWatch(p.instance.silence, func() { stop(errSilent) })
	defer dog.stop()
	in, err := p.open(ctx, about, dog)
	if err != nil {
		return p.ended(ctx, err)
	}
	defer in.Close()
	if err := p.turned(ctx, true); err != nil {
		return err
	}
	for {
		m, err := in.next()
		if err != nil {
			return p.ended(ctx, err)
		}
		dog.stop() // a full queue is no silence
		if err := p.take(ctx, m, about.home); err != nil {
			return err
		}
		p.streamed.back()
		dog.touch()
	}
}

func (p *part) open(ctx context.Context, about info, dog *watch) (words, error) {
	if p.sockets {
		return p.openSocket(ctx, about.streaming, dog)
	}
	return p.openEvents(ctx, about.streaming, dog)
}

// ended makes of the end of a stream an error that says more, and no secret.
func (p *part) ended(ctx context.Context, err error) error {
	if cause := context.Cause(ctx); cause != nil {
		return cause
	}
	if token := p.instance.token; strings.Contains(err.Error(), token) {
		return errors.New(p.instance.redact(err.Error()))
	}
	return err
}

// turned notes that a stream was opened or lost. What came before it is asked for
// at once, as is what will now come without it.
func (p *part) turned(ctx context.Context, open bool) error {
	if err := p.run.turn.take(ctx); err != nil {
		return err
	}
	defer p.run.turn.give()
	if p.streaming || open {
		p.epoch++
		p.streaming, p.whole, p.swept = open, false, time.Time{}
		select {
		case p.wake <- struct{}{}:
		default:
		}
	}
	return nil
}

// take hands on what a stream says.
func (p *part) take(ctx context.Context, m message, home string) error {
	switch {
	case m.fault != nil || m.event == "update":
		_, err := p.hear(ctx, []told{{raw: m.data, fault: m.fault}}, home, false)
		return err
	case m.event == "status.update":
		_, err := p.hear(ctx, []told{{raw: m.data, changed: true}}, home, false)
		return err
	}
	if err := p.run.turn.take(ctx); err != nil {
		return err
	}
	defer p.run.turn.give()
	var events []ingest.Event
	if m.event == "delete" {
		if post := p.instance.known.end(p.instance.source, strings.Trim(string(m.data), `" `)); post != nil {
			events = append(events, ingest.Event{Post: post, Position: p.name})
		}
	}
	if p.whole {
		events = append(events, p.alive(time.Now())...)
	} else if events == nil {
		events = []ingest.Event{{Position: p.name}}
	}
	return p.run.publish(events)
}

// watch calls a function when nothing is heard for some time.
type watch struct {
	timer *time.Timer
	long  time.Duration
}

func newWatch(long time.Duration, bark func()) *watch {
	return &watch{time.AfterFunc(long, bark), long}
}

func (w *watch) touch() { w.timer.Reset(w.long) }
func (w *watch) stop()  { w.timer.Stop() }

// formError tells an instance that lacks one form of the stream from one in
// trouble.
func formError(status int) error {
	switch status {
	case 200, 400, 404, 405, 406, 426, 501:
		return fmt.Errorf("%w: it answers %d", errForm, status)
	}
	return nil
}
