package aggregate

import (
	"strings"
	"time"
)

// Count is how many complained about a service in a minute, on one source.
type Count struct {
	Service  string
	Source   string
	Minute   time.Time
	Authors  uint64 // distinct authors of complaints who had not complained within the hour before
	Posts    uint64 // distinct complaints
	Resolved uint64 // distinct posts that say it works again
	// Parts are those of Authors who told of a part of the service, by PartName; nil
	// where it is not known.
	Parts map[string]uint64
}

// PartName is what the part of that name is called, of a kind as PartSymptom, so
// that no symptom is taken for a language.
func PartName(kind, name string) string { return kind + "=" + name }

// partOf reads what PartName made; nothing of what is no part.
func partOf(part string) (kind, name string) {
	kind, name, _ = strings.Cut(part, "=")
	return kind, name
}

// Volume is how many posts a source said in a minute, complaints or not.
type Volume struct {
	Source string
	Minute time.Time
	Posts  uint64
}

// BreakdownQuery asks what the complaints about one or several services consist of, or
// those of one symptom, or in one language.
type BreakdownQuery struct {
	Services []string
	Symptom  string    // empty: all
	Lang     string    // empty: all
	From     time.Time // inclusive, a whole minute
	To       time.Time // exclusive, a whole minute
}

// Breakdown sums up the complaints about one or several services in a range of
// time. Who complained about several of them is counted once. The lists have
// the largest share first, and names in order where shares are equal.
type Breakdown struct {
	People    int     // distinct authors
	Posts     int     // distinct posts
	Symptoms  []Share // of the posts; one post may tell of several, or of none
	Languages []Share // of the posts
	Sources   []Share // of the posts
	ByMinute  []int   // distinct authors of every minute of the range, none missing
}
