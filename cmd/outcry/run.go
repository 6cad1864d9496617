package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"golang.org/x/sync/errgroup"

	"outcry/api"
	"outcry/ingest"
	"outcry/ingest/file"
)

type runCmd struct {
	dataFlags
	queueFlags
	storeFlags
	nlpFlags
	watchFlags
	Listen    string `help:"Address of the API and the dashboard." default:"127.0.0.1:8080" placeholder:"HOST:PORT"`
	Replay    string `help:"File of posts to replay, once; a later start goes on where it was." type:"path" placeholder:"FILE"`
	paceFlags `prefix:"replay-"`
	sourceFlags
	sendFlags
	searchFlags
}

type paceFlags struct {
	Speed     float64   `help:"Times faster than it was: 60 is an hour in a minute; 0 is as fast as possible." default:"1"`
	FastUntil time.Time `help:"Posts before this time (RFC 3339) go as fast as possible." placeholder:"TIME"`
}

type authorFlags struct {
	AuthorKey string `help:"Secret that authors are hashed with; earlier ones may follow, separated by commas, to find the posts of deleted accounts. Empty: made once and kept in the data folder. Better set as OUTCRY_AUTHOR_KEY."`
}

// AfterApply is called by kong; of the embedded flags it would call none.
func (c *runCmd) AfterApply() error {
	return errors.Join(c.queueFlags.AfterApply(), c.watchFlags.AfterApply(), c.sendFlags.AfterApply())
}

// Run checks and opens everything, then runs all stages until they are told
// to stop.
func (c *runCmd) Run(e *env) (err error) {
	listener, err := listen(c.Listen, "listen")
	if err != nil {
		return err
	}
	defer listener.Close()
	sources, err := c.sourceFlags.open(e.log)
	if err != nil {
		return err
	}
	replayed, err := c.replayed()
	if err != nil {
		return err
	}
	services, err := c.nlpFlags.services()
	if err != nil {
		return err
	}
	st, err := c.storeFlags.open(e, c.dataFlags)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	q, err := c.queueFlags.open(e, c.dataFlags, false)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, q.Close()) }()
	found, err := c.searchFlags.open(e, c.dataFlags, st)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, found.Close()) }()
	registry := newRegistry()
	senders, runner, err := c.sendFlags.open(e, q, c.dataFlags, services, registry)
	if err != nil {
		return err
	}
	guard, err := c.sendFlags.guard()
	if err != nil {
		return err
	}
	classifier, err := c.nlpFlags.classifier(services)
	if err != nil {
		return err
	}
	handler, err := api.New(api.Config{
		Guard:   guard,
		Catalog: services, Store: st, Registry: registry, Log: e.log, Version: version(),
		Ready: []api.Check{{Name: "store", Run: st.Ping}, {Name: "queue", Run: q.Ping}}, Push: senders.posts, Reports: senders.reports, Search: found.api(),
	})
	if err != nil {
		return err
	}
	group, ctx := errgroup.WithContext(e.ctx)
	group.Go(func() error { return classify(ctx, q, classifier, registry, e.log) })
	group.Go(func() error { return storeSignals(ctx, q, st, registry, e.log) })
	group.Go(func() error { return c.watchFlags.watch(ctx, q, st, services, registry, e.log) })
	group.Go(func() error { return found.feed(ctx, q, registry, e.log) })
	group.Go(func() error { return serveHTTP(ctx, listener, handler) })
	group.Go(func() error { handler.Warm(ctx); return nil })
	group.Go(func() error { return saveMemory(ctx) })
	group.Go(func() error { return replay(ctx, e, runner, replayed) })
	group.Go(func() error { return hear(ctx, runner, sources) })
	e.log.Info("Outcry runs: open the dashboard", "url", "http://"+listener.Addr().String())
	err = group.Wait()
	e.log.Info("Outcry stops")
	return err
}

// replayed is the replay that was asked for, or nil.
func (c *runCmd) replayed() (*file.Replay, error) {
	if c.Replay == "" {
		return nil, nil
	}
	return c.paceFlags.replay(file.Config{Path: c.Replay})
}

// replay paces a file.
func (f paceFlags) replay(config file.Config) (*file.Replay, error) {
	source, err := file.New(config)
	if err != nil {
		return nil, err
	}
	return file.NewReplay(source, file.ReplayConfig{
		Name: "replay-" + filepath.Base(config.Path), Speed: f.Speed, FastUntil: f.FastUntil})
}

func newRunner(e *env, q *queue, data dataFlags, authors ingest.AuthorKey, registry prometheus.Registerer) *ingest.Runner {
	return &ingest.Runner{
		Queue: q.writer, Cursors: ingest.CursorDir(filepath.Join(data.Data, "cursors")), Authors: authors,
		Metrics: ingest.NewMetrics(registry), Now: time.Now, Log: e.log.With("component", "ingest"),
		States: ingest.StateDir(filepath.Join(data.Data, "sources")),
	}
}

// replay queues a file at its own pace and says how it goes.
func replay(ctx context.Context, e *env, runner *ingest.Runner, source *file.Replay) error {
	if source == nil {
		return nil
	}
	log := e.log.With("component", "replay", "replay", source.Name())
	log.Info("replay begins")
	stats, err := runner.Run(ctx, source)
	switch {
	case err != nil:
		return fmt.Errorf("%s: %w", source.Name(), err)
	case ctx.Err() != nil:
		log.Info("replay stopped; a later start goes on here", "posts", stats.Kept)
	case stats.Read == 0:
		log.Info("nothing new to replay: an earlier replay of this file came to its end; `outcry replay --from-start` begins again")
	default:
		log.Info("replay is at its end", "posts", stats.Kept, "refused", stats.Read-stats.Kept)
	}
	return nil
}
