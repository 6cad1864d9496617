package main_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestRotateKey rotates the key of a data folder; secrets are never shown.
func TestRotateKey(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	path := filepath.Join(data, "author.key")
	if _, errs, code := outcry(t, "", "rotate-key", "--data", data); code != 1 || !strings.Contains(errs, "there is none yet") {
		t.Errorf("a folder without a key: code %d, %s", code, errs)
	}
	if err := os.WriteFile(path, []byte("sesame-of-many-letters\nsesame-of-long-ago # retired 2001-01-01\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, tc := range map[string]struct {
		args []string
		code int
		want string
	}{
		"a key by flag":   {[]string{"--author-key", "sesame-of-the-flag"}, 1, "--author-key"},
		"less than a day": {[]string{"--keep=-1"}, 2, "--keep -1"},
	} {
		_, errs, code := outcry(t, "", append([]string{"rotate-key", "--data", data}, tc.args...)...)
		if code != tc.code || !strings.Contains(errs, tc.want) || strings.Contains(errs, "sesame") {
			t.Errorf("%s: code %d, %s", name, code, errs)
		}
	}
	out, errs, code := outcry(t, "", "rotate-key", "--data", data)
	if code != 0 || !strings.Contains(out, "1 kept, 1 dropped") || !strings.Contains(out, "next start") || strings.Contains(out, "sesame") {
		t.Errorf("code %d, %s%s", code, out, errs)
	}
	text, err := os.ReadFile(path)
	if err != nil || strings.Index(string(text), "sesame-of-many-letters # retired 20") < 16 || strings.Contains(string(text), "long-ago") {
		t.Errorf("the file has %q, %v", text, err)
	}
}
