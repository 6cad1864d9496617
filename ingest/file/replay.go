package file

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"time"

	"outcry/ingest"
)

// ReplayConfig sets the pace of a Replay.
type ReplayConfig struct {
	Name      string    // under which its cursor is kept; empty: the source's
	Speed     float64   // times faster than it was: 60 is an hour in a minute; 0 is as fast as possible
	FastUntil time.Time // posts before it go as fast as possible
}

// Replay hands a source's posts on at the pace at which they were written. It
// implements ingest.Source.
type Replay struct {
	source ingest.Source
	cfg    ReplayConfig
}

// NewReplay paces source, which should yield posts roughly in time order.
func NewReplay(source ingest.Source, cfg ReplayConfig) (*Replay, error) {
	if math.IsNaN(cfg.Speed) || math.IsInf(cfg.Speed, 0) || cfg.Speed < 0 {
		return nil, fmt.Errorf("replay speed %v: want a positive number, or 0 for as fast as possible", cfg.Speed)
	}
	return &Replay{source: source, cfg: cfg}, nil
}

// Name is the configured name, or the source's.
func (r *Replay) Name() string { return cmp.Or(r.cfg.Name, r.source.Name()) }

// Run runs the source. Its first post goes at once and anchors the pace, also
// after a cursor; a post older than the pace has reached goes at once too, as
// do refusals and deletions.
func (r *Replay) Run(ctx context.Context, cursor string, emit func(ingest.Event) error) error {
	pace := pacer{cfg: r.cfg}
	return r.source.Run(ctx, cursor, func(e ingest.Event) error {
		if e.Post != nil && !e.Post.Deleted {
			if err := pace.wait(ctx, e.Post.CreatedAt); err != nil {
				return err
			}
		}
		return emit(e)
	})
}

// pacer maps the time of posts to the time of the clock.
type pacer struct {
	cfg      ReplayConfig
	anchored bool
	began    time.Time // when the anchor was handed on
	anchor   time.Time // when it was written
}

// wait returns when a post written at t is due.
func (p *pacer) wait(ctx context.Context, t time.Time) error {
	if p.cfg.Speed == 0 || t.Before(p.cfg.FastUntil) {
		return ctx.Err()
	}
	if !p.anchored {
		p.anchored, p.began, p.anchor = true, time.Now(), t
	}
	// Due times are counted from the anchor, not from post to post, so that
	// the time spent elsewhere does not add up.
	delay := p.scaled(t) - time.Since(p.began)
	if delay <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(delay)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

func (p *pacer) scaled(t time.Time) time.Duration {
	scaled := float64(t.Sub(p.anchor)) / p.cfg.Speed
	return time.Duration(max(min(scaled, math.MaxInt64/2), math.MinInt64/2))
}
