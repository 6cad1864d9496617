package file

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"outcry/ingest"
)

// csvDecoder makes an event of every record after the header.
type csvDecoder struct {
	records  *recordReader
	label    string
	defaults ingest.Post
	columns  columns
}

func (d *csvDecoder) readHeader(m Mapping) error {
	head, err := d.records.next()
	if err != nil {
		return err
	}
	if head.refusal != nil {
		return fmt.Errorf("header: %s", head.refusal.Detail)
	}
	for i, name := range head.fields {
		head.fields[i] = strings.TrimSpace(name)
	}
	d.records.want = len(head.fields)
	d.columns, err = m.locate(head.fields)
	return err
}

func (d *csvDecoder) next() (ingest.Event, error) {
	rec, err := d.records.next()
	if err != nil {
		return ingest.Event{}, err
	}
	refusal := rec.refusal
	var p ingest.Post
	if refusal == nil {
		p, refusal = d.post(rec)
	}
	if refusal != nil {
		return refused(refusal, d.label, rec.line), nil
	}
	return ingest.Event{Post: &p, Position: position(d.label, rec.line)}, nil
}

func (d *csvDecoder) skip() error {
	_, err := d.records.next()
	return err
}

func (d *csvDecoder) post(rec record) (ingest.Post, *ingest.Refusal) {
	r, refusal := d.parse(rec)
	var p ingest.Post
	if refusal == nil {
		p, refusal = r.Post(d.defaults)
	}
	if refusal != nil {
		refusal.Raw = bytes.Clone(rec.raw)
	}
	return p, refusal
}

func (d *csvDecoder) parse(rec record) (ingest.Record, *ingest.Refusal) {
	if !utf8.Valid(rec.raw) {
		return ingest.Record{}, &ingest.Refusal{Reason: ingest.InvalidUTF8, Detail: "not valid UTF-8"}
	}
	if len(rec.fields) != d.columns.count {
		detail := fmt.Sprintf("%d fields, the header has %d", len(rec.fields), d.columns.count)
		return ingest.Record{}, &ingest.Refusal{Reason: ingest.NotCSV, Detail: detail}
	}
	return d.columns.record(rec.fields)
}

func (c columns) record(fields []string) (ingest.Record, *ingest.Refusal) {
	at := func(i int) string {
		if i < 0 {
			return ""
		}
		return fields[i]
	}
	r := ingest.Record{
		ID: at(c.id), Source: at(c.source), Text: at(c.text), Lang: at(c.lang), Author: at(c.author), CreatedAt: at(c.createdAt),
		About: strings.FieldsFunc(at(c.about), func(r rune) bool { return r == ';' || r == '|' }),
	}
	for i := range r.About {
		r.About[i] = strings.TrimSpace(r.About[i])
	}
	if flag := strings.TrimSpace(at(c.deleted)); flag != "" {
		var err error
		if r.Deleted, err = strconv.ParseBool(strings.ToLower(flag)); err != nil {
			return r, &ingest.Refusal{Reason: ingest.NotCSV, Detail: fmt.Sprintf("deleted: %q is neither true nor false", flag)}
		}
	}
	return r, nil
}
