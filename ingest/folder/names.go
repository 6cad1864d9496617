package folder

import (
	"path/filepath"
	"slices"
	"strings"
)

// wants tells whether a file of this name is to be read. Names of files that
// are still being written, by what programs have agreed on, are left until they
// are renamed.
func (s *Source) wants(name string) bool {
	lower := strings.ToLower(name)
	switch {
	case strings.HasPrefix(name, "."), slices.Contains([]string{".tmp", ".part", ".new"}, filepath.Ext(lower)):
		return false
	case s.cfg.Pattern == "":
		return slices.Contains([]string{"ndjson", "jsonl", "json", "csv", "tsv"}, extension(lower))
	}
	matched, err := filepath.Match(s.cfg.Pattern, name)
	return err == nil && matched
}

// format is what a file is read as; what no reader knows is the reader's to
// complain of.
func (s *Source) format(name string) string {
	format := strings.ToLower(s.cfg.Format)
	if format == "" {
		format = extension(strings.ToLower(name))
	}
	if format == "jsonl" || format == "json" {
		return "ndjson"
	}
	return format
}

// follows tells whether a file can be read while it is being written.
func (s *Source) follows(name string) bool {
	return s.format(name) == "ndjson" && !compressed(strings.ToLower(name))
}

func compressed(lower string) bool {
	return strings.HasSuffix(lower, ".gz") || strings.HasSuffix(lower, ".zst")
}

// extension is the last one, that of a compression aside.
func extension(lower string) string {
	if compressed(lower) {
		lower = strings.TrimSuffix(lower, filepath.Ext(lower))
	}
	return strings.TrimPrefix(filepath.Ext(lower), ".")
}
