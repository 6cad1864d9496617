package api

import (
	"context"
	"fmt"
	"runtime/debug"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"

	"outcry/aggregate"
)

// curveShelves share what many ask for at once. Their zero values are ready.
type curveShelves struct {
	answers   shelf[CurveAnswer]          // of one question
	heard     shelf[map[string][]uint64]  // of all services
	coverage  shelf[[]aggregate.Coverage] // of all services
	activity  shelf[[]aggregate.ServiceActivity]
	sources   shelf[[]aggregate.SourceActivity]
	counts    batcher[aggregate.Curves] // of one service each
	many      shelf[manyCurves]         // of the services that are asked for in a rush
	rush      rush
	turn      sync.Mutex
	tagging   tagging
	expecting batcher[[]aggregate.Expected] // of one service each
	expected  memo[[]aggregate.Expected]    // of one service each
}

// shelf keeps answers for a moment. How long depends on what they cost: ten times
// as long as the store took, so that it is busy with each question for a tenth of
// the time at most, and what is cheap is fresh.
type shelf[T any] struct {
	asking singleflight.Group
	mu     sync.Mutex
	kept   map[string]onShelf[T]
}

type onShelf[T any] struct {
	value T
	at    time.Time // when it was asked for
	fresh time.Duration
}

const (
	shelfTimes  = 10
	shelfLeast  = 50 * time.Millisecond
	shelfMost   = 2 * time.Second
	shelfLength = 64
)

// keeping says how a shelf keeps. For stale times as long as a value is fresh it is
// still given, while the next is fetched: one at a time for all shelves that take
// turns, so that a processor is left for those who wait for nothing.
type keeping struct {
	now     func() time.Time
	timeout time.Duration // of one fetch
	stale   time.Duration
	least   time.Duration // for which a value is fresh, however cheap it was
	turn    *sync.Mutex
}

// inRush is how while many ask: they cost less where they share what is so old.
func (s *Server) inRush(how keeping, least time.Duration) keeping {
	if s.kept.rush.lasts(s.cfg.Now()) {
		how.least = least
	}
	return how
}

func (s *Server) keeping(stale time.Duration) keeping {
	return keeping{now: s.cfg.Now, timeout: s.cfg.Timeout, stale: stale, turn: &s.kept.turn}
}

// get returns what is kept under key, or else fetches it, once for all who ask.
func (s *shelf[T]) get(ctx context.Context, key string, how keeping, fetch func(context.Context) (T, error)) (T, error) {
	k, ok := s.look(key)
	age, fresh := how.now().Sub(k.at), max(k.fresh, how.least)
	if ok && age < fresh {
		return k.value, nil
	}
	spare := ok && age < fresh*(1+how.stale)
	answered := s.asking.DoChan(key, func() (any, error) {
		if spare {
			how.turn.Lock()
			defer how.turn.Unlock()
		}
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), how.timeout)
		defer cancel()
		return s.fetch(ctx, key, how.now(), fetch)
	})
	if spare {
		return k.value, nil
	}
	select {
	case r := <-answered:
		value, _ := r.Val.(T)
		return value, r.Err
	case <-ctx.Done():
		var none T
		return none, ctx.Err()
	}
}

func (s *shelf[T]) look(key string) (onShelf[T], bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	k, ok := s.kept[key]
	return k, ok
}

// fetch fetches and keeps. Others wait for it in goroutines of their own, so that a
// panic must be an error to reach them.
func (s *shelf[T]) fetch(ctx context.Context, key string, now time.Time, fetch func(context.Context) (T, error)) (value T, err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = fmt.Errorf("panic: %v\n%s", cause, debug.Stack())
		}
	}()
	began := time.Now()
	if value, err = fetch(ctx); err != nil {
		return value, err
	}
	fresh := min(shelfMost, max(shelfLeast, shelfTimes*time.Since(began)))
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.kept == nil || len(s.kept) >= shelfLength {
		s.kept = map[string]onShelf[T]{}
	}
	s.kept[key] = onShelf[T]{value, now, fresh}
	return value, nil
}
