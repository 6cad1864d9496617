package reddit

import (
	"context"
	"net/http"
	"strconv"
	"time"
)

// maxPause bounds what a server may ask for; busyPause is for one that is busy and
// does not say for how long.
const (
	maxPause  = time.Hour
	busyPause = 10 * time.Second
)

// pace is when the next request may be made.
type pace struct{ next time.Time }

// wait returns when a request may be made.
func (p *pace) wait(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(time.Until(p.next)):
		return ctx.Err()
	}
}

// note learns from the headers of an answer: what remains of the allowance is
// spread over the time for which it must last.
func (p *pace) note(answer *http.Response, now time.Time) {
	remaining, known := number(answer.Header, "X-Ratelimit-Remaining")
	reset, _ := number(answer.Header, "X-Ratelimit-Reset")
	pause := reset
	switch {
	case answer.StatusCode == http.StatusTooManyRequests:
		if after, ok := number(answer.Header, "Retry-After"); ok {
			pause = after
		} else if reset == 0 {
			pause = busyPause.Seconds()
		}
	case !known:
		pause = 0
	case remaining >= 1:
		pause = reset / remaining
	}
	p.next = now.Add(time.Duration(min(pause, maxPause.Seconds()) * float64(time.Second)))
}

// number reads a header that holds a number, perhaps 42.0.
func number(h http.Header, key string) (n float64, ok bool) {
	n, err := strconv.ParseFloat(h.Get(key), 64)
	return n, err == nil && n >= 0
}
