package api

import (
	"fmt"
	"net/http"
	"runtime/debug"
	"strings"
)

// headers sets what every answer carries, and opens /v1 to pages of others:
// it is public and knows no cookies.
func headers(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'") // the page sets its own
		if strings.HasPrefix(r.URL.Path, "/v1/") || strings.HasPrefix(r.URL.Path, "/openapi.") {
			h.Set("Access-Control-Allow-Origin", "*")
			if r.Method == http.MethodOptions && r.URL.Path != reportsPath { // which takes POST, and answers itself
				preflight(w)
				return
			}
		}
		next.ServeHTTP(w, r)
	})
}

func preflight(w http.ResponseWriter) {
	h := w.Header()
	h.Set("Access-Control-Allow-Methods", "GET, HEAD")
	h.Set("Access-Control-Allow-Headers", "Accept, Cache-Control")
	h.Set("Access-Control-Max-Age", "86400")
	h.Set("Allow", "GET, HEAD, OPTIONS")
	w.WriteHeader(http.StatusNoContent)
}

// recovered turns a panic into a 500 and one log line. When the answer has
// begun, the connection is cut instead, so that the client does not take half
// an answer for a whole one.
func (s *Server) recovered(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		rec := &recorder{ResponseWriter: w}
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
	status int
}

// WriteHeader notes the first final status.
func (r *recorder) WriteHeader(status int) {
	if r.status == 0 && status >= 200 {
		r.status = status
	}
	r.ResponseWriter.WriteHeader(status)
}

// Write notes an answer without a status as 200.
func (r *recorder) Write(b []byte) (int, error) {
	if r.status == 0 {
		r.status = http.StatusOK
	}
	return r.ResponseWriter.Write(b)
}

// Flush sends what is buffered.
func (r *recorder) Flush() { _ = http.NewResponseController(r.ResponseWriter).Flush() }

// Unwrap returns the writer beneath.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }
