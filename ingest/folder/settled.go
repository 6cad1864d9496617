package folder

import (
	"context"

	"outcry/ingest"
	"outcry/ingest/file"
)

// settled reads a file that is believed to be whole, and goes on where an earlier
// reading of the same state ended.
func (r *run) settled(ctx context.Context, name string, w *watched) error {
	if w.state != w.seen {
		w.mark = mark{state: w.seen}
	}
	reader, err := r.reader(name)
	if err != nil {
		return err
	}
	at := w.At
	note := func() error { w.At = at; return nil }
	err = reader.Run(ctx, w.At, func(e ingest.Event) error {
		at, e.Cursor = e.Cursor, ""
		return r.tell(e, note)
	})
	_ = note()
	if err != nil {
		return err
	}
	// A file that has changed meanwhile is in another state, for the next look.
	w.mark = mark{state: w.state, Done: true}
	r.changed = true
	return nil
}

func (r *run) reader(name string) (*file.Source, error) {
	cfg := file.Config{Path: r.path(name), Format: r.format(name), SourceName: r.cfg.Name}
	if cfg.Format != "ndjson" {
		cfg.Mapping = r.cfg.Mapping
	}
	if cfg.Format == "csv" {
		cfg.Comma = r.cfg.Comma
	}
	return file.New(cfg)
}
