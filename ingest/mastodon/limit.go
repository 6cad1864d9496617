package mastodon

import (
	"context"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// maxPause bounds how long a server may have us wait.
const maxPause = time.Hour

// budget keeps to the number of questions that an instance allows: half of it is
// used as it comes, the rest is spread over the time until there is more.
type budget struct {
	mu   sync.Mutex
	next time.Time     // when the next question may be asked
	gap  time.Duration // between it and the one after
}

// wait takes the next free moment, and waits for it.
func (b *budget) wait(ctx context.Context) error {
	b.mu.Lock()
	at := later(time.Now(), b.next)
	b.next = at.Add(b.gap)
	b.mu.Unlock()
	select {
	case <-time.After(time.Until(at)):
		return ctx.Err()
	case <-ctx.Done():
		return ctx.Err()
	}
}

// learn reads what an answer says of the limit. It returns how long to wait at
// least, where the limit is reached.
func (b *budget) learn(answer *http.Response, now time.Time) (wait time.Duration) {
	h := answer.Header
	limit, err1 := strconv.Atoi(h.Get("X-RateLimit-Limit"))
	left, err2 := strconv.Atoi(h.Get("X-RateLimit-Remaining"))
	reset := pause(h.Get("X-RateLimit-Reset"), h, now)
	b.mu.Lock()
	defer b.mu.Unlock()
	b.gap = 0
	switch {
	case answer.StatusCode == http.StatusTooManyRequests || answer.StatusCode == http.StatusServiceUnavailable:
		if wait = pause(h.Get("Retry-After"), h, now); wait == 0 && answer.StatusCode == http.StatusTooManyRequests {
			wait = reset
		}
	case err1 != nil || err2 != nil:
	case left <= 0:
		wait = reset
	case left < limit/2:
		b.gap = reset / time.Duration(left)
	}
	b.next = later(b.next, now.Add(max(wait, b.gap)))
	return wait
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// pause reads a time to come: a date of either form, told by the server's own
// clock, or seconds from now or since 1970.
func pause(value string, h http.Header, now time.Time) time.Duration {
	clock := now
	if date, err := http.ParseTime(h.Get("Date")); err == nil {
		clock = date
	}
	var wait time.Duration
	if n, err := strconv.ParseInt(value, 10, 64); err == nil && n > 1e9 {
		wait = time.Unix(n, 0).Sub(clock)
	} else if err == nil {
		wait = time.Duration(min(n, 1e6)) * time.Second
	} else if at, err := time.Parse(time.RFC3339Nano, value); err == nil {
		wait = at.Sub(clock)
	} else if at, err := http.ParseTime(value); err == nil {
		wait = at.Sub(clock)
	}
	return min(max(0, wait), maxPause)
}
