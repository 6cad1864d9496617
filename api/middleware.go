package api

import (
	"fmt"
	"net/http"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/klauspost/compress/gzhttp"
)

// exposed are the fields of answers that scripts of other pages may read.
const exposed = "Accept-Ranges, Content-Language, Content-Range, ETag, Link, RateLimit, RateLimit-Policy, Retry-After"

// headers sets what every answer carries, and opens what is for reading to pages
// of others: it is public and knows no cookies.
func headers(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Content-Security-Policy", "default-src 'none'; img-src 'self'; frame-ancestors 'none'") // pages set their own; browsers show an icon beside JSON too
		if readable(r.URL.Path) {
			h.Set("Access-Control-Allow-Origin", "*")
			h.Set("Access-Control-Expose-Headers", exposed)
			if r.Method == http.MethodOptions && r.URL.Path != reportsPath { // which takes POST, and answers itself
				preflight(w)
				return
			}
		}
		next.ServeHTTP(w, r)
	})
}

// readable says whether pages of others may read what is at a path.
func readable(path string) bool {
	for _, prefix := range []string{"/v1/", "/embed/", "/openapi.", "/oembed"} {
		if strings.HasPrefix(path, prefix) {
			return true
		}
	}
	return false
}

func preflight(w http.ResponseWriter) {
	h := w.Header()
	h.Set("Access-Control-Allow-Methods", "GET, HEAD")
	h.Set("Access-Control-Allow-Headers", "Accept, Authorization, Cache-Control, If-None-Match, Last-Event-ID, Range, X-API-Key")
	h.Set("Access-Control-Max-Age", "86400")
	h.Set("Allow", "GET, HEAD, OPTIONS")
	w.WriteHeader(http.StatusNoContent)
}

// newCompress packs answers with zstd or gzip, as the client likes; with zstd
// where it likes both, and not where it says nothing.
func newCompress() (func(http.Handler) http.HandlerFunc, error) {
	return gzhttp.NewWrapper(gzhttp.MinSize(1024), gzhttp.EnableZstd(true), gzhttp.PreferZstd(true), gzhttp.ContentTypeFilter(compressible))
}

// compressible leaves out what is packed already, and live streams, whose events
// are short and must not wait for one another.
func compressible(contentType string) bool {
	media, _, _ := strings.Cut(strings.ToLower(contentType), ";")
	switch media = strings.TrimSpace(media); {
	case media == "image/svg+xml":
		return true
	case media == "text/event-stream", strings.HasPrefix(media, "image/"), strings.HasPrefix(media, "font/"),
		media == typeParquet:
		return false
	}
	return gzhttp.DefaultContentTypeFilter(contentType)
}

// recovered turns a panic into a 500 and one log line. When the answer has
// begun, the connection is cut instead, so that the client does not take half
// an answer for a whole one.
func (s *Server) recovered(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		rec := &recorder{ResponseWriter: w, request: r}
		defer func() {
			cause := recover()
			if cause == nil {
				return
			}
			if cause == http.ErrAbortHandler {
				panic(cause)
			}
			s.cfg.Log.ErrorContext(r.Context(), "panic", "route", routeOf(r), "err", fmt.Sprint(cause), "stack", string(debug.Stack()))
			if rec.status != 0 {
				panic(http.ErrAbortHandler)
			}
			internal().with("something went wrong on the server").write(rec)
		}()
		next.ServeHTTP(rec, r)
	})
}

// recorder notes the status of an answer. http.ResponseController reaches the
// writer beneath through Unwrap; live streams need Flush.
type recorder struct {
	http.ResponseWriter
	request *http.Request
	status  int
}

// WriteHeader notes the first final status.
func (r *recorder) WriteHeader(status int) {
	if r.status == 0 && status >= 200 {
		r.begin(status)
	}
	r.ResponseWriter.WriteHeader(status)
}

// Write notes an answer without a status as 200.
func (r *recorder) Write(b []byte) (int, error) {
	if r.status == 0 {
		r.begin(http.StatusOK)
	}
	return r.ResponseWriter.Write(b)
}

// begin notes the status, and puts in order what depends on it and on the request.
func (r *recorder) begin(status int) {
	r.status = status
	r.weaken()
	r.show()
}

// show sends JSON of a special kind, such as a refusal, to people under the name that
// their browser shows: Firefox keeps what it does not know as a file, and in place of
// a refusal it says nothing but that there is some trouble.
func (r *recorder) show() {
	h := r.Header()
	if !strings.HasSuffix(h.Get("Content-Type"), "+json") {
		return
	}
	if !slices.Contains(h.Values("Vary"), "Accept") {
		h.Add("Vary", "Accept")
	}
	accept := strings.Join(r.request.Header.Values("Accept"), ",")
	if strings.Contains(accept, "text/html") && strings.Contains(accept, "*/*") { // as browsers ask for a page
		h.Set("Content-Type", typeJSON)
	}
}

// weaken marks the ETag of a packed answer: its bytes are not those of the plain
// one, what they mean is the same (RFC 9110, 8.8.1). A 304 has the mark that the
// answer had: a cache writes the tag of the one onto the other.
func (r *recorder) weaken() {
	h := r.Header()
	tag := h.Get("ETag")
	packed := h.Get("Content-Encoding") != "" || r.status == http.StatusNotModified && strings.Contains(r.request.Header.Get("If-None-Match"), "W/"+tag)
	if packed && strings.HasPrefix(tag, `"`) {
		h.Set("ETag", "W/"+tag)
	}
}

// Flush sends what is buffered.
func (r *recorder) Flush() { _ = http.NewResponseController(r.ResponseWriter).Flush() }

// Unwrap returns the writer beneath.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }
