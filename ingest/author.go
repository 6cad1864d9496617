package ingest

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// AuthorKey turns authors into keyed hashes, so that posts of one author can
// be counted once and nobody without the key can ask whether a given person
// is among them. Another key makes other hashes: authors are then counted
// anew from that moment.
type AuthorKey struct{ key []byte }

// minKeyBytes is the shortest key: 128 bits, as for any secret.
const minKeyBytes = 16

// NewAuthorKey takes the operator's secret.
func NewAuthorKey(secret string) (AuthorKey, error) {
	if len(secret) < minKeyBytes {
		return AuthorKey{}, fmt.Errorf("the author key has %d characters, it needs %d or more", len(secret), minKeyBytes)
	}
	return AuthorKey{key: []byte(secret)}, nil
}

// LoadAuthorKey reads the key from a file, and makes one there when it is
// absent.
func LoadAuthorKey(path string) (AuthorKey, error) {
	b, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return makeAuthorKey(path)
	}
	if err != nil {
		return AuthorKey{}, fmt.Errorf("read author key: %w", err)
	}
	key, err := NewAuthorKey(strings.TrimSpace(string(b)))
	if err != nil {
		return AuthorKey{}, fmt.Errorf("%s: %w", path, err)
	}
	return key, nil
}

// makeAuthorKey writes a new key whole or not at all; of several processes
// that do so at once, one wins and all use its key.
func makeAuthorKey(path string) (AuthorKey, error) {
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return AuthorKey{}, fmt.Errorf("make author key: %w", err)
	}
	f, err := os.CreateTemp(dir, "author.key.new-*") // only its owner may read it
	if err != nil {
		return AuthorKey{}, fmt.Errorf("make author key: %w", err)
	}
	defer os.Remove(f.Name())
	_, err = f.WriteString(rand.Text() + "\n")
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return AuthorKey{}, fmt.Errorf("make author key: %w", err)
	}
	if err := os.Link(f.Name(), path); err != nil && !errors.Is(err, fs.ErrExist) {
		return AuthorKey{}, fmt.Errorf("make author key: %w", err)
	}
	return LoadAuthorKey(path)
}

// derivedID identifies a post whose source gives it no id, so that reading it
// twice makes the same post. Ids are published: p.Author must be hashed, or
// names could be tried against them.
func derivedID(p Post) string {
	h := sha256.New()
	// Quoting keeps the fields apart: "ab"+"c" must not equal "a"+"bc".
	fmt.Fprintf(h, "%q %q %d %q", p.Source, p.Author, p.CreatedAt.UnixNano(), p.Text)
	return "h-" + hex.EncodeToString(h.Sum(nil)[:16])
}

// Hash is the first 64 bits of HMAC-SHA256 over source and author, as 16 hex
// digits; empty for no author.
func (k AuthorKey) Hash(source, author string) string {
	if author == "" {
		return ""
	}
	mac := hmac.New(sha256.New, k.key)
	mac.Write([]byte(source + "\x00" + author))
	return hex.EncodeToString(mac.Sum(nil)[:8])
}
