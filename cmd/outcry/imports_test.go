package main_test

import (
	"fmt"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// The street runs one way: a package imports its own stage and the stages
// before it.
var stages = []string{"ingest", "nlp", "aggregate", "api", "cmd"}

// Leaves are pure or know only the outside world: of the project they import
// at most other leaves.
var leaves = []string{
	"ingest/bus", "nlp/catalog", "nlp/lexicon", "nlp/text", "nlp/lang", "nlp/model",
	"aggregate/spike", "aggregate/store/chdb", "api/chart",
}

// backward says what is wrong with an import, or nothing. Paths are relative
// to the module.
func backward(from, to string) string {
	stage := func(path string) int {
		first, _, _ := strings.Cut(path, "/")
		return slices.Index(stages, first)
	}
	switch {
	case stage(from) < 0 || stage(to) < 0:
		return "is outside the stages " + strings.Join(stages, ", ")
	case stage(to) > stage(from):
		return "runs backward"
	case slices.Contains(leaves, from) && !slices.Contains(leaves, to):
		return "leaves a leaf"
	}
	return ""
}

func TestImportsRunOneWay(t *testing.T) {
	out, err := exec.Command("go", "list", "-f", "{{.ImportPath}} {{join .Imports \" \"}}", "outcry/...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	seen := 0
	for line := range strings.Lines(string(out)) {
		fields := strings.Fields(line)
		from := strings.TrimPrefix(fields[0], "outcry/")
		for _, path := range fields[1:] {
			to, ours := strings.CutPrefix(path, "outcry/")
			if !ours {
				continue
			}
			seen++
			if wrong := backward(from, to); wrong != "" {
				t.Errorf("import %s -> %s %s", from, to, wrong)
			}
		}
	}
	if seen < 10 {
		t.Errorf("only %d imports inside the project were seen: does the test still look at it?", seen)
	}
}

func TestBackwardArrowsAreFound(t *testing.T) {
	for _, c := range []struct{ from, to, want string }{
		{"nlp", "ingest", ""},
		{"cmd/outcry", "aggregate/store", ""},
		{"nlp/lexicon", "nlp/text", ""},
		{"ingest", "nlp", "runs backward"},
		{"aggregate/store", "api", "runs backward"},
		{"nlp/text", "nlp", "leaves a leaf"},
		{"ingest/bus", "ingest", "leaves a leaf"},
		{"util", "nlp", "is outside the stages ingest, nlp, aggregate, api, cmd"},
	} {
		t.Run(fmt.Sprint(c.from, " to ", c.to), func(t *testing.T) {
			if got := backward(c.from, c.to); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}
