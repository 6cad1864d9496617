package api

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"time"
)

// readyTimeout bounds a readiness probe; orchestrators ask often and wait little.
const readyTimeout = 3 * time.Second

// healthz says that the process lives. It asks nothing of anyone: a store that
// is down is no reason to kill the process.
func (s *Server) healthz(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	fixed("application/json", []byte(`{"status":"alive"}`+"\n"))(w, nil)
}

// readyz runs every check at once, and names those that fail.
func (s *Server) readyz(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), readyTimeout)
	defer cancel()
	failed := s.failedChecks(ctx)
	if len(failed) > 0 {
		p := notReady().with("not ready: " + strings.Join(failed, ", "))
		p.Instance = "/readyz"
		p.write(w)
		return
	}
	w.Header().Set("Cache-Control", "no-store")
	fixed("application/json", []byte(`{"status":"ready"}`+"\n"))(w, r)
}

func (s *Server) failedChecks(ctx context.Context) []string {
	errs := make([]error, len(s.cfg.Ready))
	var wg sync.WaitGroup
	for i, check := range s.cfg.Ready {
		wg.Go(func() { errs[i] = check.Run(ctx) })
	}
	wg.Wait()
	var failed []string
	for i, err := range errs {
		if err != nil {
			s.cfg.Log.WarnContext(ctx, "not ready", "check", s.cfg.Ready[i].Name, "err", err)
			failed = append(failed, s.cfg.Ready[i].Name)
		}
	}
	return failed
}
