package folder

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"

	"github.com/cespare/xxhash/v2"
)

// printed is how many bytes of a file's beginning, and before the place where it
// is read on, tell whether it is still the same file.
const printed = 4 << 10

// follow reads the whole lines that have come to a file since it was last read.
func (r *run) follow(ctx context.Context, name string, w *watched) error {
	f, err := os.Open(r.path(name))
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	at, err := resume(f, w.mark, stateOf(info))
	if err != nil {
		return fmt.Errorf("read %s: %w", name, err)
	}
	note := func() error {
		look, err := fingerprint(f, at.Offset)
		if err == nil {
			at.Print = look
			w.mark = at
		}
		return err
	}
	// What is written from now on is of another state, for the next look.
	r.lines.r.Reset(io.NewSectionReader(f, at.Offset, at.Size-at.Offset))
	err = r.copyLines(ctx, name, &at, note)
	at.Done = err == nil
	r.changed = true
	return errors.Join(err, note())
}

// resume is the place to go on at, in the file's present state: the beginning, if
// it is not what was read that has grown.
func resume(f io.ReaderAt, m mark, now state) (mark, error) {
	anew := mark{state: now}
	rewritten := m.Size == now.Size && m.Mod != now.Mod
	if m.Offset == 0 || m.Offset > now.Size || rewritten {
		return anew, checkText(f)
	}
	is, err := fingerprint(f, m.Offset)
	if err != nil || is != m.Print {
		return anew, errors.Join(err, checkText(f))
	}
	m.state, m.Done = now, false
	return m, nil
}

// checkText names what no line could be read of.
func checkText(f io.ReaderAt) error {
	magic := make([]byte, 4)
	n, err := f.ReadAt(magic, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	starts := func(prefix string) bool { return bytes.HasPrefix(magic[:n], []byte(prefix)) }
	switch {
	case starts("\x1f\x8b"), starts("\x28\xb5\x2f\xfd"):
		return errors.New("it is compressed: let its name end in .gz or .zst")
	case starts("\xff\xfe"), starts("\xfe\xff"):
		return errors.New("the text is UTF-16: convert it to UTF-8 first")
	}
	return nil
}

// fingerprint tells the first offset bytes of a file from others by those at
// their beginning and end.
func fingerprint(f io.ReaderAt, offset int64) (uint64, error) {
	h := xxhash.New()
	size := min(offset, printed)
	for _, from := range []int64{0, offset - size} {
		if _, err := io.Copy(h, io.NewSectionReader(f, from, size)); err != nil {
			return 0, err
		}
	}
	return h.Sum64(), nil
}

// copyLines tells every line and counts it in at.
func (r *run) copyLines(ctx context.Context, name string, at *mark, note func() error) error {
	for ctx.Err() == nil {
		l, err := r.lines.next()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return fmt.Errorf("read %s: after %d lines: %w", name, at.Lines, err)
		case !l.ended && !complete(l):
			return nil // the rest will come
		}
		if at.Offset == 0 {
			l.text = bytes.TrimPrefix(l.text, []byte("\ufeff"))
		}
		e := l.event(r.cfg.Name, name+":"+strconv.FormatInt(at.Lines+1, 10))
		at.Offset += l.size
		if l.ended {
			at.Lines++
		}
		if e == nil {
			continue
		}
		if err := r.tell(*e, note); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// complete tells whether nothing can follow on a line that has no end yet: an
// object with its last brace. Not every program ends the last line of a file.
func complete(l line) bool {
	text := bytes.TrimSpace(bytes.TrimPrefix(l.text, []byte("\ufeff")))
	return !l.tooLong && len(text) > 0 && text[0] == '{' && json.Valid(text)
}
