package bluesky

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// cursor is where a stream was. Sequence numbers belong to one server; times are
// good for all.
type cursor struct {
	host string
	seq  int64     // of v2; 0 for none
	at   time.Time // when the server saw the event; zero for no cursor
}

// String is the form in which a cursor is saved: host, number, Unix time in
// microseconds.
func (c cursor) String() string {
	b := make([]byte, 0, 64)
	b = append(append(b, c.host...), ' ')
	b = append(strconv.AppendInt(b, c.seq, 10), ' ')
	return string(strconv.AppendInt(b, c.at.UnixMicro(), 10))
}

// parseCursor reads what String wrote; anything else is no cursor, and the stream
// begins now.
func parseCursor(s string) cursor {
	f := strings.Fields(s)
	if len(f) != 3 {
		return cursor{}
	}
	seq, err1 := strconv.ParseInt(f[1], 10, 64)
	us, err2 := strconv.ParseInt(f[2], 10, 64)
	if err1 != nil || err2 != nil || us <= 0 {
		return cursor{}
	}
	return cursor{f[0], seq, time.UnixMicro(us)}
}

// param is the cursor parameter for a server, empty to begin now: the number if
// it is that server's own, else the time, a little before.
func (c cursor) param(host string, v2 bool, rewind time.Duration) string {
	switch {
	case c.at.IsZero():
		return ""
	case v2 && c.host == host && c.seq > 0:
		return fmt.Sprint(c.seq)
	}
	return fmt.Sprint(c.at.Add(-rewind).UnixMicro())
}
