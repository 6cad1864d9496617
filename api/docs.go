package api

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/cespare/xxhash/v2"
	"github.com/danielgtaylor/huma/v2"
)

//go:embed docs.css docs.gohtml
var docsFiles embed.FS

// docsPolicy lets the reading page ask this server by its forms, and run nothing.
const docsPolicy = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// serveDocs serves the OpenAPI document for people. The page is made of the
// document here, so that it runs no script, and asks no third party. It is made
// when it is first asked for, as operations are still being added now.
func (s *Server) serveDocs(h huma.API) error {
	describeGuard(h.OpenAPI())
	style, err := docsFiles.ReadFile("docs.css")
	if err != nil {
		return fmt.Errorf("reading page: %w", err)
	}
	html, err := template.ParseFS(docsFiles, "docs.gohtml")
	if err != nil {
		return fmt.Errorf("reading page: %w", err)
	}
	page := sync.OnceValues(func() ([]byte, error) {
		var out bytes.Buffer
		err := html.Execute(&out, newDocs(h.OpenAPI()))
		return out.Bytes(), err
	})
	s.mux.HandleFunc("GET /docs.css", plainFile("docs.css", "text/css; charset=utf-8", style))
	s.mux.HandleFunc("GET /docs", func(w http.ResponseWriter, r *http.Request) {
		body, err := page()
		if err != nil {
			s.cfg.Log.ErrorContext(r.Context(), "reading page", "err", err)
			internal().with("something went wrong on the server").write(w)
			return
		}
		h := w.Header()
		h.Set("Content-Type", "text/html; charset=utf-8")
		h.Set("Content-Security-Policy", docsPolicy)
		h.Set("Cache-Control", "no-cache")
		h.Set("ETag", strconv.Quote(strconv.FormatUint(xxhash.Sum64(body), 16)))
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(body))
	})
	return nil
}

// describeGuard documents what every operation may answer for the sake of limits
// and keys.
func describeGuard(doc *huma.OpenAPI) {
	doc.Info.Description += " Nobody needs a key to read. Every answer says in RateLimit-Policy how much may be asked (q units in w seconds), and in RateLimit how much is left; what asks much costs 5 units, what reads more than 31 days costs 10, all else 1."
	doc.Components.SecuritySchemes = map[string]*huma.SecurityScheme{"key": {Type: "http", Scheme: "bearer",
		Description: "A key that the operator has given you, also taken as X-API-Key. With the scope `read` it has a limit of its own."}}
	doc.Security = []map[string][]string{{}, {"key": {}}}
	schemas := doc.Components.Schemas
	for _, path := range doc.Paths {
		if path.Get == nil || path.Get.Responses == nil {
			continue
		}
		for _, k := range []problemKind{unauthorized(), tooLongTarget(), tooMany()} {
			status := strconv.Itoa(k.status)
			if path.Get.Responses[status] == nil {
				path.Get.Responses[status] = &huma.Response{Description: k.title, Content: problemContent(schemas)}
			}
		}
	}
}
