package api

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/cespare/xxhash/v2"
	"github.com/klauspost/compress/gzhttp"

	"outcry/api/chart"
)

// servePicture answers with an SVG or a PNG. Its tag is known before it is drawn, and
// it is drawn once for all who ask for the same.
func (e *embeds) servePicture(w http.ResponseWriter, r *http.Request, a embedAsk, d *embedData) {
	tag := e.tag(a, d)
	picture, err := e.picture(r, tag, a, d)
	if err != nil {
		e.refuse(w, r, err)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "image/png")
	h.Set(gzhttp.HeaderNoCompression, "it is compressed")
	h.Set("Content-Security-Policy", "default-src 'none'; img-src 'self'; frame-ancestors *")
	if a.form == embedSVG {
		h.Del(gzhttp.HeaderNoCompression)
		h.Set("Content-Type", "image/svg+xml; charset=utf-8")
		h.Set("Content-Security-Policy", "default-src 'none'; style-src "+embedStyle()+"; img-src 'self'; frame-ancestors *")
	}
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	h.Set("Cache-Control", embedCaching)
	h.Set("ETag", tag)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(picture))
}

// tag names a picture by all that it depends on.
func (e *embeds) tag(a embedAsk, d *embedData) string {
	width, height := a.size(sizeOf(""))
	sum := xxhash.Sum64String(fmt.Sprint(e.design, d.print, a.service.Slug, a.service.Name, a.symptom, a.posts, a.window, a.from.Unix(), a.to.Unix(),
		a.lang, a.theme, width, height, a.scale, a.zone, a.form))
	return strconv.Quote(strconv.FormatUint(sum, 16))
}

// embedDesign stands for how charts are drawn by this program: a picture of a chart
// that never changes.
func embedDesign(version string) string {
	from := time.Unix(0, 0).UTC()
	c := chart.Chart{Width: 600, Height: 400, Theme: chart.Auto, ID: "x", Head: "x", Count: "x", Origin: "x", Notes: []string{"x"},
		Legend: chart.Legend{Posts: "x", People: "x", Usual: "x", Incident: "x", Deaf: "x"},
		From:   from, To: from.Add(time.Hour), Step: time.Minute, Heard: from.Add(90 * time.Second), Zone: time.UTC,
		Points:    []chart.Point{{T: from, Posts: 3, People: 2, Known: true, High: 1, Deaf: true}, {T: from.Add(time.Minute), Posts: 1}},
		Incidents: []chart.Span{{From: from, To: from.Add(time.Minute)}},
		Number:    func(n uint64) string { return strconv.FormatUint(n, 10) }, Digits: func(text string) string { return text }}
	return version + strconv.FormatUint(xxhash.Sum64(c.SVG()), 16)
}

// picture is the one kept under the tag, or a new one; none where the client has it.
func (e *embeds) picture(r *http.Request, tag string, a embedAsk, d *embedData) ([]byte, error) {
	if hasTag(r, tag) {
		return nil, nil
	}
	return e.pictures.get(tag, func() ([]byte, error) {
		if a.form == embedSVG {
			return e.chart(a, d, "chart").SVG(), nil
		}
		ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), e.cfg.Timeout)
		defer cancel()
		return e.painter.PNG(ctx, e.chart(a, d, "chart"), a.scale)
	})
}

// hasTag says that the client has what the tag names, as http.ServeContent will find.
func hasTag(r *http.Request, tag string) bool {
	for _, t := range strings.Split(r.Header.Get("If-None-Match"), ",") {
		if strings.TrimPrefix(strings.TrimSpace(t), "W/") == tag {
			return true
		}
	}
	return false
}
