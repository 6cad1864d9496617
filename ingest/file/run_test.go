package file_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"outcry/ingest"
	"outcry/ingest/file"
)

// Bad records are refused where they stand, and reading goes on.
func TestRefusals(t *testing.T) {
	const head = "id,text,created_at\n"
	for name, c := range map[string]struct{ path, body, posts, refusals string }{
		"json": {
			"a.ndjson", `{"id":"1","text":"a","created_at":1666682221}` + "\n\nnot json\n" + "{\"text\":\"\xff\"}\n" +
				`{"id":"2","text":"b","created_at":1666682221}` + "\n" + `{"id":"3","text":"b"}` + "\n{\"id\":",
			"1|file|a||\n2|file|b||\n",
			"a.ndjson:3 not_json \"not json\"\n" + `a.ndjson:4 invalid_utf8 "{\"text\":\"\xff\"}"` + "\n" +
				`a.ndjson:6 no_time "{\"id\":\"3\",\"text\":\"b\"}"` + "\n" + `a.ndjson:7 not_json "{\"id\":"` + "\n",
		},
		"columns": {
			"a.csv", head + "1,a,1666682221\n2,b\n3,c,1666682221,d\n4,d,never\n5,,1666682221\n6,\xff,1\n7,e,1666682221\n",
			"1|file|a||\n7|file|e||\n",
			"a.csv:3 not_csv \"2,b\"\na.csv:4 not_csv \"3,c,1666682221,d\"\na.csv:5 bad_time \"4,d,never\"\n" +
				"a.csv:6 no_text \"5,,1666682221\"\n" + `a.csv:7 invalid_utf8 "6,\xff,1"` + "\n",
		},
		"several lines": {
			"a.csv", head + "1,\"one\r\ntwo\n\nthree, \"\"four\"\"\",1666682221\n2,b,1666682221\n3,c\n",
			"1|file|one\ntwo\n\nthree, \"four\"||\n2|file|b||\n",
			"a.csv:7 not_csv \"3,c\"\n",
		},
		"lone quotes": {
			"a.csv", head + `1,"he said "hi" to me",1666682221` + "\n" + `2,5" screen,1666682221` + "\n",
			"1|file|he said \"hi\" to me||\n2|file|5\" screen||\n", "",
		},
		"quote left open before a quoted record": {
			"a.csv", head + "1,\"a,1666682221\n2,\"b\",1666682221\n3,c,1666682221\n",
			"2|file|b||\n3|file|c||\n",
			`a.csv:2 not_csv "1,\"a,1666682221"` + "\n",
		},
		"quote left open to the end": {
			"a.csv", head + "1,\"a,1666682221\n2,b,1666682221\n\n3,c,1666682221",
			"2|file|b||\n3|file|c||\n",
			`a.csv:2 not_csv "1,\"a,1666682221"` + "\n",
		},
		"lone quote, then one left open": {
			"a.csv", head + "1,\"a \"b\" c,1666682221\n2,b,1666682221\n",
			"2|file|b||\n",
			`a.csv:2 not_csv "1,\"a \"b\" c,1666682221"` + "\n",
		},
		"tabs without quoting": {
			"a.tsv", strings.ReplaceAll(head, ",", "\t") + "1\t\"Quote\" he said\t1666682221\n2\t\"open\t1666682221\n3\t\"several\nlines\"\t1666682221\n",
			"1|file|\"Quote\" he said||\n2|file|\"open||\n3|file|several\nlines||\n", "",
		},
		"deletions": {
			"a.csv", "id,text,created_at,deleted\n1,,,true\n2,b,1666682221,FALSE\n3,c,1666682221,\n,,,1\n4,d,1666682221,perhaps\n",
			"1|file|||\n2|file|b||\n3|file|c||\n",
			"a.csv:5 bad_id \",,,1\"\na.csv:6 not_csv \"4,d,1666682221,perhaps\"\n",
		},
		"lists": {
			"a.csv", "id,text,created_at,about\n1,a,1666682221,SFR; Free|;@orange\n",
			"1|file|a||SFR+Free+@orange\n", "",
		},
		"case and spaces in the header": {"a.csv", "ID, Text,CREATED_AT\n1,a,1666682221\n", "1|file|a||\n", ""},
	} {
		t.Run(name, func(t *testing.T) {
			src, got := read(t, file.Config{Path: write(t, c.path, []byte(c.body))}, "")
			if posts(got) != c.posts {
				t.Errorf("posts %q, want %q", posts(got), c.posts)
			}
			if refusals(got) != c.refusals {
				t.Errorf("refusals %q, want %q", refusals(got), c.refusals)
			}
			if src.Lines() != int64(len(got)) {
				t.Errorf("%d lines, %d events", src.Lines(), len(got))
			}
		})
	}
}

func TestLongLines(t *testing.T) {
	const max = 4 << 20
	post := func(id string, size int) string {
		s := fmt.Sprintf(`{"id":%q,"created_at":1666682221,"text":"`, id)
		return s + strings.Repeat("x", size-len(s)-2) + "\"}"
	}
	body := post("1", max) + "\n" + post("2", max+1) + "\r\n" + post("3", 100) + "\n" + post("4", max) + "\r\n" + post("5", 3*max)
	_, got := read(t, file.Config{Path: write(t, "a.ndjson", []byte(body))}, "")
	var ids []string
	for _, e := range got {
		if e.Post != nil {
			ids = append(ids, e.Post.ID)
			continue
		}
		if r := e.Refusal; r.Reason != ingest.LineTooLong || len(r.Raw) != 64<<10 {
			t.Errorf("%s with %d bytes kept", r.Reason, len(r.Raw))
		}
		ids = append(ids, e.Refusal.Position)
	}
	if s := strings.Join(ids, " "); s != "1 a.ndjson:2 3 4 a.ndjson:5" {
		t.Errorf("got %s", s)
	}
}

// A quote that is never closed must cost its own line only, also where all
// that follows is larger than a record may be.
func TestOpenQuoteInLargeFile(t *testing.T) {
	var body strings.Builder
	body.WriteString("id,text,created_at\n0,\"open,1666682221\n")
	long := strings.Repeat("x", 40_000)
	for i := range 200 {
		fmt.Fprintf(&body, "%d,%s,1666682221\n", i+1, long)
	}
	fmt.Fprintf(&body, "201,%s%s,1666682221\n202,short,1666682221\n", strings.Repeat(long, 60), strings.Repeat(long, 60))
	_, got := read(t, file.Config{Path: write(t, "a.csv", []byte(body.String()))}, "")
	if len(got) != 203 || got[0].Refusal == nil || got[201].Refusal == nil || got[202].Post == nil || got[200].Post == nil {
		t.Fatalf("%d events, refused: %.300s", len(got), refusals(got))
	}
	if r := got[201].Refusal; r.Reason != ingest.LineTooLong || r.Position != "a.csv:203" {
		t.Errorf("got %v", r.Reason)
	}
}

func TestBrokenFiles(t *testing.T) {
	var long strings.Builder
	for i := range 20_000 {
		fmt.Fprintf(&long, `{"id":"%d","text":"text %x","created_at":1666682221}`+"\n", i, i*7919)
	}
	for name, body := range map[string][]byte{"a.ndjson.gz": gz(long.String()), "a.ndjson.zst": zst(long.String())} {
		src, err := file.New(file.Config{Path: write(t, name, body[:len(body)*3/4])})
		if err != nil {
			t.Fatal(err)
		}
		got, err := run(t.Context(), src, "")
		want := fmt.Sprintf("read %s: after %d records", name, len(got))
		if err == nil || !strings.HasPrefix(err.Error(), want) || !errors.Is(err, io.ErrUnexpectedEOF) || len(got) < 1000 {
			t.Errorf("error %v; want %q", err, want)
		}
	}
	broken := io.MultiReader(strings.NewReader(ndjson+`{"id"`), readerFunc(func([]byte) (int, error) { return 0, errors.New("disk gone") }))
	src, _ := file.New(file.Config{Path: "-", Format: "ndjson", Stdin: broken})
	if got, err := run(t.Context(), src, ""); len(got) != 2 || err == nil || err.Error() != "read stdin: after 2 records: disk gone" {
		t.Errorf("%d events, %v", len(got), err)
	}
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

func TestCursor(t *testing.T) {
	for name, body := range map[string]string{
		"a.ndjson": ndjson + "bad\n\n" + strings.ReplaceAll(ndjson, `"id":"`, `"id":"1`),
		"a.csv":    csvText + "bad\n" + "11,\"WhatsApp\nis down\",1666682221,,,\n12,en panne,1666682221,,,\n",
	} {
		cfg := file.Config{Path: write(t, name, []byte(body))}
		_, all := read(t, cfg, "")
		if len(all) != 5 {
			t.Fatalf("%d events", len(all))
		}
		for i, e := range all {
			src, rest := read(t, cfg, e.Cursor)
			if len(rest) != 4-i || src.Lines() != 5 {
				t.Errorf("%s: after cursor %q come %d events, want %d; %d lines", name, e.Cursor, len(rest), 4-i, src.Lines())
			}
			if len(rest) > 0 && rest[0].Cursor != all[i+1].Cursor {
				t.Errorf("%s: cursor %q after %q", name, rest[0].Cursor, e.Cursor)
			}
		}
		last := all[4].Cursor
		if err := os.WriteFile(cfg.Path, []byte(body+body[strings.LastIndexByte(body[:len(body)-1], '\n')+1:]), 0o600); err != nil {
			t.Fatal(err)
		}
		for _, cursor := range []string{last, "5", "x@y", "@", "-1" + last[1:], "9999@"} {
			if _, got := read(t, cfg, cursor); len(got) != 6 {
				t.Errorf("%s: changed file, cursor %q: %d events, want all", name, cursor, len(got))
			}
		}
	}
}

func TestEndings(t *testing.T) {
	src, _ := file.New(file.Config{Path: write(t, "a.ndjson", []byte(ndjson))})
	full := errors.New("queue gone")
	if err := src.Run(t.Context(), "", func(ingest.Event) error { return full }); err != full {
		t.Errorf("emit's error became %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	n := 0
	err := src.Run(ctx, "", func(ingest.Event) error { n++; cancel(); return nil })
	if !errors.Is(err, context.Canceled) || n != 1 {
		t.Errorf("%d events after ctx ended, %v", n, err)
	}
}

// Nobody types: the end of ctx must still end the run.
func TestIdleStdin(t *testing.T) {
	in, feed := io.Pipe()
	defer feed.Close()
	src, _ := file.New(file.Config{Path: "-", Format: "ndjson", Stdin: in})
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if _, err := run(ctx, src, ""); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
}

func TestProgress(t *testing.T) {
	body := gz(strings.Repeat(ndjson, 50_000))
	var calls, last, total int64
	began := time.Now()
	cfg := file.Config{Path: write(t, "a.ndjson.gz", body), Progress: func(read, of int64) {
		if read < last {
			t.Errorf("progress went back from %d to %d", last, read)
		}
		calls, last, total = calls+1, read, of
	}}
	src, _ := read(t, cfg, "")
	if last != int64(len(body)) || total != int64(len(body)) || src.Lines() != 100_000 {
		t.Errorf("ended at %d of %d bytes, %d lines", last, total, src.Lines())
	}
	if limit := 2 + int64(time.Since(began)/(100*time.Millisecond)); calls > limit {
		t.Errorf("%d calls, want at most %d", calls, limit)
	}
}

func BenchmarkRead(b *testing.B) {
	line := `{"id":"%d","source":"bluesky-sim","text":"WhatsApp is down again, nothing goes through","lang":"en","author":"a-17","created_at":"2022-10-25T07:17:01.250Z"}` + "\n"
	var body bytes.Buffer
	for i := range 100_000 {
		fmt.Fprintf(&body, line, i)
	}
	for name, data := range map[string][]byte{"a.ndjson": body.Bytes(), "a.ndjson.gz": gz(body.String()), "a.ndjson.zst": zst(body.String())} {
		path := b.TempDir() + "/" + name
		if err := os.WriteFile(path, data, 0o600); err != nil {
			b.Fatal(err)
		}
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			n := 0
			for b.Loop() {
				src, err := file.New(file.Config{Path: path})
				if err == nil {
					err = src.Run(b.Context(), "", func(ingest.Event) error { n++; return nil })
				}
				if err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "posts/s")
		})
	}
}
