package folder

import (
	"errors"
	"io/fs"
	"time"
)

// longestPause is the most between two attempts at a file that the system refuses.
const longestPause = 5 * time.Minute

// failed remembers a file that could not be read to its end.
type failed struct {
	in    *state        // in which it could not; nil if it could
	again time.Time     // when to try that state again; zero for never
	pause time.Duration // before the last attempt
}

// holds tells whether a file is to be left alone.
func (f failed) holds(st state, now time.Time) bool {
	return f.in != nil && *f.in == st && (f.again.IsZero() || now.Before(f.again))
}

// judge notes how reading a file went. What is wrong in the file will be wrong
// until it changes; what the system says, that access is denied or a network
// folder away, may end without a change. It is logged once for a state.
func (r *run) judge(name string, w *watched, err error) {
	if err == nil || errors.Is(err, fs.ErrNotExist) {
		w.failed = failed{}
		return
	}
	st := w.seen
	known := w.failed.in != nil && *w.failed.in == st
	next := failed{in: &st}
	if errors.As(err, new(*fs.PathError)) {
		next.pause = min(max(2*w.failed.pause, r.cfg.Interval), longestPause)
		next.again = r.cfg.Now().Add(next.pause)
	}
	w.failed = next
	if !known {
		r.cfg.Log.Warn("a file cannot be read to its end, going on without it", "file", name, "err", err)
	}
}
