package api

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/cespare/xxhash/v2"
	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
)

// heldMost is the longest answer that is held; a longer one goes out as it comes.
const heldMost = 1 << 20

// tagging keeps the room for bodies that are held, which are long and many.
type tagging struct{ room sync.Pool }

// tagged gives answers an ETag over their body, and answers 304 to those who have
// it already. They are sent in parts to those who ask for some, as readers of
// Parquet do. A live stream passes as it comes.
func (t *tagging) tagged(ctx huma.Context, next func(huma.Context)) {
	h := &held{inner: ctx}
	h.body, _ = t.room.Get().(*bytes.Buffer)
	if h.body == nil {
		h.body = &bytes.Buffer{}
	}
	next(h)
	h.finish()
	h.body.Reset()
	t.room.Put(h.body)
}

// held is a context that keeps the status and the body back.
type held struct {
	inner
	status int
	holds  bool // what is written is kept back so far
	body   *bytes.Buffer
}

// SetHeader notes what kind of answer it is.
func (h *held) SetHeader(name, value string) {
	if strings.EqualFold(name, "Content-Type") {
		h.holds = !strings.HasPrefix(value, "text/event-stream")
	}
	h.inner.SetHeader(name, value)
}

// SetStatus keeps a success back until the body is known.
func (h *held) SetStatus(code int) {
	if h.holds = h.holds && code == http.StatusOK; h.holds {
		h.status = code
		return
	}
	h.inner.SetStatus(code)
}

// Status is that which will be sent.
func (h *held) Status() int {
	if h.holds {
		return h.status
	}
	return h.inner.Status()
}

// BodyWriter keeps the body back until it is too long.
func (h *held) BodyWriter() io.Writer {
	if h.holds {
		return (*heldBody)(h)
	}
	return h.inner.BodyWriter()
}

// Unwrap returns the context beneath, which adapters look for.
func (h *held) Unwrap() huma.Context { return h.inner }

// release sends what was kept back.
func (h *held) release() error {
	h.holds = false
	h.inner.SetStatus(h.status)
	_, err := h.body.WriteTo(h.inner.BodyWriter())
	return err
}

// finish sends the tag, and what the client wants of the rest.
func (h *held) finish() {
	if !h.holds || h.status == 0 {
		return
	}
	h.inner.SetHeader("ETag", fmt.Sprintf(`"%016x"`, xxhash.Sum64(h.body.Bytes())))
	r, w := humago.Unwrap(h.inner)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(h.body.Bytes()))
}

// heldBody is the writer of a held context.
type heldBody held

// Write keeps p back, or sends it with all before it when that is too long.
func (b *heldBody) Write(p []byte) (int, error) {
	h := (*held)(b)
	if !h.holds {
		return h.inner.BodyWriter().Write(p)
	}
	if h.body.Len()+len(p) <= heldMost {
		return h.body.Write(p)
	}
	if err := h.release(); err != nil {
		return 0, err
	}
	return h.inner.BodyWriter().Write(p)
}
