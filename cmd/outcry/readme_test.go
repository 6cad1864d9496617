package main_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestReadme checks the commands of the README: each is one that the program
// takes, every flag in it exists, and the example of tag answers as printed.
func TestReadme(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	commands := regexp.MustCompile("bin/outcry ([^|`\n]+)").FindAllStringSubmatch(string(text), -1)
	if len(commands) < 10 {
		t.Fatalf("only %d commands found: does the test still look at them?", len(commands))
	}
	for _, c := range commands {
		args := strings.Fields(c[1])
		help, errs, code := outcry(t, "", args[0], "--help")
		if code != 0 {
			t.Errorf("outcry %s: %s", args[0], errs)
		}
		for _, arg := range args[1:] {
			if flag, _, _ := strings.Cut(arg, "="); strings.HasPrefix(flag, "--") && !strings.Contains(help, flag) {
				t.Errorf("outcry %s has no %s", args[0], flag)
			}
		}
	}
	checkSources(t, string(text))
	example := regexp.MustCompile("(?s)echo '(\\{.*?\\})' \\| bin/outcry tag\n```\n\n```json\n(.*?\n)```").FindStringSubmatch(string(text))
	if example == nil {
		t.Fatal("the example of tag is not where it was")
	}
	if out, errs, code := outcry(t, strings.ReplaceAll(example[1], `'\''`, `'`), "tag"); code != 0 || out != example[2] {
		t.Errorf("tag answers %q, the README says %q (%s)", out, example[2], errs)
	}
}

// checkSources opens the sources of the README's example.
func checkSources(t *testing.T, text string) {
	example := regexp.MustCompile("(?s)```yaml\n(# sources.yaml\n.*?)```").FindStringSubmatch(text)
	if example == nil {
		t.Fatal("the example of sources is not where it was")
	}
	dir := t.TempDir()
	path := filepath.Join(dir, "sources.yaml")
	if err := os.WriteFile(path, []byte(strings.ReplaceAll(example[1], "/var/spool/outcry", dir)), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{"SOCIAL_TOKEN", "REDDIT_ID", "REDDIT_SECRET", "X_TOKEN"} {
		t.Setenv(secret, "sixteen-characters")
	}
	out, errs, code := outcry(t, "", "sources", "--data", dir, "--sources", path)
	if code != 0 || strings.Count(out, "not heard yet") != 7 {
		t.Errorf("the example of sources: %d %s%s", code, out, errs)
	}
}
