package chdb

import (
	"syscall"
	"unsafe"

	"github.com/ebitengine/purego"
)

// sigactionSize is larger than a struct sigaction of any libc (glibc: 152
// bytes); it is only ever copied back to where it came from.
const sigactionSize = 256

// withGoSignals runs f and then puts back Go's handlers for the signals that
// libchdb resets to their defaults when it connects, even with its own
// handlers disabled. Without them a nil pointer anywhere in the program would
// end the process instead of becoming a panic that can be recovered.
func withGoSignals(f func()) {
	var sigaction func(sig int32, act, old unsafe.Pointer) int32
	purego.RegisterLibFunc(&sigaction, purego.RTLD_DEFAULT, "sigaction")
	signals := []syscall.Signal{syscall.SIGABRT, syscall.SIGSEGV, syscall.SIGILL, syscall.SIGBUS,
		syscall.SIGSYS, syscall.SIGFPE, syscall.SIGTSTP, syscall.SIGTRAP}
	saved := make([][sigactionSize]byte, len(signals))
	for i, sig := range signals {
		sigaction(int32(sig), nil, unsafe.Pointer(&saved[i]))
	}
	f()
	for i, sig := range signals {
		sigaction(int32(sig), unsafe.Pointer(&saved[i]), nil)
	}
}
