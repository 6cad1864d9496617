package push

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
)

// line is a post as it was sent.
type line struct {
	number int
	text   []byte
}

// problem is why a request is refused as a whole.
type problem struct {
	status       int
	slug, detail string
}

// problemDoc is a refusal in the form of RFC 9457.
type problemDoc struct {
	Type     string `json:"type"`
	Title    string `json:"title"`
	Status   int    `json:"status"`
	Detail   string `json:"detail"`
	Instance string `json:"instance"`
}

func (p problem) write(w http.ResponseWriter, r *http.Request) {
	if p.status == http.StatusUnauthorized {
		w.Header().Set("WWW-Authenticate", `Bearer realm="posts"`)
	}
	reply(w, p.status, "application/problem+json", problemDoc{"urn:outcry:problem:" + p.slug, http.StatusText(p.status), p.status, p.detail, r.URL.Path})
}

// read takes the body apart: NDJSON by lines, or one object, which may have many.
func read(w http.ResponseWriter, r *http.Request) ([]line, *problem) {
	if coding := r.Header.Get("Content-Encoding"); coding != "" && coding != "identity" {
		return nil, &problem{http.StatusUnsupportedMediaType, "unsupported-media-type", "send the body without Content-Encoding " + coding}
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, MaxBody))
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return nil, &problem{http.StatusRequestEntityTooLarge, "too-large", fmt.Sprintf("the body is longer than %d bytes; send several", MaxBody)}
	case err != nil:
		return nil, &problem{http.StatusBadRequest, "bad-body", "the body did not come whole"}
	}
	media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	var lines []line
	switch {
	case err == nil && media == "application/json":
		lines = []line{{1, bytes.TrimSpace(body)}}
	default: // application/x-ndjson, and what clients send that do not think of it
		for i, text := range bytes.Split(body, []byte("\n")) {
			if text = bytes.TrimSpace(text); len(text) > 0 {
				lines = append(lines, line{i + 1, text})
			}
		}
	}
	switch {
	case len(lines) == 0 || len(lines[0].text) == 0:
		return nil, &problem{http.StatusBadRequest, "bad-body", "the body is empty: send a post as JSON, or one a line"}
	case len(lines) > MaxPosts:
		return nil, &problem{http.StatusRequestEntityTooLarge, "too-large", fmt.Sprintf("%d posts, the most is %d; send several", len(lines), MaxPosts)}
	}
	return lines, nil
}
