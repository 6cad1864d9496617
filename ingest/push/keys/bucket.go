package keys

import (
	"fmt"
	"math"
	"net/http"
	"time"

	"golang.org/x/time/rate"
)

// Bucket is how much somebody may have: the quota at once, and as much again,
// evenly, in every window. It is safe for concurrent use.
type Bucket struct {
	name   string
	quota  int
	window time.Duration
	limit  *rate.Limiter
}

// NewBucket returns a full one. The name, letters and digits, is that of its
// policy; quota and window are above 0.
func NewBucket(name string, quota int, window time.Duration) *Bucket {
	return &Bucket{name, quota, window, rate.NewLimiter(rate.Limit(float64(quota)/window.Seconds()), quota)}
}

// Take takes n, or says how long to wait until there is so much, and takes
// nothing. What is more than the quota counts as the quota.
func (b *Bucket) Take(now time.Time, n int) time.Duration {
	r := b.limit.ReserveN(now, min(n, b.quota))
	if delay := r.DelayFrom(now); delay > 0 {
		r.CancelAt(now)
		return delay
	}
	return 0
}

// Tell writes the policy and what is left of it into the fields RateLimit-Policy
// and RateLimit (draft-ietf-httpapi-ratelimit-headers-10): q units in w seconds;
// r are left, and in t seconds all are back.
func (b *Bucket) Tell(h http.Header, now time.Time) {
	left := max(0, math.Floor(b.limit.TokensAt(now)))
	back := math.Ceil((float64(b.quota) - left) / float64(b.limit.Limit()))
	h.Set("RateLimit-Policy", fmt.Sprintf("%q;q=%d;w=%d", b.name, b.quota, int(math.Ceil(b.window.Seconds()))))
	h.Set("RateLimit", fmt.Sprintf("%q;r=%d;t=%d", b.name, int(left), int(back)))
}

// Seconds is a wait as Retry-After has it.
func Seconds(wait time.Duration) string {
	return fmt.Sprint(int(math.Ceil(wait.Seconds())))
}
