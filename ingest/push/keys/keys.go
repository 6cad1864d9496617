// Package keys knows who may send and ask with a key, for what, and how much. A
// key is known by its hash alone; the comparison takes as long for any other.
package keys

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"outcry/ingest"
)

// Scope is what a key opens.
type Scope string

// What there is to open. Reading is open to all: the scope Read gives it a limit
// of the key's own, in place of the address's.
const (
	Posts   Scope = "posts"   // send posts; the name of the key is their source
	Reports Scope = "reports" // send the clicks of visitors, whom X-Forwarded-For names
	Read    Scope = "read"    // ask as often as the key may
)

// Scopes lists them all.
func Scopes() []Scope { return []Scope{Posts, Reports, Read} }

// ErrUnknown is of a key that nobody was given.
var ErrUnknown = errors.New("this key is not known")

// shortest is the least length of a secret in characters.
const shortest = 16

// Key is one that somebody was given.
type Key struct {
	Name      string
	Hash      [sha256.Size]byte // of the secret: equal in length, whatever is sent
	Scopes    []Scope
	PerMinute int     // requests; 0: as many as the server lets any key
	PostsRate float64 // posts a second; 0: as many as the server lets any key
}

// May says whether the key opens s.
func (k Key) May(s Scope) bool { return slices.Contains(k.Scopes, s) }

// Ring holds keys. A nil Ring holds none.
type Ring struct{ keys []Key }

// NewRing checks the keys; an error names the key, and no secret.
func NewRing(all ...Key) (*Ring, error) {
	var errs []error
	for i, k := range all {
		if refusal := ingest.Check(ingest.Post{Source: k.Name, ID: "any", Deleted: true}, time.Time{}); refusal != nil {
			errs = append(errs, fmt.Errorf("key %q: its name is that of a source: %s", k.Name, refusal.Detail))
		}
		for _, before := range all[:i] {
			if before.Name == k.Name {
				errs = append(errs, fmt.Errorf("key %q: there are two of this name", k.Name))
			} else if before.Hash == k.Hash {
				errs = append(errs, fmt.Errorf("key %q: it has the same secret as %q", k.Name, before.Name))
			}
		}
	}
	return &Ring{keys: slices.Clone(all)}, errors.Join(errs...)
}

// With lists the keys that open s.
func (r *Ring) With(s Scope) (all []Key) {
	if r == nil {
		return nil
	}
	for _, k := range r.keys {
		if k.May(s) {
			all = append(all, k)
		}
	}
	return all
}

// Find is the key that came with a request: nil where none came, ErrUnknown where
// it is nobody's. All are compared, so that the time tells nothing.
func (r *Ring) Find(request *http.Request) (found *Key, err error) {
	secret := sent(request)
	if r == nil || secret == "" {
		return nil, nil
	}
	hash := sha256.Sum256([]byte(secret))
	for i := range r.keys {
		if subtle.ConstantTimeCompare(hash[:], r.keys[i].Hash[:]) == 1 {
			found = &r.keys[i]
		}
	}
	if found == nil {
		return nil, ErrUnknown
	}
	return found, nil
}

// sent is the secret of a request: a Bearer token, else X-API-Key.
func sent(request *http.Request) string {
	scheme, token, _ := strings.Cut(request.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") {
		token = request.Header.Get("X-API-Key")
	}
	return strings.TrimSpace(token)
}

// FromSecret is a key of a secret that people wrote; an error names the key.
func FromSecret(name, secret string, scopes ...Scope) (Key, error) {
	k := Key{Name: name, Hash: sha256.Sum256([]byte(secret)), Scopes: scopes}
	if len(secret) < shortest {
		return k, fmt.Errorf("key %q has %d characters, it needs %d or more", name, len(secret), shortest)
	}
	return k, nil
}

// New makes a secret of 256 random bits, and the hash by which a file names it.
func New() (secret, hash string) {
	random := make([]byte, 32)
	_, _ = rand.Read(random) // it never fails
	secret = "outcry_" + base64.RawURLEncoding.EncodeToString(random)
	sum := sha256.Sum256([]byte(secret))
	return secret, hashMark + hex.EncodeToString(sum[:])
}
