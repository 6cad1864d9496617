package x

import (
	"context"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// maxPause bounds what X may ask for: its windows have 15 minutes. busyPause is for
// when it does not say: so long it may take to see that an old connection is gone.
const (
	maxPause  = 15 * time.Minute
	busyPause = 20 * time.Second
)

// pause is until when X wants to be left alone.
type pause struct {
	mu    sync.Mutex
	until time.Time
}

// wait returns when X may be asked again.
func (p *pause) wait(ctx context.Context) error {
	p.mu.Lock()
	left := time.Until(p.until)
	p.mu.Unlock()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(left):
		return ctx.Err()
	}
}

// note learns from an answer that says 429. Too many connections are no matter of
// the allowance, of which then something remains.
func (p *pause) note(answer *http.Response, now time.Time) {
	if answer.StatusCode != http.StatusTooManyRequests {
		return
	}
	until := now.Add(busyPause)
	reset, err := strconv.ParseInt(answer.Header.Get("X-Rate-Limit-Reset"), 10, 64)
	if remaining := answer.Header.Get("X-Rate-Limit-Remaining"); err == nil && (remaining == "" || remaining == "0") {
		until = time.Unix(reset, 0)
	}
	if last := now.Add(maxPause); until.After(last) {
		until = last
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.until = until
}
