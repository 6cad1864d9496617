// Package store keeps signals and volumes in ClickHouse and reads curves and
// evidence from it. It holds the only SQL of the project, and knows one
// driver.Conn, behind which is a server or the engine embedded by chdb.
package store

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/gofrs/flock"

	"outcry/aggregate/store/chdb"
)

// defaultDatabase is the database of the embedded engine, and of a server
// whose address names none.
const defaultDatabase = "outcry"

// Options say where the store is.
type Options struct {
	Address string // clickhouse://user:password@host:9000/database or http(s)://…:8123/…; empty: embedded
	Dir     string // data folder of the embedded engine
	LibPath string // libchdb; empty: where chdb.Find looks
}

// Store is an open store with its schema in place. It is safe for concurrent
// use. Close it.
type Store struct {
	conn    driver.Conn
	answers *answers
	close   []func() error // in order
}

// Open connects to the server, or opens the embedded engine, and brings the
// schema up to date.
func Open(ctx context.Context, o Options) (*Store, error) {
	s := &Store{}
	open := s.openEmbedded
	if o.Address != "" {
		open = s.openServer
	}
	if err := open(ctx, o); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	if err := migrate(ctx, s.conn); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// Close waits for running statements and closes the store.
func (s *Store) Close() error {
	var errs []error
	for _, f := range s.close {
		errs = append(errs, f())
	}
	s.close = nil
	return errors.Join(errs...)
}

// Ping says whether the store answers.
func (s *Store) Ping(ctx context.Context) error {
	if err := s.conn.Ping(ctx); err != nil {
		return fmt.Errorf("store: %w", err)
	}
	return nil
}

func (s *Store) openEmbedded(ctx context.Context, o Options) error {
	lib, err := chdb.Find(o.LibPath)
	if err != nil {
		return err
	}
	unlock, err := lock(o.Dir)
	if err != nil {
		return err
	}
	s.close = []func() error{unlock}
	connections := 2 * runtime.NumCPU()
	engine, err := chdb.Open(lib, o.Dir, connections,
		"CREATE DATABASE IF NOT EXISTS "+defaultDatabase+" ENGINE = Atomic",
		"USE "+defaultDatabase,
		"SET max_partitions_per_insert_block = 0", // a batch may span any time
	)
	if err != nil {
		return err
	}
	s.close = []func() error{engine.Close, unlock}
	s.conn, err = clickhouse.Open(&clickhouse.Options{
		Protocol:      clickhouse.HTTP,
		Addr:          []string{"embedded:0"},
		TransportFunc: func(*http.Transport) (http.RoundTripper, error) { return engine, nil },
		MaxOpenConns:  connections,
		MaxIdleConns:  connections,
	})
	if err != nil {
		return fmt.Errorf("connect to the embedded engine: %w", err)
	}
	s.close = []func() error{s.conn.Close, engine.Close, unlock}
	s.answers = newAnswers() // the lock keeps all others from writing
	return nil
}

// lock makes a second process fail with a sentence instead of the engine's
// own dump.
func lock(dir string) (unlock func() error, err error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("data folder: %w", err)
	}
	path := filepath.Join(dir, "outcry.lock")
	l := flock.New(path)
	locked, err := l.TryLock()
	if err != nil {
		return nil, fmt.Errorf("lock data folder: %w", err)
	}
	if !locked {
		return nil, fmt.Errorf("the data folder %s is in use by another Outcry: stop that one, or choose another folder with --data, or share a server with --clickhouse", dir)
	}
	return l.Close, nil
}

func (s *Store) openServer(ctx context.Context, o Options) error {
	options, err := clickhouse.ParseDSN(o.Address)
	if err != nil {
		return fmt.Errorf("ClickHouse address: %w", err)
	}
	database := options.Auth.Database
	if database == "" {
		database = defaultDatabase
	}
	if err := createDatabase(ctx, *options, database); err != nil {
		return err
	}
	options.Auth.Database = database
	if options.Settings == nil {
		options.Settings = clickhouse.Settings{}
	}
	options.Settings["max_partitions_per_insert_block"] = 0 // a batch may span any time
	if s.conn, err = clickhouse.Open(options); err != nil {
		return fmt.Errorf("connect to ClickHouse: %w", err)
	}
	s.close = []func() error{s.conn.Close}
	return nil
}

func createDatabase(ctx context.Context, options clickhouse.Options, database string) error {
	options.Auth.Database = "" // it may not exist yet
	conn, err := clickhouse.Open(&options)
	if err != nil {
		return fmt.Errorf("connect to ClickHouse: %w", err)
	}
	defer conn.Close()
	name := "`" + strings.ReplaceAll(database, "`", "``") + "`"
	if err := conn.Exec(ctx, "CREATE DATABASE IF NOT EXISTS "+name); err != nil {
		return fmt.Errorf("ClickHouse at %s: %w", strings.Join(options.Addr, ","), err)
	}
	return nil
}
