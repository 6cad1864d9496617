package nlp

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"unicode/utf8"
)

// postLine is what TagLines reads of a line; other fields are ignored.
type postLine struct {
	ID    json.RawMessage `json:"id"`
	Text  json.RawMessage `json:"text"`
	Lang  json.RawMessage `json:"lang"`
	About json.RawMessage `json:"about"`
}

// tagLine is what TagLines writes of a post.
type tagLine struct {
	ID       json.RawMessage `json:"id"`
	Kind     Kind            `json:"kind"`
	Lang     string          `json:"lang"`
	Services []string        `json:"services"`
	Symptoms []string        `json:"symptoms"`
	Score    float64         `json:"score"`
	Spans    *[]spanLine     `json:"spans,omitempty"`
}

type spanLine struct {
	Start int    `json:"start"`
	End   int    `json:"end"`
	Tag   string `json:"tag"`
	Text  string `json:"text"`
}

type errorLine struct {
	ID    *int   `json:"id"` // always null
	Error string `json:"error"`
}

// appendTagged appends the answer to one line, with its newline.
func appendTagged(out []byte, c *Classifier, line []byte, opt TagOptions) []byte {
	id, in, err := readPost(line)
	if err != nil {
		return appendJSON(out, errorLine{Error: err.Error()})
	}
	t := c.Classify(in)
	answer := tagLine{ID: id, Kind: t.Kind, Lang: t.Lang, Services: t.Services, Symptoms: t.Symptoms, Score: math.Round(t.Score*1000) / 1000}
	if opt.Explain {
		spans := make([]spanLine, 0, len(t.Spans))
		for _, s := range t.Spans {
			spans = append(spans, spanLine{s.Start, s.End, s.Tag, in.Text[s.Start:s.End]})
		}
		answer.Spans = &spans
	}
	return appendJSON(out, answer)
}

// appendJSON appends v as one line; < and & stay as they are.
func appendJSON(out []byte, v any) []byte {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return fmt.Appendf(out, "{\"id\":null,\"error\":%q}\n", err.Error())
	}
	return append(out, buf.Bytes()...)
}

// readPost reads one line of input; the error is a sentence for its author.
func readPost(line []byte) (id json.RawMessage, in Input, err error) {
	if err := readable(line); err != nil {
		return nil, in, err
	}
	var p postLine
	if err := json.Unmarshal(line, &p); err != nil {
		return nil, in, fmt.Errorf("the line is not a JSON object: %w", err)
	}
	if !stringOrNumber(p.ID) {
		return nil, in, fmt.Errorf("the field id is missing or neither a string nor a number")
	}
	if len(p.Text) == 0 || json.Unmarshal(p.Text, &in.Text) != nil || p.Text[0] != '"' {
		return nil, in, fmt.Errorf("the field text is missing or not a string")
	}
	if given(p.Lang) && json.Unmarshal(p.Lang, &in.Lang) != nil {
		return nil, in, fmt.Errorf("the field lang is not a string")
	}
	in.About, err = readAboutField(p.About)
	return p.ID, in, err
}

func readable(line []byte) error {
	switch {
	case line == nil:
		return fmt.Errorf("the line is longer than %d bytes", MaxLine)
	case len(bytes.TrimSpace(line)) == 0:
		return fmt.Errorf("the line is empty")
	case !utf8.Valid(line):
		return fmt.Errorf("the line is not valid UTF-8")
	case bytes.TrimSpace(line)[0] != '{':
		return fmt.Errorf("the line is not a JSON object")
	}
	return nil
}

func given(raw json.RawMessage) bool { return len(raw) > 0 && string(raw) != "null" }

func stringOrNumber(raw json.RawMessage) bool {
	return len(raw) > 0 && (raw[0] == '"' || raw[0] == '-' || raw[0] >= '0' && raw[0] <= '9')
}

// readAboutField takes a list of names, one name, or nothing.
func readAboutField(raw json.RawMessage) (about []string, err error) {
	if !given(raw) {
		return nil, nil
	}
	if raw[0] == '"' {
		about = make([]string, 1)
		return about, json.Unmarshal(raw, &about[0])
	}
	if json.Unmarshal(raw, &about) != nil {
		return nil, fmt.Errorf("the field about is neither a string nor a list of strings")
	}
	return about, nil
}
