package api

import (
	"bytes"
	_ "embed"
	"fmt"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/cespare/xxhash/v2"
	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"outcry/api/web"
)

// icon stands beside the names of all pages.
//
//go:embed icon.svg
var icon []byte

// register puts every route on the mux. What lives under /v1 is an operation
// of the OpenAPI document; the rest serves machines and the page.
func (s *Server) register() error {
	h := humago.New(s.mux, openAPIConfig(s.cfg.Version))
	huma.Register(h, s.operation(h, servicesOperation()), handle(s, servicesOperation(), s.services))
	huma.Register(h, s.operation(h, curvesOperation()), handle(s, curvesOperation(), s.curves))
	huma.Register(h, s.operation(h, postsOperation()), handle(s, postsOperation(), s.posts))
	huma.Register(h, s.operation(h, sourcesOperation()), handle(s, sourcesOperation(), s.sources))
	huma.Register(h, s.operation(h, incidentsOperation()), handle(s, incidentsOperation(), s.incidents))
	huma.Register(h, s.operation(h, incidentOperation()), handle(s, incidentOperation(), s.incident))
	huma.Register(h, s.operation(h, briefOperation()), handle(s, briefOperation(), s.brief))
	for _, serve := range []func(huma.API) error{s.serveMovers, s.serveWords, s.serveSearch, s.serveLive, s.serveDocs} {
		if err := serve(h); err != nil {
			return err
		}
	}
	if s.cfg.Push != nil {
		h.OpenAPI().AddOperation(pushOperation(h.OpenAPI().Components.Schemas))
		s.mux.Handle("POST /v1/posts", s.cfg.Push)
	}
	if s.cfg.Reports != nil {
		if err := s.serveReports(s.cfg.Reports, h.OpenAPI()); err != nil {
			return err
		}
	}
	if err := s.serveEmbeds(); err != nil {
		return err
	}
	s.serveOpenAPI(h.OpenAPI())
	page, err := web.Handler()
	if err != nil {
		return fmt.Errorf("page: %w", err)
	}
	s.mux.Handle("GET /{$}", page)
	s.mux.Handle("GET /assets/", page)
	for _, path := range []string{"/icon.svg", "/favicon.ico"} { // the second is asked for beside what is no page
		s.mux.HandleFunc("GET "+path, plainFile(path, "image/svg+xml", icon))
	}
	s.mux.HandleFunc("GET /healthz", s.healthz)
	s.mux.HandleFunc("GET /readyz", s.readyz)
	s.mux.Handle("GET /metrics", s.metrics.handler(s.cfg.Registry))
	return nil
}

// openAPIConfig leaves out what huma would add: its docs page loads scripts
// from a third party, its schema links change the bodies, and it builds the
// document on the first request without a lock.
func openAPIConfig(version string) huma.Config {
	c := huma.DefaultConfig("Outcry", version)
	c.Info.Description = "Complaints about services, heard in public posts and counted by the minute."
	c.OpenAPIPath, c.DocsPath, c.SchemasPath = "", "", ""
	c.CreateHooks = nil
	c.Formats = formats()
	return c
}

// serveOpenAPI serves the document for programs, in two forms, each of which is made
// when it is first asked for: most starts are never asked.
func (s *Server) serveOpenAPI(doc *huma.OpenAPI) {
	// A proxy may serve all of it below a prefix, so operations are beside the document.
	doc.Servers = []*huma.Server{{URL: ".", Description: "Where this document was read"}}
	for _, unused := range []string{"ErrorModel", "ErrorDetail"} { // huma's own, in whose place Problem stands
		delete(doc.Components.Schemas.Map(), unused)
	}
	s.mux.HandleFunc("GET /openapi.json", s.made("application/openapi+json", doc.MarshalJSON))
	s.mux.HandleFunc("GET /openapi.yaml", s.made("application/openapi+yaml", doc.YAML))
}

func fixed(contentType string, body []byte) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", contentType)
		_, _ = w.Write(body) // the client is gone; nobody is left to tell
	}
}

// made answers with what make returns, which is called once.
func (s *Server) made(contentType string, make func() ([]byte, error)) http.HandlerFunc {
	make = sync.OnceValues(make)
	return func(w http.ResponseWriter, r *http.Request) {
		body, err := make()
		if err != nil {
			s.cfg.Log.ErrorContext(r.Context(), "OpenAPI document", "err", err)
			internal().with("something went wrong on the server").write(w)
			return
		}
		fixed(contentType, body)(w, r)
	}
}

// route hands the request to the mux, and answers in its stead where it would
// refuse in plain text.
func (s *Server) route(w http.ResponseWriter, r *http.Request) {
	handler, pattern := s.mux.Handler(r)
	if pattern != "" {
		s.mux.ServeHTTP(w, r)
		return
	}
	refusal := &refusal{header: http.Header{}}
	handler.ServeHTTP(refusal, r)
	p := notFound().with("there is nothing at this path")
	if refusal.status == http.StatusMethodNotAllowed {
		w.Header().Set("Allow", refusal.header.Get("Allow"))
		p = badMethod().with("this path answers " + refusal.header.Get("Allow"))
	}
	p.Instance = clip(r.URL.Path)
	p.write(w)
}

// refusal takes what the mux says of a request that it has no route for.
type refusal struct {
	header http.Header
	status int
}

func (r *refusal) Header() http.Header         { return r.header }
func (r *refusal) WriteHeader(status int)      { r.status = status }
func (r *refusal) Write(b []byte) (int, error) { return len(b), nil }

// plainFile serves a file that has no hash in its name, as pages of others name it.
func plainFile(name, kind string, file []byte) http.HandlerFunc {
	tag := strconv.Quote(strconv.FormatUint(xxhash.Sum64(file), 16))
	return func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Type", kind)
		h.Set("Cache-Control", "public, max-age=300")
		h.Set("Cross-Origin-Resource-Policy", "cross-origin")
		h.Set("ETag", tag)
		http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(file))
	}
}
