// Package file reads posts from a file or standard input: NDJSON, CSV or TSV,
// plain or compressed with gzip or zstd. A bad record is refused and reading
// goes on; a broken file ends the run with an error.
package file

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"

	"outcry/ingest"
)

// Config says what to read and how.
type Config struct {
	Path       string  // a file, or "-" for standard input
	Format     string  // "ndjson", "csv" or "tsv"; empty: by the file's extension
	Mapping    Mapping // CSV and TSV: which column holds which field
	Comma      rune    // CSV and TSV: between fields; 0 is a comma for CSV, a tab for TSV
	SourceName string  // for records that name no source; empty is "file"

	// Progress, if set, hears how many bytes of the (compressed) file have
	// been read, at most about ten times a second and once at the end. total
	// is 0 when it cannot be known.
	Progress func(read, total int64)

	Stdin io.Reader // read for "-"; nil is os.Stdin
}

// Source reads one file of posts. It implements ingest.Source.
type Source struct {
	cfg   Config
	label string // stands for the file in positions and errors
	lines atomic.Int64
}

// New checks cfg, and as much of a regular file as can be checked before
// reading it: that it opens, and that a CSV header has the mapped columns.
func New(cfg Config) (*Source, error) {
	if cfg.SourceName == "" {
		cfg.SourceName = "file"
	}
	if cfg.Stdin == nil {
		cfg.Stdin = os.Stdin
	}
	if r := ingest.Check(ingest.Post{Source: cfg.SourceName, ID: "any", Deleted: true}, time.Time{}); r != nil {
		return nil, errors.New(r.Detail)
	}
	if cfg.Path == "" {
		return nil, errors.New("no file to read: give a path, or - for standard input")
	}
	if err := settleFormat(&cfg); err != nil {
		return nil, err
	}
	s := &Source{cfg: cfg, label: filepath.Base(cfg.Path)}
	if cfg.Path == "-" {
		s.label = "stdin"
		return s, nil
	}
	return s, s.tryOpen()
}

// tryOpen leaves pipes and devices alone: what is read from them is gone.
func (s *Source) tryOpen() error {
	info, err := os.Stat(s.cfg.Path)
	if err != nil {
		return fmt.Errorf("posts file: %w", err)
	}
	if info.IsDir() {
		return fmt.Errorf("posts file: %s is a folder", s.cfg.Path)
	}
	if !info.Mode().IsRegular() {
		return nil
	}
	in, err := s.open(context.Background(), nil)
	if err != nil {
		return err
	}
	defer in.Close()
	_, err = s.decoder(in)
	return err
}

func settleFormat(cfg *Config) error {
	format := strings.ToLower(cfg.Format)
	if format == "" {
		format = extension(cfg.Path)
	}
	switch format {
	case "ndjson", "jsonl", "json":
		cfg.Format = "ndjson"
		if len(cfg.Mapping) > 0 || cfg.Comma != 0 {
			return errors.New("a column mapping or separator applies to csv and tsv only, the format is ndjson")
		}
	case "csv", "tsv":
		cfg.Format = format
		return settleComma(cfg)
	default:
		return unknownFormat(*cfg)
	}
	return nil
}

func unknownFormat(cfg Config) error {
	const choices = "ndjson, csv or tsv"
	if cfg.Format != "" {
		return fmt.Errorf("unknown format %q: choose %s", cfg.Format, choices)
	}
	if cfg.Path == "-" {
		return fmt.Errorf("the format of standard input must be given: choose %s", choices)
	}
	return fmt.Errorf("cannot tell the format of %s by its name (.ndjson, .jsonl, .json, .csv, .tsv, each also with .gz or .zst): choose %s",
		cfg.Path, choices)
}

func settleComma(cfg *Config) error {
	switch {
	case cfg.Comma == 0 && cfg.Format == "tsv":
		cfg.Comma = '\t'
	case cfg.Comma == 0:
		cfg.Comma = ','
	case strings.ContainsRune("\"\r\n\uFFFD", cfg.Comma):
		return fmt.Errorf("%q cannot separate fields", cfg.Comma)
	}
	return cfg.Mapping.check()
}

// extension is the lower-case extension of path under any compression's.
func extension(path string) string {
	path = strings.ToLower(path)
	path = strings.TrimSuffix(strings.TrimSuffix(path, ".gz"), ".zst")
	return strings.TrimPrefix(filepath.Ext(path), ".")
}

// Name is the source's name, for records that have none of their own.
func (s *Source) Name() string { return s.cfg.SourceName }

// Lines is how many records of the file have been read so far, refused ones
// and those skipped by a cursor included. A header or blank line is none. It
// may be called at any time.
func (s *Source) Lines() int64 { return s.lines.Load() }
