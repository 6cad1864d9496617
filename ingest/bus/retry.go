package bus

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"slices"
	"time"

	"github.com/cenkalti/backoff/v5"
	"github.com/segmentio/kafka-go"
)

// retry does f until it succeeds, fails in a way that trying again cannot
// mend, or ctx ends. trouble says in the log what the brokers do not do.
func retry[T any](ctx context.Context, log *slog.Logger, trouble string, f func() (T, error)) (T, error) {
	result, err := Insist(ctx, func() (T, error) {
		result, err := f()
		if permanent(err) {
			err = backoff.Permanent(err)
		}
		return result, err
	}, func(err error, wait time.Duration) {
		log.Warn(trouble+", trying again", "err", err, "in", wait)
	})
	if err != nil && ctx.Err() != nil {
		err = ctx.Err() // callers know a stop by it, not by its cause
	}
	return result, err
}

// passing are errors that kafka-go does not call temporary, but that end by
// themselves: the group is between two balances, or a broker comes or goes.
var passing = []kafka.Error{
	kafka.RebalanceInProgress, kafka.IllegalGeneration, kafka.UnknownMemberId, kafka.MemberIDRequired,
	kafka.BrokerNotAvailable, kafka.ReplicaNotAvailable, kafka.Unknown,
}

// permanent says that another attempt would fail the same way.
func permanent(err error) bool {
	var answer kafka.Error
	if errors.As(err, &answer) {
		return !answer.Temporary() && !slices.Contains(passing, answer)
	}
	return errors.Is(err, io.ErrClosedPipe) // it was closed
}
