package search

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"
	bolterrors "go.etcd.io/bbolt/errors"
)

// day is the index of one day. All fields belong to Index.mu.
type day struct {
	name string
	open bleve.Index // nil while it is closed
	uses int         // by whom it is held just now
	last int         // when it was used
	gone bool        // to be removed from the disk when nobody holds it
}

func (d *day) close() error {
	if d.open == nil {
		return nil
	}
	open := d.open
	d.open = nil
	if err := open.Close(); err != nil {
		return fmt.Errorf("close search index of %s: %w", d.name, err)
	}
	return nil
}

// acquire opens a day, or makes it where create says so; nil when there is none.
// Release it.
func (x *Index) acquire(name string, create bool) (*day, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	d := x.days[name]
	if d == nil && !create {
		return nil, nil
	}
	if d == nil {
		d = &day{name: name}
		x.days[name] = d
	}
	d.gone = d.gone && !create // what is too old in it goes the next time
	if d.open == nil {
		if err := x.openDay(d, create); err != nil || d.open == nil {
			return nil, err
		}
	}
	d.uses++
	x.tick++
	d.last = x.tick
	return d, x.shut(maxOpen)
}

func (x *Index) release(d *day) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if d.uses--; d.uses == 0 && d.gone {
		x.discard(d)
	}
}

// openDay leaves d closed where it had to be thrown away.
func (x *Index) openDay(d *day, create bool) (err error) {
	path := filepath.Join(x.cfg.Dir, d.name)
	// Without a timeout a lock that somebody holds is waited for, for ever.
	d.open, err = bleve.OpenUsing(path, map[string]any{"bolt_timeout": "5s"})
	if err != nil && !errors.Is(err, bleve.ErrorIndexPathDoesNotExist) {
		if passing(err) {
			return fmt.Errorf("open search index of %s: %w", d.name, err)
		}
		x.cfg.Log.Error("a day of the search index is damaged and is made anew from the queue, as far back as that reaches", "day", d.name, "err", err)
		if err := errors.Join(os.RemoveAll(path), x.renew()); err != nil {
			return err
		}
		err = bleve.ErrorIndexPathDoesNotExist
	}
	if err == nil {
		return nil
	}
	d.open = nil
	if !create {
		delete(x.days, d.name)
		return nil
	}
	// Every batch is on the disk before it is acknowledged: bleve's default.
	if d.open, err = bleve.NewUsing(path, bleve.NewIndexMapping(), scorch.Name, scorch.Name, nil); err != nil {
		d.open = nil
		delete(x.days, d.name)
		return fmt.Errorf("make search index of %s: %w", d.name, errors.Join(err, os.RemoveAll(path)))
	}
	return nil
}

// passing says that not the index is to blame, but the machine.
func passing(err error) bool {
	for _, cause := range []error{syscall.EMFILE, syscall.ENFILE, syscall.ENOMEM, syscall.ENOSPC, syscall.EACCES, syscall.EPERM, syscall.EIO, syscall.EROFS, bolterrors.ErrTimeout} {
		if errors.Is(err, cause) {
			return true
		}
	}
	return false
}

// shut closes those not used for longest, until at most so many are open.
func (x *Index) shut(most int) error {
	for {
		var oldest *day
		open := 0
		for _, d := range x.days {
			if d.open == nil {
				continue
			}
			open++
			if d.uses == 0 && (oldest == nil || d.last < oldest.last) {
				oldest = d
			}
		}
		if open <= most || oldest == nil {
			return nil
		}
		if err := oldest.close(); err != nil {
			return err
		}
	}
}

// remove takes a day off the disk, when the last who holds it lets go.
func (x *Index) remove(name string) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if d := x.days[name]; d != nil {
		d.gone = true
		if d.uses == 0 {
			x.discard(d)
		}
	}
}

func (x *Index) discard(d *day) {
	if err := errors.Join(d.close(), os.RemoveAll(filepath.Join(x.cfg.Dir, d.name))); err != nil {
		x.cfg.Log.Error("cannot remove a day of the search index; the next start tries again", "day", d.name, "err", err)
	}
	delete(x.days, d.name)
}
