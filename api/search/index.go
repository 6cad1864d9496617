package search

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/gofrs/flock"
)

// format is the form of the documents; an index of another form is made anew.
const format = "1-"

// maxOpen is how many days are open at once. A month is far less; a file of many
// years is more, and its days are then opened when they are asked for.
const maxOpen = 128

// Index is the folder of all days. It is safe for concurrent use. Close it.
type Index struct {
	cfg   Config
	texts *analyzers
	lock  *flock.Flock
	tombs *tombs
	id    string

	writing sync.Mutex // held by who changes days

	mu   sync.Mutex
	days map[string]*day // all that there are, by name
	tick int             // counts uses, to tell which day was used last
}

// Open opens the index, or makes it. Days that cannot be opened are thrown away
// with a word in the log: the signals that the queue still has are then read
// again, under another Group.
func Open(cfg Config) (*Index, error) {
	x := &Index{cfg: cfg, days: map[string]*day{}}
	var err error
	if x.texts, err = newAnalyzers(); err != nil {
		return nil, fmt.Errorf("search: %w", err)
	}
	if err := os.MkdirAll(cfg.Dir, 0o700); err != nil {
		return nil, fmt.Errorf("search folder: %w", err)
	}
	x.lock = flock.New(filepath.Join(cfg.Dir, "outcry.lock"))
	locked, err := x.lock.TryLock()
	if err != nil {
		return nil, fmt.Errorf("lock search folder: %w", err)
	}
	if !locked {
		return nil, fmt.Errorf("the search index in %s is in use by another Outcry: each process has its own; choose another folder with --data, or do without with --no-search", cfg.Dir)
	}
	if err := x.open(); err != nil {
		return nil, errors.Join(err, x.Close())
	}
	return x, nil
}

func (x *Index) open() error {
	id, err := os.ReadFile(x.idPath())
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("search: %w", err)
	}
	if x.id = strings.TrimSpace(string(id)); !strings.HasPrefix(x.id, format) {
		if err := x.clear(); err != nil {
			return err
		}
	}
	if x.tombs, err = openTombs(filepath.Join(x.cfg.Dir, "deleted.db"), x.cfg.Log); err != nil {
		return fmt.Errorf("search: %w", err)
	}
	if err := x.openDays(); err != nil {
		return err
	}
	return x.sweep(context.Background())
}

// clear forgets an index of another form, or the rest of one.
func (x *Index) clear() error {
	names, err := dayNames(x.cfg.Dir)
	if err != nil {
		return fmt.Errorf("search: %w", err)
	}
	for _, name := range names {
		if err := os.RemoveAll(filepath.Join(x.cfg.Dir, name)); err != nil {
			return fmt.Errorf("search: remove an old index: %w", err)
		}
	}
	return x.renew()
}

// renew gives the index another identity, under which the queue is read from its
// start.
func (x *Index) renew() error {
	var random [8]byte
	_, _ = rand.Read(random[:]) // it never fails
	x.id = format + hex.EncodeToString(random[:])
	if err := os.WriteFile(x.idPath()+".new", []byte(x.id+"\n"), 0o600); err != nil {
		return fmt.Errorf("search: %w", err)
	}
	if err := os.Rename(x.idPath()+".new", x.idPath()); err != nil {
		return fmt.Errorf("search: %w", err)
	}
	return nil
}

func (x *Index) idPath() string { return filepath.Join(x.cfg.Dir, "id") }

// Group is the consumer group of this index alone: it must read all signals.
func (x *Index) Group() string { return "outcry-search-" + x.id }

// openDays opens the newest days, which shows what is damaged.
func (x *Index) openDays() error {
	names, err := dayNames(x.cfg.Dir)
	if err != nil {
		return fmt.Errorf("search: %w", err)
	}
	for _, name := range names {
		x.days[name] = &day{name: name}
	}
	for _, name := range names[max(0, len(names)-maxOpen):] {
		if d, err := x.acquire(name, false); err != nil {
			return err
		} else if d != nil {
			x.release(d)
		}
	}
	return nil
}

// dayNames are the days in a folder, the oldest first.
func dayNames(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, e := range entries {
		if _, err := time.Parse(dayLayout, e.Name()); err == nil && e.IsDir() {
			names = append(names, e.Name())
		}
	}
	slices.Sort(names)
	return names, nil
}

// names are all days, the oldest first.
func (x *Index) names() []string {
	x.mu.Lock()
	defer x.mu.Unlock()
	names := make([]string, 0, len(x.days))
	for name := range x.days {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// Close waits for nothing: end searches and the feeding before.
func (x *Index) Close() error {
	x.mu.Lock()
	defer x.mu.Unlock()
	var errs []error
	for _, d := range x.days {
		errs = append(errs, d.close())
	}
	if x.tombs != nil {
		errs = append(errs, x.tombs.close())
	}
	return errors.Join(append(errs, x.lock.Close())...)
}
