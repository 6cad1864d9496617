package chdb

import (
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

// dataFile puts data into a file in memory and returns its path; remove frees
// it.
func dataFile(data []byte) (path string, remove func(), err error) {
	fd, err := unix.MemfdCreate("outcry-insert", unix.MFD_CLOEXEC)
	if err != nil {
		return "", nil, fmt.Errorf("memfd_create: %w", err)
	}
	f := os.NewFile(uintptr(fd), "outcry-insert")
	remove = func() { f.Close() }
	if _, err := f.Write(data); err != nil {
		remove()
		return "", nil, fmt.Errorf("write insert data: %w", err)
	}
	return fmt.Sprintf("/proc/self/fd/%d", fd), remove, nil
}
