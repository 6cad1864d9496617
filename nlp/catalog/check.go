package catalog

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// claim says which service holds a name, and whether by a rule.
type claim struct {
	slug, at string
	ruled    bool
}

func (l *loader) check() (errs []error) {
	slugs, handles, names := map[string]string{}, map[string]claim{}, map[string]claim{}
	slugForm := regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	for _, e := range l.entries {
		fail := func(format string, args ...any) {
			errs = append(errs, fmt.Errorf("%s: service %q: %s", e.at, e.Slug, fmt.Sprintf(format, args...)))
		}
		if !slugForm.MatchString(e.Slug) {
			fail("a slug is lower-case letters and digits with single dashes between")
		}
		if at, dup := slugs[e.Slug]; dup {
			fail("the slug is taken at %s", at)
		}
		slugs[e.Slug] = e.at
		e.checkFields(fail)
		e.checkRules(fail)
		l.checkNames(e, names, fail)
		claimAll(e, e.Handles, handles, "handle", fail)
	}
	return errs
}

func (e entry) checkFields(fail func(string, ...any)) {
	for field, missing := range map[string]bool{
		"name": e.Name == "", "sector (of the file)": e.Sector == "", "countries": len(e.Countries) == 0,
	} {
		if missing {
			fail("%s is missing", field)
		}
	}
	for _, c := range e.Countries {
		if c != "world" && !twoLetters(c) {
			fail("country %q is neither two lower-case letters nor world", c)
		}
	}
}

func twoLetters(code string) bool { return len(code) == 2 && strings.ToLower(code) == code }

func (e entry) checkRules(fail func(string, ...any)) {
	for _, r := range e.Rules {
		if len(r.Names) == 0 {
			fail("a rule has no names")
		}
		if len(r.Near)+len(r.Post)+len(r.Caps)+len(r.Subject)+len(r.Symptoms) == 0 && !r.Hashtag {
			fail("the rule for %q names no evidence", r.Names)
		}
	}
}

// checkNames lets a name be shared only if every holder has a rule for it, and
// an everyday word be a name only by rule.
func (l *loader) checkNames(e entry, names map[string]claim, fail func(string, ...any)) {
	for _, n := range e.Names {
		if l.everyday[key(n)] != nil {
			fail("name %q is an everyday word and needs a rule", n)
		}
	}
	claimAll(e, e.Names, names, "name", fail)
	for _, r := range e.Rules {
		for _, n := range r.Names {
			if c, taken := names[key(n)]; taken && !c.ruled && !(c.slug == e.Slug && !sameName(n, e.Name)) {
				fail("name %q is claimed without a rule by %s at %s", n, c.slug, c.at)
			}
			names[key(n)] = claim{e.Slug, e.at, true}
		}
	}
}

func claimAll(e entry, words []string, taken map[string]claim, what string, fail func(string, ...any)) {
	for _, w := range words {
		if key(w) == "" {
			fail("empty %s", what)
		}
		if c, ok := taken[key(w)]; ok && !(c.slug == e.Slug && key(w) == key(e.Name) && !sameName(w, e.Name)) {
			fail("%s %q is claimed by %s at %s too", what, w, c.slug, c.at)
		}
		taken[key(w)] = claim{e.Slug, e.at, false}
	}
}

// key makes spellings that differ in case, accents or spacing the same. The
// marks of Thai, Devanagari and kana are letters, as for text.Fold.
func key(name string) string {
	var b strings.Builder
	for _, r := range norm.NFKD.String(strings.ToLower(name)) {
		if (r > 0x0700 || !unicode.Is(unicode.Mn, r)) && r != '\'' && r != '’' {
			b.WriteRune(r)
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}
