package folder_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"outcry/ingest"
	"outcry/ingest/file"
	"outcry/ingest/folder"
)

// Every form of file is read when it appears, and nothing that is no such file.
func TestFormats(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dir := t.TempDir()
		h := hear(t, dir, "", folder.Config{Mapping: file.Mapping{"text": "body"}, Comma: ';'})
		csv := "id;body;created_at\n"
		for name, text := range map[string]string{
			"a.ndjson": post("a"), "b.JSONL": post("b"), "c.json": post("c"), "d.csv": csv + strings.ReplaceAll(row("d"), ",", ";"),
			"e.tsv": strings.ReplaceAll(csv+row("e"), ";", "\t"), "f.ndjson.gz": gz(post("f")), "g.json.zst": zst(post("g")),
			".h.ndjson": post("h"), "i.ndjson.tmp": post("i"), "j.ndjson.part": post("j"), "k.csv.NEW": post("k"), "l.txt": post("l"), "m.gz": gz(post("m")),
			"n.csv.gz": gz(csv + "n;nothing works;1666682221\n"),
		} {
			write(t, dir, name, strings.ReplaceAll(text, "e,nothing works,", "e\tnothing works\t"))
		}
		os.Mkdir(filepath.Join(dir, "o.ndjson"), 0o755)
		write(t, filepath.Join(dir, "o.ndjson"), "p.ndjson", post("p"))
		h.want("a b c")
		h.want("d e f g n")
		h.want("")
		rename(t, dir, "j.ndjson.part", "j.ndjson")
		rename(t, dir, ".h.ndjson", "h.ndjson")
		h.want("h j")
		h.want("")
		if h.logs.Len() > 0 {
			t.Errorf("logged %s", &h.logs)
		}
		for _, e := range h.events {
			if !e.At.IsZero() || e.Heard != nil {
				t.Errorf("a folder cannot know what was said when: %+v", e)
			}
			if e.Post != nil && (e.Post.Source != "folder" || e.Post.Text != "nothing works" || !strings.HasPrefix(e.Position, e.Post.ID+".")) {
				t.Errorf("got %+v at %s", e.Post, e.Position)
			}
		}
		h.stop()
	})
}

func TestPatternAndFormat(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dir := t.TempDir()
		for _, name := range []string{"posts-1.log", "posts-2.log", "other.ndjson", "posts-3.log.part"} {
			write(t, dir, name, post(name))
		}
		write(t, dir, "posts-4.log", gz(post("packed"))) // by mistake
		write(t, dir, "posts-5.log.gz", gz(post("5")))
		h := hear(t, dir, "", folder.Config{Name: "logs", Pattern: "posts-*.log*", Format: "NDJSON"})
		if got := h.heard(); got != "posts-1.log posts-2.log" || h.events[0].Post.Source != "logs" {
			t.Errorf("heard %q", got)
		}
		h.want("5")
		if got := h.logs.String(); strings.Count(got, "\n") != 1 || !strings.Contains(got, "file=posts-4.log") || !strings.Contains(got, ".gz") {
			t.Errorf("logged %s", got)
		}
		h.stop()
		h = hear(t, dir, "", folder.Config{Pattern: "posts-1*"})
		if h.want(""); !strings.Contains(h.logs.String(), "choose ndjson, csv or tsv") {
			t.Errorf("a file of unknown format was met with %q", &h.logs)
		}
		h.stop()
	})
}

// What cannot be followed is not read while it is being written.
func TestSettle(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dir := t.TempDir()
		h := hear(t, dir, "", folder.Config{Settle: 3 * pause})
		packed := gz(post("z"))
		add(t, dir, "a.csv", head+row(1)+"2,noth")
		add(t, dir, "b.ndjson.gz", packed[:9])
		h.want("")
		h.want("")
		h.want("")
		add(t, dir, "a.csv", "ing works,1666682221\n"+row(3))
		add(t, dir, "b.ndjson.gz", packed[9:])
		h.want("")
		h.want("")
		h.want("")
		h.want("1 2 3 z")
		add(t, dir, "a.csv", row(4)) // changed: all of it is read again
		h.want("")
		h.want("")
		h.want("")
		h.want("1 2 3 4")
		h.want("")
		if h.logs.Len() > 0 {
			t.Errorf("logged %s", &h.logs)
		}
		h.stop()
	})
}

// A file of the same size and beginning is not the same if it has another time.
func TestRewritten(t *testing.T) {
	const rows = 5000
	synctest.Test(t, func(t *testing.T) {
		dir := t.TempDir()
		body := head + strings.Repeat(row(1), rows)
		write(t, dir, "a.csv", body+row(2))
		h := hear(t, dir, "", folder.Config{})
		h.next()
		write(t, dir, "a.csv", body+row(3))
		os.Chtimes(filepath.Join(dir, "a.csv"), time.Time{}, time.Now())
		h.want("")
		if got := strings.Fields(h.next()); len(got) != rows+1 || got[rows] != "3" {
			t.Errorf("heard %d posts", len(got))
		}
		h.want("")
		h.stop()
	})
}

// A file that changes while it is read is read again.
func TestChangedMeanwhile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dir := t.TempDir()
		write(t, dir, "a.csv", head+row(1)+row(2))
		h := hear(t, dir, "", folder.Config{})
		h.on = func(e ingest.Event) {
			if e.Post != nil && e.Post.ID == "2" {
				add(t, dir, "a.csv", row(3))
			}
		}
		h.want("1 2 3")
		h.on = nil
		h.want("")
		h.want("1 2 3")
		h.want("")
		h.stop()
	})
}

// Links are followed; a pipe is left alone, for it could last for ever.
func TestLinks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dir, other := t.TempDir(), t.TempDir()
		write(t, other, "far.ndjson", post("far"))
		os.Symlink(filepath.Join(other, "far.ndjson"), filepath.Join(dir, "a.ndjson"))
		os.Symlink(filepath.Join(other, "none.ndjson"), filepath.Join(dir, "b.ndjson"))
		os.Symlink(other, filepath.Join(dir, "c.ndjson"))
		os.Symlink("/dev/zero", filepath.Join(dir, "d.csv"))
		h := hear(t, dir, "", folder.Config{})
		if got := h.heard(); got != "far" || h.logs.Len() > 0 {
			t.Errorf("heard %q, logged %s", got, &h.logs)
		}
		h.want("")
		add(t, other, "far.ndjson", post("more"))
		h.want("more")
		os.Symlink("e.ndjson", filepath.Join(dir, "e.ndjson"))
		h.want("")
		h.want("")
		if n := h.logged()["e.ndjson"]; n != 1 {
			t.Errorf("a link to itself was logged %d times", n)
		}
		h.stop()
	})
}
