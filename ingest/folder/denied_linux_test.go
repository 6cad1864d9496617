package folder_test

import (
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"outcry/ingest"
	"outcry/ingest/folder"
)

var errEnough = errors.New("enough")

// nobody is a user who may read no file of ours.
const nobody = 65534

// A file that the system refuses is tried again, later each time, without more
// words: the right to read it comes without a change of the file.
func TestDenied(t *testing.T) {
	dir := t.TempDir()
	os.Chmod(filepath.Dir(dir), 0o755)
	for _, name := range []string{"a.ndjson", "b.csv", "c.ndjson"} {
		write(t, dir, name, map[bool]string{true: post(name), false: head + row(name)}[strings.HasSuffix(name, "json")])
	}
	for _, name := range []string{"a.ndjson", "b.csv"} {
		os.Chmod(filepath.Join(dir, name), 0)
	}
	synctest.Test(t, func(t *testing.T) {
		h := &hearing{t: t}
		source, err := folder.New(folder.Config{Path: dir, Log: slog.New(slog.NewTextHandler(&h.logs, nil))})
		if err != nil {
			t.Fatal(err)
		}
		grant := make(chan bool)
		h.on = func(ingest.Event) { grant <- true; <-grant }
		go func() {
			// Who may read is a matter of the thread on Linux; this one ends with
			// the goroutine. To one who is not root it changes nothing.
			runtime.LockOSThread()
			_ = syscall.Setfsuid(nobody)
			begin, granted := time.Now(), false
			h.err = source.Run(t.Context(), "", func(e ingest.Event) error {
				h.events = append(h.events, e)
				if time.Since(begin) > time.Hour && !granted {
					granted = true
					h.on(e)
				}
				if time.Since(begin) > 2*time.Hour {
					return errEnough
				}
				return nil
			})
		}()
		<-grant
		if got := h.heard(); got != "c.ndjson" || h.logged()["a.ndjson"] != 1 || h.logged()["b.csv"] != 1 {
			t.Errorf("heard %q, logged %s", got, &h.logs)
		}
		for _, name := range []string{"a.ndjson", "b.csv"} {
			os.Chmod(filepath.Join(dir, name), 0o644)
		}
		granted := len(h.events)
		grant <- true
		time.Sleep(2 * time.Hour)
		synctest.Wait()
		if h.events[granted].Post != nil {
			t.Error("after an hour of refusals it is still tried at every look")
		}
		if got := h.heard(); got != "a.ndjson b.csv" || !errors.Is(h.err, errEnough) {
			t.Errorf("heard %q, ended with %v, logged %s", got, h.err, &h.logs)
		}
	})
}

// A device that fails while it is read is no reason to believe that a file ended.
func TestReadFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dir := t.TempDir()
		os.Symlink("/proc/self/mem", filepath.Join(dir, "a.csv")) // an ordinary file, with nothing at its beginning
		write(t, dir, "b.csv", head+row(1))
		h := hear(t, dir, "", folder.Config{})
		h.want("1")
		for range 10 {
			h.want("")
		}
		if n := h.logged()["a.csv"]; n != 1 || !strings.Contains(h.logs.String(), "input/output error") {
			t.Errorf("logged %d times: %s", n, &h.logs)
		}
		h.stop()
	})
}
