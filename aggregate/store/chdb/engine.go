package chdb

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"unsafe"
)

// Engine is an open data folder. It is safe for concurrent use. One process
// can have one Engine open at a time, and one folder one Engine.
//
// It keeps several connections to the folder and gives each to one statement
// at a time: two statements on one connection see each other's parameters.
type Engine struct {
	lib  *library
	size int
	free chan unsafe.Pointer // chdb_connection *; closed by Close
	once sync.Once
}

// ErrClosed is the answer of an Engine after Close.
var ErrClosed = errors.New("embedded ClickHouse engine is closed")

// Open opens (or makes) the data folder dir with the library at libPath, as
// found by Find, and runs the prepare statements on each of its connections.
// connections is how many statements run at once; more wait. Another process
// that has the folder open is an error.
func Open(libPath, dir string, connections int, prepare ...string) (*Engine, error) {
	lib, err := load(libPath)
	if err != nil {
		return nil, err
	}
	abs, err := filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("data folder %s: %w", dir, err)
	}
	if err := os.MkdirAll(abs, 0o755); err != nil {
		return nil, fmt.Errorf("data folder: %w", err)
	}
	e := &Engine{lib: lib, free: make(chan unsafe.Pointer, connections)}
	for range connections {
		if err := e.connect(abs, prepare); err != nil {
			return nil, errors.Join(err, e.Close())
		}
	}
	return e, nil
}

// settings are those of the engine as a whole. By default it deletes parts of tables that
// were merged into others with up to 128 threads as soon as there are a hundred, and keeps
// the threads, and 65 to 90 MB with them: as much as all else that it holds.
var settings = []string{"--max_parts_cleaning_thread_pool_size=1"}

func (e *Engine) connect(dir string, prepare []string) error {
	var conn unsafe.Pointer
	withGoSignals(func() {
		e.lib.setSignalHandlers(0)
		argv, _, pins := cStrings(append([]string{"clickhouse", "--path=" + dir}, settings...))
		defer pins.Unpin()
		conn = e.lib.connect(int32(len(argv)), pointerTo(argv))
	})
	if conn == nil {
		return fmt.Errorf("the embedded ClickHouse engine cannot open %s: another process has it open, or it is damaged (see the message above)", dir)
	}
	e.size++
	e.free <- conn
	for _, sql := range prepare {
		if _, err := e.run(conn, sql, "Native", nil, nil); err != nil {
			return fmt.Errorf("prepare connection: %w", err)
		}
	}
	return nil
}

// Close waits for running statements and closes the folder.
func (e *Engine) Close() error {
	e.once.Do(func() {
		for range e.size {
			e.lib.closeConn(<-e.free)
		}
		close(e.free)
	})
	return nil
}

// Query runs one statement and returns its whole result in the given format.
// params are bound to {name:Type} places; values are in ClickHouse's escaped
// text form, as in its HTTP interface. The error text is the engine's own,
// "Code: 60. DB::Exception: …".
//
// The engine cannot interrupt a statement: ctx bounds only the wait for a free
// connection.
func (e *Engine) Query(ctx context.Context, sql, format string, params map[string]string) ([]byte, error) {
	conn, err := e.acquire(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { e.free <- conn }()
	names, values := make([]string, 0, len(params)), make([]string, 0, len(params))
	for name, value := range params {
		names, values = append(names, name), append(values, value)
	}
	return e.run(conn, sql, format, names, values)
}

// acquire waits for a free connection, so that statements whose callers have
// gone do not queue up before those of others.
func (e *Engine) acquire(ctx context.Context) (unsafe.Pointer, error) {
	if err := ctx.Err(); err != nil { // with both ready, select would pick either
		return nil, err
	}
	select {
	case conn, open := <-e.free:
		if !open {
			return nil, ErrClosed
		}
		return conn, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (e *Engine) run(connection unsafe.Pointer, sql, format string, names, values []string) ([]byte, error) {
	text, textLens, pins1 := cStrings([]string{sql, format})
	defer pins1.Unpin()
	n, nLens, pins2 := cStrings(names)
	defer pins2.Unpin()
	v, vLens, pins3 := cStrings(values)
	defer pins3.Unpin()
	// chdb_connect returns a handle to the connection, which queries take.
	conn := *(*unsafe.Pointer)(connection)
	result := e.lib.query(conn, text[0], textLens[0], text[1], textLens[1],
		pointerTo(n), pointerTo(nLens), pointerTo(v), pointerTo(vLens), uintptr(len(names)))
	if result == nil {
		return nil, errors.New("the embedded ClickHouse engine gave no result")
	}
	defer e.lib.destroy(result)
	if msg := e.lib.resultError(result); msg != "" {
		return nil, errors.New(msg)
	}
	out := make([]byte, e.lib.resultLength(result))
	if len(out) > 0 {
		copy(out, unsafe.Slice((*byte)(e.lib.resultBuffer(result)), len(out)))
	}
	return out, nil
}

// cStrings makes a C array of NUL-terminated strings and their lengths. They
// stay in place until the returned pins are unpinned.
func cStrings(strs []string) (ptrs []unsafe.Pointer, lens []uintptr, pins *runtime.Pinner) {
	pins = &runtime.Pinner{}
	for _, s := range strs {
		b := append([]byte(s), 0)
		pins.Pin(&b[0])
		ptrs, lens = append(ptrs, unsafe.Pointer(&b[0])), append(lens, uintptr(len(s)))
	}
	return ptrs, lens, pins
}

func pointerTo[T any](s []T) unsafe.Pointer {
	if len(s) == 0 {
		return nil
	}
	return unsafe.Pointer(&s[0])
}
