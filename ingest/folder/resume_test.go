package folder_test

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/cespare/xxhash/v2"

	"outcry/ingest/folder"
)

// fill writes a folder of posts in every form, of which the ids are returned.
func fill(t *testing.T, dir string, each int) map[string]bool {
	ids := map[string]bool{}
	many := func(of string, line func(any) string) string {
		var b strings.Builder
		for i := range each {
			id := fmt.Sprint(of, "-", i)
			ids[id] = true
			b.WriteString(line(id))
		}
		return b.String()
	}
	write(t, dir, "a.ndjson", many("a", post))
	write(t, dir, "b.csv", head+many("b", row))
	write(t, dir, "c.ndjson.gz", gz(many("c", post)))
	write(t, dir, "d.csv.zst", zst(head+many("d", row)))
	write(t, dir, "e.jsonl", many("e", post))
	return ids
}

// From every cursor a restart goes on where it was, in the middle of a file too:
// nothing is missed, and little is heard twice.
func TestRestart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dir := t.TempDir()
		ids := fill(t, dir, 300)
		h := hear(t, dir, "", folder.Config{})
		h.next()
		h.stop()
		checkRestarts(t, h, dir, ids)
		h = hear(t, dir, h.cursor(), folder.Config{})
		for i := range 300 {
			add(t, dir, "e.jsonl", post(fmt.Sprint("new-", i)))
		}
		if got := len(strings.Fields(h.next())); got != 300 {
			t.Errorf("%d of what is new was heard", got)
		}
		h.stop()
		clear(ids)
		for _, e := range h.events {
			if e.Post != nil {
				ids[e.Post.ID] = true
			}
		}
		checkRestarts(t, h, dir, ids)
	})
}

// checkRestarts starts a source from every cursor that h has heard, who heard ids.
func checkRestarts(t *testing.T, h *hearing, dir string, ids map[string]bool) {
	cursors := 0
	seen := map[string]bool{}
	for _, e := range h.events {
		if e.Post != nil {
			seen[e.Post.ID] = true
		}
		if e.Cursor == "" {
			continue
		}
		cursors++
		again := hear(t, dir, e.Cursor, folder.Config{})
		rest := strings.Fields(again.heard() + " " + again.next())
		again.stop()
		all := maps.Clone(seen)
		for _, id := range rest {
			all[id] = true
		}
		if !maps.Equal(all, ids) || len(rest) != len(ids)-len(seen) {
			t.Fatalf("after %d posts a restart heard %d, in all %d of %d", len(seen), len(rest), len(all), len(ids))
		}
	}
	if want := len(ids) / 64; cursors < want {
		t.Errorf("%d cursors, want %d", cursors, want)
	}
}

// What changed while nobody listened is noticed, in files that had been read to
// the end or in part.
func TestChangedWhileAway(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dir := t.TempDir()
		write(t, dir, "a.ndjson", post(1)+post(2))
		write(t, dir, "b.csv", head+row(3))
		write(t, dir, "c.csv", head+row(4))
		write(t, dir, "d.ndjson", post(5)+post(6)[:9])
		h := hear(t, dir, "", folder.Config{})
		h.next()
		h.stop()
		write(t, dir, "a.ndjson", post(7))
		add(t, dir, "b.csv", row(8))
		os.Remove(filepath.Join(dir, "c.csv"))
		add(t, dir, "d.ndjson", post(6)[9:])
		h = hear(t, dir, h.cursor(), folder.Config{})
		if got := h.heard(); got != "7 6" {
			t.Errorf("heard %q", got)
		}
		h.want("3 8")
		if strings.Contains(h.cursor(), "c.csv") {
			t.Errorf("a file that is gone is remembered: %s", h.cursor())
		}
		h.stop()
	})
}

// A cursor is handed on when there is something to remember, not at every look.
func TestQuiet(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dir := t.TempDir()
		write(t, dir, "a.ndjson", post(1))
		h := hear(t, dir, "", folder.Config{})
		if e := h.events[len(h.events)-1]; e.Post != nil || e.Cursor == "" {
			t.Errorf("after a look: %+v", e)
		}
		h.heard()
		before := len(h.events)
		h.want("")
		h.want("")
		if signs := h.events[before:]; len(signs) != 2 || signs[0].Cursor != "" || signs[1].Cursor != "" {
			t.Errorf("two quiet looks: %+v", signs)
		}
		h.stop()
	})
}

// A network folder that is away looks empty, or is no folder at all. Neither
// makes its files new when it is back.
func TestAway(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dir := filepath.Join(t.TempDir(), "mount")
		os.Mkdir(dir, 0o755)
		write(t, dir, "a.ndjson", post(1))
		write(t, dir, "b.csv", head+row(2))
		h := hear(t, dir, "", folder.Config{})
		h.next()
		os.Rename(dir, dir+".away")
		os.Mkdir(dir, 0o755)
		h.want("")
		os.Remove(dir)
		os.Rename(dir+".away", dir)
		h.want("")
		os.Rename(dir, dir+".away")
		h.want("")
		if h.err == nil || !strings.Contains(h.err.Error(), dir) {
			t.Fatalf("without a folder it ended with %v", h.err)
		}
		os.Rename(dir+".away", dir)
		h = hear(t, dir, h.cursor(), folder.Config{})
		h.want("")
		h.stop()
	})
}

// Text that is no cursor of ours begins anew.
func TestGarbage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dir := t.TempDir()
		text := post(1) + post(2)
		write(t, dir, "a.ndjson", text)
		write(t, dir, "b.csv", head+row(3))
		h := hear(t, dir, "", folder.Config{})
		h.next()
		h.stop()
		other := strings.Replace(h.cursor(), `"version":1`, `"version":2`, 1)
		for _, cursor := range []string{other, "null", "x", "[]", "{}", `{"version":1,"files":null}`,
			`{"version":1,"files":{"a.ndjson":{"offset":-5,"lines":-1}}}`, `{"version":1,"files":{"a.ndjson":{"offset":5},"b.csv":{"at":"7@x"}}}`,
			`{"version":1,"files":{"a.ndjson":{"offset":9223372036854775807},"b.csv":{"offset":3}}}`, `{"version":1,"files":{"a.ndjson":7}}`,
			fmt.Sprintf(`{"version":1,"files":{"a.ndjson":{"offset":-5,"print":%d}}}`, xxhash.Sum64String(text+text))} {
			h := hear(t, dir, cursor, folder.Config{})
			if got := h.heard() + " " + h.next(); got != "1 2 3" {
				t.Errorf("from %s heard %q", cursor, got)
			}
			h.stop()
		}
	})
}

// Whatever a cursor says, the source works, and knows where it is afterwards.
func FuzzCursor(f *testing.F) {
	f.Add("null")
	f.Add(`{"version":1,"files":{"a.ndjson":{"size":150,"mod":7,"done":true,"offset":75,"lines":1,"print":99}}}`)
	f.Add(`{"version":1,"files":{"b.csv":{"size":55,"mod":7,"at":"1@0123456789abcdef"}}}`)
	f.Fuzz(func(t *testing.T, cursor string) {
		synctest.Test(t, func(t *testing.T) {
			dir := t.TempDir()
			write(t, dir, "a.ndjson", post(1)+post(2))
			write(t, dir, "b.csv", head+row(3))
			h := hear(t, dir, cursor, folder.Config{})
			if got := h.heard() + " " + h.next(); got != "1 2 3" {
				t.Errorf("heard %q", got) // no cursor can guess when the files were written
			}
			h.stop()
			h = hear(t, dir, h.cursor(), folder.Config{})
			h.want("")
			h.stop()
		})
	})
}
