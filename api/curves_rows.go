package api

import (
	"encoding/csv"
	"io"
	"strings"

	"outcry/aggregate"
)

// csvSink writes a row a point. Names of curves stand before it where there are
// several, the week before after it where it was asked for.
type csvSink struct {
	out     *csv.Writer
	several bool
	compare bool
	row     []string
}

func newCSVSink(w io.Writer, c *curveStream) (rowSink, error) {
	s := &csvSink{out: csv.NewWriter(w), several: c.ask.group != "", compare: c.ask.compare}
	var header []string
	if s.several {
		header = append(header, "service", "symptom", "lang", "source")
	}
	header = append(header, "t", "posts", "authors", "heard", "deaf", "usual", "low", "high", "chance")
	if s.compare {
		header = append(header, "before_posts", "before_authors")
	}
	return s, s.out.Write(header)
}

func (s *csvSink) rows(rows []curveRow) error {
	for _, r := range rows {
		cells := s.row[:0]
		if s.several {
			cells = append(cells, r.Service, r.Symptom, r.Lang, r.Source)
		}
		cells = append(cells, stamp(r.T), count(r.Posts), count(r.Authors), count(r.Heard), strings.Join(r.Deaf, " "))
		if b := r.Band; b != nil {
			cells = append(cells, decimal(b.Usual), decimal(b.Low), decimal(b.High), decimal(b.Chance))
		} else {
			cells = append(cells, "", "", "", "")
		}
		if s.compare {
			cells = append(cells, beforeCells(r.Before)...)
		}
		s.row = cells
		if err := writeRow(s.out, cells); err != nil {
			return err
		}
	}
	s.out.Flush()
	return s.out.Error()
}

func beforeCells(b *aggregate.Sums) []string {
	if b == nil {
		return []string{"", ""}
	}
	return []string{count(b.Posts), count(b.Authors)}
}

func (s *csvSink) close() error {
	s.out.Flush()
	return s.out.Error()
}

// ndjsonSink writes a JSON object a line.
type ndjsonSink struct {
	w    io.Writer
	line []byte
}

func newNDJSONSink(w io.Writer, _ *curveStream) (rowSink, error) { return &ndjsonSink{w: w}, nil }

func (s *ndjsonSink) rows(rows []curveRow) error {
	const flush = 32 << 10
	for _, r := range rows {
		s.line = append(s.line, `{"service":`...)
		s.line = appendString(s.line, r.Service)
		s.line = appendString(append(s.line, `,"symptom":`...), r.Symptom)
		s.line = appendString(append(s.line, `,"lang":`...), r.Lang)
		s.line = appendString(append(s.line, `,"source":`...), r.Source)
		s.line = append(s.line, ',')
		s.line = append(appendPoint(s.line, r.Point), '}', '\n')
		if len(s.line) > flush {
			if err := s.close(); err != nil {
				return err
			}
		}
	}
	return s.close()
}

func (s *ndjsonSink) close() error {
	_, err := s.w.Write(s.line)
	s.line = s.line[:0]
	return err
}
