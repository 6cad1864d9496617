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
	Excess     float64   `json:"excess"`      // People beyond Usual, by minute; of one part where it rose by more than the whole
	Noticed    Noticed   `json:"noticed_in,omitzero" doc:"The symptom or language in which it was noticed first; absent where the service as a whole was."`

	Symptoms  []Share  `json:"symptoms" nullable:"false"`  // of the complaints, the most frequent first; a post may tell of several
	Languages []Share  `json:"languages" nullable:"false"` // of the complaints
	MainlyIn  string   `json:"mainly_in,omitempty" doc:"The language of most of the complaints, if it was not in the week before; absent where there is none."`
	Sources   []Share  `json:"sources" nullable:"false"` // of the complaints
	Words     []string `json:"words" nullable:"false"`   // typical of the complaints, beside what is usual
}

// Noticed is the part of a service, a symptom or a language, in which an incident was
// noticed first; zero where the service as a whole was. It stays what it was, whatever
// rises later.
type Noticed struct {
	By       string  `json:"by" enum:"symptom,lang"` // PartSymptom or PartLang
	Name     string  `json:"name" doc:"The symptom, or the code of the language."`
	People   int     `json:"people" doc:"Of those of the incident, who complained in this part."`
	Usual    float64 `json:"usual" doc:"How many would have as usual."`
	Excess   float64 `json:"excess" doc:"How many more did; 0 where it is not known, as where another service rose in another part."` // by minute
	Symptoms []Share `json:"symptoms" nullable:"false" doc:"Shares of the posts of this part."`
}

// OfPart says that half of the rise, or more, is of the part in which the incident was
// noticed.
func (i Incident) OfPart() bool {
	return i.Noticed.Name != "" && i.Noticed.Excess > 0 && 2*i.Noticed.Excess >= i.Excess
}

// Apart says that the part rose and the whole did hardly, so that figures of the whole
// are those of any other day.
func (i Incident) Apart() bool { return i.OfPart() && float64(i.People) < 2*i.Usual }

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
