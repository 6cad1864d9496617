package main_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// The simulated outage of 25 October 2022 began at 7:17 UTC. Its posts go through
// the classifier and the detector, without queue and store.
func TestBacktest(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	posts, truth := filepath.Join(dir, "posts.ndjson"), filepath.Join(dir, "truth.csv")
	if out, errs, code := outcry(t, "", "simulate", "--out", posts, "--scale", "0.3"); code != 0 {
		t.Fatal(out, errs)
	}
	if err := os.WriteFile(truth, []byte("service,start,end\nwhatsapp,2022-10-25T07:17:00Z,2022-10-25T09:30:00Z\nspotify,2022-10-25 08:00:00,2022-10-25 08:10:00\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	out, errs, code := outcry(t, "", "backtest", posts, "--truth", truth, "--lang", "fr", "--tz", "Europe/Paris")
	if code != 0 {
		t.Fatal(out, errs)
	}
	for _, want := range []string{"whatsapp (", "WhatsApp a rencontré des problèmes", "7 h 1", "missed: spotify", "found 1 of 2 outages; 0 of 1 incidents are false", "onset wrong by "} {
		if !strings.Contains(strings.ReplaceAll(out, "\u00a0", " "), want) && !strings.Contains(strings.ReplaceAll(out, "\u202f", " "), want) {
			t.Errorf("no %q in %s", want, out)
		}
	}
	out, errs, code = outcry(t, "", "backtest", posts, "--to", "json")
	var incident struct {
		ID, Brief string
		Onset     time.Time
		People    int
		Curve     []int
	}
	if err := json.Unmarshal([]byte(strings.TrimSpace(out)), &incident); err != nil || code != 0 {
		t.Fatalf("%v %d %s%s", err, code, out, errs)
	}
	onset := time.Date(2022, 10, 25, 7, 17, 0, 0, time.UTC)
	if incident.Onset.Sub(onset).Abs() > 2*time.Minute || incident.People < 1000 || len(incident.Curve) < 60 || !strings.Contains(incident.Brief, "WhatsApp") {
		t.Errorf("%+v", incident)
	}
}

// A rise in one language alone is told as one, with the figures of that language.
func TestBacktestOfOneLanguage(t *testing.T) {
	begin := time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC)
	texts := map[string]string{"en": "whatsapp is not working", "es": "whatsapp no funciona", "ja": "WhatsAppでメッセージが送れない"}
	var b strings.Builder
	for i := range 6 * 24 * 60 {
		for lang, every := range map[string]int{"en": 2, "es": 3, "ja": 10} {
			n := (i % every) / (every - 1)
			if lang == "ja" && i >= 8000 && i < 8040 {
				n = 3
			}
			for k := range n {
				at := begin.Add(time.Duration(i)*time.Minute + time.Duration(k)*time.Second)
				fmt.Fprintf(&b, `{"id":"%s-%d-%d","source":"s%d","created_at":"%s","text":"%s","lang":"%s"}`+"\n", lang, i, k, (i/10+k)%2, at.Format(time.RFC3339), texts[lang], lang)
			}
		}
	}
	out, errs, code := outcry(t, b.String(), "backtest", "-", "--format", "ndjson")
	for _, want := range []string{"in lang ja (1", " people, usually 4.", "User reports, above all in Japanese, indicate that WhatsApp had problems", "About three quarters of the reports mention messages", " people complained, about 3 times as many as usual"} {
		if code != 0 || !strings.Contains(out, want) {
			t.Errorf("no %q in %s%s", want, out, errs)
		}
	}
}

// Counts alone will do, in whatever order.
func TestBacktestOfCounts(t *testing.T) {
	t.Parallel()
	begin := time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC)
	var b strings.Builder
	b.WriteString("people,service,t\n")
	for i := 3*24*60 - 1; i >= 0; i-- {
		n := i % 3 / 2
		if i >= 4000 && i < 4040 {
			n = 20
		}
		fmt.Fprintf(&b, "%d,discord,%s\n", n, begin.Add(time.Duration(i)*time.Minute).Format(time.RFC3339))
	}
	out, errs, code := outcry(t, b.String(), "backtest", "-", "--counts", "--to", "json")
	var incident struct {
		Services []string
		Onset    time.Time
		People   int
	}
	if err := json.Unmarshal([]byte(strings.TrimSpace(out)), &incident); err != nil || code != 0 {
		t.Fatalf("%v %d %s%s", err, code, out, errs)
	}
	if d := incident.Onset.Sub(begin.Add(4000 * time.Minute)).Abs(); d > time.Minute || incident.Services[0] != "discord" || incident.People < 780 || incident.People > 840 {
		t.Errorf("onset %s away: %+v", d, incident)
	}
	for input, want := range map[string]string{
		"":                                  "it is empty",
		"a,b\n1,2\n":                        "it has no column t",
		"t,people\nsoon,1\n":                `-:2: t: "soon" is no time`,
		"t,people\n2026-01-05T00:00:00Z,-1": "-:2: people: ",
		"t,people\n2026-01-05T00:00:00Z\n":  "wrong number of fields",
	} {
		if out, errs, code := outcry(t, input, "backtest", "-", "--counts"); code != 1 || !strings.Contains(errs, want) {
			t.Errorf("%q: %d %s%s, want %s", input, code, out, errs, want)
		}
	}
	if out, _, code := outcry(t, "t,people\n2026-01-05T00:00:00Z,1\n", "backtest", "-", "--counts"); code != 0 || !strings.Contains(out, "No incident was found.") {
		t.Errorf("%d %s", code, out)
	}
	for _, args := range [][]string{{"--lang", "xx"}, {"--tz", "Mars/Olympus"}, {"--truth", "/no/such/file"}, {"--false-alarms", "0"}} {
		if _, errs, code := outcry(t, "t,people\n", append([]string{"backtest", "-", "--counts"}, args...)...); code == 0 || !strings.Contains(errs, strings.TrimPrefix(args[0], "--")) {
			t.Errorf("%v: %d %s", args, code, errs)
		}
	}
}

func TestEvalSpikes(t *testing.T) {
	t.Parallel()
	out, errs, code := outcry(t, "", "eval-spikes", "--seeds", "2", "--services", "30", "--days", "30")
	if code != 0 || !strings.Contains(out, "outages found") || !strings.Contains(out, "95% interval") || !strings.Contains(errs, "world 2 of 2") {
		t.Errorf("%d %s%s", code, out, errs)
	}
}
