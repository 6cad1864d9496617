// Package nlp is the second stage: it reads posts and says what each one is
// about, as defined by the labels of the project: kind, services, symptoms,
// language.
//
// Classifier is pure (text in, tags out); Worker runs it between the posts
// and the signals topic.
package nlp

// Kind says what a post does: exactly one per post.
type Kind string

// The kinds.
const (
	Complaint Kind = "complaint" // a witness, right now, of a technical problem
	News      Kind = "news"      // someone else's problem, told as news
	Resolved  Kind = "resolved"  // the author says that it works again
	Other     Kind = "other"
)

// Input is what the classifier is told of a post.
type Input struct {
	Text  string
	Lang  string   // the platform's language tag, a hint that is often wrong; may be empty
	About []string // names of services, or handles, that the post is addressed to
}

// Tags is what the classifier says of a post.
type Tags struct {
	Kind     Kind     `json:"kind"`
	Lang     string   `json:"lang"`     // ISO 639-1; empty when undetermined
	Services []string `json:"services"` // catalogue slugs, sorted, never nil
	Symptoms []string `json:"symptoms"` // symptom slugs, sorted, never nil; empty for Other
	Score    float64  `json:"score"`    // confidence in Kind, 0 to 1
	Spans    []Span   `json:"-"`        // the evidence, in order of Start
}

// Span is a part of the text that earned a tag. Start and End are byte
// offsets into Input.Text, End exclusive.
type Span struct {
	Start int    `json:"start"`
	End   int    `json:"end"`
	Tag   string `json:"tag"` // "service:whatsapp", "symptom:messages", "kind:news", "lang:fr"
}
