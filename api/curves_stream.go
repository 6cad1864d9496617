package api

import (
	"context"
	"errors"
	"io"
	"net/http"
	"time"

	"outcry/aggregate"
)

// curveRow is a point of one curve of several.
type curveRow struct {
	Service string `json:"service"`
	Symptom string `json:"symptom"`
	Lang    string `json:"lang"`
	Source  string `json:"source"`
	aggregate.Point
}

// rowSink writes rows in some form. Columns that can be known beforehand are in
// the stream that it is made for.
type rowSink interface {
	rows(rows []curveRow) error
	close() error
}

// curveStream is an answer that is read and sent piece by piece, so that a year
// of minutes takes no more memory than a week. The first piece is read before
// anything is sent, so that what goes wrong at once gets a proper refusal.
type curveStream struct {
	ask     curvesAsk
	ids     []aggregate.CurveID
	server  *Server
	request whole
	now     time.Time
	piece   time.Duration
	first   []curveRow
}

const (
	pieceRows = 40_000   // in a piece, about
	pieceMost = 28 * day // whatever the step, as the store has all posts of a piece in memory
	// sendTimeout is how long a client may take for one piece.
	sendTimeout = time.Minute
)

func (s *Server) openStream(ctx context.Context, q *query, a curvesAsk) (*curveStream, error) {
	ids, err := s.curveIDs(ctx, q, a)
	if err != nil {
		return nil, err
	}
	c := &curveStream{ask: a, ids: ids, server: s, now: q.now, request: whole{Context: ctx}}
	if w, ok := ctx.Value(wholeKey{}).(whole); ok {
		c.request = w
	}
	steps := max(1, pieceRows/max(1, len(ids)))
	c.piece = max(a.Step, min(time.Duration(steps)*a.Step, pieceMost.Truncate(a.Step)))
	c.first, err = c.read(ctx, a.From)
	return c, err
}

// read is one piece: all curves from a time on, in the order of times, then curves.
func (c *curveStream) read(ctx context.Context, from time.Time) ([]curveRow, error) {
	a := c.ask.within(from, minTime(from.Add(c.piece), c.ask.To))
	if len(c.ids) == 0 {
		return nil, nil
	}
	found, err := c.server.loadCurves(ctx, a, c.ids, c.now)
	if err != nil {
		return nil, err
	}
	byID := make(map[aggregate.CurveID]int, len(found.curves))
	for i, f := range found.curves {
		byID[f.id] = i
	}
	rows := make([]curveRow, 0, len(c.ids)*a.Steps())
	for step := range a.Steps() {
		for _, id := range c.ids {
			row := a.row(id)
			row.Point = found.curves[byID[id]].points[step]
			rows = append(rows, row)
		}
	}
	return rows, nil
}

// send writes the whole answer. When that fails, the connection is cut: half an
// answer must not look like a whole one.
func (a CurveAnswer) send(w io.Writer, form func(io.Writer, *curveStream) (rowSink, error)) error {
	if a.stream == nil {
		return errors.New("curves were not asked for as a stream")
	}
	if err := a.stream.write(w, form); err != nil {
		a.stream.failed(err)
		panic(http.ErrAbortHandler)
	}
	return nil
}

func sendAs(form func(io.Writer, *curveStream) (rowSink, error)) func(io.Writer, any) error {
	return func(w io.Writer, v any) error {
		a, ok := v.(CurveAnswer)
		if !ok {
			return errors.New("only curves have this form")
		}
		return a.send(w, form)
	}
}

func (c *curveStream) write(w io.Writer, form func(io.Writer, *curveStream) (rowSink, error)) error {
	sink, err := form(w, c)
	if err != nil {
		return err
	}
	rows := c.first
	for from := c.ask.From; ; {
		takeUntil(w, time.Now().Add(sendTimeout))
		if err := sink.rows(rows); err != nil {
			return err
		}
		if from = from.Add(c.piece); c.request.head && !holding(w) || !from.Before(c.ask.To) {
			break
		}
		if rows, err = c.next(from); err != nil {
			return err
		}
	}
	err = sink.close()
	takeUntil(w, time.Time{}) // the connection may be kept
	return err
}

// holding says that nothing has been sent yet: the length and the tag of the whole
// answer may still go before it.
func holding(w io.Writer) bool {
	b, ok := w.(*heldBody)
	return ok && b.holds
}

// takeUntil is when the client must have taken what is written. Where there is no
// connection beneath, there is no need.
func takeUntil(w io.Writer, deadline time.Time) {
	if b, ok := w.(*heldBody); ok {
		w = b.inner.BodyWriter()
	}
	if r, ok := w.(http.ResponseWriter); ok {
		_ = http.NewResponseController(r).SetWriteDeadline(deadline)
	}
}

// next reads a piece with a deadline of its own.
func (c *curveStream) next(from time.Time) ([]curveRow, error) {
	ctx, cancel := context.WithTimeout(c.request, c.server.cfg.Timeout)
	defer cancel()
	return c.read(ctx, from)
}

// failed logs what ended the answer, unless the client has left.
func (c *curveStream) failed(err error) {
	if c.request.Err() == nil {
		c.server.cfg.Log.Error("answer cut", "route", "/v1/curves", "err", err)
	}
}
