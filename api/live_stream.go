package api

import (
	"bytes"
	"errors"
	"net"
	"net/http"
	"os"
	"time"
)

const (
	liveIdle = 15 * time.Second // after which a comment says that the stream lives
	liveSlow = 10 * time.Second // in which a client must take what it is sent
	liveHeld = 32 << 10         // bytes that the system may hold for a client that is slow: old news
)

// liveStream is a client's place among the events of a topic.
type liveStream struct {
	topic *liveTopic
	owner liveHolder
	had   uint64 // the last event that it got; 0: none
	cut   func() // ends a write that waits
}

// liveConn is what a stream is written to.
type liveConn interface {
	Write(b []byte) (int, error)
	SetWriteDeadline(t time.Time) error
}

// serve takes the connection from the HTTP server, whose goroutines and buffers would
// cost each stream some 30 kB, and returns; the stream goes on. Where the connection
// cannot be had, as in HTTP/2, it is served here.
func (l *liveHub) serve(st *liveStream, w http.ResponseWriter, r *http.Request) {
	const retry = "retry: 2000\n" // of the first event, as some readers take a block without data for one
	conn, err := hijack(w)
	if err != nil {
		w.Header().Set("No-Gzip-Compression", "1") // a mark for the middleware, which takes it away
		l.stream(st, liveAnswer{w, http.NewResponseController(w)}, []byte(retry), r.Context().Done())
		return
	}
	var head bytes.Buffer
	head.WriteString("HTTP/1.1 200 OK\r\n")
	w.Header().Set("Connection", "close") // which ends the body
	w.Header().Set("Date", time.Now().UTC().Format(http.TimeFormat))
	_ = w.Header().Write(&head)
	head.WriteString("\r\n" + retry)
	l.begin(newLiveSeat(st, conn), head.Bytes())
}

// hijack looks for the connection beneath all wrappers.
func hijack(w http.ResponseWriter) (net.Conn, error) {
	for {
		if h, ok := w.(http.Hijacker); ok {
			if conn, _, err := h.Hijack(); err == nil {
				return conn, nil
			}
		}
		wrapper, ok := w.(interface{ Unwrap() http.ResponseWriter })
		if !ok {
			return nil, http.ErrNotSupported
		}
		w = wrapper.Unwrap()
	}
}

// stream writes what the stream has not had until the client or the server goes. A
// client that is slow finds what came meanwhile, or a new beginning, but holds up
// nobody else.
func (l *liveHub) stream(st *liveStream, answer liveAnswer, head []byte, gone <-chan struct{}) {
	defer l.leave(st)
	if !l.cuttable(st, func() { _ = answer.SetWriteDeadline(time.Now()) }) {
		return
	}
	idle := time.NewTimer(liveIdle)
	defer idle.Stop()
	for {
		b, wake := l.next(st)
		if head != nil {
			b.data, head = append(head, b.data...), nil
		}
		if len(b.data) == 0 {
			select {
			case <-wake:
				continue
			case <-idle.C:
				b.data = liveNothing
			case <-gone:
				return
			case <-l.ctx.Done():
				return
			}
		}
		if err := l.write(answer, b); err != nil {
			return
		}
		idle.Reset(liveIdle)
	}
}

// cuttable notes how to end the stream; false when it is to end already.
func (l *liveHub) cuttable(st *liveStream, cut func()) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	st.cut = cut
	return !l.closed
}

func (l *liveHub) write(conn liveConn, b liveBytes) error {
	if err := conn.SetWriteDeadline(time.Now().Add(liveSlow)); err != nil {
		return err
	}
	_, err := conn.Write(b.data)
	if errors.Is(err, os.ErrDeadlineExceeded) {
		l.cut.Inc()
	}
	if err == nil {
		l.sent.Add(float64(b.events))
	}
	return err
}

// liveAnswer writes through the HTTP server.
type liveAnswer struct {
	w       http.ResponseWriter
	control *http.ResponseController
}

// Write sends b at once.
func (a liveAnswer) Write(b []byte) (int, error) {
	n, err := a.w.Write(b)
	if err != nil {
		return n, err
	}
	return n, a.control.Flush()
}

// SetWriteDeadline bounds the next Write, where the server can.
func (a liveAnswer) SetWriteDeadline(t time.Time) error {
	if err := a.control.SetWriteDeadline(t); !errors.Is(err, http.ErrNotSupported) {
		return err
	}
	return nil
}
