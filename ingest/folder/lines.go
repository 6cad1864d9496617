package folder

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"

	"outcry/ingest"
)

const (
	maxLine = 4 << 20  // bytes in a line
	keptRaw = 64 << 10 // bytes kept of a line that is longer
)

// line is one line of a file without its end. Its text is good until the next
// line is read; of one that is too long only the beginning is there.
type line struct {
	text    []byte
	size    int64 // bytes in the file, with its end
	ended   bool  // it has an end: the last one may be still in writing
	tooLong bool
}

// lineReader reads lines in bounded memory.
type lineReader struct {
	r    *bufio.Reader
	long []byte // holds a line longer than r's buffer
}

func newLineReader() *lineReader { return &lineReader{r: bufio.NewReaderSize(nil, 64<<10)} }

// next returns io.EOF after the last line.
func (l *lineReader) next() (line, error) {
	text, err := l.r.ReadSlice('\n')
	size := int64(len(text))
	if err != nil {
		l.long = append(l.long[:0], text...)
	}
	for errors.Is(err, bufio.ErrBufferFull) {
		text, err = l.r.ReadSlice('\n')
		size += int64(len(text))
		room := maxLine + 2 - len(l.long) // for the line and its end
		l.long = append(l.long, text[:min(room, len(text))]...)
		text = l.long
	}
	switch {
	case err != nil && !errors.Is(err, io.EOF):
		return line{}, err
	case size == 0:
		return line{}, io.EOF
	}
	whole := int64(len(text)) == size
	text = bytes.TrimSuffix(bytes.TrimSuffix(text, []byte("\n")), []byte("\r"))
	return line{text: text, size: size, ended: err == nil, tooLong: !whole || len(text) > maxLine}, nil
}

// event makes of a line what it says; nil when it is blank.
func (l line) event(source, position string) *ingest.Event {
	e := &ingest.Event{Position: position}
	if l.tooLong {
		e.Refusal = &ingest.Refusal{
			Reason: ingest.LineTooLong,
			Detail: fmt.Sprintf("longer than %d bytes", maxLine),
			Raw:    bytes.Clone(l.text[:min(len(l.text), keptRaw)]),
		}
	} else if len(bytes.TrimSpace(l.text)) == 0 {
		return nil
	} else if p, refusal := ingest.DecodePost(l.text, ingest.Post{Source: source}); refusal != nil {
		e.Refusal = refusal
	} else {
		e.Post = &p
	}
	if e.Refusal != nil {
		e.Refusal.Position = position
	}
	return e
}
