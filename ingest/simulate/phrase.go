package simulate

import (
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"
)

// phrase is one template: parts to be said one after another.
type phrase struct {
	line  int
	parts []*part
}

// part is a literal, a reference to a rule or word, or a choice of phrases.
type part struct {
	literal string
	ref     string
	choice  []phrase
}

// UnmarshalYAML parses a template and remembers where it stands.
func (p *phrase) UnmarshalYAML(node *yaml.Node) error {
	var s string
	if err := node.Decode(&s); err != nil {
		return err
	}
	parsed, err := parsePhrase(s)
	if err != nil {
		return fmt.Errorf("line %d: %q: %w", node.Line, s, err)
	}
	parsed.line = node.Line
	*p = parsed
	return nil
}

func parsePhrase(s string) (phrase, error) {
	p, rest, err := parseUntil(s, "")
	if err == nil && rest != "" {
		err = fmt.Errorf("stray %q", rest[0])
	}
	if err == nil && strings.TrimSpace(s) == "" {
		err = fmt.Errorf("empty")
	}
	return p, err
}

// parseUntil parses s up to one of the bytes in stops, or its end.
func parseUntil(s, stops string) (p phrase, rest string, err error) {
	for s != "" && !strings.ContainsRune(stops, rune(s[0])) {
		next := new(part)
		if s[0] == '{' {
			next, s, err = parseBraces(s[1:])
		} else if n := strings.IndexAny(s, "{}|"); n != 0 {
			if n < 0 {
				n = len(s)
			}
			next.literal, s = s[:n], s[n:]
		} else {
			return p, s, nil // a brace or bar that nobody waits for
		}
		if err != nil {
			return p, s, err
		}
		p.parts = append(p.parts, next)
	}
	return p, s, nil
}

// parseBraces parses what follows "{": {name} or {one|another}.
func parseBraces(s string) (*part, string, error) {
	var choice []phrase
	for {
		p, rest, err := parseUntil(s, "|}")
		if err != nil {
			return nil, rest, err
		}
		if rest == "" {
			return nil, rest, fmt.Errorf("a { without its }")
		}
		choice, s = append(choice, p), rest[1:]
		if rest[0] == '}' {
			break
		}
	}
	if len(choice) > 1 {
		return &part{choice: choice}, s, nil
	}
	if parts := choice[0].parts; len(parts) == 1 && parts[0].literal != "" {
		return &part{ref: parts[0].literal}, s, nil
	}
	return nil, s, fmt.Errorf("braces without a name or a choice")
}

// refs calls f for every reference in p.
func (p phrase) refs(f func(name string) error) error {
	for _, part := range p.parts {
		if part.ref != "" {
			if err := f(part.ref); err != nil {
				return err
			}
		}
		for _, c := range part.choice {
			if err := c.refs(f); err != nil {
				return err
			}
		}
	}
	return nil
}
