package folder

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"outcry/ingest"
)

// between is the least number of records from one cursor to the next. Of more
// files than that there are as many records as files, so that writing cursors
// costs no more than reading records.
const between = 64

// run is one life of the source.
type run struct {
	*Source
	emit    func(ingest.Event) error
	files   map[string]*watched
	lines   *lineReader
	untold  int   // records since the last cursor
	changed bool  // something has happened since the last cursor
	stopped error // of emit: ends the run
}

// watched is what is known of a file. Only the mark outlives the run.
type watched struct {
	mark
	seen  state     // it was last seen in
	since time.Time // it has been in that state
	failed
}

// Run implements ingest.Source. Files are read one after another, in the order of
// their names, so that a deletion may stand in a file after that of its post. A
// file that cannot be read is skipped until it changes, or for a while where the
// system refused it. Run fails when the folder cannot be listed, and ends with ctx.
func (s *Source) Run(ctx context.Context, saved string, emit func(ingest.Event) error) error {
	r := &run{Source: s, emit: emit, files: map[string]*watched{}, lines: newLineReader()}
	for name, m := range parseCursor(saved) {
		r.files[name] = &watched{mark: m}
	}
	for {
		if err := r.look(ctx); err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(s.cfg.Interval):
		}
	}
}

// look visits every file once, then gives a sign of life.
func (r *run) look(ctx context.Context) error {
	entries, err := os.ReadDir(r.cfg.Path)
	if err != nil {
		return fmt.Errorf("the folder cannot be listed: %w", err)
	}
	found := map[string]bool{}
	for _, entry := range entries {
		name := entry.Name()
		if !r.wants(name) {
			continue
		}
		info, err := r.stat(entry)
		if errors.Is(err, fs.ErrNotExist) || err == nil && !info.Mode().IsRegular() {
			continue // to open anything but a file, a pipe say, could last for ever
		}
		found[name] = true
		if err != nil {
			r.judge(name, r.known(name), err)
		} else if err := r.visit(ctx, name, stateOf(info)); err != nil {
			return err
		}
	}
	r.forget(found)
	var e ingest.Event
	if r.changed {
		e.Cursor = r.cursor()
	}
	return r.emit(e)
}

// stat looks at a file, or at what a link leads to.
func (r *run) stat(entry fs.DirEntry) (fs.FileInfo, error) {
	if entry.Type()&fs.ModeSymlink != 0 {
		return os.Stat(r.path(entry.Name()))
	}
	return entry.Info()
}

func (r *run) path(name string) string { return filepath.Join(r.cfg.Path, name) }

func (r *run) known(name string) *watched {
	if r.files[name] == nil {
		r.files[name] = &watched{}
	}
	return r.files[name]
}

// visit reads a file if there is something to read. The error is one that ends
// the run.
func (r *run) visit(ctx context.Context, name string, st state) error {
	w := r.known(name)
	now := r.cfg.Now()
	if w.seen != st || w.since.IsZero() {
		w.seen, w.since = st, now
	}
	if w.Done && w.state == st || w.failed.holds(st, now) {
		return nil
	}
	read := r.follow
	if !r.follows(name) {
		if now.Sub(w.since) < r.cfg.Settle {
			return nil
		}
		read = r.settled
	}
	err := read(ctx, name, w)
	switch {
	case r.stopped != nil:
		return r.stopped
	case ctx.Err() != nil:
		return ctx.Err()
	}
	r.judge(name, w, err)
	return nil
}

// tell hands a record on. note brings the mark of its file up to that record; it
// is called when a cursor is due. If it cannot, the record goes without.
func (r *run) tell(e ingest.Event, note func() error) error {
	r.untold++
	r.changed = true
	if r.untold >= max(between, len(r.files)) {
		if err := note(); err == nil {
			e.Cursor = r.cursor()
		}
	}
	r.stopped = r.emit(e)
	return r.stopped
}

func (r *run) cursor() string {
	r.untold, r.changed = 0, false
	c := cursor{version, make(map[string]mark, len(r.files))}
	for name, w := range r.files {
		if w.mark != (mark{}) {
			c.Files[name] = w.mark
		}
	}
	return c.String()
}

// forget drops what is known of files that are gone. A folder with none at all
// is more likely a network folder that is away.
func (r *run) forget(found map[string]bool) {
	if len(found) == 0 {
		return
	}
	for name := range r.files {
		if !found[name] {
			delete(r.files, name)
			r.changed = true
		}
	}
}
