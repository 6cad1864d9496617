package file_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"outcry/ingest/file"
)

func TestParseMapping(t *testing.T) {
	for in, want := range map[string]string{
		"":                           "map[]",
		" ":                          "map[]",
		"id=tweet_id,text=full text": "map[id:tweet_id text:full text]",
		" id = a=b , about=ü":        "map[about:ü id:a=b]",
	} {
		if m, err := file.ParseMapping(in); err != nil || fmt.Sprint(map[string]string(m)) != want {
			t.Errorf("%q: got %v, %v", in, m, err)
		}
	}
	for in, want := range map[string]string{
		"id":             `"id": want field=column`,
		"id=":            `"id=": want field=column`,
		"=x":             "want field=column",
		"id=a,,text=b":   `"": want field=column`,
		"id=a,id=b":      "id is mapped twice",
		"body=a,zzz=b":   "unknown field body, zzz: choose from id, text, created_at",
		"id=a,user=name": "unknown field user",
	} {
		if m, err := file.ParseMapping(in); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, %v; want %q", in, m, err, want)
		}
	}
}

func FuzzParseMapping(f *testing.F) {
	f.Add("id=tweet_id,text=text")
	f.Add("id==,about= =")
	f.Fuzz(func(t *testing.T, s string) {
		m, err := file.ParseMapping(s)
		if err != nil {
			return
		}
		var pairs []string
		for field, column := range m {
			pairs = append(pairs, field+"="+column)
		}
		again, err := file.ParseMapping(strings.Join(pairs, ","))
		if err != nil || fmt.Sprint(again) != fmt.Sprint(m) {
			t.Fatalf("%v reads back as %v, %v", m, again, err)
		}
	})
}

// Whatever the bytes: no panic, no error, and nothing lost without a word.
func FuzzCSV(f *testing.F) {
	f.Add([]byte("1,\"a\nb\",1666682221\n2,\"open,1666682221\n3,\"x \"y\" z\",1"), false)
	f.Add([]byte("1\t\"a\t1666682221\r\n\r\n\"\"\t\"\"\t\"\""), true)
	f.Fuzz(func(t *testing.T, body []byte, tabs bool) {
		cfg, head := file.Config{Path: "-", Format: "csv"}, "id,text,created_at\n"
		if tabs {
			cfg.Format, head = "tsv", "id\ttext\tcreated_at\n"
		}
		all := append([]byte(head), body...)
		cfg.Stdin = bytes.NewReader(all)
		_, got := read(t, cfg, "")
		filled := 0
		for l := range bytes.SplitSeq(body, []byte("\n")) {
			if len(bytes.TrimSpace(l)) > 0 {
				filled++
			}
		}
		if len(got) > filled || filled > 0 && len(got) == 0 {
			t.Fatalf("%d events from %d lines", len(got), filled)
		}
	})
}

// What encoding/csv writes reads back the same.
func FuzzCSVRoundTrip(f *testing.F) {
	f.Add("1", "a \"quoted\"\nline, and more")
	f.Add("\ufeff1", "\"")
	f.Fuzz(func(t *testing.T, id, text string) {
		if strings.TrimSpace(id) == "" || strings.TrimSpace(text) == "" || strings.Contains(id+text, "\r") ||
			!utf8.ValidString(id) || !utf8.ValidString(text) || strings.Count(id+text, "\n") > 900 {
			t.Skip()
		}
		var b bytes.Buffer
		w := csv.NewWriter(&b)
		_ = w.WriteAll([][]string{{"id", "text", "created_at"}, {id, text, "1666682221"}, {"2", "after", "1666682221"}})
		_, got := read(t, file.Config{Path: "-", Format: "csv", Stdin: &b}, "")
		want := fmt.Sprintf("%s|file|%s||\n2|file|after||\n", strings.TrimSpace(id), text)
		if posts(got) != want {
			t.Fatalf("got %q, want %q; %s", posts(got), want, refusals(got))
		}
	})
}
