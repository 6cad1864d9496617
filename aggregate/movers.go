package aggregate

import (
	"cmp"
	"math"
	"slices"
	"time"
)

// Ways to order Movers.
const (
	ByAbove  = "above"  // those with an open incident first, then by how far they are above normal
	ByPosts  = "posts"  // most posts first
	ByChange = "change" // most posts in proportion to a week before first
)

// SparkParts is how many parts the Spark of a Mover has.
const SparkParts = 24

// SparkLeast is the shortest time that a Spark shows.
const SparkLeast = 6 * time.Hour

// Week is how far back the Before of a Mover and of a Part is.
const Week = 7 * 24 * time.Hour

// MoverQuery asks which services are above normal. Empty filters match everything.
type MoverQuery struct {
	Kind   string // a nlp.Kind; empty: complaint
	Lang   string
	Source string
	From   time.Time // inclusive, a whole minute
	To     time.Time // exclusive, a whole minute
	Among  func(service string) bool
	Open   []string // services that have an open incident: they are shown even without a post
	Sort   string   // one of the By… above
	Limit  int
}

// Whole says that the query is of all complaints, of which Expected is known.
func (q MoverQuery) Whole() bool {
	return (q.Kind == "" || q.Kind == "complaint") && q.Lang == "" && q.Source == ""
}

// SparkFrom is where the Spark begins: it ends with the query.
func (q MoverQuery) SparkFrom() time.Time { return q.To.Add(-max(q.To.Sub(q.From), SparkLeast)) }

// Mover is a service, and how far it is above normal.
type Mover struct {
	Service      string
	Posts        uint64 // distinct
	Authors      uint64 // distinct
	People       uint64 // distinct authors of each hour of the range, added up: what Usual is compared with
	Usual        *float64
	Above        float64 // see Above
	Before       *uint64 // distinct posts a week before; nil where nothing was heard then
	Symptom      string  // the commonest; empty: no post tells of one
	SymptomShare float64 // of the posts
	Spark        []uint64
}

// Judge sets Usual and Above by what is known of the service: how many people would
// be usual, and how much their number varies. A nil norm means nothing is known.
func (m *Mover) Judge(n *Norm) {
	if n == nil {
		m.Usual, m.Above = nil, digits(AboveUnknown(float64(m.People)))
		return
	}
	usual := round(n.Usual)
	m.Usual, m.Above = &usual, digits(Above(float64(m.People), n.Usual, n.Alpha))
}

// Change is the posts in proportion to those of a week before; nil where these are
// none or not known.
func (m Mover) Change() *float64 {
	if m.Before == nil || *m.Before == 0 {
		return nil
	}
	c := round(float64(m.Posts) / float64(*m.Before))
	return &c
}

// RankMovers sorts movers as q has it. Of equals the one with more posts is first.
func RankMovers(all []Mover, q MoverQuery) {
	open := make(map[string]bool, len(q.Open))
	for _, s := range q.Open {
		open[s] = true
	}
	slices.SortFunc(all, func(a, b Mover) int {
		var order int
		switch q.Sort {
		case ByPosts:
		case ByChange:
			order = cmp.Compare(b.growth(), a.growth())
		default:
			order = cmp.Or(cmp.Compare(rank(open[b.Service]), rank(open[a.Service])), cmp.Compare(b.Above, a.Above))
		}
		return cmp.Or(order, cmp.Compare(b.Posts, a.Posts), cmp.Compare(a.Service, b.Service))
	})
}

// growth orders by change. One more on both sides keeps 2 instead of 1 below 200
// instead of 110, and gives those that had none a place; not known is last.
func (m Mover) growth() float64 {
	if m.Before == nil {
		return math.Inf(-1)
	}
	return float64(m.Posts+1) / float64(*m.Before+1)
}

func rank(first bool) int {
	if first {
		return 1
	}
	return 0
}

// digits keeps two places, and is never a number that JSON cannot hold.
func digits(x float64) float64 {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return 0
	}
	return math.Round(x*100) / 100
}
