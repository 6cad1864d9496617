// Package web holds the page: TypeScript built by Vite into dist, which is
// part of the binary. Nothing on it comes from a third party.
package web

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"path"
)

// dist holds only .gitkeep until the page is built.
//
//go:embed all:dist
var dist embed.FS

// policy lets the page load from its own server only, and frame the charts of
// that server alone.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; " +
	"connect-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"

const unbuilt = `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Outcry</title>
<h1>Outcry runs, but its page is not built</h1>
<p>Run <code>make web</code>, then build the program again. The API works: <a href="v1/services">services</a>, <a href="openapi.json">OpenAPI</a>.</p>
</html>
`

// Handler serves the page at / and its parts under /assets/. Where the page
// was not built, it says how to.
func Handler() (http.Handler, error) {
	files, err := fs.Sub(dist, "dist")
	if err != nil {
		return nil, fmt.Errorf("open dist: %w", err)
	}
	return From(files)
}

// From serves a built page from files, as Handler does from the binary.
func From(files fs.FS) (http.Handler, error) {
	index, err := fs.ReadFile(files, "index.html")
	if errors.Is(err, fs.ErrNotExist) {
		index = []byte(unbuilt)
	} else if err != nil {
		return nil, fmt.Errorf("read page: %w", err)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/{$}", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Security-Policy", policy)
		w.Header().Set("Cache-Control", "no-cache")
		_, _ = w.Write(index) // the client is gone; nobody is left to tell
	})
	mux.Handle("/assets/", assets(files))
	return mux, nil
}

// assets serves files whose names hold a hash of what is in them: they may be
// kept for ever. Folders are not listed.
func assets(files fs.FS) http.Handler {
	server := http.FileServerFS(files)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		info, err := fs.Stat(files, r.URL.Path[1:])
		if err != nil || info.IsDir() {
			http.Error(w, "there is nothing at this path", http.StatusNotFound)
			return
		}
		w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
		if path.Ext(r.URL.Path) == ".md" { // the licences, whose name holds no hash
			w.Header().Set("Cache-Control", "no-cache")
			w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		}
		server.ServeHTTP(w, r)
	})
}
