package mastodon

import (
	"encoding/json"
	"time"
)

// mark is where a timeline is read from again: From is a post before which none
// is expected any more, empty while the timeline had none at all; Heard is until
// when all was heard.
type mark struct {
	From  string    `json:"from,omitempty"`
	Heard time.Time `json:"heard"`
}

// cursor is the mark of every part, by its name.
type cursor map[string]mark

// parseCursor reads what String wrote; anything else is no cursor, and begins now.
func parseCursor(saved string) cursor {
	read, good := cursor{}, cursor{}
	if err := json.Unmarshal([]byte(saved), &read); err != nil {
		return good
	}
	for name, m := range read {
		if len(m.From) <= maxID && m.Heard.Year() >= 2000 && !m.Heard.After(time.Now()) {
			good[name] = m
		}
	}
	return good
}

func (c cursor) String() string {
	text, err := json.Marshal(c)
	if err != nil {
		return "" // it has nothing that JSON has not
	}
	return string(text)
}

// Instances give posts numbers by the time at which they were written, be it
// elsewhere, so that one which comes late stands among older ones. It is looked
// for among those of the last depth.
const (
	late       = time.Minute // how late another instance's post may come
	sweepEvery = 2 * late    // how often late ones are looked for
	depth      = late + sweepEvery
)

// trail is how far a timeline was read at what time.
type trail []point

type point struct {
	at time.Time
	id string
}

// add notes a point, some for each depth.
func (t *trail) add(id string, at time.Time) {
	if n := len(*t); n > 0 && (at.Before((*t)[n-1].at.Add(depth/8)) || !newer(id, (*t)[n-1].id)) {
		return
	}
	*t = append(*t, point{at, id})
}

// settle takes away the points until a time and returns the last of them, empty
// where there is none.
func (t *trail) settle(until time.Time) (id string) {
	for len(*t) > 0 && !(*t)[0].at.After(until) {
		id, *t = (*t)[0].id, (*t)[1:]
	}
	return id
}

// newer says whether id a was given later than b. Ids are numbers, or texts of
// one length that grow in the order of bytes.
func newer(a, b string) bool {
	if len(a) != len(b) {
		return len(a) > len(b)
	}
	return a > b
}
