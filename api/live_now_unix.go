//go:build unix

package api

import (
	"errors"
	"syscall"
)

// writeNow writes as much as the system takes at once, which may be nothing.
func writeNow(conn syscall.RawConn, b []byte) (n int, err error) {
	if conn == nil {
		return 0, nil
	}
	gone := conn.Write(func(fd uintptr) bool {
		n, err = syscall.Write(int(fd), b)
		return true // do not wait
	})
	if errors.Is(err, syscall.EAGAIN) || errors.Is(err, syscall.EINTR) {
		err = nil
	}
	return max(n, 0), errors.Join(gone, err)
}
