package catalog_test

import (
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"outcry/nlp/catalog"
)

func TestDefaultHoldsEveryRequiredService(t *testing.T) {
	cat, err := catalog.Default()
	if err != nil {
		t.Fatal(err)
	}
	required, err := os.ReadFile("testdata/required.txt")
	if err != nil {
		t.Fatal(err)
	}
	for _, slug := range strings.Fields(string(required)) {
		if _, ok := cat.Lookup(slug); !ok {
			t.Errorf("%s is missing", slug)
		}
	}
	t.Logf("%d services", len(cat.Services()))
}

func TestOwnersThatLookLikeSlugsExistOrAreCompanies(t *testing.T) {
	cat, err := catalog.Default()
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range cat.Services() {
		if s.Owner == "" || s.Sector == "" || len(s.Countries) == 0 {
			t.Errorf("%s is incomplete: %+v", s.Slug, s)
		}
	}
}

const good = `
sector: test
services:
  - {slug: acme, name: Acme, countries: [world]}
`

func TestLoadNamesFileAndLine(t *testing.T) {
	for name, tc := range map[string]struct{ yaml, want string }{
		"unknown key":    {"sector: t\nservices:\n  - {slug: a, name: A1, countries: [fr], colour: red}\n", "a.yaml: yaml"},
		"duplicate slug": {good + "  - {slug: acme, name: Acme2, countries: [fr]}\n", "a.yaml:5: service \"acme\": the slug is taken at a.yaml:4"},
		"shared name":    {good + "  - {slug: acme2, name: ACME, countries: [fr]}\n", "a.yaml:5: service \"acme2\": name \"ACME\" is claimed by acme at a.yaml:4"},
		"rule on a name": {good + "  - {slug: b, name: Bee, countries: [fr], rules: [{names: [acme], near: [x]}]}\n", "claimed without a rule by acme"},
		"everyday":       {good + "  - {slug: line, name: Line, countries: [fr]}\neveryday: {en: [line]}\n", "a.yaml:5: service \"line\": name \"Line\" is an everyday word"},
		"ordinary star":  {good + "ordinary: {pl: [\"g*owa\"]}\n", "a.yaml: ordinary words of pl: \"g*owa\": a star stands at the end"},
		"ordinary lang":  {good + "ordinary: {polish: [temu]}\n", "a.yaml: ordinary words of \"polish\""},
		"slug form":      {"sector: t\nservices:\n  - {slug: A_b, name: Ab, countries: [fr]}\n", "a.yaml:3: service \"A_b\": a slug is"},
		"no name":        {"sector: t\nservices:\n  - {slug: ab, countries: [fr]}\n", "name is missing"},
		"no sector":      {"services:\n  - {slug: ab, name: Ab, countries: [fr]}\n", "sector (of the file) is missing"},
		"no countries":   {"sector: t\nservices:\n  - {slug: ab, name: Ab}\n", "countries is missing"},
		"bad country":    {"sector: t\nservices:\n  - {slug: ab, name: Ab, countries: [FRA]}\n", "country \"FRA\""},
		"empty rule":     {"sector: t\nservices:\n  - {slug: ab, name: Ab, countries: [fr], rules: [{names: [ab]}]}\n", "names no evidence"},
		"unknown group":  {"sector: t\nservices:\n  - {slug: ab, name: Ab, countries: [fr], rules: [{names: [ab], near: [$nope]}]}\n", "unknown word group $nope"},
		"bad language":   {good + "spoken: {fr: [French]}\n", "a.yaml: spoken in fr: codes"},
		"not yaml":       {"sector: [\n", "a.yaml"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := catalog.Load(fstest.MapFS{"a.yaml": {Data: []byte(tc.yaml)}})
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got %v, want %q", err, tc.want)
			}
		})
	}
	if _, err := catalog.Load(fstest.MapFS{"a.yaml": {Data: []byte(good)}}); err != nil {
		t.Errorf("good catalogue: %v", err)
	}
	if _, err := catalog.Load(fstest.MapFS{}); err == nil {
		t.Error("an empty folder was accepted")
	}
}
