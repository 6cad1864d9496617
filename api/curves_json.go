package api

import (
	"bytes"
	"encoding/json"
	"io"
	"math"
	"strconv"
	"time"

	"outcry/aggregate"
)

// A curve has thousands of points that are written two hundred times a second,
// so they do not go through reflection. A test compares the two.

// writeJSON writes the answer, into the buffer itself where w is one that is held.
func (a CurveAnswer) writeJSON(w io.Writer) error {
	room := 1024 + 160*len(a.Points) // as long as points with bands
	for _, s := range a.Series {
		room += 256 + 160*len(s.Points)
	}
	var b []byte
	if h, ok := w.(*heldBody); ok && h.holds && room < heldMost {
		h.body.Grow(room)
		b = h.body.AvailableBuffer()
	}
	_, err := w.Write(a.appendJSON(b))
	return err
}

// appendJSON writes the answer as encoding/json would, and a line feed.
func (a CurveAnswer) appendJSON(b []byte) []byte {
	head := a
	head.Points, head.Series = nil, nil
	b = append(b, bytes.TrimSuffix(plainJSON(head), []byte("}"))...)
	if a.Points != nil {
		b = appendPoints(append(b, `,"points":`...), a.Points)
	}
	if a.Series != nil {
		b = append(b, `,"series":[`...)
		for i, s := range a.Series {
			if i > 0 {
				b = append(b, ',')
			}
			points := s.Points
			s.Points = nil
			b = append(b, bytes.TrimSuffix(plainJSON(s), []byte("null}"))...)
			b = append(appendPoints(b, points), '}')
		}
		b = append(b, ']')
	}
	return append(b, '}', '\n')
}

func appendPoints(b []byte, points []aggregate.Point) []byte {
	b = append(b, '[')
	for i, p := range points {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(appendPoint(append(b, '{'), p), '}')
	}
	return append(b, ']')
}

// appendPoint writes the fields of a point, without the braces.
func appendPoint(b []byte, p aggregate.Point) []byte {
	b = append(b, `"t":"`...)
	b = p.T.UTC().AppendFormat(b, time.RFC3339Nano)
	b = append(b, `",`...)
	b = appendCounts(b, p.Posts, p.Authors)
	b = strconv.AppendUint(append(b, `,"heard":`...), p.Heard, 10)
	if p.Band != nil {
		b = appendFloat(append(b, `,"band":{"usual":`...), p.Band.Usual)
		b = appendFloat(append(b, `,"low":`...), p.Band.Low)
		b = appendFloat(append(b, `,"high":`...), p.Band.High)
		b = append(appendFloat(append(b, `,"chance":`...), p.Band.Chance), '}')
	}
	if len(p.Deaf) > 0 {
		b = append(append(b, `,"deaf":`...), plainJSON(p.Deaf)...)
	}
	if p.Before != nil {
		b = append(appendCounts(append(b, `,"before":{`...), p.Before.Posts, p.Before.Authors), '}')
	}
	return b
}

func appendCounts(b []byte, posts, authors uint64) []byte {
	b = strconv.AppendUint(append(b, `"posts":`...), posts, 10)
	return strconv.AppendUint(append(b, `,"authors":`...), authors, 10)
}

// appendFloat writes a number in the form of ECMAScript, as encoding/json does.
func appendFloat(b []byte, x float64) []byte {
	if a := math.Abs(x); a != 0 && (a < 1e-6 || a >= 1e21) || math.IsNaN(x) || math.IsInf(x, 0) {
		return append(b, plainJSON(x)...)
	}
	return strconv.AppendFloat(b, x, 'f', -1, 64)
}

// appendString writes slugs and other names, of which few need escapes.
func appendString(b []byte, s string) []byte {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c > '~' || c == '"' || c == '\\' {
			return append(b, plainJSON(s)...)
		}
	}
	b = append(b, '"')
	b = append(b, s...)
	return append(b, '"')
}

// plainJSON writes what is small or rare. What has no JSON form is null: there is
// none in an answer.
func plainJSON(v any) []byte {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return []byte("null")
	}
	return bytes.TrimRight(b.Bytes(), "\n")
}
