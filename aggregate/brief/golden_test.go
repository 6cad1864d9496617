package brief_test

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"outcry/aggregate/brief"
)

var update = flag.Bool("update", false, "write the golden file anew")

func load(t testing.TB) *brief.Book {
	t.Helper()
	book, err := brief.Load()
	if err != nil {
		t.Fatal(err)
	}
	return book
}

func write(t testing.TB, book *brief.Book, lang string, zone *time.Location, f brief.Facts) string {
	t.Helper()
	text, err := book.Write(lang, zone, f)
	if err != nil {
		t.Fatalf("%s: %v", lang, err)
	}
	return text
}

func at(text string) time.Time {
	t, err := time.Parse("2006-01-02 15:04", text)
	if err != nil {
		panic(err)
	}
	return t
}

// zones are where a language's readers may be, so that clocks of all kinds
// are seen: most have another day than GMT in "overnight".
func zone(lang string) *time.Location {
	east := map[string]int{
		"ar": 180, "el": 180, "en": 60, "fa": 210, "fi": 180, "fil": 480, "he": 180, "hi": 330, "id": 420, "ja": 540,
		"ko": 540, "pt": -180, "ro": 180, "ru": 180, "th": 420, "tr": 180, "uk": 180, "vi": 420, "zh": 480,
	}
	minutes, ok := east[lang]
	if !ok {
		minutes = 120
	}
	return time.FixedZone("local", minutes*60)
}

type incident struct {
	name  string
	facts brief.Facts
}

func incidents() []incident {
	meta := []string{"WhatsApp", "Facebook", "Instagram"}
	return []incident{
		{"lasts", brief.Facts{
			Names: []string{"WhatsApp"}, Onset: at("2026-10-25 07:17"), Now: at("2026-10-25 08:30"),
			People: 1240, Usual: 20.5, Symptoms: []brief.Share{{"messages", 0.74}, {"login", 0.12}},
		}},
		{"ended", brief.Facts{
			Names: []string{"Spotify"}, Onset: at("2026-10-25 07:17"), End: at("2026-10-25 09:02"), Now: at("2026-10-25 10:00"),
			Peak: at("2026-10-25 07:41"), PeakPeople: 35, People: 412, Usual: 0.4,
			Symptoms: []brief.Share{{"playback", 0.48}, {"app", 0.26}},
		}},
		{"one owner", brief.Facts{
			Names: meta, Owner: "Meta", Onset: at("2026-10-25 07:00"), Now: at("2026-10-25 07:20"),
			People: 21, Usual: 1.6, Symptoms: []brief.Share{{"loading", 0.86}, {"posting", 0.35}},
		}},
		{"overnight", brief.Facts{
			Names: []string{"Netflix", "Acme TV"}, Onset: at("2026-08-08 23:14"), End: at("2026-08-11 01:40"), Now: at("2026-10-25 10:00"),
			Peak: at("2026-08-09 18:05"), PeakPeople: 120, People: 25300, Usual: 310,
			Symptoms: []brief.Share{{"tv", 0.58}, {"slow", 0.67}},
		}},
		{"last year", brief.Facts{
			Names: []string{"Acme Mail"}, Onset: at("2025-12-01 05:00"), End: at("2025-12-01 06:01"), Now: at("2026-01-02 10:00"),
			People: 3, Usual: 1, Symptoms: []brief.Share{{"down", 1}},
		}},
		{"many services", brief.Facts{
			Names: []string{"A1", "B2", "C3", "D4", "E5", "F6"}, Owner: "Acme", Onset: at("2026-10-24 20:05"), Now: at("2026-10-25 10:00"),
			People: 101, Usual: 90, Symptoms: []brief.Share{{"internet", 0.97}},
		}},
		{"in one language", brief.Facts{
			Names: []string{"WhatsApp"}, Onset: at("2026-10-25 07:17"), Now: at("2026-10-25 08:30"), People: 73, Usual: 10.4,
			Symptoms: []brief.Share{{"messages", 0.74}}, Part: brief.Part{Lang: "ja", Apart: true},
		}},
		{"in one language, ended", brief.Facts{
			Names: []string{"WhatsApp", "Instagram"}, Owner: "Meta", Onset: at("2026-10-25 07:17"), End: at("2026-10-25 09:02"), Now: at("2026-10-25 10:00"),
			People: 190, Usual: 110, Part: brief.Part{Lang: "fr", Apart: true},
		}},
		{"mostly in one language", brief.Facts{
			Names: []string{"Netflix", "Acme TV"}, Onset: at("2026-10-25 07:17"), Now: at("2026-10-25 08:30"), People: 1240, Usual: 310,
			Symptoms: []brief.Share{{"tv", 0.58}}, Part: brief.Part{Lang: "es"},
		}},
		{"of one symptom", brief.Facts{
			Names: []string{"WhatsApp"}, Onset: at("2026-10-25 07:17"), Now: at("2026-10-25 08:30"), People: 73, Usual: 10.4,
			Symptoms: []brief.Share{{"payment", 1}}, Part: brief.Part{Symptom: "payment", Apart: true},
		}},
		{"of one symptom, ended", brief.Facts{
			Names: []string{"Spotify"}, Onset: at("2026-10-25 07:17"), End: at("2026-10-25 09:02"), Now: at("2026-10-25 10:00"),
			People: 35, Usual: 0.4, Part: brief.Part{Symptom: "login", Apart: true},
		}},
		{"little known", brief.Facts{Names: []string{"iCloud"}, Onset: at("2026-10-25 04:00"), Now: at("2026-10-25 04:05"), People: 2}},
	}
}

// The golden file holds every sentence of every language: read it as a reader
// of that language when it changes.
func TestGolden(t *testing.T) {
	book := load(t)
	var b strings.Builder
	for _, lang := range book.Languages() {
		fmt.Fprintf(&b, "== %s\n", lang)
		for _, i := range incidents() {
			fmt.Fprintf(&b, "%s: %s\n", i.name, write(t, book, lang, zone(lang), i.facts))
		}
		for _, code := range book.Languages() {
			f := brief.Facts{Names: []string{"X"}, Onset: at("2026-10-25 07:00"), Now: at("2026-10-25 07:00"), People: 3, Part: brief.Part{Lang: code, Apart: true}}
			text := write(t, book, lang, nil, f)
			f.People = 0
			fmt.Fprintf(&b, "in %s: %s\n", code, strings.TrimSpace(strings.TrimPrefix(text, write(t, book, lang, nil, f))))
		}
		for _, s := range symptoms() {
			f := brief.Facts{Names: []string{"X"}, Onset: at("2026-10-25 07:00"), Now: at("2026-10-25 07:00"), Symptoms: []brief.Share{{s.name, s.share}}}
			text := write(t, book, lang, nil, f)
			f.Symptoms = nil
			opening := write(t, book, lang, nil, f)
			fmt.Fprintf(&b, "%s %.2f: %s\n", s.name, s.share, strings.TrimSpace(strings.TrimPrefix(text, opening)))
		}
	}
	const file = "testdata/briefs.golden"
	if *update {
		if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	compareLines(t, b.String(), string(want))
}

func compareLines(t *testing.T, got, want string) {
	t.Helper()
	gotLines, wantLines := strings.Split(got, "\n"), strings.Split(want, "\n")
	if len(gotLines) != len(wantLines) {
		t.Errorf("%d lines, want %d; after reading them, run with -update", len(gotLines), len(wantLines))
	}
	for i := range min(len(gotLines), len(wantLines)) {
		if gotLines[i] != wantLines[i] {
			t.Errorf("line %d:\n got %s\nwant %s", i+1, gotLines[i], wantLines[i])
		}
	}
}

type told struct {
	name  string
	share float64
}

// symptoms are all of them, with a share for each way to tell one.
func symptoms() []told {
	return []told{
		{"down", 1}, {"messages", 0.96}, {"login", 0.8}, {"connection", 0.75}, {"app", 0.67}, {"website", 0.6},
		{"loading", 0.5}, {"slow", 0.33}, {"playback", 0.25}, {"calls", 0.15}, {"posting", 0.5}, {"payment", 0.42},
		{"notifications", 0.42}, {"search", 0.42}, {"account", 0.42}, {"internet", 0.42}, {"mobile", 0.42}, {"tv", 0.42},
	}
}
