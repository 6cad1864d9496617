package main_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestConfigOrder sets one value in all four places: default, file,
// environment, flag. The later wins.
func TestConfigOrder(t *testing.T) {
	config := filepath.Join(t.TempDir(), "outcry.yaml")
	if err := os.WriteFile(config, []byte("scenario: of-the-file\nkafka: [a:1, b:2]\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	say := func(args ...string) string {
		_, errs, _ := outcry(t, "", args...)
		return errs
	}
	if errs := say("--config", config, "simulate"); !strings.Contains(errs, "of-the-file") {
		t.Errorf("the file is not read: %s", errs)
	}
	t.Setenv("OUTCRY_CONFIG", config)
	if errs := say("simulate"); !strings.Contains(errs, "of-the-file") {
		t.Errorf("the file of the environment is not read: %s", errs)
	}
	t.Setenv("OUTCRY_SCENARIO", "of-the-environment")
	if errs := say("simulate"); !strings.Contains(errs, "of-the-environment") {
		t.Errorf("the environment does not win over the file: %s", errs)
	}
	if errs := say("simulate", "--scenario", "of-the-flag"); !strings.Contains(errs, "of-the-flag") {
		t.Errorf("the flag does not win over the environment: %s", errs)
	}
	t.Setenv("OUTCRY_SENARIO", "misspelt")
	if errs := say("simulate"); !strings.Contains(errs, "OUTCRY_SENARIO") {
		t.Errorf("a misspelt variable is not named: %s", errs)
	}
}

func TestSecretsStayOutOfTheLog(t *testing.T) {
	t.Parallel()
	for _, args := range []string{
		"run --log-level debug --listen 127.0.0.1:0 --kafka 127.0.0.1:1 --kafka-login plain --kafka-user ann --kafka-password sesame --author-key sesame-of-many-letters",
		"serve --listen 127.0.0.1:0 --clickhouse clickhouse://ann:sesame@127.0.0.1:1/outcry",
		"serve --listen 127.0.0.1:0 --clickhouse clickhouse://ann:sesame@[:1/outcry",
	} {
		out, errs, code := outcry(t, "", append(strings.Fields(args), "--data", t.TempDir())...)
		if code != 1 || strings.Contains(out+errs, "sesame") {
			t.Errorf("outcry %s: code %d, said %s%s", args, code, out, errs)
		}
	}
}
