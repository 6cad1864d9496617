package nlp_test

import (
	"bufio"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"

	"outcry/nlp"
)

// TestPlainComplaintsAreHeard reads testdata/plain/plain.tsv: complaints that
// thousands would type, by language and symptom, none of which the model was
// trained on. Next to none of them may be missed, however they are written.
func TestPlainComplaintsAreHeard(t *testing.T) {
	plain := plainComplaints(t)
	c := defaultClassifier(t)
	for name, way := range map[string]struct {
		write func(string) string
		least float64
	}{
		"as they are":              {func(s string) string { return s }, 0.97},
		"in capitals":              {strings.ToUpper, 0.97},
		"with a link":              {func(s string) string { return s + " https://t.co/abc" }, 0.97},
		"with an emoji between":    {func(s string) string { return strings.Replace(s, " ", " 😭 ", 1) }, 0.97},
		"with hashtags":            {func(s string) string { return s + " #help #fail" }, 0.97},
		"decomposed":               {norm.NFD.String, 0.95},
		"with two letters swapped": {swapTwo, 0.93},
	} {
		t.Run(name, func(t *testing.T) {
			heard := 0
			for _, p := range plain {
				tags := c.Classify(nlp.Input{Text: way.write(strings.Replace(p.sentence, "{}", p.service, 1))})
				if tags.Kind == nlp.Complaint && slices.Contains(tags.Services, strings.ToLower(p.service)) {
					heard++
				} else {
					t.Logf("%s: %q about %s: %s about %v", p.lang, p.sentence, p.service, tags.Kind, tags.Services)
				}
			}
			if share := float64(heard) / float64(len(plain)); share < way.least {
				t.Errorf("%.3f of %d plain complaints were heard, want %.2f", share, len(plain), way.least)
			}
		})
	}
}

// swapTwo swaps two letters inside the longest word of Latin letters that is no name.
func swapTwo(s string) string {
	words, longest := strings.Split(s, " "), ""
	for _, w := range words {
		if len(w) > max(4, len(longest)) && !strings.ContainsFunc(w, func(r rune) bool { return r < 'a' || r > 'z' }) {
			longest = w
		}
	}
	if longest == "" {
		return s
	}
	i := len(longest) / 2
	return strings.Replace(s, longest, longest[:i-1]+longest[i:i+1]+longest[i-1:i]+longest[i+1:], 1)
}

type plainPost struct{ lang, service, sentence string }

func plainComplaints(t *testing.T) (out []plainPost) {
	f, err := os.Open(filepath.Join("..", "testdata", "plain", "plain.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		field := strings.Split(lines.Text(), "\t")
		if len(field) != 3 || !strings.Contains(field[2], "{}") {
			t.Fatalf("line %d: want language, symptom and a sentence with {}: %q", len(out)+1, lines.Text())
		}
		out = append(out, plainPost{field[0], plainName(field[1]), field[2]})
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

// plainName is a service that people say such a symptom of.
func plainName(symptom string) string {
	switch symptom {
	case "internet", "mobile", "tv":
		return "Vodafone"
	case "payment":
		return "PayPal"
	case "playback":
		return "Netflix"
	case "calls", "messages":
		return "WhatsApp"
	}
	return "Instagram"
}
