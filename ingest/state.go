package ingest

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// State says how a live source fares. It is written every few seconds while the
// source is heard, so that another process can show it.
type State struct {
	State      string    `json:"state"`           // connecting, listening, away or stopped
	Error      string    `json:"error,omitempty"` // why it is away
	Since      time.Time `json:"since"`           // of this state
	Saved      time.Time `json:"saved"`
	Events     int64     `json:"events"` // since the start of the program, and so on
	Posts      int64     `json:"posts"`
	Refused    int64     `json:"refused"`
	Reconnects int64     `json:"reconnects"`
	Rate       float64   `json:"rate"`       // events a second, of the last minute or so
	LastEvent  time.Time `json:"last_event"` // when it was heard
}

// The values of State.State.
const (
	Connecting = "connecting"
	Listening  = "listening"
	Away       = "away"
	Stopped    = "stopped"
)

// stateEvery is how often a state is saved. One that was not saved for several
// times as long is of a program that stands still.
const stateEvery = 5 * time.Second

// Stale says that nobody hears the source any more.
func (s State) Stale(now time.Time) bool { return now.Sub(s.Saved) > 3*stateEvery }

// StateDir keeps the state of every live source in a file of its own.
type StateDir string

// Load returns the state of a source; the zero State where there is none.
func (d StateDir) Load(source string) (State, error) {
	var s State
	text, err := os.ReadFile(d.path(source))
	if errors.Is(err, fs.ErrNotExist) {
		return s, nil
	}
	if err != nil {
		return s, fmt.Errorf("load state of %s: %w", source, err)
	}
	if err := json.Unmarshal(text, &s); err != nil {
		return State{}, fmt.Errorf("state of %s: %s: %w", source, d.path(source), err)
	}
	return s, nil
}

// Save replaces the state of a source.
func (d StateDir) Save(source string, s State) error {
	text, err := json.Marshal(s)
	if err == nil {
		err = os.MkdirAll(string(d), 0o755)
	}
	if err == nil {
		err = os.WriteFile(d.path(source)+".new", text, 0o644)
	}
	if err == nil {
		err = os.Rename(d.path(source)+".new", d.path(source))
	}
	if err != nil {
		return fmt.Errorf("save state of %s: %w", source, err)
	}
	return nil
}

func (d StateDir) path(source string) string { return filepath.Join(string(d), source+".json") }

// status is the State of a source that is being heard.
type status struct {
	mu     sync.Mutex
	state  State
	recent int64 // events since the state was last taken
}

// hear counts a batch that is queued.
func (s *status) hear(batch []Event, counts Stats, now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.turn(Listening, now)
	s.recent += int64(len(batch))
	s.state.Events += int64(len(batch))
	s.state.Posts += counts.Kept
	s.state.Refused += counts.Read - counts.Kept
	s.state.LastEvent = now
}

// lose notes that the source is away.
func (s *status) lose(err error, now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.turn(Away, now)
	s.state.Error = err.Error()
	s.state.Reconnects++
}

func (s *status) turn(to string, now time.Time) {
	if s.state.State != to {
		s.state.State, s.state.Since, s.state.Error = to, now, ""
	}
}

// take returns the state at now.
func (s *status) take(now time.Time) State {
	s.mu.Lock()
	defer s.mu.Unlock()
	if passed := now.Sub(s.state.Saved).Seconds(); passed > 0 && !s.state.Saved.IsZero() {
		weight := 1 - math.Exp(-passed/60)
		s.state.Rate += weight * (float64(s.recent)/passed - s.state.Rate)
	}
	s.recent, s.state.Saved = 0, now
	return s.state
}
