package ingest

import (
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
)

// CursorDir keeps the cursor of every source in a file of its own.
type CursorDir string

// Load returns the saved cursor of a source; empty when there is none.
func (d CursorDir) Load(source string) (string, error) {
	b, err := os.ReadFile(d.path(source))
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("load cursor of %s: %w", source, err)
	}
	return string(b), nil
}

// Save replaces the cursor of a source; a crash of the program leaves the old or the new.
func (d CursorDir) Save(source, cursor string) error {
	if err := os.MkdirAll(string(d), 0o755); err != nil {
		return fmt.Errorf("save cursor of %s: %w", source, err)
	}
	path := d.path(source)
	if err := os.WriteFile(path+".new", []byte(cursor), 0o644); err != nil {
		return fmt.Errorf("save cursor of %s: %w", source, err)
	}
	if err := os.Rename(path+".new", path); err != nil {
		return fmt.Errorf("save cursor of %s: %w", source, err)
	}
	return nil
}

func (d CursorDir) path(source string) string {
	return filepath.Join(string(d), url.PathEscape(source))
}
