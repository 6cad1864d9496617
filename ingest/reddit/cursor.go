package reddit

import (
	"encoding/json"
	"time"
)

// cursor is until when every part was heard.
type cursor map[string]time.Time

// parseCursor reads what String wrote; anything else is no cursor, and the source
// begins now.
func parseCursor(saved string) cursor {
	c := cursor{}
	if err := json.Unmarshal([]byte(saved), &c); err != nil || c == nil { // null is no cursor
		return cursor{}
	}
	return c
}

func (c cursor) String() string {
	text, err := json.Marshal(c)
	if err != nil {
		return "" // a year that JSON has not: begin anew
	}
	return string(text)
}
