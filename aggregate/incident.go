package aggregate

import "time"

// Severities of an incident, the least first.
const (
	Minor    = "minor"
	Major    = "major"
	Critical = "critical"
)

// Incident is a time in which far more people than usual complained about a
// service, or about several of one owner at once. It is the message of the
// incidents topic, keyed by ID.
//
// ID is made of the leading service and the onset that was known when it was
// opened, so that the same counts make the same incident anywhere. Rows of an
// incident replace each other by Updated.
type Incident struct {
	ID        string    `json:"id"`
	Services  []string  `json:"services" nullable:"false"` // slugs, who leads first
	Owner     string    `json:"owner,omitempty"`           // where there are several services: whose they are; empty for a cloud's many
	Severity  string    `json:"severity"`
	Onset     time.Time `json:"onset"`               // the minute in which it began
	Earliest  time.Time `json:"earliest"`            // of the onset: it lies between these two with a probability of 95%
	Latest    time.Time `json:"latest"`              //
	Detected  time.Time `json:"detected"`            // end of the minute whose counts gave the alarm
	Updated   time.Time `json:"updated"`             // end of the last minute that was looked at
	End       time.Time `json:"end,omitzero"`        // the first minute that was as usual again; zero while it lasts
	Retracted bool      `json:"retracted,omitempty"` // late counts showed that there was none, or it became part of another

	Peak       time.Time `json:"peak"`
	PeakPeople int       `json:"peak_people"` // who complained in the minute of the peak
	People     int       `json:"people"`      // distinct authors of complaints from Onset to End or Updated
	Posts      int       `json:"posts"`       // their posts
	Usual      float64   `json:"usual"`       // people that would have complained in that time as usual
	Excess     float64   `json:"excess"`      // People beyond Usual, by minute

	Symptoms  []Share  `json:"symptoms" nullable:"false"`  // of the complaints, the most frequent first; a post may tell of several
	Languages []Share  `json:"languages" nullable:"false"` // of the complaints
	Sources   []Share  `json:"sources" nullable:"false"`   // of the complaints
	Words     []string `json:"words" nullable:"false"`     // typical of the complaints, beside what is usual
}

// Share is how large a part of the posts has a name.
type Share struct {
	Name  string  `json:"name"`
	Share float64 `json:"share"` // 0 to 1
}

// Open says that the incident lasts.
func (i Incident) Open() bool { return i.End.IsZero() }

// IncidentQuery asks for incidents, the latest onset first. Empty filters match
// everything.
type IncidentQuery struct {
	Service  string    // among the services of the incident
	Severity string    // at least
	Open     bool      // only those that last
	From     time.Time // that lasted at or after it
	To       time.Time // that began before it
	Before   Incident  // only Onset and ID: incidents after this one in the order, to go on
	Limit    int
}
