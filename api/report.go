package api

import (
	"embed"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"outcry/ingest/report"
	"outcry/nlp/lexicon"
)

//go:embed report.css report.js report.frame.js
var reportFiles embed.FS

const reportsPath = "/v1/reports"

// Reports takes what visitors say by a click. It answers POST and OPTIONS of
// /v1/reports itself; Take is for the page that asks them, whose refusals are
// *report.Refusal.
type Reports interface {
	http.Handler
	Take(r *http.Request, c report.Click) (report.Receipt, error)
}

// KnownReport says of a catalogue what may be reported, for report.Config.
func KnownReport(c Catalog) func(service, symptom string) *report.Unknown {
	return func(service, symptom string) *report.Unknown {
		if _, ok := c.Lookup(service); !ok {
			near := suggest(service, c.Services())
			return &report.Unknown{Field: "service", Detail: noService(service, near), Suggestions: near}
		}
		if symptom == "" || slices.Contains(lexicon.Symptoms(), symptom) {
			return nil
		}
		u := &report.Unknown{Field: "symptom", Detail: "symptom must be one of " + strings.Join(lexicon.Symptoms(), ", ")}
		if near := nearest(symptom, lexicon.Symptoms()); near != "" {
			u.Suggestions = []string{near}
		}
		return u
	}
}

func noService(slug string, near []string) string {
	detail := "no service has the slug " + strconv.Quote(clip(slug))
	if len(near) > 0 {
		return detail + "; did you mean " + strings.Join(near, " or ") + "?"
	}
	return detail + "; /v1/services lists them all"
}

// serveReports adds what takes reports: for programs, for visitors, and the script
// that puts the visitors' page into another's.
func (s *Server) serveReports(reports Reports, doc *huma.OpenAPI) error {
	page, err := newReportPage(s.cfg.Catalog, reports, newRecent(s.cfg.Store, s.cfg.Now),
		func(w http.ResponseWriter, r *http.Request, err error) { s.frames.refuse(w, r, err) })
	if err != nil {
		return fmt.Errorf("report page: %w", err)
	}
	for name, kind := range map[string]string{"report.css": "text/css", "report.js": "text/javascript", "report.frame.js": "text/javascript"} {
		file, err := reportFiles.ReadFile(name)
		if err != nil {
			return fmt.Errorf("report page: %w", err)
		}
		s.mux.HandleFunc("GET /"+name, plainFile(name, kind+"; charset=utf-8", file))
	}
	doc.AddOperation(reportOperation(doc.Components.Schemas))
	s.mux.Handle("POST "+reportsPath, reports)
	s.mux.Handle("OPTIONS "+reportsPath, reports)
	s.mux.HandleFunc("GET /report/{service}", page.get)
	s.mux.HandleFunc("POST /report/{service}", page.post)
	return nil
}

// reportOperation documents what ingest/report answers.
func reportOperation(schemas huma.Registry) *huma.Operation {
	click := &huma.Schema{Type: huma.TypeObject, Required: []string{"service"}, Properties: map[string]*huma.Schema{
		"service": {Type: huma.TypeString, Description: "A slug of /v1/services."},
		"symptom": {Type: huma.TypeString, Description: "Absent: the visitor did not say.", Enum: anys(lexicon.Symptoms())},
		"lang":    {Type: huma.TypeString, Description: "Language of the page.", Examples: []any{"fr"}},
	}}
	o := &huma.Operation{
		OperationID: "report", Method: http.MethodPost, Path: reportsPath,
		Summary: "Say that a service does not work",
		Description: fmt.Sprintf("One click of a visitor, from any page; answered when it is safe. A visitor, told by the address, counts once per service in %d minutes, and may report %d services in %d minutes. Reports have the source `%s`.",
			int(report.Window.Minutes()), report.Most, int(report.Span.Minutes()), report.Source),
		RequestBody: &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{
			typeJSON: {Schema: click}, "application/x-www-form-urlencoded": {Schema: click},
		}},
		Responses: map[string]*huma.Response{"200": {Description: "The report is counted, now or before", Content: map[string]*huma.MediaType{
			typeJSON: {Schema: schemas.Schema(reflect.TypeFor[report.Receipt](), true, "Receipt")},
		}}},
	}
	problem := schemas.Schema(reflect.TypeFor[Problem](), true, "Problem")
	for _, status := range []int{400, 413, 415, 422, 429, 503} {
		o.Responses[strconv.Itoa(status)] = &huma.Response{Description: http.StatusText(status),
			Content: map[string]*huma.MediaType{"application/problem+json": {Schema: problem}}}
	}
	return o
}

func anys(names []string) (all []any) {
	for _, n := range names {
		all = append(all, n)
	}
	return all
}
