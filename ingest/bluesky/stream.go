package bluesky

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/coder/websocket"
	"github.com/klauspost/compress/zstd"

	"outcry/ingest"
)

// maxFrame is the longest frame that is read, in bytes, and the longest that one
// may become when it is decompressed: a post with all that
// belongs to it has some kilobytes. A longer one is refused, and the stream goes on.
const maxFrame = 1 << 20

// listen reads one connection until it ends.
func (s *Source) listen(ctx context.Context, at server, from cursor, emit func(ingest.Event) error) error {
	conn, err := s.connect(ctx, at, from)
	if err != nil {
		return err
	}
	defer conn.CloseNow()
	r := &reader{conn: conn, frame: make([]byte, 0, 64<<10)}
	if s.dict.text != nil {
		if r.zstd, err = zstd.NewReader(nil, zstd.WithDecoderDicts(s.dict.text), zstd.WithDecoderMaxMemory(maxFrame), zstd.WithDecoderConcurrency(1)); err != nil {
			return fmt.Errorf("dictionary: %w", err)
		}
		defer r.zstd.Close()
	}
	d := decoder{source: s.name, host: at.Host, v2: s.v2, log: s.log}
	for {
		text, fault, err := r.next(ctx)
		if err != nil {
			return ended(ctx, err)
		}
		event, end := d.decode(text, fault)
		if end != nil {
			return end
		}
		if err := emit(event); err != nil {
			return err
		}
	}
}

// ended makes of the end of a connection an error that says more than EOF.
func ended(ctx context.Context, err error) error {
	var closed websocket.CloseError
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.As(err, &closed):
		return fmt.Errorf("the server closed the stream: %d %s", closed.Code, closed.Reason)
	}
	return fmt.Errorf("the connection broke: %w", err)
}

// reader reads frames into one buffer.
type reader struct {
	conn  *websocket.Conn
	zstd  *zstd.Decoder
	frame []byte
	plain []byte
}

// errLong is the fault of a frame longer than maxFrame.
var errLong = fmt.Errorf("a frame of more than %d bytes", maxFrame)

// next returns the text of the next frame, valid until the next call. A fault is
// the frame's own, of which text is then the beginning, as it came: asking for it
// again would give the same, so that the stream has to go on without it.
func (r *reader) next(ctx context.Context) (text []byte, fault, err error) {
	kind, in, err := r.conn.Reader(ctx)
	if err != nil {
		return nil, nil, err
	}
	r.frame = r.frame[:0]
	for {
		if len(r.frame) == cap(r.frame) {
			r.frame = append(r.frame, 0)[:len(r.frame)]
		}
		n, err := in.Read(r.frame[len(r.frame):min(cap(r.frame), maxFrame)])
		r.frame = r.frame[:len(r.frame)+n]
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, nil, err
		}
		if len(r.frame) == maxFrame {
			_, err := io.Copy(io.Discard, in)
			return r.frame, errLong, err
		}
	}
	if kind == websocket.MessageText || r.zstd == nil {
		return r.frame, nil, nil
	}
	if r.plain, err = r.zstd.DecodeAll(r.frame, r.plain[:0]); err != nil {
		return r.frame, fmt.Errorf("decompress: %w", err), nil
	}
	return r.plain, nil, nil
}
