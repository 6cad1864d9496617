// Package search finds evidence by its words: a full-text index of the signals
// topic in a folder, one bleve index a day of the posts' own time (UTC). It is
// made from the queue alone, so that one that is lost or damaged is made anew.
package search

import (
	"context"
	"log/slog"
	"time"

	"outcry/nlp"
)

// Query asks for posts. Empty filters match everything; Words may be empty too.
type Query struct {
	Words   Words
	Service string
	Kind    string
	Symptom string
	Lang    string
	Source  string
	From    time.Time // inclusive; zero: from the first
	To      time.Time // exclusive; zero: to the last
	ByScore bool      // the best match first, in place of the newest
	Limit   int
	After   *Place // the last hit of the page before; nil: from the start
}

// Place is where a hit stands in the order of an answer.
type Place struct {
	Relevance float64 // zero in the order of time
	Time      int64   // Unix milliseconds
	ID        string  // of the document
}

// Hit is a post that was found, as the classifier saw it. A post about two
// services is two hits.
type Hit struct {
	ID        string    `json:"id"`
	Source    string    `json:"source"`
	Service   string    `json:"service"`
	Kind      string    `json:"kind"`
	Lang      string    `json:"lang"`
	Symptoms  []string  `json:"symptoms"`
	Score     float64   `json:"score"` // the classifier's confidence in the kind
	Text      string    `json:"text"`
	CreatedAt time.Time `json:"created_at"`
	Marks     []Mark    `json:"-"` // what matched, in order, none within another
	Place     Place     `json:"-"`
}

// Mark is a part of Hit.Text: byte offsets, End exclusive.
type Mark struct{ Start, End int }

// Count is how many hits have a value.
type Count struct {
	Name  string
	Posts int
}

// Found answers a Query. Total and the counts are of all hits, not of this page;
// posts that were deleted a moment ago may still be among them, never among Hits.
// Partial says that time was over before all was counted: Total and the counts
// are then too small, and a page may have less than Limit hits, or none, and a Next.
type Found struct {
	Total                         int
	Partial                       bool
	Hits                          []Hit
	Services, Symptoms, Languages []Count // the most frequent first
	Next                          *Place  // nil on the last page
}

// Deletions knows which posts, named by ingest.PostHash, were taken back.
type Deletions interface {
	Deleted(ctx context.Context, posts []uint64) ([]uint64, error)
}

// Config says where an Index is and how long it keeps text.
type Config struct {
	Dir       string
	Keep      time.Duration // after a post came; days are dropped as a whole, so up to a day sooner
	Deletions Deletions     // hides what the store knows to be deleted; nil: the index alone decides
	Patience  time.Duration // after which a page that is full is sent with counts of a part; zero: 200 ms
	Now       func() time.Time
	Log       *slog.Logger
}

// kind is the kind that a query means.
func (q Query) kind() string {
	if q.Kind == "" {
		return string(nlp.Complaint)
	}
	return q.Kind
}
