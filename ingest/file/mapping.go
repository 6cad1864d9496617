package file

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Mapping says which column of a CSV file holds which field of a post, field
// to column. A field without an entry is read from the column of its own
// name, if there is one.
type Mapping map[string]string

// ParseMapping reads "id=tweet_id,text=body": field=column pairs. A column's
// name may hold spaces and "=", but no comma.
func ParseMapping(s string) (Mapping, error) {
	m := Mapping{}
	if strings.TrimSpace(s) == "" {
		return m, nil
	}
	for pair := range strings.SplitSeq(s, ",") {
		field, column, ok := strings.Cut(pair, "=")
		field, column = strings.TrimSpace(field), strings.TrimSpace(column)
		if !ok || field == "" || column == "" {
			return nil, fmt.Errorf("mapping %q: want field=column", strings.TrimSpace(pair))
		}
		if m[field] != "" {
			return nil, fmt.Errorf("mapping: %s is mapped twice", field)
		}
		m[field] = column
	}
	return m, m.check()
}

func fieldNames() []string {
	return []string{"id", "text", "created_at", "author", "lang", "about", "source", "deleted"}
}

func (m Mapping) check() error {
	var unknown []string
	for field := range m {
		if !slices.Contains(fieldNames(), field) {
			unknown = append(unknown, field)
		}
	}
	if len(unknown) == 0 {
		return nil
	}
	slices.Sort(unknown)
	return fmt.Errorf("mapping: unknown field %s: choose from %s", strings.Join(unknown, ", "), strings.Join(fieldNames(), ", "))
}

// columns is the place of each field in a header, -1 where it has none.
type columns struct {
	id, text, createdAt, author, lang, about, source, deleted int

	count int
}

// locate finds every field in header, and names all that is missing at once.
func (m Mapping) locate(header []string) (columns, error) {
	c := columns{count: len(header)}
	places := []*int{&c.id, &c.text, &c.createdAt, &c.author, &c.lang, &c.about, &c.source, &c.deleted}
	var problems []string
	for i, field := range fieldNames() {
		column, mapped := m[field]
		if !mapped {
			column = field
		}
		*places[i] = indexColumn(header, column)
		switch {
		case *places[i] >= 0:
		case mapped:
			problems = append(problems, fmt.Sprintf("no column %q for %s", column, field))
		case field == "text" || field == "created_at":
			problems = append(problems, fmt.Sprintf("no column for %s: map one (%s=its name)", field, field))
		}
	}
	if len(problems) > 0 {
		return c, errors.New(strings.Join(problems, "; ") + "; the header has: " + strings.Join(header, ", "))
	}
	return c, nil
}

// indexColumn prefers the exact name to one that differs in case.
func indexColumn(header []string, name string) int {
	if i := slices.Index(header, name); i >= 0 {
		return i
	}
	return slices.IndexFunc(header, func(h string) bool { return strings.EqualFold(h, name) })
}
