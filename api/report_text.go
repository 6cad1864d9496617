package api

import (
	"bytes"
	_ "embed"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
	"golang.org/x/text/language"

	"outcry/nlp/lexicon"
)

//go:embed report.yaml
var reportYAML []byte

const (
	serviceMark, countMark = "{service}", "{count}"
	otherSector            = "other"
	fallbackLang           = "en"
)

// reportTexts is report.yaml.
type reportTexts struct {
	Buttons   map[string][]string  `yaml:"buttons"` // symptoms by sector
	Languages map[string]reportSet `yaml:"languages"`

	codes   []string // of Languages, the fallback first
	matcher language.Matcher
}

// reportSet is the page in one language.
type reportSet struct {
	Title    string            `yaml:"title"`
	Prompt   string            `yaml:"prompt"`
	Thanks   string            `yaml:"thanks"`
	Count    string            `yaml:"count"`
	TooMany  string            `yaml:"too_many"`
	Failed   string            `yaml:"failed"`
	Back     string            `yaml:"back"`
	Privacy  string            `yaml:"privacy"`
	Symptoms map[string]string `yaml:"symptoms"`
}

// readReportTexts checks all of the file, as whoever edits it may never see the
// page in most of its languages.
func readReportTexts(file []byte) (*reportTexts, error) {
	t := &reportTexts{}
	d := yaml.NewDecoder(bytes.NewReader(file))
	d.KnownFields(true)
	if err := d.Decode(t); err != nil {
		return nil, fmt.Errorf("report.yaml: %w", err)
	}
	var errs []error
	if t.Buttons[otherSector] == nil {
		errs = append(errs, errors.New("buttons.other is missing"))
	}
	if _, ok := t.Languages[fallbackLang]; !ok {
		errs = append(errs, errors.New("languages.en is missing"))
	}
	for sector, symptoms := range t.Buttons {
		errs = append(errs, checkButtons("buttons."+sector, symptoms))
	}
	t.codes = []string{fallbackLang}
	for _, code := range slices.Sorted(maps.Keys(t.Languages)) {
		if code != fallbackLang {
			t.codes = append(t.codes, code)
		}
		errs = append(errs, t.Languages[code].check("languages."+code))
	}
	var tags []language.Tag
	for _, code := range t.codes {
		tag, err := language.Parse(code)
		if err != nil {
			errs = append(errs, fmt.Errorf("languages.%s: this is the code of no language", code))
		}
		tags = append(tags, tag)
	}
	if err := errors.Join(errs...); err != nil {
		return nil, fmt.Errorf("report.yaml: %w", err)
	}
	t.matcher = language.NewMatcher(tags)
	return t, nil
}

func checkButtons(at string, symptoms []string) error {
	var errs []error
	if len(symptoms) == 0 {
		errs = append(errs, fmt.Errorf("%s: name a symptom or more", at))
	}
	for i, s := range symptoms {
		if !slices.Contains(lexicon.Symptoms(), s) {
			errs = append(errs, fmt.Errorf("%s: %q is none of %s", at, s, strings.Join(lexicon.Symptoms(), ", ")))
		} else if slices.Contains(symptoms[:i], s) {
			errs = append(errs, fmt.Errorf("%s: %s stands twice", at, s))
		}
	}
	return errors.Join(errs...)
}

func (s reportSet) check(at string) error {
	var errs []error
	for name, text := range map[string]string{"title": s.Title, "prompt": s.Prompt, "thanks": s.Thanks, "count": s.Count,
		"too_many": s.TooMany, "failed": s.Failed, "back": s.Back, "privacy": s.Privacy} {
		mark := map[string]string{"title": serviceMark, "count": countMark}[name]
		if strings.TrimSpace(text) == "" {
			errs = append(errs, fmt.Errorf("%s.%s is missing", at, name))
		} else if mark != "" && strings.Count(text, mark) != 1 {
			errs = append(errs, fmt.Errorf("%s.%s must hold %s once", at, name, mark))
		}
	}
	for _, symptom := range lexicon.Symptoms() {
		if strings.TrimSpace(s.Symptoms[symptom]) == "" {
			errs = append(errs, fmt.Errorf("%s.symptoms.%s is missing", at, symptom))
		}
	}
	for symptom := range s.Symptoms {
		if !slices.Contains(lexicon.Symptoms(), symptom) {
			errs = append(errs, fmt.Errorf("%s.symptoms.%s is no symptom", at, symptom))
		}
	}
	return errors.Join(errs...)
}

// choose is the language for what a page and a browser ask for, best first, each
// in the form of Accept-Language.
func (t *reportTexts) choose(asked ...string) string {
	_, i := language.MatchStrings(t.matcher, asked...)
	return t.codes[i]
}

// symptoms are the buttons for a service of that sector.
func (t *reportTexts) symptoms(sector string) []string {
	if own, ok := t.Buttons[sector]; ok {
		return own
	}
	return t.Buttons[otherSector]
}

// direction is in which a language is written: rtl or ltr.
func direction(code string) string {
	script, _ := language.Make(code).Script()
	if slices.Contains([]string{"Arab", "Hebr", "Thaa", "Syrc", "Nkoo", "Adlm"}, script.String()) {
		return "rtl"
	}
	return "ltr"
}
