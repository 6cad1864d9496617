package ingest

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/gofrs/flock"
)

// Rotation says what became of the keys of a file.
type Rotation struct {
	Kept    int // earlier keys, the one that was in use until now among them
	Dropped int // earlier keys that were retired too long ago
}

// RotateAuthorKey puts a new key before those of a file. Earlier ones are kept
// with the day on which they were retired, for so many days; one without a day
// is taken for retired today. The file is written whole or not at all; those who
// have read it before go on with what they have.
func RotateAuthorKey(path string, now time.Time, days int) (Rotation, error) {
	if days < 0 {
		return Rotation{}, fmt.Errorf("earlier keys cannot be kept for %d days", days)
	}
	path, err := filepath.EvalSymlinks(path) // the file is to be replaced, not what points to it
	if errors.Is(err, fs.ErrNotExist) {
		return Rotation{}, fmt.Errorf("rotate author key: there is none yet, the first start makes one: %w", err)
	}
	if err != nil {
		return Rotation{}, fmt.Errorf("rotate author key: %w", err)
	}
	// Of two that rotate at once, the later must see the key of the earlier.
	lock := flock.New(path+".lock", flock.SetPermissions(0o644)) // another user may be the next
	if err := lock.Lock(); err != nil {
		return Rotation{}, fmt.Errorf("rotate author key: lock: %w", err)
	}
	defer lock.Close()
	lines, err := readKeyFile(path)
	if err != nil {
		return Rotation{}, err
	}
	text, done := rotated(lines, now, days)
	if err := replaceKeyFile(path, text); err != nil {
		return Rotation{}, fmt.Errorf("rotate author key: %w", err)
	}
	return done, nil
}

// rotated is the text of the file with a new key.
func rotated(lines []keyLine, now time.Time, days int) (text string, done Rotation) {
	today := now.UTC().Truncate(24 * time.Hour)
	var b strings.Builder
	b.WriteString(rand.Text() + "\n")
	for _, l := range lines {
		switch {
		case l.key == "":
			b.WriteString(l.text + "\n")
			continue
		case l.retired.IsZero():
			line := l.key + " # retired " + today.Format(time.DateOnly) + " " + l.comment
			b.WriteString(strings.TrimSpace(line) + "\n")
		case l.retired.AddDate(0, 0, days).Before(today):
			done.Dropped++
			continue
		default:
			b.WriteString(l.text + "\n")
		}
		done.Kept++
	}
	return b.String(), done
}

// replaceKeyFile puts a new file in the place of the old one, readable by its
// owner alone. That stays who it was: a service must be able to read it although
// another user rotates its key.
func replaceKeyFile(path, text string) error {
	old, err := os.Stat(path)
	if err != nil {
		return err
	}
	name, err := writeBeside(path, text)
	if err != nil {
		return err
	}
	defer os.Remove(name) // when it could not take the place of the old one
	if err := keepOwner(name, old); err != nil {
		return fmt.Errorf("give the new file to the owner of the old one; run this as that user: %w", err)
	}
	return os.Rename(name, path)
}
