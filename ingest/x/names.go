package x

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/text/cases"
)

// keyword is a name that needs no quotes.
var keyword = regexp.MustCompile(`^[@#]?[\p{L}\p{N}\p{M}_]+$`)

// Rules packs names of services into as few rules as hold them: limit rules at most
// (0: 1000) of maxLength bytes (0: 1024), which are never more than characters. A
// post matches that has one of the names and is no retweet. left are the names that
// found no place. The same names make the same rules in whatever order.
func Rules(names []string, limit, maxLength int) (rules, left []string) {
	const begin, or, end = "(", " OR ", ") -is:retweet"
	limit, maxLength = cmp.Or(limit, maxRules), cmp.Or(maxLength, maxRuleLength)
	rule := ""
	for _, name := range sorted(names) {
		t := term(name)
		switch {
		case len(rules) == limit || len(begin)+len(t)+len(end) > maxLength:
			left = append(left, name)
		case rule == "":
			rule = begin + t
		case len(rule)+len(or)+len(t)+len(end) <= maxLength:
			rule += or + t
		default:
			if rules = append(rules, rule+end); len(rules) == limit {
				rule, left = "", append(left, name)
			} else {
				rule = begin + t
			}
		}
	}
	if rule != "" {
		rules = append(rules, rule+end)
	}
	return rules, left
}

// sorted are names in order, without blanks and without those that differ in case
// only, which X does not tell apart.
func sorted(names []string) []string {
	fold := cases.Fold()
	byFold := map[string]string{}
	for _, name := range names {
		name = strings.Join(strings.Fields(strings.NewReplacer(`"`, " ", `\`, " ").Replace(name)), " ")
		key := fold.String(name)
		if other, known := byFold[key]; name != "" && (!known || name < other) {
			byFold[key] = name
		}
	}
	keys := make([]string, 0, len(byFold))
	for key := range byFold {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	for i, key := range keys {
		keys[i] = byFold[key]
	}
	return keys
}

// term is a name as it stands in a rule.
func term(name string) string {
	operator := slices.Contains([]string{"OR", "AND", "NOT"}, strings.ToUpper(name))
	if keyword.MatchString(name) && !operator {
		return name
	}
	return `"` + name + `"`
}
