package api

import (
	"bytes"
	"cmp"
	_ "embed"
	"errors"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/text/language"
	"golang.org/x/text/message"

	"outcry/ingest/report"
	"outcry/nlp/catalog"
)

//go:embed report.gohtml
var reportHTML string

// reportPolicy lets any page frame this one, which has nothing of a third party.
const reportPolicy = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors *"

// reportPage asks visitors what does not work. It needs no script: a button sends
// the form, and the answer leads to the same page with thanks.
type reportPage struct {
	catalog Catalog
	reports Reports
	recent  *recent
	texts   *reportTexts
	html    *template.Template
	refuse  func(http.ResponseWriter, *http.Request, error) // in HTML
}

// reportView is what the template shows: the form, or Thanks.
type reportView struct {
	Lang, Dir, Theme       string
	Before, Service, After string // the title, around the name
	Text                   reportSet
	Thanks                 bool
	Count, Trouble, Back   string
	Buttons                []reportButton
}

type reportButton struct{ Slug, Label string }

func newReportPage(c Catalog, reports Reports, lately *recent, refuse func(http.ResponseWriter, *http.Request, error)) (*reportPage, error) {
	texts, err := readReportTexts(reportYAML)
	if err != nil {
		return nil, err
	}
	html, err := template.New("report").Parse(reportHTML)
	return &reportPage{catalog: c, reports: reports, recent: lately, texts: texts, html: html, refuse: refuse}, err
}

// get shows the form, or after a report the thanks.
func (p *reportPage) get(w http.ResponseWriter, r *http.Request) {
	service, ok := p.service(w, r)
	if !ok {
		return
	}
	v := p.view(r, service, r.URL.Query().Get("lang"))
	w.Header().Set("Cache-Control", "public, max-age=60")
	if r.URL.Query().Get("said") == "thanks" {
		v.Thanks = true
		if n := p.recent.reports(r.Context(), service.Slug); n > 0 {
			count := message.NewPrinter(language.Make(v.Lang)).Sprintf("%d", n)
			v.Count = strings.Replace(v.Text.Count, countMark, count, 1)
		}
		w.Header().Set("Cache-Control", "no-store")
	}
	p.show(w, http.StatusOK, v)
}

// post takes the form. The address it leads to is relative: a proxy may serve the
// page below a prefix.
func (p *reportPage) post(w http.ResponseWriter, r *http.Request) {
	service, ok := p.service(w, r)
	if !ok {
		return
	}
	w.Header().Set("Cache-Control", "no-store")
	click, err := report.Read(w, r)
	v := p.view(r, service, click.Lang)
	if err == nil {
		click.Service, click.Lang = service.Slug, v.Lang
		_, err = p.reports.Take(r, click)
	}
	if err == nil {
		w.Header().Set("Location", v.address("thanks"))
		w.WriteHeader(http.StatusSeeOther)
		return
	}
	status := http.StatusInternalServerError
	var refusal *report.Refusal
	if errors.As(err, &refusal) {
		status = refusal.Status
		if after := refusal.RetryAfter(); after != "" {
			w.Header().Set("Retry-After", after)
		}
	}
	v.Trouble = v.Text.Failed
	if status == http.StatusTooManyRequests {
		v.Trouble = v.Text.TooMany
	}
	p.show(w, status, v)
}

// service is whose page is asked for; where there is none it answers itself.
func (p *reportPage) service(w http.ResponseWriter, r *http.Request) (catalog.Service, bool) {
	slug := r.PathValue("service")
	service, ok := p.catalog.Lookup(slug)
	if !ok {
		near := suggest(slug, p.catalog.Services())
		problem := unknownService().with(noService(slug, near))
		problem.Suggestions, problem.Instance = near, clip(r.URL.Path)
		p.refuse(w, r, problem)
	}
	return service, ok
}

func (p *reportPage) view(r *http.Request, service catalog.Service, lang string) reportView {
	v := reportView{Service: cmp.Or(service.Name, service.Slug)}
	v.Lang = p.texts.choose(lang, r.URL.Query().Get("lang"), strings.Join(r.Header.Values("Accept-Language"), ","))
	v.Dir, v.Text = direction(v.Lang), p.texts.Languages[v.Lang]
	if theme := r.URL.Query().Get("theme"); slices.Contains([]string{"light", "dark"}, theme) {
		v.Theme = theme
	}
	v.Back = v.address("")
	v.Before, v.After, _ = strings.Cut(v.Text.Title, serviceMark)
	for _, symptom := range p.texts.symptoms(service.Sector) {
		v.Buttons = append(v.Buttons, reportButton{symptom, v.Text.Symptoms[symptom]})
	}
	return v
}

// address is this page in another state.
func (v reportView) address(said string) string {
	q := url.Values{"lang": {v.Lang}}
	if said != "" {
		q.Set("said", said)
	}
	if v.Theme != "" {
		q.Set("theme", v.Theme)
	}
	return "?" + q.Encode()
}

func (p *reportPage) show(w http.ResponseWriter, status int, v reportView) {
	var page bytes.Buffer
	if err := p.html.Execute(&page, v); err != nil {
		internal().with("something went wrong on the server").write(w)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Language", v.Lang)
	h.Set("Content-Security-Policy", reportPolicy)
	h.Add("Vary", "Accept-Language")
	w.WriteHeader(status)
	_, _ = w.Write(page.Bytes()) // the client is gone; nobody is left to tell
}
