package main

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"outcry/ingest"
)

// row is one row of a series.
type row struct {
	stamp, count string // as they came
	t            time.Time
	value        float64
	line         int
}

// longestRow bounds what a quote that is never closed can fill memory with.
const longestRow = 1 << 20

// rowReader reads the rows of a CSV file with a header.
type rowReader struct {
	csv         *csv.Reader
	left        *io.LimitedReader
	stamp, cell int // columns
}

func newRowReader(in io.Reader, stamp, value string) (*rowReader, error) {
	limited := &io.LimitedReader{R: in, N: longestRow}
	buffered := bufio.NewReaderSize(limited, 64<<10)
	if start, _ := buffered.Peek(2); string(start) == "\x1f\x8b" {
		return nil, errors.New("is gzip: unpack it first, as in gunzip -c FILE | outcry detect --in -")
	}
	r := &rowReader{csv: csv.NewReader(buffered), left: limited}
	r.csv.ReuseRecord = true
	header, err := r.csv.Read()
	if errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("is empty: want a header with the columns %q and %q", stamp, value)
	}
	if err != nil {
		return nil, fmt.Errorf("header: %w", err)
	}
	names := make([]string, len(header))
	for i, name := range header {
		names[i] = strings.TrimSpace(strings.TrimPrefix(name, "\ufeff")) // spreadsheets mark UTF-8 so
	}
	var missing []error
	find := func(name, flag string) int {
		i := slices.Index(names, name)
		if i < 0 {
			missing = append(missing, fmt.Errorf("header: no column %q among %.200q: name it by %s", name, names, flag))
		}
		return i
	}
	r.stamp, r.cell = find(stamp, "--time-column"), find(value, "--value-column")
	return r, errors.Join(missing...)
}

// next is the next row, or io.EOF. Errors name the line.
func (r *rowReader) next() (row, error) {
	r.left.N = longestRow
	record, err := r.csv.Read()
	if r.left.N <= 0 { // whatever was read is cut
		return row{}, fmt.Errorf("a row is longer than %d bytes: is a quote not closed?", longestRow)
	}
	if errors.Is(err, io.EOF) {
		return row{}, io.EOF
	}
	if err != nil {
		return row{}, fmt.Errorf("read rows: %w", err)
	}
	out := row{stamp: record[r.stamp], count: record[r.cell]}
	out.line, _ = r.csv.FieldPos(r.cell)
	if out.t, err = parseStamp(out.stamp); err == nil {
		out.value, err = parseCount(out.count)
	}
	if err != nil {
		return row{}, fmt.Errorf("line %d: %w", out.line, err)
	}
	return out, nil
}

// stampForms are what series have and posts have not, and what is too frequent to
// be tried late.
var stampForms = [...]string{time.DateOnly, "2006-01-02 15:04", time.DateTime}

func parseStamp(s string) (time.Time, error) {
	s = strings.TrimSpace(s)
	for _, form := range stampForms {
		if len(s) == len(form) && s[4] == '-' {
			if t, err := time.Parse(form, s); err == nil {
				return t, nil
			}
		}
	}
	return ingest.ParseTime(s)
}

// mostCounted is far more than anything counts, and still exact.
const mostCounted = 1e15

func parseCount(s string) (float64, error) {
	v, err := strconv.ParseFloat(strings.TrimSpace(s), 64)
	if err != nil || math.IsNaN(v) || v < 0 || v > mostCounted {
		return 0, fmt.Errorf("%.64q is no count: want a number from 0 to %.0e; where nothing was counted, leave the row out", s, mostCounted)
	}
	return v, nil
}

// flushFirst writes what is answered before it waits for more to read.
type flushFirst struct {
	io.Reader
	answers *scoreWriter
}

func (f flushFirst) Read(p []byte) (int, error) {
	if err := f.answers.Flush(); err != nil {
		return 0, err
	}
	return f.Reader.Read(p)
}
