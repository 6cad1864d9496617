package aggregate

import (
	"time"

	"outcry/nlp"
)

// EvidenceQuery asks for the posts behind a curve, newest first.
type EvidenceQuery struct {
	Service string
	Kind    string // empty: complaint
	Symptom string
	Lang    string
	Source  string
	From    time.Time
	To      time.Time
	After   EvidencePlace // only what comes after it in the order; zero: from the start
	Limit   int
}

// EvidencePlace is where a post stands in the order: by time, and by hash where
// times are the same.
type EvidencePlace struct {
	CreatedAt time.Time // milliseconds
	Post      uint64    // ingest.PostHash
}

// Evidence is one post behind a curve. It has no author.
type Evidence struct {
	ID        string     `json:"id"`
	Source    string     `json:"source"`
	Kind      string     `json:"kind"`
	Lang      string     `json:"lang"`
	Symptoms  []string   `json:"symptoms"`
	Score     float64    `json:"score"`
	Text      string     `json:"text"`
	CreatedAt time.Time  `json:"created_at"`
	Spans     []nlp.Span `json:"-"` // what earned the tags; none of posts that were stored before spans were
}
