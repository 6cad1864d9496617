package api

import (
	"net"
	"syscall"
	"time"
)

// liveNothing is the comment of a stream that has had nothing for a while.
var liveNothing = []byte(": nothing new\n\n")

// liveSeat is a stream with the connection that was taken over for it. Whoever holds it
// is the only one to write to it: the writer of the hub, or, while its client is slow, a
// goroutine that waits for that.
type liveSeat struct {
	st   *liveStream
	conn net.Conn
	raw  syscall.RawConn // nil: each write must wait
	due  time.Time       // when a comment says that the stream lives
}

func newLiveSeat(st *liveStream, conn net.Conn) *liveSeat {
	s := &liveSeat{st: st, conn: conn}
	if c, ok := conn.(*net.TCPConn); ok { // others, as of TLS, have more to do than to write
		_ = c.SetWriteBuffer(liveHeld) // else the system chooses
		s.raw, _ = c.SyscallConn()
	}
	return s
}
