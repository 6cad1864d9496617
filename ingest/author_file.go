package ingest

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"
)

// keyLine is a line of the key file: a key, a comment, both or neither.
type keyLine struct {
	number  int // from 1
	text    string
	key     string
	comment string    // without its #
	retired time.Time // the day on which the key went out of use; zero where it is not said
}

// retiredOn is how a comment says since when a key is out of use.
var retiredOn = regexp.MustCompile(`^retired (\d{4}-\d\d-\d\d)\b`)

// LoadAuthorKey reads the key from a file, and makes one there when it is
// absent. The first line is the key in use, the others are earlier ones; what
// follows a # at the beginning of a line or after a blank is a comment.
func LoadAuthorKey(path string) (AuthorKey, error) {
	lines, err := readKeyFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return makeAuthorKey(path)
	}
	if err != nil {
		return AuthorKey{}, err
	}
	var secrets []string
	for _, l := range lines {
		if l.key == "" {
			continue
		}
		if len(secrets) == 0 && !l.retired.IsZero() {
			return AuthorKey{}, fmt.Errorf("%s:%d: no author key is in use: the first one is marked as retired; put back the line that stood before it, or make a new key with `outcry rotate-key`", path, l.number)
		}
		secrets = append(secrets, l.key)
	}
	if len(secrets) == 0 {
		return AuthorKey{}, fmt.Errorf("%s: no author key is in use: the file has none; put it back from a backup, or make a new key with `outcry rotate-key`", path)
	}
	return newAuthorKey(secrets), nil
}

// readKeyFile takes the file apart; an error names every bad line, and no key.
func readKeyFile(path string) (lines []keyLine, err error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read author key: %w", err)
	}
	var errs []error
	for text := range strings.Lines(string(b)) {
		l := readKeyLine(len(lines)+1, strings.TrimSpace(text))
		lines = append(lines, l)
		if l.key == "" {
			continue
		}
		if err := checkSecret(l.key); err != nil {
			errs = append(errs, fmt.Errorf("%s:%d: %w", path, l.number, err))
		}
	}
	return lines, errors.Join(errs...)
}

func readKeyLine(number int, text string) keyLine {
	l := keyLine{number: number, text: text, key: text}
	for i := range len(text) {
		if text[i] == '#' && (i == 0 || text[i-1] == ' ' || text[i-1] == '\t') {
			l.key, l.comment = strings.TrimSpace(text[:i]), strings.TrimSpace(text[i+1:])
			break
		}
	}
	if day := retiredOn.FindStringSubmatch(l.comment); day != nil {
		if at, err := time.Parse(time.DateOnly, day[1]); err == nil {
			l.retired = at // a day that there is not says nothing
		}
	}
	return l
}

// makeAuthorKey writes a new key whole or not at all; of several processes
// that do so at once, one wins and all use its key.
func makeAuthorKey(path string) (AuthorKey, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return AuthorKey{}, fmt.Errorf("make author key: %w", err)
	}
	name, err := writeBeside(path, rand.Text()+"\n")
	if err != nil {
		return AuthorKey{}, fmt.Errorf("make author key: %w", err)
	}
	defer os.Remove(name)
	if err := os.Link(name, path); err != nil && !errors.Is(err, fs.ErrExist) {
		return AuthorKey{}, fmt.Errorf("make author key: %w", err)
	}
	return LoadAuthorKey(path)
}

// writeBeside writes a new file in the folder of path and returns its name.
// When it returns the text is on the disk. Only its owner may read it.
func writeBeside(path, text string) (name string, err error) {
	f, err := os.CreateTemp(filepath.Dir(path), "author.key.new-*")
	if err != nil {
		return "", err
	}
	_, err = f.WriteString(text)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return "", errors.Join(err, os.Remove(f.Name()))
	}
	return f.Name(), nil
}
