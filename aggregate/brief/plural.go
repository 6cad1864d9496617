package brief

import (
	"fmt"
	"maps"
	"slices"

	"golang.org/x/text/language"
)

// checkForms sees that every text with a number has the plural forms of its
// language, and no others.
func checkForms(v *voice) []error {
	var errs []error
	for _, c := range []struct {
		key         string
		forms       forms
		from        int // the smallest number that is told
		count, need string
	}{
		{"durations.minutes", v.Durations.Minutes, 1, "n", ""},
		{"durations.hours", v.Durations.Hours, 1, "n", ""},
		{"durations.days", v.Durations.Days, 1, "n", ""},
		{"people.so_far", v.People.SoFar, 1, "people", "compare where"},
		{"people.total", v.People.Total, 1, "people", "compare where peak"},
		{"compare.times", v.Compare.Times, 2, "times", ""},
	} {
		names := formNames(v.tag, c.from)
		for _, name := range slices.Sorted(maps.Keys(names)) {
			r := rule{c.key + "." + name, c.forms[name], c.need + " " + c.count, ""}
			if len(names[name]) == 1 { // a form of one number may say it in a word
				r.need, r.may = c.need, c.count
			}
			errs = append(errs, r.check())
		}
		for _, name := range slices.Sorted(maps.Keys(c.forms)) {
			if names[name] == nil {
				errs = append(errs, fmt.Errorf("%s.%s: no number of this language takes that form", c.key, name))
			}
		}
	}
	return errs
}

// formNames lists the plural forms of whole numbers from from on, each with
// some numbers that take it. CLDR's rules turn on the last two digits, and on
// there being millions.
func formNames(tag language.Tag, from int) map[string][]int {
	names := map[string][]int{}
	for n := from; n <= 1_200; n++ {
		name := formName(tag, n)
		names[name] = append(names[name], n)
	}
	for _, n := range []int{10_000, 1_000_000, 2_000_000} {
		name := formName(tag, n)
		names[name] = append(names[name], n, n)
	}
	return names
}
