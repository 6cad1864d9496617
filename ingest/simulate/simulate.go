// Package simulate makes up posts: a day's chatter in several languages with
// an outage in it, as a scenario file describes it. The same seed and options
// give the same bytes on every machine. Nothing in it was ever posted by
// anyone; every source's name ends in -sim, every author's begins with sim-.
package simulate

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"time"

	"outcry/ingest"
)

// DefaultScenario is the scenario of a Config that names none.
const DefaultScenario = "whatsapp-2022-10-25"

// Config says what to simulate. The zero Config is the whole default scenario.
type Config struct {
	Seed     uint64
	Scenario string    // one of Scenarios; empty is DefaultScenario
	From     time.Time // whole minutes; zero is the scenario's own
	To       time.Time // exclusive
	Scale    float64   // of all rates, above 0 and up to 100; 0 is 1
	Truth    io.Writer // if set, gets a Truth per post as NDJSON, in the same order
	Data     fs.FS     // scenarios/*.yaml and languages/*.yaml; nil is the built-in ones
}

// Truth is what a post was made to be, in the project's labels.
type Truth struct {
	ID       string   `json:"id"`
	Kind     string   `json:"kind"`
	Lang     string   `json:"lang"`
	Services []string `json:"services"` // never nil
	Symptoms []string `json:"symptoms"` // never nil
}

// Stats counts the posts of each kind.
type Stats struct {
	Posts, Complaints, News, Resolved, Other int
}

func (s *Stats) add(kind string) {
	s.Posts++
	switch kind {
	case "complaint":
		s.Complaints++
	case "news":
		s.News++
	case "resolved":
		s.Resolved++
	default:
		s.Other++
	}
}

// Write writes posts to w as NDJSON in the order of their time. A minute's
// posts depend on nothing but seed, scenario, scale and the minute, so that a
// shorter From–To is a part of a longer one, ids included.
func Write(w io.Writer, cfg Config) (Stats, error) {
	s, languages, err := prepare(&cfg)
	if err != nil {
		return Stats{}, fmt.Errorf("simulate: %w", err)
	}
	posts := bufio.NewWriterSize(w, 1<<16)
	truth := bufio.NewWriterSize(cfg.Truth, 1<<16)
	stats, err := write(posts, truth, cfg, generator{scenario: s, languages: languages, seed: cfg.Seed, scale: cfg.Scale})
	if err = errors.Join(err, posts.Flush(), truth.Flush()); err != nil {
		return stats, fmt.Errorf("simulate: %w", err)
	}
	return stats, nil
}

func write(posts, truth io.Writer, cfg Config, g generator) (Stats, error) {
	var stats Stats
	postLines, truthLines := encoder(posts), encoder(truth)
	for at := cfg.From; at.Before(cfg.To); at = at.Add(time.Minute) {
		for _, p := range g.minute(at) {
			stats.add(p.truth.Kind)
			if err := errors.Join(postLines.Encode(p.post), truthLines.Encode(p.truth)); err != nil {
				return stats, err
			}
		}
	}
	return stats, nil
}

func encoder(w io.Writer) *json.Encoder {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	return e
}

// prepare fills in what cfg leaves open and refuses what makes no sense.
func prepare(cfg *Config) (*scenario, []*language, error) {
	if cfg.Scenario == "" {
		cfg.Scenario = DefaultScenario
	}
	if cfg.Truth == nil {
		cfg.Truth = io.Discard
	}
	if cfg.Data == nil {
		sub, err := fs.Sub(builtIn, "data")
		if err != nil {
			return nil, nil, err
		}
		cfg.Data = sub
	}
	if cfg.Scale == 0 {
		cfg.Scale = 1
	}
	if math.IsNaN(cfg.Scale) || cfg.Scale < 0 || cfg.Scale > 100 {
		return nil, nil, fmt.Errorf("scale %v: want a number above 0, up to 100", cfg.Scale)
	}
	s, languages, err := load(cfg.Data, cfg.Scenario)
	if err != nil {
		return nil, nil, err
	}
	if cfg.From.IsZero() {
		cfg.From = s.From
	}
	if cfg.To.IsZero() {
		cfg.To = s.To
	}
	return s, languages, checkSpan(cfg)
}

// maxSpan keeps a slip in a year from filling the disk.
const maxSpan = 31 * 24 * time.Hour

func checkSpan(cfg *Config) error {
	switch {
	case cfg.From.Truncate(time.Minute) != cfg.From || cfg.To.Truncate(time.Minute) != cfg.To:
		return errors.New("from and to must be whole minutes")
	case !cfg.To.After(cfg.From):
		return fmt.Errorf("to (%s) must be after from (%s)", cfg.To.Format(time.RFC3339), cfg.From.Format(time.RFC3339))
	case cfg.To.Sub(cfg.From) > maxSpan:
		return fmt.Errorf("from %s to %s is more than %d days", cfg.From.Format(time.RFC3339), cfg.To.Format(time.RFC3339), maxSpan/(24*time.Hour))
	case cfg.From.Year() < 2000 || cfg.To.Year() > 2100:
		return errors.New("from and to must be between 2000 and 2100")
	}
	return nil
}

// made is a post and what it was made to be.
type made struct {
	post  ingest.Post
	truth Truth
}
