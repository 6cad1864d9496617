package mastodon

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"time"
)

// openEvents opens the stream as server-sent events, Mastodon's first form,
// https://docs.joinmastodon.org/methods/streaming/.
func (p *part) openEvents(ctx context.Context, base *url.URL, dog *watch) (words, error) {
	query := url.Values{}
	if tag := p.timeline.stream.Get("tag"); tag != "" {
		query.Set("tag", tag)
	}
	request, err := p.instance.request(ctx, base, p.timeline.sse, query)
	if err != nil {
		return nil, err
	}
	request.Header.Set("Accept", "text/event-stream")
	request.Header.Set("Accept-Encoding", "identity") // who compresses holds back
	answer, err := p.instance.endless.Do(request)
	if err != nil {
		return nil, err
	}
	kind, _, _ := mime.ParseMediaType(answer.Header.Get("Content-Type"))
	if answer.StatusCode == http.StatusOK && kind == "text/event-stream" {
		return newEvents(answer.Body, dog), nil
	}
	defer answer.Body.Close()
	if err := formError(answer.StatusCode); err != nil {
		return nil, err
	}
	return nil, p.instance.refusal(answer, pause(answer.Header.Get("Retry-After"), answer.Header, time.Now()))
}

// events reads server-sent events.
type events struct {
	io.Closer
	in   *bufio.Reader
	name string
	data []byte
	long error // of the event that is read
}

func newEvents(body io.ReadCloser, dog *watch) *events {
	return &events{Closer: body, in: bufio.NewReaderSize(touching{body, dog}, 64<<10)}
}

// touching tells the watch of every byte.
type touching struct {
	io.Reader
	dog *watch
}

func (t touching) Read(b []byte) (int, error) {
	n, err := t.Reader.Read(b)
	if n > 0 {
		t.dog.touch()
	}
	return n, err
}

// next returns the next event or comment. An event that the connection cut is
// none: the list has it.
func (e *events) next() (message, error) {
	e.name, e.data, e.long = "", e.data[:0], nil
	for {
		field, err := e.field()
		switch {
		case errors.Is(err, io.EOF):
			return message{}, errors.New("the server ended the stream")
		case err != nil:
			return message{}, fmt.Errorf("the connection broke: %w", err)
		case field == "comment" && e.name == "" && len(e.data) == 0:
			return message{}, nil
		case field == "" && (e.name != "" || len(e.data) > 0):
			return message{e.name, e.data, e.long}, nil
		}
	}
}

// field reads one line, of which the data are added to those of the event. A
// field that is too long is read to its end, and its beginning kept.
func (e *events) field() (name string, err error) {
	var line []byte // the beginning of one that does not fit
	begin := len(e.data)
	for {
		piece, err := e.in.ReadSlice('\n')
		if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
			return "", err
		}
		if line == nil && err == nil { // the most, whole in the buffer
			return e.add(begin, bytes.TrimRight(piece, "\r\n")), nil
		}
		line = append(line, piece[:min(len(piece), maxStatus+16-len(line))]...)
		if len(line) >= maxStatus+16 {
			e.long = errLong
		}
		if err == nil {
			return e.add(begin, bytes.TrimRight(line, "\r\n")), nil
		}
	}
}

// add takes a line, and returns the name of its field.
func (e *events) add(begin int, line []byte) string {
	if len(line) == 0 {
		return ""
	}
	name, value, _ := bytes.Cut(line, []byte(":"))
	value = bytes.TrimPrefix(value, []byte(" "))
	switch string(name) {
	case "":
		return "comment"
	case "event":
		e.name = string(value[:min(len(value), 100)])
	case "data":
		if begin > 0 {
			e.data = append(e.data, '\n')
		}
		if len(e.data)+len(value) > maxStatus {
			e.long = errLong
		}
		e.data = append(e.data, value[:min(len(value), max(0, maxStatus-len(e.data)))]...)
	}
	return "field"
}
