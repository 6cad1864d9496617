package file

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"

	"outcry/ingest"
)

// maxRecordLines bounds how far a quoted field may run on, so that a stray
// quote costs one line and not the rest of the file.
const maxRecordLines = 1000

// record is one CSV record, or the refusal of what should have been one.
type record struct {
	line    int64 // where it begins
	raw     []byte
	fields  []string
	refusal *ingest.Refusal
}

// recordReader cuts lines into CSV records. encoding/csv is not used because
// it holds the whole rest of the file in memory after a stray quote, and
// loses it.
type recordReader struct {
	lines  *lineReader
	parser recordParser
	want   int // fields in the header; 0 before it is read
}

func newRecordReader(lines *lineReader, comma rune) *recordReader {
	return &recordReader{lines: lines, parser: recordParser{comma: []byte(string(comma))}}
}

// next is the next record; blank lines are none. A record whose quotes do not
// fit together is refused with its first line alone, and reading goes on at
// the second.
func (r *recordReader) next() (record, error) {
	first, err := r.lines.nextFilled()
	if err != nil {
		return record{}, err
	}
	rec := record{line: first.number, raw: first.text}
	if first.tooLong {
		rec.refusal = tooLong(first)
		return rec, nil
	}
	r.parser.reset()
	complete, problem := r.parser.feed(first.text)
	if !complete && problem == nil {
		return r.runOn(first)
	}
	return r.finish(rec, problem), nil
}

// runOn completes a record that has a line break in a quoted field.
func (r *recordReader) runOn(first line) (record, error) {
	rec := record{line: first.number, raw: bytes.Clone(first.text)}
	end := len(rec.raw)
	var more []line
	for {
		l, err := r.lines.next()
		if err != nil && !errors.Is(err, io.EOF) {
			return record{}, err
		}
		l.text = bytes.Clone(l.text)
		complete, problem := false, errOpenQuote
		if err == nil {
			more = append(more, l)
			rec.raw = append(append(rec.raw, '\n'), l.text...)
		}
		if err == nil && !l.tooLong && len(rec.raw) <= maxLine && len(more) < maxRecordLines {
			complete, problem = r.parser.feed(l.text)
		}
		if problem != nil {
			r.lines.unread(more)
			rec.raw = rec.raw[:end]
			return r.finish(rec, problem), nil
		}
		if complete {
			return r.finish(rec, nil), nil
		}
	}
}

func (r *recordReader) finish(rec record, problem error) record {
	if problem != nil && r.plainTSV(rec.raw) {
		problem = nil
	}
	if problem != nil {
		rec.refusal = &ingest.Refusal{Reason: ingest.NotCSV, Detail: problem.Error(), Raw: slices.Clone(rec.raw)}
		return rec
	}
	rec.fields = r.parser.fields()
	return rec
}

// plainTSV tries a line again with quotes as ordinary characters: most
// programs that write tabs between fields quote nothing.
func (r *recordReader) plainTSV(raw []byte) bool {
	if string(r.parser.comma) != "\t" {
		return false
	}
	r.parser.reset()
	r.parser.verbatim = true
	_, _ = r.parser.feed(raw)
	return len(r.parser.ends) == r.want
}

var (
	errOpenQuote = fmt.Errorf("a quoted field that begins here is not closed within %d lines or %d bytes", maxRecordLines, maxLine)
	errBareQuote = errors.New("a quote within a quoted field of several lines is not doubled")
)
