package feed

import (
	"encoding/json"
	"time"

	"outcry/ingest"
)

// mark is where a feed was: what its server said of its state, and the items that
// it had.
type mark struct {
	ETag     string   `json:"etag,omitempty"`
	Modified string   `json:"modified,omitempty"`
	Items    []uint64 `json:"items,omitempty"` // hashes of id and text, so that a change is heard
	// Asked is when it was last asked, with success.
	Asked time.Time `json:"asked,omitzero"`
}

// since is the time of which nothing is missed at next: what was said before the
// last question stands in it still, or it has nothing at all.
func (m mark) since(next mark, known bool) time.Time {
	if m.Asked.IsZero() || !known && len(next.Items) > 0 {
		return next.Asked
	}
	return m.Asked
}

// heard is what asking one of parts feeds has covered; nil for nothing.
func heard(url string, parts int, from, to time.Time) *ingest.Span {
	if !from.Before(to) {
		return nil
	}
	return &ingest.Span{Part: url, Parts: parts, From: from, To: to}
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
