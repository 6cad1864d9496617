package file

import "bytes"

// recordParser splits a record into fields, fed line by line. A lone quote in
// a quoted field is taken as written while the record keeps to one line;
// beyond, it more likely opens another record after a quote left open.
type recordParser struct {
	comma    []byte
	verbatim bool // quotes mean nothing
	text     []byte
	ends     []int // where each field ends in text
	open     bool  // within a quoted field
	bare     bool  // a lone quote was met
	lines    int
}

func (p *recordParser) reset() {
	*p = recordParser{comma: p.comma, text: p.text[:0], ends: p.ends[:0]}
}

// fields are the fields so far, sharing one string.
func (p *recordParser) fields() []string {
	all, from := string(p.text), 0
	fields := make([]string, len(p.ends))
	for i, end := range p.ends {
		fields[i], from = all[from:end], end
	}
	return fields
}

// feed parses one more line and reports whether the record is complete.
func (p *recordParser) feed(line []byte) (bool, error) {
	if p.lines++; p.lines > 1 {
		p.text = append(p.text, '\n')
	}
	for more := true; more; {
		if !p.open && !p.verbatim && len(line) > 0 && line[0] == '"' {
			p.open, line = true, line[1:]
		}
		if !p.open {
			line, more = p.plain(line)
			continue
		}
		var err error
		if line, more, err = p.quoted(line); err != nil || p.open {
			return false, err
		}
	}
	return true, nil
}

// plain takes an unquoted field, and reports whether another follows.
func (p *recordParser) plain(line []byte) (rest []byte, more bool) {
	field, rest, more := bytes.Cut(line, p.comma)
	p.text = append(p.text, field...)
	p.ends = append(p.ends, len(p.text))
	return rest, more
}

// quoted takes a quoted field, or as much of it as line has: then the field
// stays open.
func (p *recordParser) quoted(line []byte) (rest []byte, more bool, err error) {
	for {
		i := bytes.IndexByte(line, '"')
		if i < 0 {
			p.text = append(p.text, line...)
			if p.bare {
				return nil, false, errOpenQuote
			}
			return nil, false, nil
		}
		p.text, line = append(p.text, line[:i]...), line[i+1:]
		switch {
		case len(line) == 0 || bytes.HasPrefix(line, p.comma):
			p.open = false
			p.ends = append(p.ends, len(p.text))
			return bytes.TrimPrefix(line, p.comma), len(line) > 0, nil
		case line[0] == '"':
			p.text, line = append(p.text, '"'), line[1:]
		case p.lines > 1:
			return nil, false, errBareQuote
		default:
			p.bare = true
			p.text = append(p.text, '"')
		}
	}
}
