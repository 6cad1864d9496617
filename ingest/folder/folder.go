// Package folder watches a folder and reads every file of posts that appears in
// it: NDJSON, CSV or TSV, plain or compressed. Plain NDJSON files are followed as
// they grow; all others are read once they have ceased to change. Sub-folders are
// not descended into.
package folder

import (
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"outcry/ingest"
	"outcry/ingest/file"
)

// Config says which files to read and how. Path and Log are needed.
type Config struct {
	Name     string        // of the source, for records that name none; default folder
	Path     string        // the folder
	Pattern  string        // of names to read, as "posts-*.csv"; default: all that tell their format
	Format   string        // ndjson, csv or tsv, of all files; default: each by its name
	Mapping  file.Mapping  // CSV and TSV: which column holds which field
	Comma    rune          // between the fields of CSV; default a comma
	Settle   time.Duration // for which a file that is not followed must be unchanged before it is read; default 2 s
	Interval time.Duration // between two looks; default 2 s
	Log      *slog.Logger
	Now      func() time.Time // default time.Now
}

const (
	defaultPause = 2 * time.Second
	maxPause     = 24 * time.Hour
)

// Source watches a folder. It implements ingest.Source.
//
// It looks again and again rather than waiting for the system to report changes:
// network folders and those shared with a virtual machine report none, and a
// look at 10,000 files takes a few hundredths of a second.
type Source struct{ cfg Config }

// New checks the configuration, and that the folder can be listed; an error names
// the field.
func New(cfg Config) (*Source, error) {
	if cfg.Name == "" {
		cfg.Name = "folder"
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	var errs []error
	fail := func(format string, args ...any) { errs = append(errs, fmt.Errorf(format, args...)) }
	if r := ingest.Check(ingest.Post{Source: cfg.Name, ID: "any", Deleted: true}, time.Time{}); r != nil {
		fail("name: %s", r.Detail)
	}
	if cfg.Log == nil {
		fail("log: there is none")
	}
	if err := settlePath(&cfg); err != nil {
		fail("path: %w", err)
	}
	if _, err := filepath.Match(cfg.Pattern, ""); err != nil || strings.ContainsAny(cfg.Pattern, `/`) {
		fail("pattern: %q must be a pattern of names, as posts-*.csv, without a folder", cfg.Pattern)
	}
	if err := checkFormat(cfg); err != nil {
		errs = append(errs, err)
	}
	errs = append(errs, checkPause("settle", &cfg.Settle), checkPause("interval", &cfg.Interval))
	return &Source{cfg}, errors.Join(errs...)
}

func checkPause(name string, pause *time.Duration) error {
	if *pause == 0 {
		*pause = defaultPause
	}
	if *pause < 0 || *pause > maxPause {
		return fmt.Errorf("%s: %s must be more than nothing and at most %s", name, *pause, maxPause)
	}
	return nil
}

// settlePath makes the path good for the life of the program, and tries it.
func settlePath(cfg *Config) error {
	if cfg.Path == "" {
		return errors.New("there is none: give the folder to watch")
	}
	path, err := filepath.Abs(cfg.Path)
	if err != nil {
		return err
	}
	cfg.Path = path
	if _, err := os.ReadDir(path); err != nil {
		return fmt.Errorf("it must be a folder that can be listed: %w", err)
	}
	return nil
}

// checkFormat leaves the judgement to the reader of files, which looks at no
// file when it is to read its standard input.
func checkFormat(cfg Config) error {
	reader := file.Config{Path: "-", Format: cfg.Format}
	if _, err := file.New(reader); cfg.Format != "" && err != nil {
		return fmt.Errorf("format: %w", err)
	}
	if reader.Format == "" {
		reader.Format = "csv"
	}
	reader.Mapping = cfg.Mapping
	_, badMap := file.New(reader)
	if badMap != nil {
		badMap = fmt.Errorf("map: %w", badMap)
	}
	reader.Mapping, reader.Comma = nil, cfg.Comma
	_, badComma := file.New(reader)
	if badComma == nil && cfg.Comma != 0 && strings.EqualFold(cfg.Format, "tsv") {
		badComma = errors.New("the format is tsv, which has tabs")
	}
	if badComma != nil {
		badComma = fmt.Errorf("comma: %w", badComma)
	}
	return errors.Join(badMap, badComma)
}

// Name implements ingest.Source.
func (s *Source) Name() string { return s.cfg.Name }
