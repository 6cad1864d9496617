package nlp

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"sync"
)

// MaxLine is the longest line that TagLines reads, in bytes.
const MaxLine = 4 << 20

// TagOptions are the options of TagLines.
type TagOptions struct {
	Explain bool // add the spans that earned the tags
}

// batchLines and batchBytes bound what one step of work holds.
const (
	batchLines = 64
	batchBytes = 256 << 10
)

// batch is some lines and, when done is closed, what to write for them.
type batch struct {
	lines [][]byte // nil for a line that is too long
	size  int
	out   []byte
	done  chan struct{}
}

// TagLines reads posts as NDJSON and writes one line of tags for each line, in
// the same order. A line that it cannot read gives a line that says why. Output
// is flushed whenever the input pauses. It returns the first error of r or w, or
// that of ctx, which is looked at between lines.
func TagLines(ctx context.Context, c *Classifier, r io.Reader, w io.Writer, opt TagOptions) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	workers := runtime.GOMAXPROCS(0)
	work, queue := make(chan *batch), make(chan *batch, 2*workers)
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() {
			for b := range work {
				b.tag(c, opt)
			}
		})
	}
	wrote := make(chan error, 1)
	go func() { wrote <- writeBatches(cancel, queue, w) }()
	readErr := readBatches(ctx, r, work, queue)
	close(work)
	close(queue)
	wg.Wait()
	return errors.Join(<-wrote, readErr)
}

func (b *batch) tag(c *Classifier, opt TagOptions) {
	for _, line := range b.lines {
		b.out = appendTagged(b.out, c, line, opt)
	}
	close(b.done)
}

// writeBatches writes the batches in order and flushes when none is ready.
func writeBatches(cancel context.CancelCauseFunc, queue <-chan *batch, w io.Writer) error {
	out := bufio.NewWriterSize(w, 64<<10)
	var failed error
	for b := range queue {
		<-b.done
		if failed != nil {
			continue // let the reader end
		}
		_, err := out.Write(b.out)
		if err == nil && len(queue) == 0 {
			err = out.Flush()
		}
		if err != nil {
			failed = fmt.Errorf("write tags: %w", err)
			cancel(errWriterGone)
		}
	}
	if failed == nil {
		if err := out.Flush(); err != nil {
			failed = fmt.Errorf("write tags: %w", err)
		}
	}
	return failed
}

var errWriterGone = errors.New("the output is closed")

// readBatches cuts the input into batches: as much as has arrived, within
// bounds, so that a line typed by hand is answered at once.
func readBatches(ctx context.Context, r io.Reader, work, queue chan<- *batch) error {
	in := bufio.NewReaderSize(r, 64<<10)
	for {
		b := &batch{done: make(chan struct{})}
		err := b.fill(ctx, in)
		if len(b.lines) > 0 {
			queue <- b
			work <- b
		}
		switch {
		case err == io.EOF || errors.Is(context.Cause(ctx), errWriterGone):
			return nil
		case err != nil:
			return err
		}
	}
}

func (b *batch) fill(ctx context.Context, in *bufio.Reader) error {
	for len(b.lines) == 0 || len(b.lines) < batchLines && b.size < batchBytes && in.Buffered() > 0 {
		if err := ctx.Err(); err != nil {
			return err
		}
		line, err := readLine(in)
		if err == nil || err == errLong {
			b.lines = append(b.lines, line)
			b.size += len(line)
			continue
		}
		if err != io.EOF {
			err = fmt.Errorf("read posts: %w", err)
		}
		return err
	}
	return nil
}

var errLong = errors.New("line too long")

// readLine reads to the end of the line. A last line without its end counts. A
// line longer than MaxLine is skipped and gives errLong with a nil line.
func readLine(in *bufio.Reader) ([]byte, error) {
	line, long := []byte{}, false
	for {
		part, err := in.ReadSlice('\n')
		if err == nil {
			part = part[:len(part)-1]
		}
		if long = long || len(line)+len(part) > MaxLine; long {
			line = nil
		} else {
			line = append(line, part...)
		}
		switch {
		case err == bufio.ErrBufferFull:
			continue
		case err == io.EOF && (len(line) > 0 || long), err == nil:
			if long {
				return nil, errLong
			}
			return line, nil
		}
		return nil, err
	}
}

// eachLine calls use with every line that is not blank, and its number.
func eachLine(r io.Reader, use func(number int, line []byte) error) error {
	in := bufio.NewReaderSize(r, 64<<10)
	for number := 1; ; number++ {
		line, err := readLine(in)
		if err == io.EOF {
			return nil
		}
		if err != nil && err != errLong {
			return fmt.Errorf("read posts: %w", err)
		}
		if err == nil && len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		if err := use(number, line); err != nil {
			return err
		}
	}
}
