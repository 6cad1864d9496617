// Package aggregate is the third stage: it stores signals and answers with
// per-minute complaint curves.
package aggregate

import "time"

// CurveQuery asks for one service's curve. Empty filters match everything.
type CurveQuery struct {
	Service string
	Kind    string // a nlp.Kind; empty: complaint
	Symptom string
	Lang    string
	Source  string
	From    time.Time     // inclusive, aligned to Step (UTC)
	To      time.Time     // exclusive, aligned to Step (UTC)
	Step    time.Duration // whole minutes
}

// Point is the curve in one step.
type Point struct {
	T       time.Time `json:"t"`
	Posts   uint64    `json:"posts"`          // distinct posts
	Authors uint64    `json:"authors"`        // distinct authors
	Heard   uint64    `json:"heard"`          // all posts heard in the step with the same source and language, complaint or not
	Band    *Band     `json:"band,omitempty"` // what would be usual of authors; absent where that is not known
	Deaf    []string  `json:"deaf,omitempty"` // sources that were not heard in half of the step or more, so that the counts are too low
}

// ServiceActivity sums up what the store holds of one service.
type ServiceActivity struct {
	Service string
	Posts   uint64    // distinct complaint posts in the asked range
	Last    time.Time // minute of the latest complaint in the asked range
}

// EvidenceQuery asks for the posts behind a curve, newest first.
type EvidenceQuery struct {
	Service string
	Kind    string // empty: complaint
	Symptom string
	Lang    string
	Source  string
	From    time.Time
	To      time.Time
	Limit   int
}

// Evidence is one post behind a curve. It has no author.
type Evidence struct {
	ID        string    `json:"id"`
	Source    string    `json:"source"`
	Kind      string    `json:"kind"`
	Lang      string    `json:"lang"`
	Symptoms  []string  `json:"symptoms"`
	Score     float64   `json:"score"`
	Text      string    `json:"text"`
	CreatedAt time.Time `json:"created_at"`
}
