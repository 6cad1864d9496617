package file

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"outcry/ingest"
)

// decoder makes events of records, one by one; io.EOF ends it. skip passes
// over one record without making anything of it.
type decoder interface {
	next() (ingest.Event, error)
	skip() error
}

func (s *Source) decoder(in *input) (decoder, error) {
	defaults := ingest.Post{Source: s.cfg.SourceName}
	lines := &lineReader{r: in.text}
	if s.cfg.Format == "ndjson" {
		return &jsonDecoder{lines: lines, label: s.label, defaults: defaults}, nil
	}
	d := &csvDecoder{records: newRecordReader(lines, s.cfg.Comma), label: s.label, defaults: defaults}
	switch err := d.readHeader(s.cfg.Mapping); {
	case errors.Is(err, io.EOF): // an empty file has no posts, which is no error
	case err != nil:
		return nil, fmt.Errorf("%s: %w", s.label, err)
	}
	return d, nil
}

// Run reads the file and returns nil at its end, ctx's error when ctx ends. A
// read error names the file and counts the records before it. The cursor
// holds the number of the last record and a fingerprint of the file; one that
// belongs to another file, or to another state of this one, is ignored, for
// reading a post twice does no harm. Standard input has no cursor.
func (s *Source) Run(ctx context.Context, cursor string, emit func(ingest.Event) error) error {
	s.lines.Store(0)
	in, err := s.open(ctx, s.cfg.Progress)
	if err != nil {
		return err
	}
	defer in.Close()
	d, err := s.decoder(in)
	if err == nil {
		err = s.skip(ctx, d, resumeAt(cursor, in.fingerprint))
	}
	if err == nil {
		err = s.copyEvents(ctx, d, in.fingerprint, emit)
	}
	in.finish()
	return err
}

func (s *Source) skip(ctx context.Context, d decoder, n int64) error {
	for s.lines.Load() < n && ctx.Err() == nil {
		if err := d.skip(); err != nil {
			return s.ended(ctx, err)
		}
		s.lines.Add(1)
	}
	return ctx.Err()
}

func (s *Source) copyEvents(ctx context.Context, d decoder, fingerprint string, emit func(ingest.Event) error) error {
	for ctx.Err() == nil {
		event, err := d.next()
		if err != nil {
			return s.ended(ctx, err)
		}
		n := s.lines.Add(1)
		if fingerprint != "" {
			event.Cursor = strconv.FormatInt(n, 10) + "@" + fingerprint
		}
		if err := emit(event); err != nil {
			return err
		}
	}
	return ctx.Err()
}

func (s *Source) ended(ctx context.Context, err error) error {
	switch {
	case errors.Is(err, io.EOF):
		return nil
	case ctx.Err() != nil:
		return ctx.Err()
	}
	return fmt.Errorf("read %s: after %d records: %w", s.label, s.lines.Load(), err)
}

// resumeAt is the number of records that cursor says are done with.
func resumeAt(cursor, fingerprint string) int64 {
	number, of, ok := strings.Cut(cursor, "@")
	if !ok || of != fingerprint || fingerprint == "" {
		return 0
	}
	n, err := strconv.ParseInt(number, 10, 64)
	if err != nil || n < 0 {
		return 0
	}
	return n
}

// jsonDecoder makes an event of every line that is not blank.
type jsonDecoder struct {
	lines    *lineReader
	label    string
	defaults ingest.Post
}

func (d *jsonDecoder) next() (ingest.Event, error) {
	l, err := d.lines.nextFilled()
	if err != nil {
		return ingest.Event{}, err
	}
	if l.tooLong {
		return refused(tooLong(l), d.label, l.number), nil
	}
	p, refusal := ingest.DecodePost(l.text, d.defaults)
	if refusal != nil {
		return refused(refusal, d.label, l.number), nil
	}
	return ingest.Event{Post: &p, Position: position(d.label, l.number)}, nil
}

func (d *jsonDecoder) skip() error {
	_, err := d.lines.nextFilled()
	return err
}

func refused(r *ingest.Refusal, label string, line int64) ingest.Event {
	r.Position = position(label, line)
	return ingest.Event{Refusal: r}
}

func position(label string, line int64) string {
	return label + ":" + strconv.FormatInt(line, 10)
}
