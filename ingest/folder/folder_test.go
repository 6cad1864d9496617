package folder_test

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/klauspost/compress/zstd"

	"outcry/ingest"
	"outcry/ingest/file"
	"outcry/ingest/folder"
)

// pause is the default time between two looks, and that to settle.
const pause = 2 * time.Second

// hearing is a source at work, in a bubble of synctest.
type hearing struct {
	t      *testing.T
	dir    string
	mu     sync.Mutex // makes known to the race detector that the test and the source take turns
	turns  int
	logs   bytes.Buffer
	events []ingest.Event
	read   int // events that next has returned
	err    error
	on     func(ingest.Event) // is called with every event, if set
	cancel context.CancelFunc
}

// hear starts a source on dir and lets it take its first look.
func hear(t *testing.T, dir, cursor string, cfg folder.Config) *hearing {
	t.Helper()
	h := &hearing{t: t, dir: dir}
	cfg.Path, cfg.Log = dir, slog.New(slog.NewTextHandler(h, nil))
	source, err := folder.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	if want := cmp.Or(cfg.Name, "folder"); source.Name() != want {
		t.Errorf("it is named %s, want %s", source.Name(), want)
	}
	ctx, cancel := context.WithCancel(t.Context())
	h.cancel = cancel
	go func() {
		h.err = source.Run(ctx, cursor, func(e ingest.Event) error {
			h.mu.Lock()
			defer h.mu.Unlock()
			h.events = append(h.events, e)
			if h.on != nil {
				h.on(e)
			}
			return nil
		})
	}()
	synctest.Wait()
	return h
}

// Write takes what is logged.
func (h *hearing) Write(text []byte) (int, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.logs.Write(text)
}

// sleep lets the source work for so long.
func (h *hearing) sleep(d time.Duration) {
	h.mu.Lock()
	h.turns++
	h.mu.Unlock()
	time.Sleep(d)
	synctest.Wait()
}

// stop ends the source and waits for it.
func (h *hearing) stop() {
	h.cancel()
	synctest.Wait()
	if !errors.Is(h.err, context.Canceled) {
		h.t.Errorf("the end of the context ended it with %v", h.err)
	}
}

// heard is what has been heard since it was last asked: ids of posts, and where
// refused records stood with a mark before.
func (h *hearing) heard() string {
	var all []string
	for _, e := range h.events[h.read:] {
		switch {
		case e.Post != nil:
			all = append(all, e.Post.ID)
		case e.Refusal != nil:
			all = append(all, "!"+e.Refusal.Position)
		}
	}
	h.read = len(h.events)
	return strings.Join(all, " ")
}

// next is what one more look hears.
func (h *hearing) next() string {
	h.sleep(pause)
	return h.heard()
}

// want fails unless the next look hears just that.
func (h *hearing) want(heard string) {
	h.t.Helper()
	if got := h.next(); got != heard {
		h.t.Errorf("heard %q, want %q", got, heard)
	}
}

func (h *hearing) cursor() string {
	for i := len(h.events) - 1; i >= 0; i-- {
		if c := h.events[i].Cursor; c != "" {
			return c
		}
	}
	return ""
}

func write(t *testing.T, dir, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func add(t *testing.T, dir, name, text string) {
	t.Helper()
	f, err := os.OpenFile(filepath.Join(dir, name), os.O_APPEND|os.O_WRONLY|os.O_CREATE, 0o644)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.WriteString(text); err != nil {
		t.Fatal(err)
	}
}

func rename(t *testing.T, dir, from, to string) {
	t.Helper()
	if err := os.Rename(filepath.Join(dir, from), filepath.Join(dir, to)); err != nil {
		t.Fatal(err)
	}
}

// post is a line of NDJSON.
func post(id any) string {
	return fmt.Sprintf(`{"id":"%v","text":"nothing works","created_at":1666682221}`+"\n", id)
}

const head = "id,text,created_at\n"

// row is a line of CSV.
func row(id any) string { return fmt.Sprintf("%v,nothing works,1666682221\n", id) }

func gz(text string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	w.Write([]byte(text))
	w.Close()
	return b.String()
}

func zst(text string) string {
	w, _ := zstd.NewWriter(nil)
	return string(w.EncodeAll([]byte(text), nil))
}

func TestNew(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "a.csv", "")
	for want, change := range map[string]func(*folder.Config){
		"":          func(*folder.Config) {},
		"name:":     func(c *folder.Config) { c.Name = "A b" },
		"path:":     func(c *folder.Config) { c.Path = "" },
		"path: ":    func(c *folder.Config) { c.Path = filepath.Join(dir, "none") },
		"path: it":  func(c *folder.Config) { c.Path = filepath.Join(dir, "a.csv") },
		"pattern:":  func(c *folder.Config) { c.Pattern = "[" },
		"pattern: ": func(c *folder.Config) { c.Pattern = "sub/*.csv" },
		"format:":   func(c *folder.Config) { c.Format = "xml" },
		"map:":      func(c *folder.Config) { c.Mapping = file.Mapping{"body": "text"} },
		"map: ":     func(c *folder.Config) { c.Format, c.Mapping = "ndjson", file.Mapping{"text": "body"} },
		"comma:":    func(c *folder.Config) { c.Comma = '"' },
		"comma: ":   func(c *folder.Config) { c.Format, c.Comma = "tsv", ';' },
		"settle:":   func(c *folder.Config) { c.Settle = -1 },
		"interval:": func(c *folder.Config) { c.Interval = 25 * time.Hour },
		"log:":      func(c *folder.Config) { c.Log = nil },
	} {
		cfg := folder.Config{Path: dir, Log: slog.New(slog.DiscardHandler)}
		change(&cfg)
		_, err := folder.New(cfg)
		if got := fmt.Sprint(err); want == "" && err != nil || !strings.HasPrefix(got, want) || strings.Contains(got, "\n") {
			t.Errorf("error %q, want %q", got, want)
		}
	}
	_, err := folder.New(folder.Config{Name: "A", Path: filepath.Join(dir, "none"), Settle: -1, Interval: -1, Comma: '\n'})
	if err == nil || strings.Count(err.Error(), "\n") != 5 {
		t.Errorf("not all that is wrong is named: %v", err)
	}
}
