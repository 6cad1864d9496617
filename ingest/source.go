package ingest

import "context"

// Event is one thing that a source heard: a post, or a record it must refuse.
// Exactly one of Post and Refusal is set. Cursor is the place to resume at
// once the event is safely queued; empty leaves the saved cursor as it is.
// Position says where the record stood ("posts.csv:17").
type Event struct {
	Post     *Post
	Refusal  *Refusal
	Cursor   string
	Position string
}

// Source speaks one protocol. Run hands events to emit, beginning after
// cursor (empty: from the beginning), until ctx ends or there is no more (nil).
// emit blocks while the queue is full; its error ends Run and is returned.
type Source interface {
	Name() string
	Run(ctx context.Context, cursor string, emit func(Event) error) error
}
