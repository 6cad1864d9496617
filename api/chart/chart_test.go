package chart_test

import (
	"encoding/xml"
	"fmt"
	"io"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"outcry/api/chart"
)

func sample(edit func(*chart.Chart)) string { return string(sampleChart(edit).SVG()) }

func sampleChart(edit func(*chart.Chart)) chart.Chart {
	from := time.Date(2022, 10, 25, 7, 0, 0, 0, time.UTC)
	c := chart.Chart{
		Width: 600, Height: 400, Theme: chart.Light, Lang: "en", ID: "c", Head: "WhatsApp", Count: "Complaints: 10", Desc: "All of it.", Origin: "Outcry",
		Notes: []string{"Simulated data", "Updated"}, Legend: chart.Legend{Posts: "Complaints", People: "People", Usual: "Usual", Incident: "Incident", Deaf: "Not heard"},
		From: from, To: from.Add(time.Hour), Step: time.Minute, Heard: from.Add(time.Hour), Zone: time.UTC,
		Number: func(n uint64) string { return strconv.FormatUint(n, 10) }, Digits: func(s string) string { return s },
	}
	for i := range 60 {
		c.Points = append(c.Points, chart.Point{T: from.Add(time.Duration(i) * time.Minute), Posts: uint64(i), People: uint64(i / 2)})
	}
	if edit != nil {
		edit(&c)
	}
	return c
}

// Whatever is drawn is well formed, and no text or line leaves the picture.
func TestEverythingIsOnThePicture(t *testing.T) {
	number := regexp.MustCompile(`(?:^|[^\w-])x="(-?[\d.]+)" y="(-?[\d.]+)"`)
	for _, size := range [][2]int{{200, 200}, {360, 240}, {600, 400}, {1200, 630}, {2400, 200}, {200, 2400}, {2400, 2400}} {
		for _, rtl := range []bool{false, true} {
			text := sample(func(c *chart.Chart) {
				c.Width, c.Height, c.RTL, c.Theme = size[0], size[1], rtl, chart.Auto
				c.Head, c.Count = strings.Repeat("Long name ", 30), strings.Repeat("長い", 80)
				c.Incidents = []chart.Span{{From: c.From.Add(-time.Hour), To: c.From.Add(9 * time.Minute)}, {From: c.To.Add(-time.Minute), To: c.To.Add(time.Hour)}}
				c.Points[3].Deaf, c.Points[4].Known, c.Points[4].High = true, true, 1e6
			})
			check(t, text)
			for _, m := range number.FindAllStringSubmatch(text, -1) {
				x, _ := strconv.ParseFloat(m[1], 64)
				y, _ := strconv.ParseFloat(m[2], 64)
				if x < 0 || y < 0 || x > float64(size[0]) || y > float64(size[1]) {
					t.Errorf("%v rtl=%v: %s", size, rtl, m[0])
				}
			}
			if strings.Contains(text, "NaN") || strings.Contains(text, "Inf") || strings.Contains(text, `width="-`) || strings.Contains(text, `height="-`) || !strings.Contains(text, "Long") {
				t.Errorf("%v: %s", size, text)
			}
		}
	}
}

func check(t *testing.T, text string) {
	t.Helper()
	for d := xml.NewDecoder(strings.NewReader(text)); ; {
		if _, err := d.Token(); err == io.EOF {
			return
		} else if err != nil {
			t.Fatalf("%v in %s", err, text)
		}
	}
}

// A curve of one step is a dot: a path of one place alone draws nothing.
func TestOnePoint(t *testing.T) {
	text := sample(func(c *chart.Chart) { c.Points, c.To, c.Heard = c.Points[5:6], c.From.Add(10*time.Minute), c.To })
	check(t, text)
	if dots := regexp.MustCompile(`<path d="M[\d.]+ [\d.]+h0" fill="none"[^>]* stroke-linecap="round"`).FindAllString(text, -1); len(dots) != 2 {
		t.Errorf("%d dots, want one of people and one of posts: %s", len(dots), text)
	}
}

// What would be usual may come out as no number; the rest is drawn.
func TestNoNumber(t *testing.T) {
	for _, x := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		text := sample(func(c *chart.Chart) {
			c.Points[3].Known, c.Points[3].High = true, x
			c.Points[4].Known, c.Points[4].Low, c.Points[4].High = true, x, 5
			c.Points[5].High = x
		})
		check(t, text)
		if strings.Contains(text, "NaN") || strings.Contains(text, "Inf") || strings.Contains(text, "Usual") || !strings.Contains(text, ">60<") {
			t.Errorf("%g: %s", x, text)
		}
	}
}

func TestNoPoints(t *testing.T) {
	text := sample(func(c *chart.Chart) { c.Points = nil })
	check(t, text)
	if !strings.Contains(text, ">07:30<") || strings.Contains(text, "Usual") || strings.Contains(text, "<circle") {
		t.Error(text)
	}
}

// A step that is not over hangs on dashes; after it there is no line.
func TestTheRunningStep(t *testing.T) {
	running := func(minutes, seconds int) string {
		return sample(func(c *chart.Chart) {
			c.Heard = c.From.Add(time.Duration(minutes)*time.Minute + time.Duration(seconds)*time.Second)
		})
	}
	if text := running(30, 1); !strings.Contains(text, "<circle") || !strings.Contains(text, "stroke-dasharray") {
		t.Error(text)
	}
	if text := running(60, 0); strings.Contains(text, "<circle") {
		t.Error(text)
	}
	if a, b := running(30, 1), running(60, 0); strings.Count(a, "L") >= strings.Count(b, "L") {
		t.Error("a line is drawn where nothing was heard")
	}
}

// Marks are at round times of the zone, also on the day that has 25 hours.
func TestTimesOfAZone(t *testing.T) {
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	label := regexp.MustCompile(`text-anchor="middle"[^>]*>([^<]+)<`)
	for want, edit := range map[string]func(*chart.Chart){
		"2022-10-30 02:00 04:00 06:00 08:00 10:00": func(c *chart.Chart) {
			c.From, c.To = time.Date(2022, 10, 29, 22, 0, 0, 0, time.UTC), time.Date(2022, 10, 30, 10, 0, 0, 0, time.UTC)
		},
		"2022-10-28 2022-10-29 2022-10-30 2022-10-31": func(c *chart.Chart) {
			c.From, c.To = time.Date(2022, 10, 27, 22, 0, 0, 0, time.UTC), time.Date(2022, 10, 31, 22, 0, 0, 0, time.UTC)
		},
	} {
		var got []string
		for _, m := range label.FindAllStringSubmatch(sample(func(c *chart.Chart) { c.Zone, c.Points = paris, nil; edit(c) }), -1) {
			got = append(got, m[1])
		}
		if fmt.Sprint(got) != "["+want+"]" {
			t.Errorf("%v, want %s", got, want)
		}
	}
}

func TestThemes(t *testing.T) {
	light, dark, auto := sample(nil), sample(func(c *chart.Chart) { c.Theme = chart.Dark }), sample(func(c *chart.Chart) { c.Theme = chart.Auto })
	if strings.Contains(light, "#171e26") || strings.Contains(dark, "#ffffff") || strings.Contains(light+dark, "<style") || strings.Contains(light+dark, "class=") {
		t.Error("the themes mix")
	}
	if !strings.Contains(auto, chart.Style()) || !strings.Contains(auto, `class="fc"`) {
		t.Error(auto)
	}
}
