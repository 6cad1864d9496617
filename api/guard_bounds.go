package api

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"outcry/ingest/push"
)

// What a request may be at most. The server beneath cuts off what is far beyond.
const (
	maxTarget = 16 << 10        // bytes of path and query
	maxParams = 64              // of the query
	maxHeader = 32 << 10        // bytes
	maxBody   = push.MaxBody    // of a POST; its handler may take less
	maxIdle   = 64 << 10        // bytes that may come with a request that takes none
	slowBody  = 2 * time.Minute // in which a body must have come
)

// inBounds refuses what no client means. Bodies end at their bound, also those
// that do not say how long they are.
func inBounds(w http.ResponseWriter, r *http.Request) *Problem {
	if n := len(r.URL.EscapedPath()) + len(r.URL.RawQuery); n > maxTarget {
		return tooLongTarget().with(fmt.Sprintf("the address has %d bytes, the most is %d; ask for less at once", n, maxTarget))
	}
	if n := headerSize(r.Header); n > maxHeader {
		return tooLongHeader().with(fmt.Sprintf("the header has %d bytes, the most is %d; send fewer or shorter fields", n, maxHeader))
	}
	if strings.ContainsRune(r.URL.Path, 0) || !utf8.ValidString(r.URL.Path) {
		return invalidQuery().with("the path must be UTF-8 without NUL")
	}
	if n := strings.Count(r.URL.RawQuery, "&") + 1; n > maxParams {
		return invalidQuery().with(fmt.Sprintf("the query has %d parameters, the most is %d", n, maxParams))
	}
	if p := plainQuery(r.URL); p != nil {
		return p
	}
	return boundBody(w, r)
}

// plainQuery refuses what no field can hold. That the rest is well encoded is
// for the reader of the query to say.
func plainQuery(u *url.URL) *Problem {
	if u.RawQuery == "" {
		return nil
	}
	for name, values := range u.Query() {
		for _, v := range values {
			if strings.ContainsRune(name+v, 0) || !utf8.ValidString(name+v) {
				name = strings.ToValidUTF8(clip(name), "�")
				p := invalidQuery().with(fmt.Sprintf("%s must be UTF-8 without NUL", safe(name)))
				p.Errors = []FieldError{{Message: p.Detail, Location: "query." + name}}
				return p
			}
		}
	}
	return nil
}

func boundBody(w http.ResponseWriter, r *http.Request) *Problem {
	most := int64(maxBody)
	if r.Method != http.MethodPost {
		most = maxIdle
	}
	if r.ContentLength > most {
		return tooLarge().with(fmt.Sprintf("the body has %d bytes, the most is %d", r.ContentLength, most))
	}
	if r.ContentLength != 0 && r.Body != nil {
		// Writers that know no deadline, as in tests, let it be.
		_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(slowBody))
		r.Body = http.MaxBytesReader(w, r.Body, most)
	}
	return nil
}

func headerSize(h http.Header) (n int) {
	for name, values := range h {
		for _, v := range values {
			n += len(name) + len(v) + len(": \r\n")
		}
	}
	return n
}
