package keys

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// hashMark is before the hash of a secret.
const hashMark = "sha256:"

// Bounds of what a file may say of a key.
const (
	mostPerMinute = 1_000_000
	mostPosts     = 100_000
)

// Parse reads a YAML file of keys by name. A secret is a hash, or the name of a
// variable of the environment; never the secret itself. Every mistake is named by
// its line.
func Parse(text []byte, getenv func(string) string) ([]Key, error) {
	var file yaml.Node
	if err := yaml.Unmarshal(text, &file); err != nil {
		return nil, err // it names the line
	}
	if len(file.Content) == 0 || file.Content[0].Kind != yaml.MappingNode || len(file.Content[0].Content) == 0 {
		return nil, errors.New("line 1: the file must hold keys by name: NAME: {secret: …, scopes: […]}")
	}
	var all []Key
	var errs []error
	for name, fields := range pairs(file.Content[0]) {
		r := &reader{name: name.Value, line: name.Line, getenv: getenv}
		all = append(all, r.key(fields))
		if slices.ContainsFunc(all[:len(all)-1], func(k Key) bool { return k.Name == name.Value }) {
			r.fail(name, "", "there are two of this name")
		}
		errs = append(errs, r.errs...)
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	return all, nil
}

// pairs goes through a mapping.
func pairs(mapping *yaml.Node) func(func(name, value *yaml.Node) bool) {
	return func(yield func(name, value *yaml.Node) bool) {
		for i := 0; i+1 < len(mapping.Content); i += 2 {
			if !yield(mapping.Content[i], mapping.Content[i+1]) {
				return
			}
		}
	}
}

// reader reads one key and collects what is wrong with it.
type reader struct {
	name   string
	line   int
	getenv func(string) string
	errs   []error
}

func (r *reader) fail(at *yaml.Node, field, format string, args ...any) {
	line, place := r.line, r.name
	if at != nil {
		line = at.Line
	}
	if field != "" {
		place += "." + field
	}
	r.errs = append(r.errs, fmt.Errorf("line %d: %s: %s", line, place, fmt.Sprintf(format, args...)))
}

func (r *reader) key(fields *yaml.Node) Key {
	k := Key{Name: r.name}
	if fields.Kind != yaml.MappingNode {
		r.fail(fields, "", "a key has the fields secret, scopes, rate and posts_rate")
		return k
	}
	seen := map[string]bool{}
	for field, value := range pairs(fields) {
		if seen[field.Value] {
			r.fail(field, field.Value, "it was given before")
		}
		seen[field.Value] = true
		switch field.Value {
		case "secret":
			k.Hash = r.secret(value)
		case "scopes":
			k.Scopes = r.scopes(value)
		case "rate":
			k.PerMinute = int(r.number(field.Value, value, mostPerMinute))
		case "posts_rate":
			k.PostsRate = r.number(field.Value, value, mostPosts)
		default:
			r.fail(field, "", "unknown field %q; there are secret, scopes, rate and posts_rate", field.Value)
		}
	}
	if !seen["secret"] {
		r.fail(nil, "secret", "it is missing: $NAME of the environment, or the hash that `outcry key` prints")
	}
	if !seen["scopes"] {
		r.fail(nil, "scopes", "they are missing: a list of %s", names())
	}
	if k.PostsRate > 0 && !k.May(Posts) {
		r.fail(nil, "posts_rate", "it needs the scope posts")
	}
	return k
}

var variable = regexp.MustCompile(`^[A-Z_][A-Z0-9_]*$`)

// secret reads the hash of a secret. What it cannot read it does not print: that
// may be the secret itself.
func (r *reader) secret(value *yaml.Node) (hash [sha256.Size]byte) {
	if digits, ok := strings.CutPrefix(value.Value, hashMark); ok {
		sum, err := hex.DecodeString(digits)
		if err != nil || len(sum) != len(hash) {
			r.fail(value, "secret", "after %s there must be %d digits 0-9 and a-f", hashMark, 2*len(hash))
		}
		copy(hash[:], sum)
		return hash
	}
	name, ok := strings.CutPrefix(value.Value, "$")
	if !ok || !variable.MatchString(name) {
		r.fail(value, "secret", "it must be $NAME, a variable of the environment (A to Z, digits, _), or %s and the hash that `outcry key` prints", hashMark)
		return hash
	}
	secret := r.getenv(name)
	if len(secret) < shortest {
		r.fail(value, "secret", "%s of the environment has %d characters, it needs %d or more", name, len(secret), shortest)
	}
	return sha256.Sum256([]byte(secret))
}

func (r *reader) scopes(value *yaml.Node) (all []Scope) {
	if value.Kind != yaml.SequenceNode || len(value.Content) == 0 {
		r.fail(value, "scopes", "they must be a list of %s", names())
		return nil
	}
	for _, item := range value.Content {
		scope := Scope(item.Value)
		if !slices.Contains(Scopes(), scope) {
			r.fail(item, "scopes", "%q is none of %s", item.Value, names())
		}
		all = append(all, scope)
	}
	return all
}

func (r *reader) number(field string, value *yaml.Node, most float64) float64 {
	n, err := strconv.ParseFloat(value.Value, 64)
	if err != nil || !(n > 0 && n <= most) || field == "rate" && n < 1 {
		r.fail(value, field, "%q must be a number above 0, at most %g", value.Value, most)
		return 0
	}
	return n
}

func names() string {
	var all []string
	for _, s := range Scopes() {
		all = append(all, string(s))
	}
	return strings.Join(all, ", ")
}
