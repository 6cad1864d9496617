package brief_test

import (
	"fmt"
	"strings"
	"testing"

	"outcry/aggregate/brief"
)

// sentence is what facts add to the opening.
func sentence(t *testing.T, book *brief.Book, lang string, f brief.Facts) string {
	t.Helper()
	return strings.TrimSpace(strings.TrimPrefix(write(t, book, lang, nil, f), opening(t, book, lang, nil, f)))
}

func TestPluralForms(t *testing.T) {
	book := load(t)
	for lang, want := range map[string]map[int]string{
		"ru": {1: "1 человек", 2: "2 человека", 3: "3 человека", 5: "5 человек", 11: "11 человек", 21: "пожаловался 21 человек", 22: "22 человека", 100: "100 человек", 1000: "1\u00a0000 человек"},
		"uk": {1: "1 особа", 2: "2 особи", 5: "5 осіб", 11: "11 осіб", 21: "21 особа", 100: "100 осіб", 1000: "1\u00a0000 осіб"},
		"pl": {1: "1 osoba", 2: "2 osoby", 3: "3 osoby", 5: "5 osób", 11: "11 osób", 12: "12 osób", 21: "21 osób", 22: "22 osoby", 100: "100 osób", 1000: "1000 osób"},
		"cs": {1: "1 člověk", 2: "2 lidé", 3: "3 lidé", 5: "5 lidí", 11: "11 lidí", 21: "21 lidí", 22: "22 lidí", 100: "100 lidí", 1000: "1\u00a0000 lidí"},
		"ar": {1: "شخص واحد", 2: "شخصان", 3: "3 أشخاص", 5: "5 أشخاص", 11: "11 شخصًا", 21: "21 شخصًا", 100: "100 شخص", 103: "103 أشخاص", 1000: "1,000 شخص"},
		"ro": {1: "s-a plâns o persoană", 2: "2 persoane", 19: "19 persoane", 20: "20 de persoane", 21: "21 de persoane", 100: "100 de persoane", 101: "101 persoane", 1000: "1.000 de persoane"},
		"he": {1: "אדם אחד", 2: "שני אנשים", 3: "3 אנשים", 20: "20 אנשים"},
		"fr": {1: "1 personne s’est plainte", 2: "2 personnes se sont plaintes", 1000000: "1\u00a0000\u00a0000 personnes"},
		"en": {1: "1 person has", 2: "2 people have", 1000001: "1,000,001 people"},
		"hi": {1: "1 व्यक्ति", 2: "2 लोगों", 124000: "1,24,000 लोगों"},
		"es": {1: "1 persona.", 2: "2 personas", 1000: "1000 personas", 10000: "10.000 personas", 10000001: "10.000.001 personas"},
	} {
		for n, text := range want {
			f := lasting()
			f.People = n
			if got := sentence(t, book, lang, f); !strings.Contains(got, text) {
				t.Errorf("%s %d: got %q, want %q", lang, n, got, text)
			}
		}
	}
}

func TestComparison(t *testing.T) {
	book := load(t)
	for _, c := range []struct {
		people int
		usual  float64
		want   string
	}{
		{0, 5, ""},
		{7, 0, "So far 7 people have complained."},
		{4, 4, "So far 4 people have complained."},
		{124, 100, "So far 124 people have complained."},
		{125, 100, "So far 125 people have complained, more than usual."},
		{7, 4, "So far 7 people have complained, more than usual."},
		{8, 4, "So far 8 people have complained, about 2 times as many as usual."},
		{1, 0.2, "So far 1 person has complained."},
		{2, 0.2, "So far 2 people have complained, where there are usually hardly any."},
		{1240, 20.5, "So far 1,240 people have complained, about 60 times as many as usual."},
		{194, 10, "So far 194 people have complained, about 19 times as many as usual."},
		{996, 10, "So far 996 people have complained, about 100 times as many as usual."},
		{99999, 10, "So far 99,999 people have complained, about 10,000 times as many as usual."},
		{123456, 1, "So far 123,456 people have complained, about 120,000 times as many as usual."},
	} {
		f := lasting()
		f.People, f.Usual = c.people, c.usual
		if got := sentence(t, book, "en", f); got != c.want {
			t.Errorf("%d of %g: got %q, want %q", c.people, c.usual, got, c.want)
		}
	}
	for n, want := range map[int]string{2: "2-szer", 3: "3-szor", 5: "5-ször", 6: "6-szor", 10: "10-szer", 15: "15-ször", 20: "20-szor", 40: "40-szer", 60: "60-szor", 100: "100-szor", 150: "150-szer", 1000: "1000-szer"} {
		f := lasting()
		f.People, f.Usual = n, 1
		if got := sentence(t, book, "hu", f); !strings.Contains(got, want) {
			t.Errorf("hu: got %q, want %q", got, want)
		}
	}
}

// A fraction is told within 4 points of it, else the percentage.
func TestFractions(t *testing.T) {
	book := load(t)
	for share, want := range map[float64]string{
		0.09: "", 0.10: "10% of the reports", 0.2: "20% of the reports", 0.205: "21% of the reports",
		0.21: "About a quarter", 0.29: "About a quarter", 0.295: "About a third", 0.37: "About a third", 0.38: "38% of",
		0.455: "46% of", 0.46: "About half", 0.54: "About half", 0.545: "55% of", 0.62: "62% of",
		0.63: "About two thirds", 0.70: "About two thirds", 0.71: "About three quarters", 0.79: "About three quarters",
		0.80: "Most of the reports (80%)", 0.94: "Most of the reports (94%)", 0.95: "Almost all", 0.999: "Almost all", 1: "All of",
	} {
		f := lasting()
		f.Symptoms = []brief.Share{{"app", share}}
		got := sentence(t, book, "en", f)
		if !strings.HasPrefix(got, want) || (want == "") != (got == "") {
			t.Errorf("%g: got %q, want %q", share, got, want)
		}
	}
	for share, second := range map[float64]bool{0.19: false, 0.2: true} {
		f := lasting()
		f.Symptoms = []brief.Share{{"app", 0.5}, {"login", share}, {"slow", 0.2}}
		got := sentence(t, book, "en", f)
		if strings.Contains(got, "logging in") != second || strings.Contains(got, "slow") {
			t.Errorf("second of %g: %q", share, got)
		}
	}
}

func TestPeak(t *testing.T) {
	book := load(t)
	f := lasting()
	f.End, f.People, f.PeakPeople, f.Peak = at("2026-10-25 08:17"), 50, 9, at("2026-10-25 07:40")
	for want, change := range map[string]func(*brief.Facts){
		"In all, 50 people complained (peak: 9 a minute at 7:40).": func(*brief.Facts) {},
		"So far 50 people have complained.":                        func(f *brief.Facts) { f.End = at("0001-01-01 00:00") },
		"In all, 50 people complained.":                            func(f *brief.Facts) { f.PeakPeople = 1 },
		"In all, 5 people complained.":                             func(f *brief.Facts) { f.People = 5 },
		"In all, 51 people complained.":                            func(f *brief.Facts) { f.People, f.Peak = 51, at("2026-10-25 09:40") },
	} {
		f := f
		change(&f)
		if got := sentence(t, book, "en", f); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestBooksAreSharedByGoroutines(t *testing.T) {
	book := load(t)
	want := write(t, book, "fa", nil, incidents()[0].facts)
	got := make(chan string)
	for range 8 {
		go func() {
			text, err := book.Write("fa", nil, incidents()[0].facts)
			got <- fmt.Sprint(text, err)
		}()
	}
	for range 8 {
		if text := <-got; text != want+"<nil>" {
			t.Errorf("got %q", text)
		}
	}
}
