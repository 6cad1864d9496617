package folder_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"outcry/ingest"
	"outcry/ingest/folder"
)

// A file that grows is followed by whole lines.
func TestFollow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dir := t.TempDir()
		h := hear(t, dir, "", folder.Config{})
		for _, step := range []struct{ add, want string }{
			{"", ""},
			{"\ufeff" + post(1)[:20], ""},
			{post(1)[20:] + post(2) + "\r\n \n" + post(3)[:1], "1 2"},
			{post(3)[1:30], ""},
			{post(3)[30:], "3"},
			{strings.TrimSpace(post(4)), "4"}, // whole without an end
			{"\n", ""},
			{post(5) + "not json\n" + post(6), "5 !a.ndjson:8 6"},
			{`{"id":"x"}`, "!a.ndjson:10"},
			{"\r\n" + strings.ReplaceAll(post(7), "\n", "\r\n"), "7"},
			{"{\"text\":\"\xff\"}\n", "!a.ndjson:12"},
			{"123", ""}, // could be the beginning of anything
			{"\n", "!a.ndjson:13"},
		} {
			add(t, dir, "a.ndjson", step.add)
			if got := h.next(); got != step.want {
				t.Errorf("after %q heard %q, want %q", step.add, got, step.want)
			}
		}
		if h.logs.Len() > 0 {
			t.Errorf("logged %s", &h.logs)
		}
		h.stop()
	})
}

// A line that is too long is refused when it ends, and costs no more than itself.
func TestLongLines(t *testing.T) {
	const most = 4 << 20
	synctest.Test(t, func(t *testing.T) {
		dir := t.TempDir()
		sized := func(id, size int) string {
			line := strings.TrimSpace(post(id))
			return line[:len(line)-1] + strings.Repeat(" ", size-len(line)) + "}"
		}
		h := hear(t, dir, "", folder.Config{})
		add(t, dir, "a.ndjson", sized(1, most)+"\r\n"+sized(2, most+1)+"\n"+sized(3, most+3)+"\r\n"+post(4)+sized(5, 2*most))
		h.want("1 !a.ndjson:2 !a.ndjson:3 4")
		add(t, dir, "a.ndjson", "\n"+post(6))
		h.want("!a.ndjson:5 6")
		for _, e := range h.events {
			if r := e.Refusal; r != nil && (r.Reason != ingest.LineTooLong || len(r.Raw) != 64<<10) {
				t.Errorf("%s with %d bytes kept", r.Reason, len(r.Raw))
			}
		}
		h.stop()
	})
}

// A file that is no longer the one that was read is read from its beginning.
func TestReplaced(t *testing.T) {
	same := strings.Repeat(post("s"), 100) // more than what is looked at of a beginning
	for name, c := range map[string]struct{ before, after, want string }{
		"truncated":              {post(1) + post(2), post(3), "3"},
		"emptied and grown":      {post(1) + post(2), post(3) + post(4) + post(5), "3 4 5"},
		"of the same size":       {post(1) + post(2), post(3) + post(4), "3 4"},
		"with the same begin":    {same + post(1) + post(2), same + post(3) + post(4) + post(5), strings.Repeat("s ", 100) + "3 4 5"},
		"with another begin":     {post(1) + same, post(2) + same + post(3), "2 " + strings.Repeat("s ", 100) + "3"},
		"changed within":         {same + post(1) + same, same + post(2) + same, strings.Repeat("s ", 100) + "2" + strings.Repeat(" s", 100)},
		"grown, the same within": {same + post(1), same + post(1) + post(2), "2"},
	} {
		for _, way := range []string{"rewritten", "renamed"} {
			t.Run(name+" "+way, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					dir := t.TempDir()
					write(t, dir, "a.ndjson", c.before)
					h := hear(t, dir, "", folder.Config{})
					h.heard()
					if way == "renamed" {
						write(t, dir, "b.tmp", c.after)
						rename(t, dir, "b.tmp", "a.ndjson")
					} else {
						write(t, dir, "a.ndjson", c.after)
					}
					// The clock of the file system is too coarse for a test.
					os.Chtimes(filepath.Join(dir, "a.ndjson"), time.Time{}, time.Now())
					h.want(c.want)
					h.want("")
					h.stop()
				})
			})
		}
	}
}

// A file that is emptied is not what it was, even before it has grown again.
func TestEmptied(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dir := t.TempDir()
		write(t, dir, "a.ndjson", post(1))
		h := hear(t, dir, "", folder.Config{})
		h.heard()
		write(t, dir, "a.ndjson", "")
		h.want("")
		write(t, dir, "a.ndjson", post(1)+post(2))
		h.want("1 2")
		h.stop()
	})
}

// Many files that are written at once are all followed.
func TestFollowMany(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dir := t.TempDir()
		h := hear(t, dir, "", folder.Config{})
		seen := map[string]int{}
		for i := range 50 {
			for f := range 7 {
				text := post(fmt.Sprint(f, "-", 2*i)) + post(fmt.Sprint(f, "-", 2*i+1))
				cut := (i*13 + f*29) % len(text)
				add(t, dir, fmt.Sprint(f, ".ndjson"), text[:cut])
				for _, id := range strings.Fields(h.next()) {
					seen[id]++
				}
				add(t, dir, fmt.Sprint(f, ".ndjson"), text[cut:])
			}
		}
		for _, id := range strings.Fields(h.next()) {
			seen[id]++
		}
		for f := range 7 {
			for i := range 100 {
				if n := seen[fmt.Sprint(f, "-", i)]; n != 1 {
					t.Errorf("post %d-%d was heard %d times", f, i, n)
				}
			}
		}
		h.stop()
	})
}
