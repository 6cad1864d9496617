// Package spike tells from counts of complaining people when a service is out: it
// learns what is usual, says when far more people than usual complain, since when,
// and when it is over. It is pure: counts go in minute by minute, verdicts come
// out, and the same counts give the same verdicts.
package spike

// Minute is what was heard of one service in one minute. Its slices are by source
// and as long as the Detector has sources.
type Minute struct {
	Authors []uint16  // people who complained and had not within the hour before: one who goes on and on is one
	Hearing []float64 // how well the source was heard: 0 deaf, 1 as usual, 2 twice the usual volume; below 0: only to learn from
	// Resolved is how many posts said that it works again.
	Resolved uint16
}

// Config says how sure a Detector must be. The zero value has defaults.
type Config struct {
	// FalseAlarms that are accepted, per service and year, as far as usual days go
	// by the distribution that is assumed of them. In simulated worlds, whose
	// crowds come in heavier bursts, there are some twenty-five times as many.
	FalseAlarms float64
}

// falseAlarms is the default of Config.FalseAlarms.
const falseAlarms = 0.008

// mostAlarms is the most that a Config can ask for: one on every other day.
const mostAlarms = 180

// Verdict is what a Detector says after a minute.
type Verdict struct {
	State  State
	People int     // that complained in the minute
	Usual  float64 // people who would have complained in the minute as usual
	// Surprise is the negative decimal logarithm of the probability that as many
	// people complain as usual, by that of several tests which is furthest beyond its
	// own threshold: time scales, a cumulative sum, the sources beside the loudest.
	Surprise float64
	// Threshold is the surprise from which on it is an alarm by that test.
	Threshold float64
	Alarm     *Alarm // of the running outage; nil where there is none
}

// State of a service.
type State uint8

// The states of a service. Unknown says that too little was heard to tell calm from
// an outage, save a giant one.
const (
	Unknown State = iota
	Calm
	Out
	Over // the outage of Alarm has just ended
)

// Alarm is an outage.
type Alarm struct {
	Onset            int // minute in which it began, counted as by Step
	Earliest, Latest int // of the onset, with a probability of 95%
	Detected         int // minute whose counts gave the alarm
	End              int // first minute that was as usual again; 0 while it lasts
	Peak             int // minute in which most people complained
	PeakPeople       int
	People           float64 // who complained from the onset to the end, by minute
	Usual            float64 // who would have complained in that time, by minute
	Part             string  // which part noticed it first; empty: the whole
	PartPeople       float64 // People of that part
	PartUsual        float64 // Usual of that part
	PartExcess       float64 // so many more than usual in one part alone, whichever rose most; 0 where none rose by itself
}

// Excess is how many more people complained than usual. The rise of a part may be
// less than the whole sways.
func (a Alarm) Excess() float64 { return max(0, a.People-a.Usual, a.PartExcess) }
