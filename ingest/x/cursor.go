package x

import (
	"encoding/json"
	"time"

	"outcry/ingest"
)

// margin is how far out of order posts may come.
const margin = 30 * time.Second

// cursor is where a stream was: the time of the latest post that it passed on, by
// X's clock. A keep-alive does not move it, for it may have lain here for long
// while the queue was full.
type cursor struct {
	At time.Time `json:"at"`
}

// parseCursor reads what String wrote; anything else is no cursor, and the stream
// begins now.
func parseCursor(saved string) (c cursor) {
	if err := json.Unmarshal([]byte(saved), &c); err != nil {
		return cursor{}
	}
	return c
}

func (c cursor) String() string {
	text, err := json.Marshal(c)
	if err != nil {
		return "" // a year that JSON has not: begin now
	}
	return string(text)
}

// backfill is for how many minutes to ask again, at most so many, and whether that
// is all since then.
func (c cursor) backfill(now time.Time, most int) (minutes int, all bool) {
	if c.At.IsZero() {
		return 0, true
	}
	need := int((max(0, now.Sub(c.At)) + margin + time.Minute - 1) / time.Minute)
	return min(need, most), need <= most
}

// missed is the pause that asking again for so many minutes makes good; nil for none.
func (c cursor) missed(now time.Time, minutes int) *ingest.Span {
	if minutes == 0 || c.At.IsZero() || !c.At.Before(now) {
		return nil
	}
	from := c.At
	if first := now.Add(-time.Duration(minutes) * time.Minute); from.Before(first) {
		from = first
	}
	return &ingest.Span{Parts: 1, From: from, To: now}
}
