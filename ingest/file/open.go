package file

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/klauspost/compress/zstd"
)

// input is an opened file, its bytes counted and decompressed.
type input struct {
	text        *bufio.Reader
	fingerprint string // empty when the file cannot be read twice
	counter     *counter
	closers     []func()
}

// Close releases the file.
func (in *input) Close() {
	for _, f := range in.closers {
		f()
	}
}

// finish reports the last of the progress.
func (in *input) finish() { in.counter.report() }

func (s *Source) open(ctx context.Context, progress func(read, total int64)) (*input, error) {
	in := &input{counter: &counter{progress: progress}}
	err := s.openRaw(ctx, in)
	if err == nil {
		err = s.decompress(in)
	}
	if err != nil {
		in.Close()
		return nil, err
	}
	return in, nil
}

func (s *Source) openRaw(ctx context.Context, in *input) error {
	if s.cfg.Path == "-" {
		in.pipe(ctx, s.cfg.Stdin)
		return nil
	}
	f, err := os.Open(s.cfg.Path)
	if err != nil {
		return fmt.Errorf("posts file: %w", err)
	}
	in.closers = append(in.closers, func() { f.Close() })
	info, err := f.Stat()
	if err != nil {
		return fmt.Errorf("posts file: %w", err)
	}
	if !info.Mode().IsRegular() {
		in.pipe(ctx, f)
		return nil
	}
	in.counter.r, in.counter.total = f, info.Size()
	in.fingerprint, err = fingerprint(f, info.Size())
	return err
}

// pipe reads r, whose Read may block for ever, so that the end of ctx ends
// reading at once. The goroutine then lasts until r yields once more.
func (in *input) pipe(ctx context.Context, r io.Reader) {
	out, feed := io.Pipe()
	go func() {
		_, err := io.Copy(feed, r)
		feed.CloseWithError(err)
	}()
	stop := context.AfterFunc(ctx, func() { feed.CloseWithError(ctx.Err()) })
	in.closers = append(in.closers, func() { stop(); out.Close() })
	in.counter.r = out
}

// fingerprint tells one state of a file from another by its size and its
// first bytes, without reading all of it.
func fingerprint(f io.ReaderAt, size int64) (string, error) {
	h := sha256.New()
	fmt.Fprintf(h, "%d\n", size)
	if _, err := io.Copy(h, io.NewSectionReader(f, 0, 64<<10)); err != nil {
		return "", fmt.Errorf("posts file: %w", err)
	}
	return hex.EncodeToString(h.Sum(nil)[:8]), nil
}

// decompress goes by the first bytes, and holds a file that is named .gz or
// .zst to its name: an empty one is a download that failed.
func (s *Source) decompress(in *input) error {
	raw := bufio.NewReaderSize(in.counter, 64<<10)
	magic, err := raw.Peek(4)
	if err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("read %s: %w", s.label, err)
	}
	var r io.Reader = raw
	named := strings.ToLower(s.cfg.Path)
	switch {
	case bytes.HasPrefix(magic, []byte{0x1f, 0x8b}):
		r, err = gzip.NewReader(raw)
	case isZstd(magic):
		r, err = in.unzstd(raw)
	case strings.HasSuffix(named, ".gz"), strings.HasSuffix(named, ".zst"):
		err = errors.New("named as compressed, but neither gzip nor zstd (or cut off)")
	case bytes.HasPrefix(magic, []byte{0xff, 0xfe}), bytes.HasPrefix(magic, []byte{0xfe, 0xff}):
		err = errors.New("the text is UTF-16: convert it to UTF-8 first")
	default:
		err = nil // a file shorter than the magic is no error
	}
	if err != nil {
		return fmt.Errorf("read %s: after 0 records: %w", s.label, err)
	}
	in.text = bufio.NewReaderSize(r, 64<<10)
	return nil
}

// isZstd knows data frames and the skippable frames that may come first.
func isZstd(b []byte) bool {
	if len(b) < 4 {
		return false
	}
	return bytes.Equal(b, []byte{0x28, 0xb5, 0x2f, 0xfd}) || b[0]&0xf0 == 0x50 && bytes.Equal(b[1:], []byte{0x2a, 0x4d, 0x18})
}

func (in *input) unzstd(r io.Reader) (io.Reader, error) {
	// One goroutine less to manage, and a window that no file can blow up.
	d, err := zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(128<<20))
	if err != nil {
		return nil, err
	}
	in.closers = append(in.closers, d.Close)
	return d, nil
}

// counter counts bytes on their way and reports them now and then.
type counter struct {
	r           io.Reader
	read, total int64
	progress    func(read, total int64)
	reported    time.Time
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.read += int64(n)
	if c.progress != nil && time.Since(c.reported) >= 100*time.Millisecond {
		c.report()
	}
	return n, err
}

func (c *counter) report() {
	if c.progress != nil {
		c.reported = time.Now()
		c.progress(c.read, c.total)
	}
}
