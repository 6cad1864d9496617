package folder_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"outcry/ingest/folder"
)

// A look at many files reads none of them again. Cursors are few and bounded:
// what they do not hold is read again after a restart.
func TestManyFiles(t *testing.T) {
	const followed, settled, marks = 20_100, 300, 20_000
	dir := t.TempDir()
	names(t, dir, "%05d.ndjson", post(1), followed)
	names(t, dir, "a%05d.csv", head+row(2), settled)
	clock := wallClock(t)
	synctest.Test(t, func(t *testing.T) {
		h := hear(t, dir, "", folder.Config{})
		if got := len(strings.Fields(h.heard())); got != followed {
			t.Errorf("heard %d posts at the first look", got)
		}
		if got := len(strings.Fields(h.next())); got != settled {
			t.Errorf("heard %d posts at the second look", got)
		}
		if n := strings.Count(h.cursor(), `"done"`); n != marks {
			t.Errorf("the cursor holds %d files", n)
		}
		written := 0
		for _, e := range h.events {
			written += len(e.Cursor)
		}
		if written > 4*len(h.cursor()) {
			t.Errorf("%d bytes of cursors, the last has %d", written, len(h.cursor()))
		}
		// To look is not to open: what changes behind the back of the file
		// system's clock stays unheard.
		behind(t, filepath.Join(dir, "00000.ndjson"), post(3))
		behind(t, filepath.Join(dir, "a00000.csv"), head+row(4))
		const looks = 3
		began := clock()
		for range looks {
			h.want("")
		}
		took := clock().Sub(began) / looks
		t.Logf("%s a look", took)
		if took > pause {
			t.Errorf("a look takes %s", took)
		}
		write(t, dir, "new.ndjson", post("new"))
		h.want("new")
		h.stop()
		h = hear(t, dir, h.cursor(), folder.Config{})
		if n := len(strings.Fields(h.heard())); n != followed+settled+1-marks {
			t.Errorf("after a restart %d files were read again", n)
		}
		h.stop()
	})
}

// names writes one file, and makes it many by links.
func names(t *testing.T, dir, pattern, text string, n int) {
	t.Helper()
	first := fmt.Sprintf(pattern, 0)
	write(t, dir, first, text)
	for i := 1; i < n; i++ {
		if err := os.Link(filepath.Join(dir, first), filepath.Join(dir, fmt.Sprintf(pattern, i))); err != nil {
			t.Skip("the file system has no links:", err)
		}
	}
}

// wallClock tells the real time within a bubble.
func wallClock(t *testing.T) func() time.Time {
	ask, answer := make(chan bool), make(chan time.Time)
	t.Cleanup(func() { close(ask) })
	go func() {
		for range ask {
			answer <- time.Now()
		}
	}()
	return func() time.Time {
		ask <- true
		return <-answer
	}
}

// behind writes a file so that its size and time stay what they were.
func behind(t *testing.T, path, text string) {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(path, time.Time{}, info.ModTime()); err != nil {
		t.Fatal(err)
	}
	if after, _ := os.Stat(path); after.Size() != info.Size() || !after.ModTime().Equal(info.ModTime()) {
		t.Fatalf("%s shows that it has changed", path)
	}
}
