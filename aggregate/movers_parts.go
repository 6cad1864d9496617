package aggregate

import "time"

// What the parts of Parts are of.
const (
	PartSymptom = "symptom"
	PartLang    = "lang"
	PartSource  = "source"
	PartService = "service"
)

// PartsQuery asks what the posts of a range of time consist of. Empty filters match
// everything, an empty Service all services.
type PartsQuery struct {
	Service string
	By      string // one of the Part… above
	Kind    string // a nlp.Kind; empty: complaint
	Symptom string
	Lang    string
	Source  string
	From    time.Time // inclusive, a whole minute
	To      time.Time // exclusive, a whole minute
	Limit   int       // how many parts at most
}

// Parts is what the posts consist of, the largest first. One post may tell of several
// symptoms, or of none, and be about several services.
type Parts struct {
	Posts   uint64 // distinct, of all
	Authors uint64 // distinct, of all
	Heard   bool   // that anything was heard a week before
	Rows    []Part
}

// Part is the posts of one name.
type Part struct {
	Name    string
	Posts   uint64 // distinct
	Authors uint64 // distinct
	Before  uint64 // distinct posts a week before
}
