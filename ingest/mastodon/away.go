package mastodon

import (
	"context"
	"errors"
	"time"

	"github.com/cenkalti/backoff/v5"
)

// Waits between attempts at what is away grow to maxWait. What needs the
// operator's hand is tried only every refusedWait.
const (
	firstWait   = time.Second
	maxWait     = 5 * time.Minute
	refusedWait = 10 * time.Minute
)

// away says when to try again. It outlives a Run, which may be called again soon.
type away struct {
	waits *backoff.ExponentialBackOff
	until time.Time
}

func newAway() *away {
	w := backoff.NewExponentialBackOff()
	w.InitialInterval, w.Multiplier, w.MaxInterval = firstWait, 2, maxWait
	return &away{waits: w}
}

// failed notes a failure, and returns how long to wait.
func (a *away) failed(err error) time.Duration {
	wait := a.waits.NextBackOff()
	var answer *answerError
	if errors.As(err, &answer) {
		wait = max(wait, answer.wait)
		if answer.refused() {
			wait = max(wait, refusedWait)
		}
	}
	a.until = time.Now().Add(wait)
	return wait
}

// back notes that all is well.
func (a *away) back() {
	a.waits.Reset()
	a.until = time.Time{}
}

// rest waits for some time, until wake has something, or until ctx ends.
func rest(ctx context.Context, wait time.Duration, wake <-chan struct{}) {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-wake:
	case <-ctx.Done():
	}
}
