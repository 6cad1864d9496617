package bus

import (
	"context"
	"time"
)

// Outlive returns a context that ends d after ctx does, so that a stop does
// not cut the write and the commit that are under way.
func Outlive(ctx context.Context, d time.Duration) (context.Context, context.CancelFunc) {
	longer, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() { time.AfterFunc(d, cancel) })
	return longer, func() { stop(); cancel() }
}
