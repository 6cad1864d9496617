package simulate_test

import (
	"bytes"
	"io/fs"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"outcry/ingest/simulate"
)

// builtIn copies the built-in files, to be spoilt.
func builtIn(t *testing.T) fstest.MapFS {
	t.Helper()
	files := fstest.MapFS{}
	data := os.DirFS("data")
	err := fs.WalkDir(data, ".", func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			var text []byte
			text, err = fs.ReadFile(data, path)
			files[path] = &fstest.MapFile{Data: text}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// Whoever edits the files is told where the slip is.
func TestBadData(t *testing.T) {
	const fr, scenario = "languages/fr.yaml", "scenarios/whatsapp-2022-10-25.yaml"
	for name, c := range map[string]struct{ file, old, new, want string }{
		"unknown key":           {fr, "tags:", "tagz: [fr]\ntags:", "fr.yaml: yaml: unmarshal errors:\n  line 4: field tagz not found"},
		"unknown rule":          {fr, `"aucun souci avec {s}`, `"aucun souci avec {service}`, ": {service} is neither a rule nor a form"},
		"open brace":            {fr, `"aucun souci avec {s}`, `"aucun souci avec {s`, "a { without its }"},
		"stray bar":             {fr, `"aucun souci avec {s}`, `"aucun | souci`, "stray '|'"},
		"stray brace":           {fr, `"aucun souci avec {s}`, `"aucun } souci`, "stray '}'"},
		"empty braces":          {fr, `"aucun souci avec {s}`, `"aucun {} souci`, "braces without a name"},
		"empty phrase":          {fr, `"nouvelle passion : {topic}"`, `" "`, "empty"},
		"circle":                {fr, "  drink: [", `  drink: ["{food}", `, ""},
		"a rule is missing":     {fr, "  whatsapp.complaint.website:", "  whatsapp.complaint.site:", "fr.yaml: no rule whatsapp.complaint.website"},
		"a service is missing":  {fr, "  orange: {s: [Orange, orange]}\n", "", "fr.yaml: no words for service orange"},
		"a form is missing":     {"languages/pt.yaml", "[Vivo, vivo], o: [a],", "[Vivo, vivo],", "vivo has the forms [do no s], want [do no o s]"},
		"a source without -sim": {scenario, "forum-sim", "forum", `source "forum"`},
		"weight":                {scenario, "forum-sim: 1", "forum-sim: x", "forum-sim: want a positive whole number"},
		"twice":                 {scenario, "forum-sim: 1", "bluesky-sim: 1", "bluesky-sim is there twice"},
		"time of day":           {scenario, `"07:24": 70`, `"7:24": 70`, `"7:24" is no time of day`},
		"order of times":        {scenario, `"07:24": 70`, `"07:44": 70`, "is not after the time before it"},
		"negative rate":         {scenario, `"07:24": 70`, `"07:24": -70`, "want a number from 0 up"},
		"unknown mix":           {scenario, "slug: vivo, mix: customer", "slug: vivo, mix: clients", "vivo has no symptoms or an unknown mix"},
		"unknown kind":          {scenario, "kind: news", "kind: rumour", `"rumour"`},
		"hours":                 {scenario, "hours: [74, ", "hours: [", "language en: want 24 hours"},
	} {
		t.Run(name, func(t *testing.T) {
			files := builtIn(t)
			text := string(files[c.file].Data)
			if !strings.Contains(text, c.old) {
				t.Fatalf("%s has no %q", c.file, c.old)
			}
			files[c.file].Data = []byte(strings.Replace(text, c.old, c.new, 1))
			if name == "circle" {
				files[c.file].Data = []byte(strings.Replace(string(files[c.file].Data), "  food: [", `  food: ["{drink}", `, 1))
				c.want = "contains itself"
			}
			_, err := simulate.Write(&bytes.Buffer{}, simulate.Config{Data: files, Scale: 0.001})
			if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), c.file) {
				t.Errorf("got %v, want %q and %s", err, c.want, c.file)
			}
		})
	}
}

func TestScenarios(t *testing.T) {
	if got := simulate.Scenarios(); len(got) != 1 || got[0] != simulate.DefaultScenario {
		t.Errorf("got %v", got)
	}
}
