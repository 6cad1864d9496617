package ingest_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"outcry/ingest"
)

var noon = time.Date(2017, 10, 31, 22, 10, 47, 0, time.UTC)

func TestParseTime(t *testing.T) {
	frac := func(d time.Duration) time.Time { return noon.Add(d) }
	for in, want := range map[string]time.Time{
		"2017-10-31T22:10:47Z":            noon,
		" 2017-10-31T22:10:47Z\n":         noon,
		"2017-10-31T23:10:47+01:00":       noon,
		"2017-10-31 18:10:47-04:00":       noon,
		"2017-11-01T03:55:47.25+05:45":    frac(250 * time.Millisecond),
		"2017-10-31 22:10:47.123456Z":     frac(123456 * time.Microsecond),
		"2017-10-31T22:10:47.123456789Z":  frac(123456789),
		"2017-10-31 22:10:47":             noon,
		"2017-10-31T22:10:47.5":           frac(500 * time.Millisecond),
		"2017-10-31T22:10:47+0000":        noon,
		"2017-10-31 23:10:47 +0100":       noon,
		"2017-10-31 23:10:47 +01:00":      noon,
		"2017-10-31 22:10:47 UTC":         noon,
		"Tue Oct 31 22:10:47 +0000 2017":  noon,
		"Tue Oct 31 19:10:47 -0300 2017":  noon,
		"Tue, 31 Oct 2017 23:10:47 +0100": noon,
		"Tue, 31 Oct 2017 22:10:47 GMT":   noon,
		"Tue, 31 Oct 2017 22:10:47 UTC":   noon,
		"1509487847":                      noon,
		"1509487847.5":                    frac(500 * time.Millisecond),
		"1.509487847e9":                   noon,
		"1509487847250":                   frac(250 * time.Millisecond),
		"1509487847123456":                frac(123456 * time.Microsecond),
		"1509487847123.5":                 frac(123500 * time.Microsecond),
		"0":                               time.Unix(0, 0),
		"-1":                              time.Unix(-1, 0),
	} {
		got, err := ingest.ParseTime(in)
		if err != nil || !got.Equal(want) || got.Location() != time.UTC {
			t.Errorf("%q: got %v, %v; want %v", in, got, err, want)
		}
	}
}

func TestParseTimeRefuses(t *testing.T) {
	for _, in := range []string{
		"", "yesterday", "31/10/2017", "2017-13-01T00:00:00Z", "2017-02-30 10:00:00", "NaN", "Inf", "0x1p3", "1e400", "1e18",
		"-9223372036854775808", "9223372036854775807", "Tue, 31 Oct 2017 23:10:47 CET", strings.Repeat("é", 200),
	} {
		got, err := ingest.ParseTime(in)
		if err == nil {
			t.Errorf("%q: read as %v", in, got)
			continue
		}
		if !strings.Contains(err.Error(), "RFC 3339") || len(err.Error()) > 300 || !utf8.ValidString(err.Error()) {
			t.Errorf("%q: error %q", in, err)
		}
	}
	if _, err := ingest.ParseTime("yesterday"); !strings.Contains(err.Error(), `"yesterday"`) {
		t.Errorf("the error does not name the value: %v", err)
	}
}

func TestDecodePost(t *testing.T) {
	defaults := ingest.Post{ID: "never", Source: "file", Lang: "fr", Text: "never", Deleted: true}
	base := ingest.Post{ID: "7", Source: "file", Lang: "fr", Text: "hi", CreatedAt: noon}
	with := func(change func(*ingest.Post)) ingest.Post { p := base; change(&p); return p }
	const at = `"created_at":"2017-10-31T22:10:47Z"`
	for in, want := range map[string]ingest.Post{
		`{"id":"7","text":"hi",` + at + `}`:                                 base,
		"\t{\"id\":\"7\",\"text\":\"hi\"," + at + "} \r":                    base,
		`{"id":7,"text":"hi","created_at":1509487847}`:                      base,
		`{"id":"7","text":"hi","extra":{"a":[1]},` + at + `}`:               base,
		`{"id":"7","text":"hi","lang":null,"author":null,` + at + `}`:       base,
		`{"id":"7","text":"hi","lang":"","about":"",` + at + `}`:            base,
		`{"id":"7","text":"hi","source":"mastodon","lang":"de",` + at + `}`: with(func(p *ingest.Post) { p.Source, p.Lang = "mastodon", "de" }),
		`{"id":"7","text":"hi","about":"SFR",` + at + `}`:                   with(func(p *ingest.Post) { p.About = []string{"SFR"} }),
		`{"id":"7","text":"hi","about":["SFR","Free"],` + at + `}`:          with(func(p *ingest.Post) { p.About = []string{"SFR", "Free"} }),
		`{"id":9223372036854775808123,"text":"hi",` + at + `}`:              with(func(p *ingest.Post) { p.ID = "9223372036854775808123" }),
		`{"id":"7","text":"hi","author":12,` + at + `}`:                     with(func(p *ingest.Post) { p.Author = "12" }),
		`{"id":"7","text":"h\u00e9 \ud83d\ude00",` + at + `}`:               with(func(p *ingest.Post) { p.Text = "hé 😀" }),
		`{"id":"7","deleted":true}`:                                         {ID: "7", Source: "file", Deleted: true},
		`{"id":"7","deleted":true,"text":"x","created_at":"bad"}`:           {ID: "7", Source: "file", Deleted: true},
	} {
		got, refusal := ingest.DecodePost([]byte(in), defaults)
		if refusal != nil {
			t.Errorf("%s: refused: %v", in, refusal)
			continue
		}
		if !equal(got, want) {
			t.Errorf("%s: got %+v, want %+v", in, got, want)
		}
	}
}

func equal(a, b ingest.Post) bool {
	x, _ := json.Marshal(a)
	y, _ := json.Marshal(b)
	return string(x) == string(y)
}

func TestDecodePostRefuses(t *testing.T) {
	const at = `"created_at":"2017-10-31T22:10:47Z"`
	for _, c := range []struct {
		in     string
		reason ingest.Reason
		detail string
	}{
		{"", ingest.NotJSON, "object"},
		{"null", ingest.NotJSON, "object"},
		{"[1]", ingest.NotJSON, "object"},
		{`"text"`, ingest.NotJSON, "object"},
		{`{"id":"7"`, ingest.NotJSON, "end"},
		{`{"id":"7"} {}`, ingest.NotJSON, "after"},
		{`{"id":{},"text":"hi",` + at + `}`, ingest.NotJSON, "id: unexpected JSON object"},
		{`{"id":true,"text":"hi",` + at + `}`, ingest.NotJSON, "id: unexpected JSON bool"},
		{`{"id":"7","text":["hi"],` + at + `}`, ingest.NotJSON, "text: unexpected JSON array"},
		{`{"id":"7","text":"hi","about":[1],` + at + `}`, ingest.NotJSON, "about"},
		{`{"id":"7","text":"hi","about":1,` + at + `}`, ingest.NotJSON, "about: unexpected JSON number"},
		{`{"id":"7","text":"hi","deleted":"yes",` + at + `}`, ingest.NotJSON, "deleted"},
		{`{"id":"7","text":"hi","created_at":[]}`, ingest.NotJSON, "created_at"},
		{`{"deleted":true}`, ingest.BadID, "id"},
		{`{"id":"7","text":"hi"}`, ingest.NoTime, "created_at"},
		{`{"id":"7","text":"hi","created_at":null}`, ingest.NoTime, "created_at"},
		{`{"id":"7","text":"hi","created_at":" "}`, ingest.NoTime, "created_at"},
		{`{"id":"7","text":"hi","created_at":"soon"}`, ingest.BadTime, `"soon"`},
		{`{"id":"7",` + at + `}`, ingest.NoText, "text"},
		{`{"id":"7","text":" \n\u00a0",` + at + `}`, ingest.NoText, "text"},
		{"{\"id\":\"7\",\"text\":\"h\xe9\"," + at + `}`, ingest.InvalidUTF8, "UTF-8"},
	} {
		line := []byte(c.in)
		_, refusal := ingest.DecodePost(line, ingest.Post{Source: "file"})
		if refusal == nil {
			t.Errorf("%s: accepted", c.in)
			continue
		}
		if refusal.Reason != c.reason || !strings.Contains(refusal.Detail, c.detail) || string(refusal.Raw) != c.in {
			t.Errorf("%s: refused as %s, %q, raw %q; want %s, %q", c.in, refusal.Reason, refusal.Detail, refusal.Raw, c.reason, c.detail)
		}
		if len(line) > 0 {
			line[0] = 'x'
			if string(refusal.Raw) != c.in {
				t.Errorf("%s: the refusal shares the line's memory", c.in)
			}
		}
	}
}

func TestDefaultTime(t *testing.T) {
	p, refusal := ingest.DecodePost([]byte(`{"text":"hi"}`), ingest.Post{CreatedAt: noon})
	if refusal != nil || !p.CreatedAt.Equal(noon) {
		t.Errorf("got %v, %v", p, refusal)
	}
}

func FuzzDecodePost(f *testing.F) {
	f.Add([]byte(`{"id":7,"text":"hi","about":"SFR","created_at":"Tue Oct 31 22:10:47 +0000 2017"}`))
	f.Add([]byte(`{"id":"x","deleted":true}`))
	f.Add([]byte(`{"text":"\ud800","created_at":1e9}`))
	f.Fuzz(func(t *testing.T, line []byte) {
		p, refusal := ingest.DecodePost(line, ingest.Post{Source: "file"})
		if refusal != nil {
			if refusal.Reason == "" || refusal.Detail == "" || string(refusal.Raw) != string(line) {
				t.Fatalf("refusal %+v", refusal)
			}
			return
		}
		if p.Source == "" || p.Deleted == (p.Text != "") || !utf8.ValidString(p.Text) {
			t.Fatalf("post %+v", p)
		}
		if p.CreatedAt.Year() < 0 || p.CreatedAt.Year() > 9999 {
			return // the Runner refuses it, so it never meets the encoder
		}
		again, err := json.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		if q, refusal := ingest.DecodePost(again, ingest.Post{}); refusal != nil || !equal(p, q) {
			t.Fatalf("%s reads back as %+v, %v", again, q, refusal)
		}
	})
}

func BenchmarkDecodePost(b *testing.B) {
	line := []byte(`{"id":"sim-1-2","source":"bluesky-sim","text":"WhatsApp is down again, nothing goes through","lang":"en","author":"sim-author-17","created_at":"2022-10-25T07:17:01.250Z"}`)
	b.SetBytes(int64(len(line)))
	for b.Loop() {
		if _, refusal := ingest.DecodePost(line, ingest.Post{}); refusal != nil {
			b.Fatal(refusal)
		}
	}
}
