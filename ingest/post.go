// Package ingest is the first stage: it takes public posts from their sources
// and queues them in one form.
//
// A Source speaks one protocol and knows no storage; the Runner checks what
// it hears, hashes authors, queues posts, and keeps what it must refuse in
// the dead-letter topic.
package ingest

import (
	"time"

	"github.com/cespare/xxhash/v2"
)

// Post is one public post, in the form in which it travels the posts topic.
//
// Source and ID together identify it: a post that arrives twice is counted
// once. Author is a keyed hash from the queue on; only a Source sees the
// plain name, and hands it to the Runner.
type Post struct {
	ID        string    `json:"id"`
	Source    string    `json:"source"`
	Text      string    `json:"text,omitempty"`
	Lang      string    `json:"lang,omitempty"`  // the platform's own language tag, a hint
	About     []string  `json:"about,omitempty"` // services or handles it is addressed to
	Author    string    `json:"author,omitempty"`
	CreatedAt time.Time `json:"created_at"`
	Press     bool      `json:"press,omitempty"`   // it is told by the press or a status page, not by a witness
	Report    *Report   `json:"report,omitempty"`  // a visitor's click in place of text
	Deleted   bool      `json:"deleted,omitempty"` // the post is to be forgotten, only ID and Source are set; without ID all posts of Author
}

// Report is what a visitor of a page said by a click: this service, with this
// symptom (empty: they did not say), does not work for me.
type Report struct {
	Service string `json:"service"`
	Symptom string `json:"symptom,omitempty"`
}

// PostHash is the 64-bit hash by which a post is told from others wherever
// the whole identity is too long. The separator cannot stand in a source's
// name, so no two identities make the same input.
func PostHash(source, id string) uint64 {
	var h xxhash.Digest
	h.Reset()
	h.WriteString(source)
	h.WriteString("\x00")
	h.WriteString(id)
	return h.Sum64()
}
