package main

import (
	"errors"

	"golang.org/x/sync/errgroup"

	"outcry/api"
)

type classifyCmd struct {
	dataFlags
	queueFlags
	nlpFlags
	metricsFlags
}

// Run is the second stage alone.
func (c *classifyCmd) Run(e *env) (err error) {
	metrics, err := c.metricsFlags.listen()
	if err != nil {
		return err
	}
	q, err := c.queueFlags.open(e, c.dataFlags, true)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, q.Close()) }()
	_, classifier, err := c.nlpFlags.load()
	if err != nil {
		return err
	}
	registry := newRegistry()
	group, ctx := errgroup.WithContext(e.ctx)
	group.Go(func() error { return serveMetrics(ctx, metrics, registry) })
	group.Go(func() error { return classify(ctx, q, classifier, registry, e.log) })
	e.log.Info("classify runs")
	return group.Wait()
}

type aggregateCmd struct {
	dataFlags
	queueFlags
	storeFlags
	catalogFlags
	watchFlags
	metricsFlags
}

// AfterApply is called by kong; of the embedded flags it would call none.
func (c *aggregateCmd) AfterApply() error {
	return errors.Join(c.queueFlags.AfterApply(), c.watchFlags.AfterApply())
}

// Run is the third stage alone.
func (c *aggregateCmd) Run(e *env) (err error) {
	metrics, err := c.metricsFlags.listen()
	if err != nil {
		return err
	}
	services, err := c.catalogFlags.services()
	if err != nil {
		return err
	}
	st, err := c.storeFlags.open(e, c.dataFlags)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	q, err := c.queueFlags.open(e, c.dataFlags, true)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, q.Close()) }()
	registry := newRegistry()
	group, ctx := errgroup.WithContext(e.ctx)
	group.Go(func() error { return serveMetrics(ctx, metrics, registry) })
	group.Go(func() error { return storeSignals(ctx, q, st, registry, e.log) })
	group.Go(func() error { return c.watchFlags.watch(ctx, q, st, services, registry, e.log) })
	e.log.Info("aggregate runs")
	return group.Wait()
}

type serveCmd struct {
	dataFlags
	queueFlags
	storeFlags
	catalogFlags
	Listen string `help:"Address of the API and the dashboard." default:"127.0.0.1:8080" placeholder:"HOST:PORT"`
	sendFlags
	searchFlags
}

// sends says that posts or reports may come in here, or that search reads them
// from the queue, so that one is needed. Reports and search alone are no reason to
// open the embedded one, which nobody may read or fill.
func (c *serveCmd) sends() bool {
	return c.pushFlags.posts() || (c.Reports || c.Search) && len(c.Kafka) > 0
}

// AfterApply is called by kong; of the embedded flags it would call none.
func (c *serveCmd) AfterApply() error {
	return errors.Join(c.queueFlags.AfterApply(), c.sendFlags.AfterApply())
}

// Run is the last stage alone. With a queue, it takes posts and reports
// too, and has search.
func (c *serveCmd) Run(e *env) (err error) {
	listener, err := listen(c.Listen, "listen")
	if err != nil {
		return err
	}
	defer listener.Close()
	services, err := c.catalogFlags.services()
	if err != nil {
		return err
	}
	st, err := c.storeFlags.open(e, c.dataFlags)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	guard, err := c.sendFlags.guard()
	if err != nil {
		return err
	}
	config := api.Config{
		Guard:   guard,
		Catalog: services, Store: st, Registry: newRegistry(), Log: e.log, Version: version(),
		Ready: []api.Check{{Name: "store", Run: st.Ping}},
	}
	var q *queue
	var found searcher
	if c.sends() {
		if q, err = c.queueFlags.open(e, c.dataFlags, true); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, q.Close()) }()
		senders, _, err := c.sendFlags.open(e, q, c.dataFlags, services, config.Registry)
		if err != nil {
			return err
		}
		config.Push, config.Reports = senders.posts, senders.reports
		config.Ready = append(config.Ready, api.Check{Name: "queue", Run: q.Ping})
	}
	if q != nil {
		if found, err = c.searchFlags.open(e, c.dataFlags, st); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, found.Close()) }()
		config.Search = found.api()
	}
	handler, err := api.New(config)
	if err != nil {
		return err
	}
	group, ctx := errgroup.WithContext(e.ctx)
	group.Go(func() error { return found.feed(ctx, q, config.Registry, e.log) })
	e.log.Info("serve runs: open the dashboard", "url", "http://"+listener.Addr().String())
	group.Go(func() error { return serveHTTP(ctx, listener, handler) })
	group.Go(func() error { handler.Warm(ctx); return nil })
	group.Go(func() error { return saveMemory(ctx) })
	return group.Wait()
}

type replayCmd struct {
	dataFlags
	queueFlags
	authorFlags
	paceFlags
	File      string `arg:"" help:"File of posts in the order of their time: .ndjson, .csv or .tsv, also with .gz or .zst; - for standard input."`
	Format    string `help:"Form of the file where its name does not tell: ndjson, csv or tsv." enum:",ndjson,csv,tsv" default:""`
	Map       string `help:"CSV columns by field, as for ingest." placeholder:"FIELD=COLUMN,…"`
	Source    string `help:"Name of the source for posts that name none." default:"file"`
	FromStart bool   `help:"Begin at the start of the file, even where an earlier replay of it was stopped."`
}

// Run queues a file at its own pace, for the stages of another process.
func (c *replayCmd) Run(e *env) (err error) {
	config, err := (&ingestCmd{File: c.File, Format: c.Format, Map: c.Map, Source: c.Source}).fileConfig(e)
	if err != nil {
		return err
	}
	source, err := c.paceFlags.replay(config)
	if err != nil {
		return err
	}
	authors, err := c.dataFlags.authors(c.AuthorKey)
	if err != nil {
		return err
	}
	q, err := c.queueFlags.open(e, c.dataFlags, true)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, q.Close()) }()
	runner := newRunner(e, q, c.dataFlags, authors, newRegistry())
	if c.FromStart {
		runner.Cursors = nil
	}
	return replay(e.ctx, e, runner, source)
}
