package feed

import "encoding/json"

// mark is where a feed was: what its server said of its state, and the items that
// it had.
type mark struct {
	ETag     string   `json:"etag,omitempty"`
	Modified string   `json:"modified,omitempty"`
	Items    []uint64 `json:"items,omitempty"` // hashes of id and text, so that a change is heard
}

// cursor is the mark of every feed, by address.
type cursor map[string]mark

// parseCursor reads what String wrote; anything else is no cursor: all is read
// anew, which changes no count.
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
		return "" // it has nothing that JSON has not
	}
	return string(text)
}
