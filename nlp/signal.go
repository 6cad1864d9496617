package nlp

import "time"

// UnknownService is the service of a complaint that names none.
const UnknownService = "unknown"

// Signal is what one post says of one service: the message of the signals
// topic, keyed by service. (Source, PostID, Service) identifies it.
type Signal struct {
	PostID    string    `json:"post_id"`
	Source    string    `json:"source"`
	Service   string    `json:"service,omitempty"`
	Kind      Kind      `json:"kind,omitempty"`
	Lang      string    `json:"lang,omitempty"`
	Symptoms  []string  `json:"symptoms,omitempty"`
	Score     float64   `json:"score,omitempty"`
	Spans     []Span    `json:"spans,omitempty"`
	Text      string    `json:"text,omitempty"`
	Author    string    `json:"author,omitempty"` // keyed hash
	CreatedAt time.Time `json:"created_at"`
	Deleted   bool      `json:"deleted,omitempty"` // forget the post: only PostID and Source are set, keyed by post; without PostID all posts of Author
}

// Volume says which posts were heard in one minute from one source in one
// language, complaint or not: the message of the volumes topic. Posts are
// hashes of (source, id), so that hearing a post twice counts it once.
type Volume struct {
	Minute time.Time `json:"minute"`
	Source string    `json:"source"`
	Lang   string    `json:"lang"`
	Posts  []uint64  `json:"posts"`
}
