package api

import (
	"context"
	"fmt"
	"runtime/debug"
	"sync"
	"time"
)

// batcher answers single questions in batches. A query costs the store about the
// same for one service as for twenty, so those who come while a batch is under
// way are the next one: the more ask, the less each costs. Nothing is kept. The
// zero value is ready.
type batcher[V any] struct {
	mu      sync.Mutex
	waiting map[string]*batch[V] // by group: what can be asked in one query
	running map[string]int
}

// batchesAtOnce is how many batches of a group are under way. With two, each would
// be half as long and cost nearly as much.
const batchesAtOnce = 1

type batch[V any] struct {
	keys  map[string]bool
	ask   func(keys []string) (map[string]V, error)
	done  chan struct{}
	found map[string]V
	err   error
}

// get asks for key in the next batch of the group, by the ask of the first who
// waits for it. ask outlives ctx, as others wait for it too.
func (b *batcher[V]) get(ctx context.Context, group, key string, ask func(keys []string) (map[string]V, error)) (none V, err error) {
	return b.join(group, key, ask).wait(ctx, key)
}

// wait waits for the answer.
func (p *batch[V]) wait(ctx context.Context, key string) (none V, err error) {
	select {
	case <-p.done:
		return p.found[key], p.err
	case <-ctx.Done():
		return none, ctx.Err()
	}
}

// join puts key into the batch that waits.
func (b *batcher[V]) join(group, key string, ask func([]string) (map[string]V, error)) *batch[V] {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.waiting == nil {
		b.waiting, b.running = map[string]*batch[V]{}, map[string]int{}
	}
	p := b.waiting[group]
	if p == nil {
		p = &batch[V]{keys: map[string]bool{}, ask: ask, done: make(chan struct{})}
		b.waiting[group] = p
	}
	p.keys[key] = true
	b.start(group)
	return p
}

// start lets the batch that waits go, if it may. The caller holds the lock.
func (b *batcher[V]) start(group string) {
	p := b.waiting[group]
	if p == nil || b.running[group] == batchesAtOnce {
		return
	}
	delete(b.waiting, group)
	b.running[group]++
	keys := make([]string, 0, len(p.keys))
	for key := range p.keys {
		keys = append(keys, key)
	}
	go func() {
		defer b.finish(group)
		p.run(keys)
	}()
}

func (b *batcher[V]) finish(group string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.running[group]--; b.running[group] == 0 {
		delete(b.running, group)
	}
	b.start(group)
}

// run asks. A panic must be an error to reach those who wait.
func (p *batch[V]) run(keys []string) {
	defer close(p.done)
	defer func() {
		if cause := recover(); cause != nil {
			p.err = fmt.Errorf("panic: %v\n%s", cause, debug.Stack())
		}
	}()
	p.found, p.err = p.ask(keys)
}

// memo keeps values by key, with their ages; it forgets all when there are too many.
// The zero value is ready.
type memo[V any] struct {
	mu   sync.Mutex
	kept map[string]memoized[V]
}

type memoized[V any] struct {
	value V
	at    time.Time
}

func (m *memo[V]) get(key string, now time.Time) (value V, age time.Duration, ok bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	k, ok := m.kept[key]
	return k.value, now.Sub(k.at), ok
}

func (m *memo[V]) put(key string, value V, now time.Time, most int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.kept == nil || len(m.kept) >= most {
		m.kept = map[string]memoized[V]{}
	}
	m.kept[key] = memoized[V]{value, now}
}
