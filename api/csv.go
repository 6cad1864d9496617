package api

import (
	"encoding/csv"
	"fmt"
	"io"
	"iter"
)

// table is an answer that can be served as CSV.
type table interface {
	header() []string
	rows() iter.Seq[[]string]
}

// writeCSV writes a table as RFC 4180 has it, with plain line feeds.
func writeCSV(w io.Writer, v any) error {
	t, ok := v.(table)
	if !ok {
		return fmt.Errorf("%T has no CSV form", v)
	}
	out := csv.NewWriter(w)
	if err := out.Write(t.header()); err != nil {
		return fmt.Errorf("write CSV: %w", err)
	}
	for row := range t.rows() {
		for i, cell := range row {
			row[i] = inert(cell)
		}
		if err := out.Write(row); err != nil {
			return fmt.Errorf("write CSV: %w", err)
		}
	}
	out.Flush()
	return out.Error()
}

// inert keeps a spreadsheet from running a post: a cell that begins like a
// formula gets a leading apostrophe.
func inert(cell string) string {
	if cell == "" {
		return cell
	}
	switch cell[0] {
	case '=', '+', '-', '@', '\t', '\r', '\n':
		return "'" + cell
	}
	return cell
}
