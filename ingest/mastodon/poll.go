package mastodon

import (
	"context"
	"time"

	"outcry/ingest"
)

// maxGap is the longest time that is made up for: to read an older timeline would
// take longer than to wait for news.
const maxGap = 7 * 24 * time.Hour

// poll asks for the timeline again and again until ctx ends.
func (p *part) poll(ctx context.Context) {
	rest(ctx, time.Until(p.asked.until), p.wake)
	for ctx.Err() == nil {
		err := p.round(ctx)
		wait := p.instance.interval
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			wait = max(wait, p.asked.failed(err))
			p.log.Warn("the timeline cannot be read, trying again", "err", err, "in", wait.Round(time.Millisecond))
		default:
			p.asked.back()
			wait = p.pause(ctx)
		}
		rest(ctx, wait, p.wake)
	}
}

// pause is how long to wait for the next round: while there is a stream, only
// late posts are looked for, and what it may have left out.
func (p *part) pause(ctx context.Context) time.Duration {
	if p.run.turn.take(ctx) != nil {
		return 0
	}
	defer p.run.turn.give()
	if p.whole {
		return sweepEvery
	}
	return p.instance.interval
}

// round reads all that is new in the timeline, now and then from further back.
func (p *part) round(ctx context.Context) error {
	about, err := p.instance.learn(ctx)
	if err != nil {
		return err
	}
	way, err := p.start(ctx)
	if err != nil {
		return err
	}
	var asked, lost time.Time
	switch {
	case !way.begun:
		asked, err = p.now(ctx)
	case way.from == "":
		asked, lost, err = p.backwards(ctx, about.home)
	default:
		asked, err = p.forwards(ctx, way, about.home)
	}
	if err != nil {
		return err
	}
	return p.finish(ctx, way, asked, lost)
}

// way is what one round has to read.
type way struct {
	begun      bool   // there is a post, or a time at least, to begin at
	from, head string // from where, and until where it was read before
	swept      time.Time
	epoch      int // of the stream
}

// start says what to read.
func (p *part) start(ctx context.Context) (way, error) {
	if err := p.run.turn.take(ctx); err != nil {
		return way{}, err
	}
	defer p.run.turn.give()
	if gap := time.Since(p.mark.Heard); !p.mark.Heard.IsZero() && gap > maxGap {
		p.log.Warn("it was not heard for too long; posts are missing from then to now", "since", p.mark.Heard)
		p.mark, p.head, p.trail = mark{}, "", nil
	}
	w := way{begun: !p.mark.Heard.IsZero(), from: p.head, head: p.head, swept: p.swept, epoch: p.epoch}
	if time.Since(p.swept) >= sweepEvery {
		w.from, w.swept = p.mark.From, time.Now()
	}
	return w, nil
}

// finish says that all was heard until the last question.
func (p *part) finish(ctx context.Context, w way, asked, lost time.Time) error {
	if err := p.run.turn.take(ctx); err != nil {
		return err
	}
	defer p.run.turn.give()
	if p.epoch == w.epoch { // no stream was opened or lost meanwhile
		p.whole, p.swept = p.streaming, w.swept
	}
	p.mark.Heard = later(p.mark.Heard, lost)
	return p.run.publish([]ingest.Event{p.heard(asked)})
}
