package report

import (
	"encoding/json"
	"errors"
	"net/http"
)

// ServeHTTP implements http.Handler. It answers pages of any origin: reports need
// no key and know no cookies, so another's page can do no more than its visitor.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Access-Control-Allow-Origin", "*")
	switch r.Method {
	case http.MethodPost:
		h.post(w, r)
	case http.MethodOptions:
		preflight(w)
	default:
		w.Header().Set("Allow", "POST, OPTIONS")
		refuse(w, r, &Refusal{Status: http.StatusMethodNotAllowed, Slug: "method-not-allowed", Detail: "this path answers POST"})
	}
}

func preflight(w http.ResponseWriter) {
	h := w.Header()
	h.Set("Access-Control-Allow-Methods", "POST")
	h.Set("Access-Control-Allow-Headers", "Content-Type, Accept")
	h.Set("Access-Control-Max-Age", "86400")
	h.Set("Allow", "POST, OPTIONS")
	w.WriteHeader(http.StatusNoContent)
}

func (h *Handler) post(w http.ResponseWriter, r *http.Request) {
	click, err := Read(w, r)
	var receipt Receipt
	if err == nil {
		receipt, err = h.Take(r, click)
	}
	var refusal *Refusal
	if errors.As(err, &refusal) {
		refuse(w, r, refusal)
		return
	}
	reply(w, http.StatusOK, "application/json", receipt)
}

func refuse(w http.ResponseWriter, r *http.Request, refusal *Refusal) {
	if after := refusal.RetryAfter(); after != "" {
		w.Header().Set("Retry-After", after)
		w.Header().Set("Access-Control-Expose-Headers", "Retry-After")
	}
	reply(w, refusal.Status, "application/problem+json", refusal.problem(r.URL.Path))
}

func reply(w http.ResponseWriter, status int, kind string, body any) {
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(body) // the client is gone; nobody is left to tell
}
