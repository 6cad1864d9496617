package nlp_test

import (
	"bufio"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"outcry/nlp"
)

// TestPlainComplaintsAreHeard reads testdata/plain/plain.tsv: complaints that
// thousands would type, by language and symptom, none of which the model was
// trained on. Next to none of them may be missed.
func TestPlainComplaintsAreHeard(t *testing.T) {
	const least = 0.97
	f, err := os.Open(filepath.Join("..", "testdata", "plain", "plain.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	c := defaultClassifier(t)
	asked, heard := 0, 0
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		field := strings.Split(lines.Text(), "\t")
		if len(field) != 3 || !strings.Contains(field[2], "{}") {
			t.Fatalf("line %d: want language, symptom and a sentence with {}: %q", asked+1, lines.Text())
		}
		asked++
		name := plainName(field[1])
		tags := c.Classify(nlp.Input{Text: strings.Replace(field[2], "{}", name, 1)})
		if tags.Kind == nlp.Complaint && slices.Contains(tags.Services, strings.ToLower(name)) {
			heard++
		} else {
			t.Logf("%s: %q about %s: %s about %v", field[0], field[2], name, tags.Kind, tags.Services)
		}
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	if share := float64(heard) / float64(asked); share < least {
		t.Errorf("%.3f of %d plain complaints were heard, want %.2f", share, asked, least)
	}
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
