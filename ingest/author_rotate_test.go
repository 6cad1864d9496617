package ingest_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"outcry/ingest"
)

// day is one on which a key is rotated.
func day(text string) time.Time {
	at, err := time.Parse(time.DateOnly, text)
	if err != nil {
		panic(err)
	}
	return at.Add(23*time.Hour + 59*time.Minute)
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// A year of rotations: who wrote within the days before is forgotten when they
// leave, and no key is kept for longer than it is of use.
func TestRotation(t *testing.T) {
	path := filepath.Join(t.TempDir(), "author.key")
	ann := ingest.Post{Source: "test", Author: "ann", Deleted: true}
	wrote := map[string]time.Time{} // when ann was last known by a hash
	load := func() ingest.AuthorKey {
		key, err := ingest.LoadAuthorKey(path)
		if err != nil {
			t.Fatal(err)
		}
		return key
	}
	load()
	for at := day("2026-01-01"); at.Before(day("2027-01-01")); at = at.AddDate(0, 0, 9) {
		hash := load().Hash("test", "ann")
		if _, again := wrote[hash]; again {
			t.Fatal("the key is the one of before")
		}
		wrote[hash] = at
		done, err := ingest.RotateAuthorKey(path, at, 30)
		if err != nil {
			t.Fatal(err)
		}
		found := told(t, load(), ann)
		if len(found) != done.Kept+1 || load().Hash("test", "ann") != found[0] {
			t.Errorf("%+v, and %d hashes", done, len(found))
		}
		for hash, last := range wrote {
			if want := at.Sub(last) <= 30*24*time.Hour; slices.Contains(found, hash) != want {
				t.Errorf("%s: posts of %s are found: %v", at, last, !want)
			}
		}
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("others may read the keys: %v, %v", info.Mode(), err)
	}
}

// What an operator wrote beside the keys stays; what has no day is retired today.
func TestRotationKeepsComments(t *testing.T) {
	path := write(t, "# of the newsroom\n"+newest+" # by Ann\n\n"+middle+"  # retired 2026-10-01, by Bo\n"+oldest+" # retired 2026-02-30\nthe oldest key there is # retired 2026-01-01\n")
	if err := os.Chmod(path, 0o644); err != nil {
		t.Fatal(err)
	}
	done, err := ingest.RotateAuthorKey(path, day("2026-10-31"), 30)
	if err != nil || done != (ingest.Rotation{Kept: 3, Dropped: 1}) {
		t.Fatalf("%+v, %v", done, err)
	}
	first, rest, _ := strings.Cut(read(t, path), "\n")
	want := "# of the newsroom\n" + newest + " # retired 2026-10-31 by Ann\n\n" + middle + "  # retired 2026-10-01, by Bo\n" + oldest + " # retired 2026-10-31 retired 2026-02-30\n"
	if !regexp.MustCompile(`^[A-Z2-7]{26}$`).MatchString(first) || rest != want {
		t.Errorf("got %q, want a key and %q", first+"\n"+rest, want)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("others may read the keys: %v, %v", info.Mode(), err)
	}
}

// A file that has lost its key gets one, and no key that was given up comes back.
func TestRotationOfRetiredKeys(t *testing.T) {
	path := write(t, oldest+" # retired 2026-10-30\n")
	if _, err := ingest.RotateAuthorKey(path, day("2026-10-31"), 30); err != nil {
		t.Fatal(err)
	}
	key, err := ingest.LoadAuthorKey(path)
	if err != nil || key.Hash("test", "ann") == hashOf(t, oldest) {
		t.Errorf("the key in use is the one that was retired: %v", err)
	}
}

// Keys of several who rotate at once are all in the file.
func TestRotationsAtOnce(t *testing.T) {
	path := write(t, oldest+"\n")
	const many = 20
	failed := make(chan error, many)
	for range many {
		go func() { _, err := ingest.RotateAuthorKey(path, day("2026-10-31"), 30); failed <- err }()
	}
	for range many {
		if err := <-failed; err != nil {
			t.Error(err)
		}
	}
	if n := strings.Count(read(t, path), "\n"); n != many+1 {
		t.Errorf("%d keys of %d", n, many+1)
	}
}

// What cannot be rotated stays as it was, and nothing is left beside it.
func TestRotationThatFails(t *testing.T) {
	short := write(t, newest+"\ns3cret\n")
	for want, path := range map[string]string{
		"author.key:2: ":    short,
		"there is none yet": filepath.Join(t.TempDir(), "author.key"),
	} {
		if _, err := ingest.RotateAuthorKey(path, now, 30); err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "s3cret") {
			t.Errorf("got %v, want %s", err, want)
		}
		if left, _ := filepath.Glob(path + ".new-*"); len(left) > 0 {
			t.Errorf("left over: %v", left)
		}
	}
	if read(t, short) != newest+"\ns3cret\n" {
		t.Error("the file was changed")
	}
	if _, err := ingest.RotateAuthorKey(write(t, newest), now, -1); err == nil {
		t.Error("earlier keys are kept for less than nothing")
	}
}

// A file elsewhere that stands in the folder by name is the one that changes.
func TestRotationFollowsALink(t *testing.T) {
	real := write(t, newest+"\n")
	path := filepath.Join(t.TempDir(), "author.key")
	if err := os.Symlink(real, path); err != nil {
		t.Skip(err)
	}
	if _, err := ingest.RotateAuthorKey(path, now, 30); err != nil {
		t.Fatal(err)
	}
	if read(t, real) != read(t, path) || !strings.Contains(read(t, real), newest+" # retired 2022-10-25\n") {
		t.Errorf("the file has %q", read(t, real))
	}
}
