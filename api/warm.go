package api

import "context"

// Warm asks the store what the dashboard asks first. The first question of a process
// takes several times as long as later ones, as files are opened and queries compiled:
// whoever comes first would wait for it. An error is for who asks next to see.
func (s *Server) Warm(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, s.cfg.Timeout)
	defer cancel()
	q := newQuery("limit=100", []string{"limit"}, s.cfg.Now())
	if _, err := s.movers(ctx, q, s.moverQuery(q)); err != nil {
		return
	}
	_, _ = s.services(ctx, newQuery("", nil, s.cfg.Now()))
}
