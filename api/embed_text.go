package api

import (
	"bytes"
	_ "embed"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
	"golang.org/x/text/language"
	"golang.org/x/text/message"
)

//go:embed embed.yaml
var embedYAML []byte

const timeMark, spanMark = "{time}", "{span}"

// embedTexts is embed.yaml, with the names of symptoms of report.yaml.
type embedTexts struct {
	languages map[string]embedSet
	*reportTexts
}

// embedSet is the chart in one language.
type embedSet struct {
	Complaints string `yaml:"complaints"`
	Last       string `yaml:"last"`
	Updated    string `yaml:"updated"`
	Minutes    string `yaml:"min"`
	Hours      string `yaml:"h"`
	Days       string `yaml:"d"`
	People     string `yaml:"people"`
	Usual      string `yaml:"usual"`
	Incident   string `yaml:"incident"`
	Deaf       string `yaml:"deaf"`
	Simulated  string `yaml:"simulated"`
	Table      string `yaml:"table"`
	Peak       string `yaml:"peak"`
}

// readEmbedTexts checks all of the file, as whoever edits it may never see the
// chart in most of its languages.
func readEmbedTexts(file, report []byte) (*embedTexts, error) {
	names, err := readReportTexts(report)
	if err != nil {
		return nil, err
	}
	t := &embedTexts{reportTexts: names}
	d := yaml.NewDecoder(bytes.NewReader(file))
	d.KnownFields(true)
	if err := d.Decode(&t.languages); err != nil {
		return nil, fmt.Errorf("embed.yaml: %w", err)
	}
	var errs []error
	for _, code := range slices.Sorted(maps.Keys(t.languages)) {
		errs = append(errs, t.languages[code].check(code))
		if !slices.Contains(names.codes, code) {
			errs = append(errs, fmt.Errorf("%s is no language of report.yaml", code))
		}
	}
	for _, code := range names.codes {
		if _, ok := t.languages[code]; !ok {
			errs = append(errs, fmt.Errorf("%s is missing", code))
		}
	}
	if err := errors.Join(errs...); err != nil {
		return nil, fmt.Errorf("embed.yaml: %w", err)
	}
	return t, nil
}

func (s embedSet) check(at string) error {
	var errs []error
	for name, text := range map[string]string{"complaints": s.Complaints, "last": s.Last, "updated": s.Updated, "min": s.Minutes, "h": s.Hours, "d": s.Days,
		"people": s.People, "usual": s.Usual, "incident": s.Incident, "deaf": s.Deaf, "simulated": s.Simulated, "table": s.Table, "peak": s.Peak} {
		if strings.TrimSpace(text) == "" {
			errs = append(errs, fmt.Errorf("%s.%s is missing", at, name))
			continue
		}
		for _, mark := range map[string][]string{"last": {spanMark, countMark}, "updated": {timeMark}, "peak": {countMark, timeMark}}[name] {
			if strings.Count(text, mark) != 1 {
				errs = append(errs, fmt.Errorf("%s.%s must hold %s once", at, name, mark))
			}
		}
	}
	return errors.Join(errs...)
}

// speech writes numbers and times in one language.
type speech struct {
	embedSet
	lang    string
	rtl     bool
	zone    *time.Location
	printer *message.Printer
	digits  *strings.Replacer
}

func (t *embedTexts) speech(lang string, zone *time.Location) speech {
	tag := language.Make(lang)
	if lang == "ar" { // news agencies write 0-9, and so do the briefs
		tag = language.Make("ar-u-nu-latn")
	}
	s := speech{embedSet: t.languages[lang], lang: lang, rtl: direction(lang) == "rtl", zone: zone, printer: message.NewPrinter(tag)}
	var pairs []string
	for i := range 10 {
		pairs = append(pairs, string(rune('0'+i)), s.printer.Sprintf("%d", i))
	}
	s.digits = strings.NewReplacer(pairs...)
	return s
}

func (s speech) number(n uint64) string { return s.printer.Sprintf("%d", n) }

// isolated keeps what runs from left to right in order among letters that do not.
func (s speech) isolated(text string) string {
	if s.rtl {
		return "\u2066" + text + "\u2069"
	}
	return text
}

// at is a date and a time of day; zoned adds whose.
func (s speech) at(t time.Time) string {
	return s.digits.Replace(t.In(s.zone).Format("2006-01-02 15:04"))
}

func (s speech) zoned(text string, t time.Time) string {
	name := t.In(s.zone).Format("MST")
	if strings.HasPrefix(name, "+") || strings.HasPrefix(name, "-") {
		name = "UTC" + name
	}
	return s.isolated(text + " " + name)
}

// between is a range; the date of its end only where it is another.
func (s speech) between(from, to time.Time) string {
	from, to = from.In(s.zone), to.In(s.zone)
	end := s.at(to)
	if from.Format(time.DateOnly) == to.Format(time.DateOnly) {
		end = s.digits.Replace(to.Format("15:04"))
	}
	return s.zoned(s.at(from)+" – "+end, to)
}

// length is 5 min, 24 h or 2 d.
func (s speech) length(d time.Duration) string {
	switch {
	case d > day && d%day == 0:
		return s.counted(d/day, s.Days)
	case d%time.Hour == 0:
		return s.counted(d/time.Hour, s.Hours)
	}
	return s.minutes(d)
}

func (s speech) minutes(d time.Duration) string { return s.counted(d/time.Minute, s.Minutes) }

func (s speech) counted(n time.Duration, unit string) string {
	if slices.Contains([]string{"ja", "ko", "zh"}, s.lang) {
		return s.number(uint64(n)) + unit
	}
	return s.number(uint64(n)) + "\u00a0" + unit
}

func replace(text string, pairs ...string) string { return strings.NewReplacer(pairs...).Replace(text) }
