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
	Posts   uint64    `json:"posts"`            // distinct posts
	Authors uint64    `json:"authors"`          // distinct authors
	Heard   uint64    `json:"heard"`            // all posts heard in the step with the same source and language, complaint or not
	Band    *Band     `json:"band,omitempty"`   // what would be usual of authors; absent where that is not known
	Deaf    []string  `json:"deaf,omitempty"`   // sources that were not heard in half of the step or more, so that the counts are too low
	Before  *Sums     `json:"before,omitempty"` // the same step a week before, where that was asked for; absent where nothing was heard then
}

// Sums are distinct posts and authors.
type Sums struct {
	Posts   uint64 `json:"posts"`
	Authors uint64 `json:"authors"`
}

// Split says what the curves of one service are told apart by.
type Split string

// Ways to split.
const (
	BySymptom Split = "symptom"
	ByLang    Split = "lang"
	BySource  Split = "source"
)

// CurvesQuery asks for the curves of several services at once: one of each
// service, or one of each of its parts. Empty filters match everything.
type CurvesQuery struct {
	Services []string
	By       Split  // empty: services as a whole
	Kind     string // a nlp.Kind; empty: complaint
	Symptom  string
	Lang     string
	Source   string
	From     time.Time     // inclusive, aligned to Step (UTC)
	To       time.Time     // exclusive, aligned to Step (UTC)
	Step     time.Duration // whole minutes; weeks begin on Mondays
	Sums     bool          // also those of the whole range
}

// Steps is how many points a curve of the range has.
func (q CurvesQuery) Steps() int { return int(q.To.Sub(q.From) / q.Step) }

// CurveID says which curve it is: of a service, and of which part of it.
type CurveID struct{ Service, Name string }

// Sparse is one step of a curve that has posts. Step counts from the begin of the
// range.
type Sparse struct {
	Step int
	Sums
}

// Curves are the answer to a CurvesQuery. What is not in a map has no posts. Sums
// are there when they were asked for.
type Curves struct {
	Points   map[CurveID][]Sparse // in no order
	Totals   map[CurveID]Sums     // each curve's
	Services map[string]Sums      // of all parts of a service together
	All      Sums                 // of all services together
}

// HeardQuery asks for the posts heard by step, complaints or not.
type HeardQuery struct {
	By     Split // ByLang or BySource; empty: all together
	Lang   string
	Source string
	From   time.Time     // inclusive, aligned to Step (UTC)
	To     time.Time     // exclusive, aligned to Step (UTC)
	Step   time.Duration // whole minutes; weeks begin on Mondays
}

// MarkDeafWeeks is MarkDeaf for steps of whole weeks, of which heard is by the day:
// a source was deaf in a week if it was not heard in half of it, though it was in
// some day of it, or in the day before. The first day of heard is before q.From.
func MarkDeafWeeks(points []Point, q CurveQuery, heard []Coverage, now time.Time) {
	const day = 24 * time.Hour
	days := int(q.Step / day)
	for _, c := range heard {
		for i := range points {
			last := c.Shares[i*days : (i+1)*days+1]
			sum, known := 0.0, last[0] >= deafBelow
			for _, share := range last[1:] {
				sum += share
				known = known || share >= deafBelow
			}
			if known && sum < deafBelow*float64(days) && now.Sub(points[i].T.Add(q.Step)) > deafGrace {
				points[i].Deaf = append(points[i].Deaf, c.Source)
			}
		}
	}
}

// ServiceActivity sums up what the store holds of one service.
type ServiceActivity struct {
	Service string
	Posts   uint64    // distinct complaint posts in the asked range
	Last    time.Time // minute of the latest complaint in the asked range
}
