//go:build unix

package ingest_test

import (
	"os"
	"syscall"
	"testing"

	"outcry/ingest"
)

// A service can still read its key after the superuser has rotated it.
func TestRotationKeepsTheOwner(t *testing.T) {
	const someone = 12345
	path := write(t, newest+"\n")
	if err := os.Chown(path, someone, someone); err != nil {
		t.Skip("only the superuser gives files away: ", err)
	}
	if _, err := ingest.RotateAuthorKey(path, now, 30); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if owner := info.Sys().(*syscall.Stat_t); owner.Uid != someone || owner.Gid != someone {
		t.Errorf("the file is of %d:%d now", owner.Uid, owner.Gid)
	}
}
