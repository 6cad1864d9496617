package mastodon_test

import (
	"reflect"
	"strconv"
	"strings"
	"testing"

	"outcry/ingest/mastodon"
)

func TestEvents(t *testing.T) {
	for text, want := range map[string][][]string{
		"event: update\ndata: {}\n\n":                   {{"update"}, {"{}"}},
		":)\nevent:delete\r\ndata:17\r\n\r\n:thump\n":   {{"", "delete", ""}, {"", "17", ""}},
		"event: update\n:thump\ndata: a\ndata: b\n\n":   {{"update"}, {"a\nb"}},
		"\n\n\nretry: 5\nid: 7\nevent: x\n\n":           {{"x"}, {""}},
		"event: update\ndata: cut":                      {nil, nil},
		"event: update\ndata: {\"text\":\"a: b\"}\n\nx": {{"update"}, {`{"text":"a: b"}`}},
	} {
		names, data, _ := mastodon.ReadEvents(text)
		if !reflect.DeepEqual([][]string{names, data}, want) {
			t.Errorf("%q: got %q %q, want %q", text, names, data, want)
		}
	}
	_, data, faults := mastodon.ReadEvents("data: " + strings.Repeat("x", 3<<20) + "\n\ndata: y\n\n")
	if faults != 1 || len(data) != 2 || len(data[0]) > 1<<20 || data[1] != "y" {
		t.Errorf("%d faults, %d events", faults, len(data))
	}
}

func TestMemoryIsBounded(t *testing.T) {
	var numbers []string
	for n := range 1000 {
		numbers = append(numbers, strconv.Itoa(n), strconv.Itoa(n))
	}
	for asked, want := range map[string]bool{"999": true, "990": true, "989": false, "0": false, "1000": false} {
		if has, knows := mastodon.Remember(10, numbers, asked); has != 10 || knows != want {
			t.Errorf("%s: knows %v, has %d", asked, knows, has)
		}
	}
}

func FuzzEvents(f *testing.F) {
	f.Add("event: update\ndata: {}\n\n:thump\n")
	f.Fuzz(func(t *testing.T, text string) {
		_, data, _ := mastodon.ReadEvents(text)
		if n := len(strings.Join(data, "")); n > len(text) {
			t.Errorf("%d bytes of %d", n, len(text))
		}
	})
}

func FuzzStatus(f *testing.F) {
	f.Add([]byte(`{"id":"1","uri":"x","visibility":"public","content":"<p>a","created_at":"2026-07-04T14:00:00Z","account":{"acct":"a"}}`))
	f.Fuzz(func(_ *testing.T, raw []byte) { mastodon.ReadStatus(raw) })
}

func FuzzCursor(f *testing.F) {
	f.Add(`{"social.example public":{"from":"1","heard":"2026-01-01T00:00:00Z"}}`)
	f.Fuzz(func(t *testing.T, saved string) {
		once := mastodon.ReadCursor(saved)
		if twice := mastodon.ReadCursor(once); twice != once {
			t.Errorf("%s became %s", once, twice)
		}
	})
}
