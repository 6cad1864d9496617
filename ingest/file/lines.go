package file

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"

	"outcry/ingest"
)

const (
	maxLine = 4 << 20  // bytes in a line, and in a CSV record of several lines
	keptRaw = 64 << 10 // bytes kept of a line that is longer
)

// line is one line of a file without its end. Its text is good until the next
// line is read; of one that is too long only the beginning is there.
type line struct {
	number  int64 // from 1
	text    []byte
	tooLong bool
}

// lineReader reads lines in bounded memory, and takes lines back.
type lineReader struct {
	r      *bufio.Reader
	number int64
	long   []byte // holds a line longer than r's buffer
	back   []line // to be read again, first one first
}

// unread gives lines back; their text must be the caller's own copy.
func (l *lineReader) unread(lines []line) {
	l.back = append(lines, l.back...)
}

// nextFilled is the next line that is not blank.
func (l *lineReader) nextFilled() (line, error) {
	for {
		got, err := l.next()
		if err != nil || len(bytes.TrimSpace(got.text)) > 0 {
			return got, err
		}
	}
}

// next returns io.EOF after the last line. A line cut off by any other error
// is not returned.
func (l *lineReader) next() (line, error) {
	if len(l.back) > 0 {
		got := l.back[0]
		l.back = l.back[1:]
		return got, nil
	}
	text, err := l.r.ReadSlice('\n')
	if errors.Is(err, bufio.ErrBufferFull) {
		return l.finishLong(text)
	}
	if err != nil && (!errors.Is(err, io.EOF) || len(text) == 0) {
		return line{}, err
	}
	l.number++
	return line{number: l.number, text: l.trim(text)}, nil
}

func (l *lineReader) finishLong(text []byte) (line, error) {
	l.long = append(l.long[:0], text...)
	size, err := len(text), bufio.ErrBufferFull
	for errors.Is(err, bufio.ErrBufferFull) {
		text, err = l.r.ReadSlice('\n')
		size += len(text)
		if size <= maxLine+2 { // room for the line's end
			l.long = append(l.long, text...)
		}
	}
	if err != nil && !errors.Is(err, io.EOF) {
		return line{}, err
	}
	l.number++
	got := line{number: l.number, text: l.trim(l.long)}
	if size > len(l.long) || len(got.text) > maxLine {
		got.text, got.tooLong = l.long[:keptRaw], true
	}
	return got, nil
}

// trim drops the line's end, and the byte order mark that some programs put
// before the first line.
func (l *lineReader) trim(text []byte) []byte {
	text = bytes.TrimSuffix(text, []byte("\n"))
	text = bytes.TrimSuffix(text, []byte("\r"))
	if l.number == 1 {
		text = bytes.TrimPrefix(text, []byte("\ufeff"))
	}
	return text
}

func tooLong(l line) *ingest.Refusal {
	return &ingest.Refusal{
		Reason: ingest.LineTooLong,
		Detail: fmt.Sprintf("longer than %d bytes", maxLine),
		Raw:    bytes.Clone(l.text[:min(len(l.text), keptRaw)]),
	}
}
