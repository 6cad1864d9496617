package file_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"

	"outcry/ingest"
	"outcry/ingest/file"
)

const (
	ndjson = `{"id":"1","text":"WhatsApp is down","created_at":"2022-10-25T07:17:00Z"}
{"id":"2","text":"en panne ?","created_at":1666682221,"lang":"fr","source":"mastodon","about":"whatsapp"}
`
	csvText = "id,text,created_at,lang,source,about\r\n" +
		"1,WhatsApp is down,2022-10-25T07:17:00Z,,,\r\n" +
		"2,en panne ?,1666682221,fr,mastodon,whatsapp\r\n"
	twoPosts = "1|file|WhatsApp is down||\n2|mastodon|en panne ?|fr|whatsapp\n"
)

func TestForms(t *testing.T) {
	tsv := strings.ReplaceAll(csvText, ",", "\t")
	semicolons := strings.ReplaceAll(csvText, ",", ";")
	for _, c := range []struct {
		name string
		body []byte
		cfg  file.Config
		want string
	}{
		{"a.ndjson", []byte(ndjson), file.Config{}, twoPosts},
		{"a.JSONL", []byte(ndjson), file.Config{}, twoPosts},
		{"a.json", []byte("\ufeff" + ndjson), file.Config{}, twoPosts},
		{"a.ndjson.gz", gz(ndjson), file.Config{}, twoPosts},
		{"a.ndjson.zst", zst(ndjson), file.Config{}, twoPosts},
		{"two members.ndjson.gz", append(gz(ndjson[:30]), gz(ndjson[30:])...), file.Config{}, twoPosts},
		{"skippable first.ndjson.zst", append([]byte("\x50\x2a\x4d\x18\x01\x00\x00\x00x"), zst(ndjson)...), file.Config{}, twoPosts},
		{"no end of line.ndjson", []byte(strings.TrimSpace(ndjson)), file.Config{}, twoPosts},
		{"blank lines.ndjson", []byte("\n\r\n" + strings.ReplaceAll(ndjson, "\n", "\r\n \n")), file.Config{}, twoPosts},
		{"a.csv", []byte(csvText), file.Config{}, twoPosts},
		{"bom.csv", []byte("\ufeff" + csvText), file.Config{}, twoPosts},
		{"a.csv.gz", gz(csvText), file.Config{}, twoPosts},
		{"a.csv.zst", zst(csvText), file.Config{}, twoPosts},
		{"a.tsv", []byte(tsv), file.Config{}, twoPosts},
		{"a.tsv.gz", gz(tsv), file.Config{}, twoPosts},
		{"semicolons.csv", []byte(semicolons), file.Config{Comma: ';'}, twoPosts},
		{"arrows.csv", []byte(strings.ReplaceAll(csvText, ",", "→")), file.Config{Comma: '→'}, twoPosts},
		{"no extension", []byte(ndjson), file.Config{Format: "ndjson"}, twoPosts},
		{"unnamed gzip", gz(csvText), file.Config{Format: "CSV"}, twoPosts},
		{"wrong extension.csv", []byte(ndjson), file.Config{Format: "jsonl"}, twoPosts},
		{"source.ndjson", []byte(ndjson), file.Config{SourceName: "archive"}, strings.Replace(twoPosts, "file", "archive", 1)},
		{"empty.ndjson", nil, file.Config{}, ""},
		{"empty.csv", nil, file.Config{}, ""},
		{"empty.csv.gz", gz(""), file.Config{}, ""},
		{"empty.tsv.zst", zst(""), file.Config{}, ""},
		{"header.csv", []byte("id,text,created_at"), file.Config{}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.cfg.Path = write(t, c.name, c.body)
			src, got := read(t, c.cfg, "")
			if posts(got) != c.want {
				t.Errorf("got %q, want %q", posts(got), c.want)
			}
			if n := int64(strings.Count(c.want, "\n")); src.Lines() != n {
				t.Errorf("%d lines, want %d", src.Lines(), n)
			}
		})
	}
}

func TestStdin(t *testing.T) {
	for name, body := range map[string][]byte{"plain": []byte(csvText), "gzip": gz(csvText), "zstd": zst(csvText), "empty": nil} {
		total := int64(-1)
		cfg := file.Config{Path: "-", Format: "csv", Stdin: bytes.NewReader(body), Progress: func(_, n int64) { total = n }}
		_, got := read(t, cfg, "1@abc")
		want := twoPosts
		if body == nil {
			want = ""
		}
		if posts(got) != want || total != 0 {
			t.Errorf("%s: got %q, total %d", name, posts(got), total)
		}
		for _, e := range got {
			if e.Cursor != "" {
				t.Errorf("%s: standard input has cursor %q", name, e.Cursor)
			}
		}
	}
}

func TestMapping(t *testing.T) {
	body := "tweet_id,author_id,inbound,created_at,text,kind\n" +
		`119237,105834,True,Wed Oct 11 06:55:44 +0000 2017,"@AppleSupport causing the reply to be disregarded",x` + "\n"
	m, err := file.ParseMapping("id=tweet_id, author=author_id ,about=kind")
	if err != nil {
		t.Fatal(err)
	}
	_, got := read(t, file.Config{Path: write(t, "twcs.csv", []byte(body)), Mapping: m}, "")
	if want := "119237|file|@AppleSupport causing the reply to be disregarded||x\n"; posts(got) != want {
		t.Fatalf("got %q", posts(got))
	}
	if p := got[0].Post; p.Author != "105834" || p.CreatedAt.Unix() != 1507704944 {
		t.Errorf("got %+v", p)
	}
}

func TestConfigErrors(t *testing.T) {
	path := write(t, "a.csv", []byte("nr,body,when\n"))
	for _, c := range []struct {
		cfg  file.Config
		want []string
	}{
		{file.Config{}, []string{"no file"}},
		{file.Config{Path: path, SourceName: "My file"}, []string{"My file", "lower-case"}},
		{file.Config{Path: path + ".missing.csv"}, []string{"missing.csv", "no such file"}},
		{file.Config{Path: t.TempDir(), Format: "csv"}, []string{"is a folder"}},
		{file.Config{Path: "posts.xml"}, []string{"posts.xml", "ndjson, csv or tsv"}},
		{file.Config{Path: "posts.gz"}, []string{"posts.gz", "ndjson, csv or tsv"}},
		{file.Config{Path: "-"}, []string{"standard input", "ndjson, csv or tsv"}},
		{file.Config{Path: path, Format: "xml"}, []string{`"xml"`, "ndjson, csv or tsv"}},
		{file.Config{Path: path, Format: "ndjson", Mapping: file.Mapping{"id": "nr"}}, []string{"csv and tsv only"}},
		{file.Config{Path: path, Format: "ndjson", Comma: ';'}, []string{"csv and tsv only"}},
		{file.Config{Path: path, Comma: '"'}, []string{"cannot separate"}},
		{file.Config{Path: path, Mapping: file.Mapping{"txt": "body", "aa": "nr"}}, []string{"aa, txt", "created_at"}},
		{file.Config{Path: path}, []string{"a.csv", "text", "created_at", "nr, body, when"}},
		{
			file.Config{Path: path, Mapping: file.Mapping{"text": "body", "created_at": "when", "lang": "language"}},
			[]string{"a.csv", `"language"`, "nr, body, when"},
		},
		{file.Config{Path: write(t, "utf16.csv", []byte("\xff\xfei\x00d\x00"))}, []string{"UTF-16"}},
		{file.Config{Path: write(t, "zero.csv.gz", nil)}, []string{"zero.csv.gz", "compressed"}},
		{file.Config{Path: write(t, "plain.csv.zst", []byte(csvText))}, []string{"plain.csv.zst", "compressed"}},
		{file.Config{Path: write(t, "short.csv.gz", gz(csvText)[:5])}, []string{"short.csv.gz", "after 0 records", "EOF"}},
		{file.Config{Path: write(t, "open.csv", []byte("id,\"text,created_at\n1,2,3\n"))}, []string{"open.csv", "header", "not closed"}},
	} {
		_, err := file.New(c.cfg)
		if err == nil {
			t.Errorf("%+v: no error", c.cfg)
			continue
		}
		for _, want := range c.want {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%+v: error %q does not say %q", c.cfg, err, want)
			}
		}
	}
}

// posts shows the posts among events, one a line.
func posts(events []ingest.Event) string {
	var b strings.Builder
	for _, e := range events {
		if p := e.Post; p != nil {
			fmt.Fprintf(&b, "%s|%s|%s|%s|%s\n", p.ID, p.Source, p.Text, p.Lang, strings.Join(p.About, "+"))
		}
	}
	return b.String()
}

// refusals shows the refusals among events, one a line.
func refusals(events []ingest.Event) string {
	var b strings.Builder
	for _, e := range events {
		if r := e.Refusal; r != nil {
			fmt.Fprintf(&b, "%s %s %q\n", r.Position, r.Reason, r.Raw[:min(len(r.Raw), 40)])
		}
	}
	return b.String()
}

// read runs a source to its end, which must be a good one.
func read(t *testing.T, cfg file.Config, cursor string) (*file.Source, []ingest.Event) {
	t.Helper()
	src, err := file.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	got, err := run(t.Context(), src, cursor)
	if err != nil {
		t.Fatal(err)
	}
	return src, got
}

func run(ctx context.Context, src ingest.Source, cursor string) (got []ingest.Event, err error) {
	err = src.Run(ctx, cursor, func(e ingest.Event) error {
		got = append(got, e)
		return nil
	})
	return got, err
}

func write(t *testing.T, name string, body []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, body, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func gz(s string) []byte {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = w.Write([]byte(s))
	_ = w.Close()
	return b.Bytes()
}

func zst(s string) []byte {
	w, _ := zstd.NewWriter(nil)
	defer w.Close()
	return w.EncodeAll([]byte(s), nil)
}
