package api

import (
	"encoding/csv"
	"fmt"
	"io"
	"iter"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// table is an answer that can be served as CSV.
type table interface {
	header() []string
	rows() iter.Seq[[]string]
}

// writeCSV writes a table, or curves, as RFC 4180 has it, with plain line feeds.
func writeCSV(w io.Writer, v any) error {
	if a, ok := v.(CurveAnswer); ok {
		return a.send(w, newCSVSink)
	}
	t, ok := v.(table)
	if !ok {
		return fmt.Errorf("%T has no CSV form", v)
	}
	out := csv.NewWriter(w)
	if err := out.Write(t.header()); err != nil {
		return fmt.Errorf("write CSV: %w", err)
	}
	for row := range t.rows() {
		if err := writeRow(out, row); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

func writeRow(out *csv.Writer, row []string) error {
	for i, cell := range row {
		row[i] = inert(cell)
	}
	if err := out.Write(row); err != nil {
		return fmt.Errorf("write CSV: %w", err)
	}
	return nil
}

// inert keeps a spreadsheet from running a post: a cell that begins like a
// formula gets a leading apostrophe. Spaces and signs that cannot be seen hide
// no formula, and neither do the wide forms of East Asia; a number is left alone.
func inert(cell string) string {
	if cell == "" || isNumber(cell) {
		return cell
	}
	if strings.ContainsRune("\t\r\n", rune(cell[0])) {
		return "'" + cell
	}
	seen := strings.TrimLeftFunc(cell, func(r rune) bool { return unicode.IsSpace(r) || unicode.In(r, unicode.Cf, unicode.Cc) })
	if first, _ := utf8.DecodeRuneInString(seen); seen != "" && strings.ContainsRune("=+-@\uff1d\uff0b\uff0d\uff20", first) {
		return "'" + cell
	}
	return cell
}

// isNumber knows plain decimals with a sign, such as -1.5e-07.
func isNumber(cell string) bool {
	digits := strings.TrimPrefix(cell, "-")
	mantissa, exponent, scaled := strings.Cut(digits, "e")
	if scaled {
		exponent = strings.TrimLeft(exponent, "+-")
	}
	whole, fraction, cut := strings.Cut(mantissa, ".")
	return allDigits(whole) && (!cut || allDigits(fraction)) && (!scaled || allDigits(exponent))
}

func allDigits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

func count(n uint64) string { return strconv.FormatUint(n, 10) }
