package folder_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"outcry/ingest"
	"outcry/ingest/folder"
)

// logged counts the lines that were logged of each file.
func (h *hearing) logged() map[string]int {
	files := map[string]int{}
	for l := range strings.Lines(h.logs.String()) {
		_, rest, _ := strings.Cut(l, "file=")
		name, _, _ := strings.Cut(rest, " ")
		files[name]++
	}
	return files
}

// A bad file is logged once, holds up no other, and is read when it is mended.
func TestBadFiles(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dir := t.TempDir()
		var long strings.Builder
		for i := range 5_000 {
			long.WriteString(strings.ReplaceAll(post(i), "works", fmt.Sprintf("%x", i*i*7919)))
		}
		cut := gz(long.String())
		cut = cut[:len(cut)/2]
		bad := map[string]string{
			"b.csv": "when,what\n1,2\n", "c.ndjson.gz": cut, "d.ndjson.zst": post("plain"), "e.csv.gz": "", "f.ndjson": "\xff\xfe{\x00",
			"g.csv": "\xfe\xff\x00i", "h.jsonl": gz(post("packed")), "i.json": zst(post("packed")),
		}
		write(t, dir, "a.ndjson", post("first")+"{}\n"+post("second"))
		for name, text := range bad {
			write(t, dir, name, text)
		}
		write(t, dir, "z.csv", head+row("third")+"4,too,many,columns\n5,x,never\n"+row("fourth"))
		h := hear(t, dir, "", folder.Config{})
		if got := h.heard(); got != "first !a.ndjson:2 second" {
			t.Errorf("heard %q", got)
		}
		got := strings.Fields(h.next())
		good := len(got) - 4
		if good < 1_000 || good >= 5_000 || strings.Join(got[good:], " ") != "third !z.csv:3 !z.csv:4 fourth" {
			t.Errorf("of a cut file %d posts were heard, then %q", good, got[good:])
		}
		behind(t, filepath.Join(dir, "f.ndjson"), "123\n") // would be heard, were it opened again
		for range 5 {
			h.want("")
		}
		behind(t, filepath.Join(dir, "f.ndjson"), bad["f.ndjson"])
		for name := range bad {
			if n := h.logged()[name]; n != 1 {
				t.Errorf("%s was logged %d times: %s", name, n, &h.logs)
			}
		}
		if len(h.logged()) != len(bad) {
			t.Errorf("logged %s", &h.logs)
		}

		h.stop()
		h = hear(t, dir, h.cursor(), folder.Config{})
		h.want("") // nor are the good records of the cut file heard again
		write(t, dir, "c.ndjson.gz", gz(post("mended")))
		write(t, dir, "f.ndjson", post("mended too"))
		h.want("mended too")
		h.want("mended")
		write(t, dir, "b.csv", "when,why\n1,2\n3,4\n")
		h.want("")
		h.want("")
		if n := h.logged()["b.csv"]; n != 2 {
			t.Errorf("a file that is bad in another way was logged %d times", n)
		}
		h.stop()
	})
}

// While the queue takes nothing, no more is read; when it does, nothing is lost.
func TestBackPressure(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dir := t.TempDir()
		ids := fill(t, dir, 100)
		source, err := folder.New(folder.Config{Path: dir, Log: slog.New(slog.DiscardHandler)})
		if err != nil {
			t.Fatal(err)
		}
		queue := make(chan ingest.Event)
		asked := 0
		ctx, cancel := context.WithCancel(t.Context())
		var ended error
		go func() {
			ended = source.Run(ctx, "", func(e ingest.Event) error {
				asked++
				select {
				case queue <- e:
					return nil
				case <-ctx.Done():
					return ctx.Err()
				}
			})
		}()
		heard := map[string]bool{}
		for n := 1; len(heard) < len(ids); n++ {
			time.Sleep(time.Minute)
			synctest.Wait()
			if asked != n {
				t.Fatalf("%d events were offered while the queue took %d", asked, n-1)
			}
			if e := <-queue; e.Post != nil {
				heard[e.Post.ID] = true
			}
		}
		add(t, dir, "a.ndjson", post("late"))
		time.Sleep(time.Minute)
		cancel()
		synctest.Wait()
		if !errors.Is(ended, context.Canceled) {
			t.Errorf("it ended with %v", ended)
		}
	})
}

// The error of the queue ends the run as it is, whatever kind of file is read.
func TestQueueFails(t *testing.T) {
	for name, text := range map[string]string{"a.ndjson": post(1), "a.csv": head + row(1), "a.json.gz": gz(post(1)), "none": ""} {
		synctest.Test(t, func(t *testing.T) {
			dir := t.TempDir()
			write(t, dir, name, text)
			source, _ := folder.New(folder.Config{Path: dir, Log: slog.New(slog.DiscardHandler)})
			looks := 0
			err := source.Run(t.Context(), "", func(e ingest.Event) error {
				if looks++; e.Post == nil && name != "none" {
					return nil
				}
				return io.ErrClosedPipe
			})
			if !errors.Is(err, io.ErrClosedPipe) || looks > 2 {
				t.Errorf("%s: ended with %v after %d events", name, err, looks)
			}
		})
	}
}

// The end of the context ends the run in the middle of a file.
func TestStop(t *testing.T) {
	long := strings.Repeat(post(1), 1000)
	for name, text := range map[string]string{"a.ndjson": long, "a.csv": head + strings.Repeat(row(1), 1000), "a.json.gz": gz(long)} {
		synctest.Test(t, func(t *testing.T) {
			dir := t.TempDir()
			h := hear(t, dir, "", folder.Config{})
			write(t, dir, name, text)
			h.on = func(e ingest.Event) {
				if e.Post != nil {
					h.cancel()
				}
			}
			h.sleep(2 * pause)
			h.stop()
			if got := h.heard(); got != "1" || h.logs.Len() > 0 {
				t.Errorf("%s: heard %.20q, logged %s", name, got, &h.logs)
			}
		})
	}
}

// A file may go between being seen and being read.
func TestFileGoes(t *testing.T) {
	for name, text := range map[string]string{"a.ndjson": post(1), "a.csv": head + row(1)} {
		synctest.Test(t, func(t *testing.T) {
			dir := t.TempDir()
			write(t, dir, name, text)
			write(t, dir, "b.csv", head+row(2))
			asked := 0
			h := hear(t, dir, "", folder.Config{Settle: 1, Now: func() time.Time {
				if asked++; asked == 1 || asked == 3 { // the clock is asked between the two
					os.Remove(filepath.Join(dir, name))
				}
				return time.Now()
			}})
			write(t, dir, name, text)
			h.want("2")
			if h.logs.Len() > 0 {
				t.Errorf("%s: logged %s", name, &h.logs)
			}
			h.stop()
		})
	}
}
