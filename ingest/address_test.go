package ingest_test

import (
	"errors"
	"net/url"
	"strings"
	"testing"

	"outcry/ingest"
)

func TestPublicAddress(t *testing.T) {
	for address, want := range map[string]string{
		"https://press.example/rss":            "https://press.example/rss",
		"https://ann:s3cret@press.example":     "https://press.example",
		"https://ann:s3cret@press.example/a/b": "https://press.example/a/b",
		"press.example:80":                     "press.example:80",
		"ann:s3cret@press.example":             "press.example",
		"https://press.example/a@b":            "https://press.example/a@b",
		"":                                     "",
	} {
		if got := ingest.PublicAddress(address); got != want {
			t.Errorf("%s: %s, want %s", address, got, want)
		}
	}
	a, b := ingest.PublicAddress("https://press.example/rss?token=s3cret"), ingest.PublicAddress("https://press.example/rss?token=other")
	if a == b || strings.Contains(a, "s3cret") || !strings.HasPrefix(a, "https://press.example/rss?") {
		t.Errorf("%s and %s", a, b)
	}
	if err := ingest.PublicError(&url.Error{Op: "Get", URL: "https://x/?token=s3cret", Err: errors.New("gone")}); err.Error() != "gone" {
		t.Error(err)
	}
}
