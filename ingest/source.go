package ingest

import (
	"context"
	"time"
)

// Event is one thing that a source heard: a post, a record it must refuse, or
// with neither a sign of life. Cursor is the place to resume at once the event
// is safely queued; empty leaves the saved cursor as it is. Position says where
// the record stood ("posts.csv:17"). At is when the network passed it on, zero
// where that is not known. Heard is for sources that ask rather than listen: a
// stream covers the time from one event to the next.
type Event struct {
	Post     *Post
	Refusal  *Refusal
	Cursor   string
	Position string
	At       time.Time
	Heard    *Span
}

// Span says that all which one part of a source (a server, a feed; empty where
// there is only one) had to say from From to To was heard. Parts is of how many
// the source consists.
type Span struct {
	Part     string
	Parts    int
	From, To time.Time
}

// Source speaks one protocol. Run hands events to emit, beginning after
// cursor (empty: from the beginning, of a live network from now), until ctx ends
// or there is no more (nil). emit blocks while the queue is full; its error ends
// Run and is returned. Run is called again after a failure, with the cursor of
// what is queued.
type Source interface {
	Name() string
	Run(ctx context.Context, cursor string, emit func(Event) error) error
}
