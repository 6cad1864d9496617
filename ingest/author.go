package ingest

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// AuthorKey turns authors into keyed hashes, so that posts of one author can
// be counted once and nobody without the key can ask whether a given person
// is among them. Another key makes other hashes: authors are then counted
// anew from that moment.
//
// It may know earlier keys. They make no new hashes; they find the posts of
// before when an author leaves a network and takes all of them along.
type AuthorKey struct {
	key     []byte
	earlier []AuthorKey
}

// minKeyBytes is the shortest key: 128 bits, as for any secret.
const minKeyBytes = 16

// NewAuthorKey takes the operator's secret; several are separated by commas,
// the one in use first. A comma within a secret is written \, as in any list.
func NewAuthorKey(secret string) (AuthorKey, error) {
	const comma = "\x00" // no environment and no command line can hold it
	secrets := strings.Split(strings.ReplaceAll(secret, `\,`, comma), ",")
	var errs []error
	for i, s := range secrets {
		s = strings.ReplaceAll(s, comma, ",")
		if len(secrets) > 1 {
			s = strings.TrimSpace(s)
		}
		err := checkSecret(s)
		if err != nil && len(secrets) > 1 {
			err = fmt.Errorf(`%d of %d, separated by commas (one within a key is written \,): %w`, i+1, len(secrets), err)
		}
		secrets[i], errs = s, append(errs, err)
	}
	if err := errors.Join(errs...); err != nil {
		return AuthorKey{}, err
	}
	return newAuthorKey(secrets), nil
}

func checkSecret(secret string) error {
	if len(secret) < minKeyBytes {
		return fmt.Errorf("the author key has %d characters, it needs %d or more", len(secret), minKeyBytes)
	}
	return nil
}

// newAuthorKey makes a key of secrets, of which there is at least one. One that
// stands there twice is taken once.
func newAuthorKey(secrets []string) AuthorKey {
	k := AuthorKey{key: []byte(secrets[0])}
	for _, s := range secrets[1:] {
		same := func(e AuthorKey) bool { return bytes.Equal(e.key, []byte(s)) }
		if !same(k) && !slices.ContainsFunc(k.earlier, same) {
			k.earlier = append(k.earlier, AuthorKey{key: []byte(s)})
		}
	}
	return k
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
// digits, by the key in use; empty for no author.
func (k AuthorKey) Hash(source, author string) string {
	if author == "" {
		return ""
	}
	mac := hmac.New(sha256.New, k.key)
	mac.Write([]byte(source + "\x00" + author))
	return hex.EncodeToString(mac.Sum(nil)[:8])
}
