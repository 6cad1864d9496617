package api

import (
	"context"
	"maps"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"
)

// briefly keeps answers that many ask for at once, so that the store is asked once.
type briefly[T any] struct {
	now     func() time.Time
	timeout time.Duration // of one question to the store
	asking  singleflight.Group
	mu      sync.Mutex
	kept    map[string]keptAnswer[T]
}

type keptAnswer[T any] struct {
	answer T
	at     time.Time
}

const (
	brieflyFor  = 2 * time.Second
	brieflyMost = 256
)

func newBriefly[T any](now func() time.Time, timeout time.Duration) *briefly[T] {
	return &briefly[T]{now: now, timeout: timeout, kept: map[string]keptAnswer[T]{}}
}

// get returns what is kept under the key, or asks. One client who leaves does not
// spoil it for the others who wait.
func (b *briefly[T]) get(ctx context.Context, key string, ask func(context.Context) (T, error)) (T, error) {
	if answer, ok := b.look(key); ok {
		return answer, nil
	}
	done := b.asking.DoChan(key, func() (any, error) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), b.timeout)
		defer cancel()
		answer, err := ask(ctx)
		if err == nil {
			b.put(key, answer)
		}
		return answer, err
	})
	select {
	case <-ctx.Done():
		var none T
		return none, ctx.Err()
	case r := <-done:
		answer, _ := r.Val.(T)
		return answer, r.Err
	}
}

func (b *briefly[T]) look(key string) (answer T, ok bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	k, ok := b.kept[key]
	return k.answer, ok && b.now().Sub(k.at) < brieflyFor
}

func (b *briefly[T]) put(key string, answer T) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.kept) >= brieflyMost {
		clear(b.kept)
	}
	b.kept[key] = keptAnswer[T]{answer, b.now()}
}

// key is the question as it was put, but for the form of the answer.
func (q *query) key() string {
	values := maps.Clone(q.values)
	values.Del("format")
	return values.Encode()
}

// lateHour reads the range of q. By default it is the hour that ends just after the
// newest post; in whole minutes and at most so long.
func (q *query) lateHour(newest time.Time, most time.Duration) span {
	end := q.now
	if newest.Unix() > 0 {
		end = newest.Add(time.Minute)
	}
	if from, ok := parseTime(q.text("from")); ok && !from.Before(end) {
		end = maxTime(q.now, end)
	}
	r := q.span(end, time.Minute)
	if q.text("from") == "" && !r.to.IsZero() {
		r.from = maxTime(r.to.Add(-time.Hour), earliest())
	}
	if r.to.Sub(r.from) > most {
		q.fail("from", "from must lie at most %d days before to (%s)", most/day, stamp(r.to))
	}
	return r
}
