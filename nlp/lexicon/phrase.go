package lexicon

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// kind is the kind of one item of a phrase.
type kind uint8

const (
	word    kind = iota // text, as written
	prefix              // text, and whatever begins with it
	service             // @: the name of a service
	number              // #: any number
	anyOf               // a class of words: only after compiling
	gap                 // ~n: up to n words
	choice              // (a|b c)
	forbid              // !x: x does not stand just before or after the phrase, or in the gap before
)

// item is one part of a phrase.
type item struct {
	kind     kind
	optional bool // [x]
	text     string
	n        int      // words that a gap may skip
	options  [][]item // of a choice
}

// maxDepth bounds nesting, so that no input can exhaust the stack.
const maxDepth = 20

// parse reads a phrase in the syntax of README.md. sets are what $name means.
func parse(phrase string, sets map[string]item) ([]item, error) {
	p := parser{in: strings.ToLower(phrase), sets: sets}
	items, err := p.sequence(0)
	if err != nil {
		return nil, err
	}
	if p.pos < len(p.in) {
		return nil, fmt.Errorf("unexpected %q", p.in[p.pos:p.pos+1])
	}
	if len(items) == 0 {
		return nil, errors.New("it is empty")
	}
	return items, nil
}

type parser struct {
	in   string
	pos  int
	sets map[string]item
}

// sequence reads items up to | ) ] or the end.
func (p *parser) sequence(depth int) ([]item, error) {
	if depth > maxDepth {
		return nil, errors.New("too deeply nested")
	}
	var items []item
	for {
		p.pos += len(p.in[p.pos:]) - len(strings.TrimLeft(p.in[p.pos:], " \t"))
		if p.pos == len(p.in) || strings.ContainsRune("|)]", rune(p.in[p.pos])) {
			return items, nil
		}
		it, err := p.item(depth)
		if err != nil {
			return nil, err
		}
		items = append(items, it)
	}
}

func (p *parser) item(depth int) (item, error) {
	c := p.in[p.pos]
	switch c {
	case '(':
		return p.options(depth, ')', false)
	case '[':
		return p.options(depth, ']', true)
	case '!':
		p.pos++
		if p.pos == len(p.in) {
			return item{}, errors.New("! needs a word after it")
		}
		it, err := p.item(depth + 1)
		if err == nil && depth > maxDepth {
			err = errors.New("too deeply nested")
		}
		return item{kind: forbid, options: [][]item{{it}}}, err
	}
	end := strings.IndexAny(p.in[p.pos:], " \t()[]|!")
	if end < 0 {
		end = len(p.in) - p.pos
	}
	if end == 0 {
		return item{}, fmt.Errorf("unexpected %q", string(c))
	}
	text := p.in[p.pos : p.pos+end]
	p.pos += end
	return p.simple(text)
}

func (p *parser) simple(text string) (item, error) {
	switch {
	case text == "@":
		return item{kind: service}, nil
	case text == "#":
		return item{kind: number}, nil
	case text[0] == '~':
		n, err := strconv.Atoi(text[1:])
		if err != nil || n < 1 || n > 8 {
			return item{}, fmt.Errorf("gap %q: write ~1 to ~8", text)
		}
		return item{kind: gap, n: n}, nil
	case text[0] == '$' && len(text) > 1:
		set, ok := p.sets[text[1:]]
		if !ok {
			return item{}, fmt.Errorf("unknown set %s", text)
		}
		return set, nil
	case strings.HasSuffix(text, "*"):
		if len([]rune(text)) < 4 || strings.Count(text, "*") > 1 {
			return item{}, fmt.Errorf("%q: three letters or more before the only *", text)
		}
		return item{kind: prefix, text: strings.TrimSuffix(text, "*")}, nil
	case strings.Contains(text, "*"):
		return item{}, fmt.Errorf("%q: * stands at the end of a word", text)
	}
	return item{kind: word, text: text}, nil
}

// options reads (a|b) or [a|b].
func (p *parser) options(depth int, closing byte, optional bool) (item, error) {
	p.pos++
	it := item{kind: choice, optional: optional}
	for {
		seq, err := p.sequence(depth + 1)
		if err != nil {
			return item{}, err
		}
		if len(seq) == 0 {
			return item{}, errors.New("an empty choice")
		}
		it.options = append(it.options, seq)
		if p.pos == len(p.in) {
			return item{}, fmt.Errorf("%q is missing", string(closing))
		}
		c := p.in[p.pos]
		p.pos++
		if c == closing {
			return it, nil
		}
		if c != '|' {
			return item{}, fmt.Errorf("unexpected %q", string(c))
		}
	}
}
