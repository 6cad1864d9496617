//go:build !linux

package chdb

import (
	"fmt"
	"os"
)

// dataFile puts data into a temporary file and returns its path; remove
// deletes it.
func dataFile(data []byte) (path string, remove func(), err error) {
	f, err := os.CreateTemp("", "outcry-insert-*.native")
	if err != nil {
		return "", nil, fmt.Errorf("temporary file: %w", err)
	}
	remove = func() { os.Remove(f.Name()) }
	_, err = f.Write(data)
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		remove()
		return "", nil, fmt.Errorf("write insert data: %w", err)
	}
	return f.Name(), remove, nil
}
