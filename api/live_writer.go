package api

import "time"

const liveSweep = time.Second // in which the writer looks who has had nothing for long

// liveWriter is the one goroutine that writes to all streams whose clients are quick
// enough never to be waited for. It runs while there are any.
type liveWriter struct {
	news  chan struct{} // something was told
	seats []*liveSeat   // those that wait for news; the hub's lock guards it, and runs
	runs  bool
}

func (w *liveWriter) wake() {
	select {
	case w.news <- struct{}{}:
	default: // it is awake already
	}
}

// writeAll goes round until nobody is left.
func (l *liveHub) writeAll() {
	defer l.running.Done()
	sweep := time.NewTicker(liveSweep)
	defer sweep.Stop()
	for l.round() {
		select {
		case <-l.writer.news:
		case <-sweep.C:
		case <-l.ctx.Done(): // the next round is the last
		}
	}
}

// round gives all who sit what they have not had, or ends them when the hub is closed;
// false when nobody sits.
func (l *liveHub) round() bool {
	l.mu.Lock()
	seats, closed := l.writer.seats, l.closed
	l.writer.seats = make([]*liveSeat, 0, len(seats)) // nearly all come back
	l.writer.runs = len(seats) > 0
	l.mu.Unlock()
	for _, s := range seats {
		if closed {
			l.end(s)
		} else {
			l.give(s, l.sit(s))
		}
	}
	return len(seats) > 0
}

// begin writes head, and how the stream begins.
func (l *liveHub) begin(s *liveSeat, head []byte) {
	if !l.cuttable(s.st, func() { s.conn.Close() }) {
		l.end(s)
		return
	}
	b, _ := l.next(s.st)
	b.data = append(head, b.data...)
	l.give(s, b)
}

// give writes b, and what there is after it, without waiting. A stream that has had all
// takes its seat with the writer.
func (l *liveHub) give(s *liveSeat, b liveBytes) {
	for len(b.data) > 0 {
		n, err := writeNow(s.raw, b.data)
		if err != nil {
			l.end(s)
			return
		}
		if n < len(b.data) {
			b.data = b.data[n:]
			go l.await(s, b)
			return
		}
		l.sent.Add(float64(b.events))
		s.due = time.Now().Add(liveIdle)
		b = l.sit(s)
	}
}

// await writes b to a client that is slow, in a goroutine that ends when it has all.
func (l *liveHub) await(s *liveSeat, b liveBytes) {
	err := l.write(s.conn, b)
	if err == nil {
		err = s.conn.SetWriteDeadline(time.Time{})
	}
	if err != nil {
		l.end(s)
		return
	}
	s.due = time.Now().Add(liveIdle)
	l.give(s, l.sit(s))
}

// sit returns what is to be written to a stream. Where that is nothing, the stream is the
// writer's from now on: no event can come between.
func (l *liveHub) sit(s *liveSeat) liveBytes {
	l.mu.Lock()
	defer l.mu.Unlock()
	b := l.unheard(s.st)
	if len(b.data) == 0 && !time.Now().Before(s.due) {
		b.data = liveNothing
	}
	if len(b.data) > 0 {
		return b
	}
	l.writer.seats = append(l.writer.seats, s)
	if !l.writer.runs {
		l.writer.runs = true
		l.running.Add(1)
		go l.writeAll()
	}
	return b
}

func (l *liveHub) end(s *liveSeat) {
	s.conn.Close()
	l.leave(s.st)
}
