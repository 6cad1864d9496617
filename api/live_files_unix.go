//go:build unix

package api

import "syscall"

// openFiles is how many files the process may have open; 0 when that is not known. Go
// raises it to what the system allows.
func openFiles() uint64 {
	var limit syscall.Rlimit
	if syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit) != nil {
		return 0
	}
	return uint64(limit.Cur) // signed on some systems
}
