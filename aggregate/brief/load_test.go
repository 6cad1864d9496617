package brief_test

import (
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"outcry/aggregate/brief"
)

// Each change to a good file is found, and the error says where.
func TestLoadNamesFileAndKey(t *testing.T) {
	for _, c := range []struct{ lang, old, new, want string }{
		{"en", "  messages: \"messages", "  massages: \"messages", "en.yaml: symptoms.messages is missing"},
		{"en", "  messages: \"messages", "  massages: \"messages", "en.yaml: symptoms.massages: there is no such symptom"},
		{"en", "{people} people complained", "People complained", "en.yaml: people.total.other: {people} is missing"},
		{"en", "complained{where}{compare}.\", other", "complained{where}.\", other", "en.yaml: people.so_far.one: {compare} is missing"},
		{"en", "lang: en", "lang: fr", "en.yaml: lang: \"fr\" is not the language of the file's name"},
		{"en", "numbers: en", "numbers: \"?\"", "en.yaml: numbers: \"?\" is not a language tag"},
		{"en", "{owner} services", "Services", "en.yaml: since.owner: {owner} is missing"},
		{"en", "for {duration}", "for a while", "en.yaml: was.one: {duration} is missing"},
		{"en", "since {from}\"", "since {form}\"", "en.yaml: times.since: {form} is not known there; known: {from}"},
		{"en", "since {from}\"", "since {from\"", "en.yaml: times.since: { is not known there"},
		{"en", "{h}:{mm}", "{h12}:{mm}", "en.yaml: times.clock: 00:00 and 12:00 are both shown as \"12:00\""},
		{"en", "{h}:{mm}", "{h}", "en.yaml: times.clock: 00:00 and 00:01 are both shown as \"0\""},
		{"en", "[January, ", "[", "en.yaml: times.months: 11 names, 12 are wanted"},
		{"en", "clock: \"{h}:{mm}\"", "clock: \"{h}:{mm}\"\n  parts: {24: night}", "en.yaml: times.parts: 24 is not an hour"},
		{"en", "two_thirds:", "two_fifths:", "field two_fifths not found"},
		{"en", "hardly: \", where there are usually hardly any\"", "hardly: \"\"", "en.yaml: compare.hardly is missing"},
		{"en", "{mainly} indicate", " indicate", "en.yaml: was.many: {mainly} is missing"},
		{"en", "so_far: {one: \"So far {people} person has complained{where}", "so_far: {one: \"So far {people} person has complained", "en.yaml: people.so_far.one: {where} is missing"},
		{"en", ", above all {lang},", ", above all in Japanese,", "en.yaml: part.mainly: {lang} is missing"},
		{"en", "  this: \" of this\"", "  this: \"\"", "en.yaml: part.this is missing"},
		{"en", "en: \"in English\", ", "", "en.yaml: part.languages.en is missing"},
		{"en", "en: \"in English\", ", "en: \"in {lang}\", ", "en.yaml: part.languages.en: {lang} is not known there"},
		{"en", "days: {one: ", "days: {uno: ", "en.yaml: durations.days.uno: no number of this language takes that form"},
		{"en", "days: {one: ", "days: {uno: ", "en.yaml: durations.days.one is missing"},
		{"pl", "few: \"{n} minuty\", ", "", "pl.yaml: durations.minutes.few is missing"},
		{"ru", "one: \"{n} минуту\"", "one: \"минуту\"", "ru.yaml: durations.minutes.one: {n} is missing"},
		{"ar", "two: \"ساعتين\", ", "", "ar.yaml: durations.hours.two is missing"},
		{"fr", "[[\"\\_h\\_00\", \"\\_h\"]", "[[\"\\_h\\_00\"]", "fr.yaml: yaml: "},
		{"fr", "[[\"\\_h\\_00\", \"\\_h\"]", "[[\"{h}\", \"\\_h\"]", "fr.yaml: spelling[0]: {h} is not known there"},
	} {
		text, err := os.ReadFile("data/" + c.lang + ".yaml")
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(text), c.old) {
			t.Fatalf("%s.yaml does not have %s", c.lang, c.old)
		}
		changed := strings.ReplaceAll(string(text), c.old, c.new)
		_, err = brief.LoadFrom(fstest.MapFS{c.lang + ".yaml": {Data: []byte(changed)}})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("got %v, want %q", err, c.want)
		}
	}
	if _, err := brief.LoadFrom(fstest.MapFS{}); err == nil {
		t.Error("an empty folder was accepted")
	}
}
