package keys_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"outcry/ingest/push/keys"
)

const secret = "a secret of many letters"

func ring(t *testing.T) *keys.Ring {
	t.Helper()
	var all []keys.Key
	for name, scope := range map[string]keys.Scope{"helpdesk": keys.Posts, "wall": keys.Read} {
		k, err := keys.FromSecret(name, secret+" of "+name, scope)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, k)
	}
	r, err := keys.NewRing(all...)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestFind(t *testing.T) {
	for _, c := range []struct{ header, value, want string }{
		{"Authorization", "Bearer " + secret + " of wall", "wall"},
		{"Authorization", "bearer  " + secret + " of helpdesk ", "helpdesk"},
		{"X-API-Key", secret + " of wall", "wall"},
		{"Authorization", "Bearer " + secret, "unknown"},
		{"X-API-Key", "guess", "unknown"},
		{"Authorization", "Basic dXNlcjpwYXNz", "none"}, // of a proxy before us
		{"Accept", "*/*", "none"},
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Header.Set(c.header, c.value)
		key, err := ring(t).Find(r)
		got := "none"
		if err != nil {
			got = "unknown"
		} else if key != nil {
			got = key.Name
		}
		if got != c.want {
			t.Errorf("%s: %s is %s, want %s", c.header, c.value, got, c.want)
		}
		if key, err := (*keys.Ring)(nil).Find(r); key != nil || err != nil {
			t.Errorf("no ring finds %v, %v", key, err)
		}
	}
}

func TestAMadeKeyIsFoundByItsHash(t *testing.T) {
	made, hash := keys.New()
	again, _ := keys.New()
	if made == again || !strings.HasPrefix(made, "outcry_") || len(made) != 50 {
		t.Fatalf("made %s and %s", made, again)
	}
	all, err := keys.Parse([]byte("site: {secret: '"+hash+"', scopes: [reports, read], rate: 90}"), none)
	if err != nil || all[0].Name != "site" || all[0].PerMinute != 90 || !all[0].May(keys.Reports) || all[0].May(keys.Posts) {
		t.Fatalf("%+v %v", all, err)
	}
	r, err := keys.NewRing(all...)
	if err != nil {
		t.Fatal(err)
	}
	ask := httptest.NewRequest(http.MethodGet, "/", nil)
	ask.Header.Set("Authorization", "Bearer "+made)
	if key, err := r.Find(ask); err != nil || key == nil || key.Name != "site" {
		t.Errorf("%v %v", key, err)
	}
}

func none(string) string { return "" }

func TestParseNamesLines(t *testing.T) {
	hash := "sha256:" + strings.Repeat("0a", 32)
	for _, c := range []struct{ text, want string }{
		{"", "line 1: the file must hold keys by name"},
		{"- a", "line 1: the file must hold keys by name"},
		{"a:\n  - b", "line 2: a: a key has the fields"},
		{"a: {secret: hunter2hunter2hunter2, scopes: [read]}", "line 1: a.secret: it must be $NAME"},
		{"a: {secret: $hunter2, scopes: [read]}", "line 1: a.secret: it must be $NAME"},
		{"a:\n  scopes: [read]", "line 1: a.secret: it is missing"},
		{"a:\n  secret: " + hash, "line 1: a.scopes: they are missing"},
		{"a:\n  secret: sha256:abc\n  scopes: [read]", "line 2: a.secret: after sha256: there must be 64 digits"},
		{"a:\n  secret: $SHORT\n  scopes: [read]", "line 2: a.secret: SHORT of the environment has 5 characters"},
		{"a:\n  secret: $ABSENT\n  scopes: [read]", "line 2: a.secret: ABSENT of the environment has 0 characters"},
		{"a:\n  secret: " + hash + "\n  scopes: read", "line 3: a.scopes: they must be a list of posts, reports, read"},
		{"a:\n  secret: " + hash + "\n  scopes:\n   - read\n   - write", `line 5: a.scopes: "write" is none of posts`},
		{"a:\n  secret: " + hash + "\n  scopes: [read]\n  rate: many", `line 4: a.rate: "many" must be a number above 0`},
		{"a:\n  secret: " + hash + "\n  scopes: [read]\n  rate: 0.5", `line 4: a.rate: "0.5" must be`},
		{"a:\n  secret: " + hash + "\n  scopes: [read]\n  rate: NaN", `line 4: a.rate: "NaN" must be`},
		{"a:\n  secret: " + hash + "\n  scopes: [read]\n  posts_rate: 5", "line 1: a.posts_rate: it needs the scope posts"},
		{"a:\n  secret: " + hash + "\n  scopes: [read]\n  scope: []", `line 4: a: unknown field "scope"`},
		{"a:\n  secret: " + hash + "\n  secret: " + hash + "\n  scopes: [read]", "line 3: a.secret: it was given before"},
		{"a: {secret: " + hash + ", scopes: [read]}\na: {secret: " + hash + ", scopes: [read]}", "line 2: a: there are two of this name"},
		{"a: {secret: $SHORT, scopes: []}\nb: 5", "line 2: b: a key has"}, // and both of a
		{"a: [", "line 1"},
	} {
		_, err := keys.Parse([]byte(c.text), func(name string) string { return map[string]string{"SHORT": "hunts"}[name] })
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: %v, want %s", c.text, err, c.want)
		} else if strings.Contains(err.Error(), "hunt") {
			t.Errorf("a secret is shown: %v", err)
		}
	}
	all, err := keys.Parse([]byte("a: {secret: $LONG, scopes: [posts], posts_rate: 2.5}"), func(string) string { return secret })
	if err != nil || all[0].PostsRate != 2.5 {
		t.Errorf("%+v %v", all, err)
	}
}

func TestNewRingNamesTheKey(t *testing.T) {
	make := func(name, secret string) keys.Key {
		k, _ := keys.FromSecret(name, secret, keys.Posts)
		return k
	}
	for want, all := range map[string][]keys.Key{
		`key "A B": its name is that of a source`: {make("A B", secret)},
		`key "a": there are two of this name`:     {make("a", secret), make("a", secret+"2")},
		`key "b": it has the same secret as "a"`:  {make("a", secret), make("b", secret)},
	} {
		if _, err := keys.NewRing(all...); err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), secret) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	if _, err := keys.FromSecret("short", "abc"); err == nil || !strings.Contains(err.Error(), `key "short" has 3`) {
		t.Error(err)
	}
}

func TestBucket(t *testing.T) {
	now := time.Date(2026, 7, 4, 14, 0, 0, 0, time.UTC)
	b := keys.NewBucket("address", 60, time.Minute)
	tell := func() string {
		h := http.Header{}
		b.Tell(h, now)
		return fmt.Sprint(h.Get("RateLimit-Policy"), " ", h.Get("RateLimit"))
	}
	if got := tell(); got != `"address";q=60;w=60 "address";r=60;t=0` {
		t.Error(got)
	}
	if wait := b.Take(now, 50); wait != 0 || tell() != `"address";q=60;w=60 "address";r=10;t=50` {
		t.Error(wait, tell())
	}
	if wait := b.Take(now, 15); keys.Seconds(wait) != "5" || !strings.HasSuffix(tell(), "r=10;t=50") {
		t.Error("what is refused is taken", wait, tell())
	}
	if now = now.Add(5 * time.Second); b.Take(now, 15) != 0 || !strings.HasSuffix(tell(), "r=0;t=60") {
		t.Error(tell())
	}
	if now = now.Add(time.Hour); b.Take(now, 1000) != 0 {
		t.Error("more than the quota can never be had")
	}
}

// FuzzParse reads any file: keys, or an error that names a line.
func FuzzParse(f *testing.F) {
	f.Add("a: {secret: $A, scopes: [read]}")
	f.Add("a: &x {secret: sha256:00, scopes: [read], rate: 1e9}\nb: *x")
	f.Add("? [a, b]\n: {}")
	f.Fuzz(func(t *testing.T, text string) {
		all, err := keys.Parse([]byte(text), func(string) string { return secret })
		if err == nil && len(all) == 0 {
			t.Error("no key and no error")
		}
		for _, k := range all {
			if len(k.Scopes) == 0 || k.PerMinute < 0 || k.Hash == [32]byte{} {
				t.Errorf("%+v", k)
			}
		}
	})
}
