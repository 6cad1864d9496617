package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"outcry/aggregate/store"
	"outcry/api"
	"outcry/api/search"
	"outcry/ingest"
)

// maxSearchDays is how long the store keeps text.
const maxSearchDays = 30

type searchFlags struct {
	Search     bool `help:"Index posts for /v1/search, in the folder search of the data folder." default:"true" negatable:""`
	SearchDays int  `help:"Days for which search keeps posts, 1 to 30: no longer than the store keeps their text." default:"30" placeholder:"N"`
}

// searcher is an open index; the zero value is none.
type searcher struct{ index *search.Index }

func (f searchFlags) open(e *env, data dataFlags, st *store.Store) (searcher, error) {
	if !f.Search {
		return searcher{}, nil
	}
	if f.SearchDays < 1 || f.SearchDays > maxSearchDays {
		return searcher{}, fmt.Errorf("--search-days %d: must be 1 to %d", f.SearchDays, maxSearchDays)
	}
	index, err := search.Open(search.Config{
		Dir: filepath.Join(data.Data, "search"), Keep: time.Duration(f.SearchDays) * 24 * time.Hour,
		Deletions: st, Now: time.Now, Log: e.log.With("component", "search"),
	})
	return searcher{index}, err
}

// api is what the API asks; nil without an index.
func (s searcher) api() api.Searcher {
	if s.index == nil {
		return nil
	}
	return s.index
}

// Close is for when feed has returned and nobody asks any more.
func (s searcher) Close() error {
	if s.index == nil {
		return nil
	}
	return s.index.Close()
}

// feed keeps the index up to date until ctx ends.
func (s searcher) feed(ctx context.Context, q *queue, registry *prometheus.Registry, log *slog.Logger) error {
	if s.index == nil {
		return nil
	}
	log = log.With("component", "search")
	reader, err := q.NewReader(s.index.Group(), log, ingest.SignalsTopic)
	if err != nil {
		return err
	}
	worker := &search.Worker{Reader: reader, Index: s.index, Metrics: search.NewMetrics(registry), Now: time.Now, Log: log}
	return errors.Join(worker.Run(ctx), reader.Close())
}
