package api

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"runtime"
	"strconv"
	"time"

	"github.com/cespare/xxhash/v2"

	"outcry/api/chart"
)

//go:embed embed.css embed.js embed.frame.js
var embedFiles embed.FS

//go:embed embed.gohtml
var embedHTML string

// embeds serves the charts that pages of others show.
type embeds struct {
	*Server
	texts    *embedTexts
	html     *template.Template
	policy   string // Content-Security-Policy of pages
	shelf    *embedShelf
	painter  *chart.Painter
	pictures *pictures
	design   string // changes where charts are drawn in another way
}

// paintersMost bounds the memory in which pictures are drawn: some 40 MB each.
const paintersMost = 4

// serveEmbeds adds the picture, the page around it, the script that puts the page
// into another's, and what content systems ask of an address (oEmbed).
func (s *Server) serveEmbeds() error {
	e := &embeds{
		Server: s, policy: embedPolicy(), shelf: newEmbedShelf(s.cfg.Now), pictures: newPictures(picturesMost),
		painter: chart.NewPainter(min(runtime.GOMAXPROCS(0), paintersMost)), design: embedDesign(s.cfg.Version),
	}
	var err error
	if e.texts, err = readEmbedTexts(embedYAML, reportYAML); err != nil {
		return err
	}
	if e.html, err = template.New("embed").Parse(embedHTML); err != nil {
		return fmt.Errorf("embed page: %w", err)
	}
	for name, kind := range map[string]string{"embed.css": "text/css", "embed.js": "text/javascript", "embed.frame.js": "text/javascript"} {
		file, err := embedFiles.ReadFile(name)
		if err != nil {
			return fmt.Errorf("embed page: %w", err)
		}
		s.mux.HandleFunc("GET /"+name, plainFile(name, kind+"; charset=utf-8", file))
	}
	s.frames = e
	s.mux.HandleFunc("GET /embed/{service}", e.serve)
	s.mux.HandleFunc("GET /oembed", e.oembed)
	return nil
}

// embedStyle is the source of the pictures' own style sheet, in a policy.
func embedStyle() string {
	sum := sha256.Sum256([]byte(chart.Style()))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

// embedPolicy lets any page frame this one, which has nothing of a third party.
func embedPolicy() string {
	return "default-src 'none'; style-src 'self' " + embedStyle() + "; script-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors *"
}

// serve answers with the page, or with the picture alone where the name ends in .svg
// or .png.
func (e *embeds) serve(w http.ResponseWriter, r *http.Request) {
	ask, err := e.ask(r, r.PathValue("service"))
	if err != nil {
		e.refuse(w, r, err)
		return
	}
	found, err := e.load(r.Context(), ask)
	if err != nil {
		e.refuse(w, r, err)
		return
	}
	h := w.Header()
	h.Add("Vary", "Accept-Language")
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Content-Language", ask.lang)
	if ask.form != embedPage {
		e.servePicture(w, r, ask, found)
		return
	}
	v, err := e.view(r, ask, found)
	if err != nil {
		e.refuse(w, r, err)
		return
	}
	var page bytes.Buffer
	if err := e.html.Execute(&page, v); err != nil {
		e.refuse(w, r, err)
		return
	}
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", e.policy)
	cached(w, r, page.Bytes())
}

// embedCaching lets caches keep an answer for half a minute, show it while they ask
// for the next, and for a day where this server is away: it says of when it is.
const embedCaching = "public, max-age=30, stale-while-revalidate=60, stale-if-error=86400"

// cached answers with a body that caches may keep, or says that it is still the one
// that they have.
func cached(w http.ResponseWriter, r *http.Request, body []byte) {
	w.Header().Set("Cache-Control", embedCaching)
	w.Header().Set("ETag", strconv.Quote(strconv.FormatUint(xxhash.Sum64(body), 16)))
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(body))
}

// embedRefusal is a refusal as the template shows it.
type embedRefusal struct {
	*Problem
	Again int // seconds after which the page comes again by itself; 0: never
}

// againIn spares the server that is busy, and whoever looks at the page a click.
func againIn(p *Problem) int {
	const least = 30 * time.Second
	if p.Status != http.StatusTooManyRequests && p.Status != http.StatusServiceUnavailable && p.Status != http.StatusGatewayTimeout {
		return 0
	}
	return int(max(p.retry, least).Seconds())
}

// refuse answers in HTML: who reads it looks at a frame in an article.
func (e *embeds) refuse(w http.ResponseWriter, r *http.Request, err error) {
	var p *Problem
	if !errors.As(err, &p) {
		if p = storeProblem(err); p.Status != clientGone().status {
			e.cfg.Log.ErrorContext(r.Context(), "query failed", "route", "/embed/{service}", "status", p.Status, "err", err)
		}
	}
	var page bytes.Buffer
	if err := e.html.ExecuteTemplate(&page, "refusal", embedRefusal{p, againIn(p)}); err != nil {
		internal().with("something went wrong on the server").write(w)
		return
	}
	h := w.Header()
	for name, values := range p.GetHeaders() {
		h[name] = values
	}
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", e.policy)
	w.WriteHeader(p.Status)
	_, _ = w.Write(page.Bytes()) // the client is gone; nobody is left to tell
}
