// Package chdb runs the ClickHouse engine inside the process: it loads
// libchdb and answers clickhouse-go's HTTP requests with it, so that the rest
// of the program knows one driver and one SQL dialect.
package chdb

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"unsafe"

	"github.com/ebitengine/purego"
)

// Version is the release of libchdb that the project is tested with.
const Version = "26.5.3"

// library holds the functions of chDB's C interface (programs/local/chdb.h in
// the chDB repository) that the engine needs.
type library struct {
	setSignalHandlers func(enabled int32)
	connect           func(argc int32, argv unsafe.Pointer) unsafe.Pointer
	closeConn         func(conn unsafe.Pointer)
	query             func(conn unsafe.Pointer, sql unsafe.Pointer, sqlLen uintptr, format unsafe.Pointer, formatLen uintptr,
		names, nameLens, values, valueLens unsafe.Pointer, count uintptr) unsafe.Pointer
	resultBuffer func(result unsafe.Pointer) unsafe.Pointer
	resultLength func(result unsafe.Pointer) uintptr
	resultError  func(result unsafe.Pointer) string
	destroy      func(result unsafe.Pointer)
}

// A process can load the library only once and never unload it, so this is
// state of the process, not of an Engine.
var loaded = struct {
	sync.Mutex
	lib *library
}{}

// load reads the library at path; once it is loaded, it is the one.
func load(path string) (*library, error) {
	loaded.Lock()
	defer loaded.Unlock()
	if loaded.lib != nil {
		return loaded.lib, nil
	}
	handle, err := purego.Dlopen(path, purego.RTLD_NOW|purego.RTLD_LOCAL)
	if err != nil {
		return nil, fmt.Errorf("load %s: %w (damaged or made for another system? install it again: %s)", path, err, installCommand())
	}
	lib := &library{}
	for name, fn := range lib.symbols() {
		if _, err := purego.Dlsym(handle, name); err != nil {
			return nil, fmt.Errorf("%s is too old, it lacks %s: install %s with: %s", path, name, Version, installCommand())
		}
		purego.RegisterLibFunc(fn, handle, name)
	}
	loaded.lib = lib
	return lib, nil
}

func (l *library) symbols() map[string]any {
	return map[string]any{
		"chdb_set_signal_handlers_enabled": &l.setSignalHandlers,
		"chdb_connect":                     &l.connect,
		"chdb_close_conn":                  &l.closeConn,
		"chdb_query_with_params_n":         &l.query,
		"chdb_result_buffer":               &l.resultBuffer,
		"chdb_result_length":               &l.resultLength,
		"chdb_result_error":                &l.resultError,
		"chdb_destroy_query_result":        &l.destroy,
	}
}

// Find says where libchdb is: path itself when given, else beside the
// program, or in node_modules of the working folder, of the program's folder,
// or of a folder above one of these, as Node would look for it.
func Find(path string) (string, error) {
	if path != "" {
		if _, err := os.Stat(path); err != nil {
			return "", fmt.Errorf("libchdb: %w", err)
		}
		return path, nil
	}
	for _, candidate := range candidates() {
		if _, err := os.Stat(candidate); err == nil {
			return candidate, nil
		}
	}
	return "", fmt.Errorf("libchdb, the embedded ClickHouse engine, is not installed: run `make libchdb`, or `%s`, or name the file with --libchdb", installCommand())
}

func candidates() []string {
	var paths []string
	var starts []string
	if dir, err := os.Getwd(); err == nil {
		starts = append(starts, dir)
	}
	if exe, err := os.Executable(); err == nil {
		dir := filepath.Dir(exe)
		paths, starts = append(paths, filepath.Join(dir, "libchdb.so")), append(starts, dir)
	}
	for _, dir := range starts {
		for ; ; dir = filepath.Dir(dir) {
			paths = append(paths, filepath.Join(dir, "node_modules", "@chdb", packageName(), "libchdb.so"))
			if dir == filepath.Dir(dir) {
				break
			}
		}
	}
	return paths
}

func packageName() string {
	arch := map[string]string{"amd64": "x64"}[runtime.GOARCH]
	if arch == "" {
		arch = runtime.GOARCH
	}
	if runtime.GOOS == "linux" {
		return "lib-linux-" + arch + "-gnu"
	}
	return "lib-" + runtime.GOOS + "-" + arch
}

func installCommand() string {
	return "npm install @chdb/" + packageName() + "@" + Version
}
