package simulate_test

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"outcry/ingest"
	"outcry/ingest/simulate"
)

// labelled is a post with its truth.
type labelled struct {
	ingest.Post
	truth simulate.Truth
}

func (l labelled) is(kind, service string) bool {
	return l.truth.Kind == kind && slices.Equal(l.truth.Services, []string{service})
}

func whole(t *testing.T, seed uint64) []labelled {
	t.Helper()
	posts, truth, _ := run(t, simulate.Config{Seed: seed})
	p, q := json.NewDecoder(bytes.NewReader(posts)), json.NewDecoder(bytes.NewReader(truth))
	var all []labelled
	for p.More() {
		var l labelled
		if err := p.Decode(&l.Post); err != nil {
			t.Fatal(err)
		}
		if err := q.Decode(&l.truth); err != nil {
			t.Fatal(err)
		}
		all = append(all, l)
	}
	return all
}

// The numbers of the day, whatever the seed.
func TestShape(t *testing.T) {
	for seed := range uint64(2) {
		all := whole(t, seed)
		between(t, "posts", len(all), 40_000, 60_000)
		checkCurve(t, all)
		checkMix(t, all)
		checkBackground(t, all)
		checkVariety(t, all)
	}
}

func between(t *testing.T, what string, got, low, high int) {
	t.Helper()
	if got < low || got > high {
		t.Errorf("%s: %d, want %d to %d", what, got, low, high)
	}
}

// perMinute counts the minutes from 06:30 on.
func perMinute(all []labelled, keep func(labelled) bool) []int {
	counts := make([]int, 210)
	for _, l := range all {
		if keep(l) {
			counts[int(l.CreatedAt.Sub(at("06:30"))/time.Minute)]++
		}
	}
	return counts
}

func sum(counts []int) (n int) {
	for _, c := range counts {
		n += c
	}
	return n
}

func checkCurve(t *testing.T, all []labelled) {
	t.Helper()
	counts := perMinute(all, func(l labelled) bool { return l.is("complaint", "whatsapp") })
	between(t, "complaints", sum(counts), 9_500, 11_500)
	between(t, "complaints before 07:17", sum(counts[:47]), 1, 40)
	between(t, "complaints from 07:17 to 07:20", sum(counts[47:50]), 15, 70)
	between(t, "complaints a minute at the peak", sum(counts[65:75])/10, 145, 185)
	between(t, "the busiest minute", slices.Max(counts), 165, 240)
	peak := 0
	for i := 2; i < len(counts)-2; i++ {
		if sum(counts[i-2:i+3]) > sum(counts[max(peak-2, 0):peak+3]) {
			peak = i
		}
	}
	between(t, "minutes from 06:30 to the peak", peak, 62, 80) // 07:32 to 07:50
	between(t, "complaints a minute at 08:30", sum(counts[115:125])/10, 60, 95)
	between(t, "complaints after 09:30", sum(counts[180:]), 0, 25)
	checkAfterwards(t, all)
	overdispersed(t, all)
}

func checkAfterwards(t *testing.T, all []labelled) {
	t.Helper()
	resolved := perMinute(all, func(l labelled) bool { return l.is("resolved", "whatsapp") })
	between(t, "resolved before 08:49", sum(resolved[:139]), 0, 0)
	between(t, "resolved", sum(resolved), 600, 1400)
	if a, b := sum(resolved[140:150]), sum(resolved[160:170]); a >= b {
		t.Errorf("resolved posts do not grow: %d, then %d", a, b)
	}
	news := perMinute(all, func(l labelled) bool { return l.is("news", "whatsapp") })
	between(t, "news", sum(news), 300, 900)
	between(t, "news before the first reports", sum(news[:50]), 0, 0)
}

// Counts vary more than Poisson's: by hand, the variance of chatter about
// nothing within an hour is well above its mean.
func overdispersed(t *testing.T, all []labelled) {
	t.Helper()
	counts := perMinute(all, func(l labelled) bool { return l.truth.Lang == "it" && len(l.truth.Services) == 0 })[90:210]
	mean, squares := float64(sum(counts))/float64(len(counts)), 0.0
	for _, c := range counts {
		squares += (float64(c) - mean) * (float64(c) - mean)
	}
	if variance := squares / float64(len(counts)); variance < 1.25*mean {
		t.Errorf("variance %.1f at mean %.1f", variance, mean)
	}
}

func checkMix(t *testing.T, all []labelled) {
	t.Helper()
	symptoms, total := map[string]int{}, 0
	for _, l := range all {
		if l.is("complaint", "whatsapp") && l.CreatedAt.After(at("07:17")) {
			total++
			symptoms[l.truth.Symptoms[0]]++
		}
	}
	between(t, "per mille messages", 1000*symptoms["messages"]/total, 700, 745)
	between(t, "per mille app", 1000*symptoms["app"]/total, 210, 245)
	between(t, "per mille website", 1000*symptoms["website"]/total, 28, 50)
}

func checkBackground(t *testing.T, all []labelled) {
	t.Helper()
	nothing, services, languages := 0, map[string]int{}, map[string]int{}
	complaints, early := map[string]int{}, map[string]int{}
	for _, l := range all {
		languages[l.truth.Lang]++
		if len(l.truth.Services) == 0 {
			nothing++
			continue
		}
		service := l.truth.Services[0]
		services[service]++
		if l.truth.Kind == "complaint" {
			complaints[service]++
		}
		if l.truth.Kind == "complaint" && l.CreatedAt.Before(at("07:17")) {
			early[service]++
		}
	}
	between(t, "per cent about nothing", 100*nothing/len(all), 51, 70)
	between(t, "services", len(services), 20, 20)
	between(t, "services complained of", len(complaints), 20, 20)
	between(t, "services complained of before the event", len(early), 12, 20)
	between(t, "languages", len(languages), 6, 6)
	for _, code := range []string{"en", "fr", "es", "pt", "de", "it"} {
		between(t, "posts in "+code, languages[code], 4_000, 14_000)
	}
	delete(complaints, "whatsapp")
	for service, n := range complaints {
		between(t, "complaints about "+service, n, 3, 150)
	}
}

func checkVariety(t *testing.T, all []labelled) {
	t.Helper()
	texts, complaints, authors := map[string]bool{}, map[string]bool{}, map[string]int{}
	sources, tags := map[string]int{}, map[string]int{}
	for _, l := range all {
		texts[l.Text] = true
		sources[l.Source]++
		switch {
		case l.Lang == "":
			tags["none"]++
		case !strings.HasPrefix(l.Lang, l.truth.Lang):
			tags["wrong"]++
		}
		if l.is("complaint", "whatsapp") {
			complaints[l.Text] = true
			authors[l.Author]++
		}
	}
	between(t, "distinct texts", len(texts), 34_000, len(all))
	between(t, "distinct complaints", len(complaints), 9_000, 12_000)
	between(t, "sources", len(sources), 3, 3)
	between(t, "per cent without a tag", 100*tags["none"]/len(all), 10, 16)
	between(t, "per cent with a wrong tag", 100*tags["wrong"]/len(all), 3, 9)
	repeated := 0
	for _, n := range authors {
		if n > 1 {
			repeated++
		}
	}
	between(t, "authors who complain again", repeated, 200, 2_000)
}
