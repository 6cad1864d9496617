package ingest_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"outcry/ingest"
)

func TestAuthorKey(t *testing.T) {
	path := t.TempDir() + "/keys/author.key"
	one, err := ingest.LoadAuthorKey(path)
	if err != nil {
		t.Fatal(err)
	}
	again, err := ingest.LoadAuthorKey(path)
	if err != nil {
		t.Fatal(err)
	}
	other, err := ingest.NewAuthorKey("another secret key")
	if err != nil {
		t.Fatal(err)
	}
	hash := one.Hash("bluesky", "ann")
	switch {
	case len(hash) != 16 || hash != again.Hash("bluesky", "ann"):
		t.Errorf("the key does not last: %s, %s", hash, again.Hash("bluesky", "ann"))
	case hash == other.Hash("bluesky", "ann") || hash == one.Hash("mastodon", "ann") || hash == one.Hash("bluesky", "bob"):
		t.Error("different keys, sources or authors have one hash")
	case one.Hash("bluesky", "") != "":
		t.Error("nobody has a hash")
	}
	if _, err := ingest.NewAuthorKey("short"); err == nil {
		t.Error("a short key was taken")
	}
}

func TestAuthorKeyIsMadeOnce(t *testing.T) {
	path := t.TempDir() + "/author.key"
	hashes := make(chan string, 50)
	for range cap(hashes) {
		go func() {
			key, err := ingest.LoadAuthorKey(path)
			if err != nil {
				t.Error(err)
			}
			hashes <- key.Hash("a", "ann")
		}()
	}
	first := <-hashes
	for range cap(hashes) - 1 {
		if got := <-hashes; got != first {
			t.Errorf("two keys: %s, %s", first, got)
		}
	}
}

const (
	newest = "the newest secret key"
	middle = "the second secret key"
	oldest = "the first secret key of all"
)

// hashOf is what a key alone makes of ann.
func hashOf(t *testing.T, secret string) string {
	t.Helper()
	key, err := ingest.NewAuthorKey(secret)
	if err != nil {
		t.Fatal(err)
	}
	return key.Hash("test", "ann")
}

// told are the hashes under which a key has an event queued.
func told(t *testing.T, key ingest.AuthorKey, p ingest.Post) (hashes []string) {
	t.Helper()
	q := &queue{}
	r := runner(t, q)
	r.Authors = key
	stats, err := r.Run(t.Context(), one{Post: &p})
	if err != nil || stats.Read != 1 || stats.Kept != 1 {
		t.Fatalf("%+v, %v", stats, err)
	}
	for _, m := range q.messages {
		var queued ingest.Post
		if err := json.Unmarshal(m.Value, &queued); err != nil || m.Topic != ingest.PostsTopic || queued.Deleted != p.Deleted || queued.ID != p.ID {
			t.Errorf("%s in %s, %v", m.Value, m.Topic, err)
		}
		if want := "test/" + p.ID; p.ID != "" && string(m.Key) != want || p.ID == "" && string(m.Key) != want+queued.Author {
			t.Errorf("key %s of %s", m.Key, m.Value)
		}
		hashes = append(hashes, queued.Author)
	}
	return hashes
}

func write(t *testing.T, text string) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "author.key")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// New posts stand under the first key; who leaves is forgotten under every one.
func TestEarlierKeysFindWhoLeaves(t *testing.T) {
	hashes := []string{hashOf(t, newest), hashOf(t, middle), hashOf(t, oldest)}
	keys := map[string]func() (ingest.AuthorKey, error){
		"a list": func() (ingest.AuthorKey, error) { return ingest.NewAuthorKey(newest + ", " + middle + "," + oldest) },
		"one there twice": func() (ingest.AuthorKey, error) {
			return ingest.NewAuthorKey(strings.Join([]string{newest, middle, newest, middle, oldest}, ","))
		},
		"a file": func() (ingest.AuthorKey, error) {
			return ingest.LoadAuthorKey(write(t, "# ours\r\n\r\n"+newest+"\r\n"+middle+"  # retired 2026-11-22, by Ann\n# before the move:\n"+oldest+"\t# retired in spring"))
		},
	}
	for name, load := range keys {
		key, err := load()
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		for _, tc := range []struct {
			post ingest.Post
			want []string
		}{
			{ingest.Post{ID: "1", Source: "test", Text: "down", Author: "ann", CreatedAt: now}, hashes[:1]},
			{ingest.Post{ID: "1", Source: "test", Author: "ann", Deleted: true}, hashes[:1]},
			{ingest.Post{ID: "1", Source: "test", Deleted: true}, []string{""}},
			{ingest.Post{Source: "test", Author: "ann", Deleted: true}, hashes},
		} {
			if got := told(t, key, tc.post); !slices.Equal(got, tc.want) {
				t.Errorf("%s: %+v is told of %v, want %v", name, tc.post, got, tc.want)
			}
		}
	}
}

// A secret of before that has such characters makes the hashes that it made.
func TestOddSecrets(t *testing.T) {
	key, err := ingest.LoadAuthorKey(write(t, " a key, with#odd characters \n"))
	if err != nil || key.Hash("test", "ann") != hashOf(t, `a key\, with#odd characters`) {
		t.Errorf("a comma or a # within a key: %v", err)
	}
}

func TestBadKeysAreNamed(t *testing.T) {
	list := func(text string) func() error {
		return func() error { _, err := ingest.NewAuthorKey(text); return err }
	}
	file := func(text string) func() error {
		return func() error { _, err := ingest.LoadAuthorKey(write(t, text)); return err }
	}
	for name, tc := range map[string]struct {
		load func() error
		want []string
	}{
		"a short one":       {list("s3cret"), []string{"author key has 6 characters, it needs 16"}},
		"a short earlier":   {list(newest + ",s3cret"), []string{"2 of 2", "6 characters", `\,`}},
		"an end":            {list(newest + ","), []string{"2 of 2", "0 characters"}},
		"short lines":       {file(newest + "\n# a note\ns3cret\n\n" + oldest + "\ns3cre"), []string{"author.key:3: ", "6 characters", "author.key:6: ", "5 characters"}},
		"nothing":           {file(""), []string{"author.key: no author key is in use", "rotate-key"}},
		"comments":          {file("# ours\n\n#" + newest), []string{"no author key is in use"}},
		"retired ones only": {file("\n" + oldest + " # retired 2026-11-22\n"), []string{"author.key:2: no author key is in use", "retired"}},
		"a folder":          {func() error { _, err := ingest.LoadAuthorKey(t.TempDir()); return err }, []string{"read author key: ", "is a directory"}},
	} {
		err := tc.load()
		for _, want := range tc.want {
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s: got %v, want %s", name, err, want)
			}
		}
		for _, secret := range []string{"s3cre", newest, oldest} {
			if strings.Contains(fmt.Sprint(err), secret) {
				t.Errorf("%s: the error has a key: %v", name, err)
			}
		}
	}
}
