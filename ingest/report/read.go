package report

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"

	"golang.org/x/text/language"
)

// MaxBody is the longest request in bytes.
const MaxBody = 4 << 10

// Read takes a click out of a request: JSON, or what a form sends. Fields of a form
// that are not of a click, such as its button, are passed over; in JSON they are
// refused, as whoever writes them expects something of them.
func Read(w http.ResponseWriter, r *http.Request) (Click, error) {
	if coding := r.Header.Get("Content-Encoding"); coding != "" && coding != "identity" {
		return Click{}, &Refusal{Status: http.StatusUnsupportedMediaType, Slug: "unsupported-media-type", Detail: "send the body without Content-Encoding"}
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, MaxBody))
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return Click{}, &Refusal{Status: http.StatusRequestEntityTooLarge, Slug: "too-large", Detail: fmt.Sprintf("the body is longer than %d bytes", MaxBody)}
	case err != nil:
		return Click{}, badBody("the body did not come whole")
	}
	switch media, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); media {
	case "application/json":
		return readJSON(body)
	case "application/x-www-form-urlencoded":
		return readForm(string(body))
	}
	return Click{}, &Refusal{Status: http.StatusUnsupportedMediaType, Slug: "unsupported-media-type",
		Detail: "Content-Type must be application/json or application/x-www-form-urlencoded"}
}

func readJSON(body []byte) (c Click, err error) {
	d := json.NewDecoder(bytes.NewReader(body))
	d.DisallowUnknownFields()
	if err := d.Decode(&c); err != nil {
		return Click{}, badBody(`the body must be {"service":"…","symptom":"…","lang":"…"}, all but service optional: ` + strings.TrimPrefix(err.Error(), "json: "))
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return Click{}, badBody("there is more in the body than one report")
	}
	return c, nil
}

func readForm(body string) (Click, error) {
	form, err := url.ParseQuery(body)
	if err != nil {
		return Click{}, badBody("the form is not well encoded")
	}
	return Click{Service: form.Get("service"), Symptom: form.Get("symptom"), Lang: form.Get("lang")}, nil
}

// check refuses what there is not, and shortens the language to its code.
func (h *Handler) check(c *Click) error {
	if c.Service == "" {
		return unprocessable(*c, &Unknown{Field: "service", Detail: "service is missing: say which one"})
	}
	if u := h.cfg.Known(c.Service, c.Symptom); u != nil {
		return unprocessable(*c, u)
	}
	if c.Lang == "" {
		return nil
	}
	tag, err := language.Parse(c.Lang)
	base, sure := tag.Base()
	if err != nil || sure == language.No {
		return unprocessable(*c, &Unknown{Field: "lang", Detail: "lang must be the code of a language, such as fr"})
	}
	c.Lang = base.String()
	return nil
}
