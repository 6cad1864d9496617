// Package htmltext turns the HTML of posts and feeds into what a reader sees of
// it.
package htmltext

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Text returns the text of an HTML fragment: paragraphs and line breaks are line
// feeds, scripts and styles are left out, and so is what a Mastodon server hides of
// a long link (class invisible). Text without tags comes back as it is, but for its
// character references.
func Text(fragment string) string {
	var b strings.Builder
	hidden := 0 // depth of elements whose text is not shown
	for z := html.NewTokenizer(strings.NewReader(fragment)); ; {
		switch z.Next() {
		case html.ErrorToken: // the end: the tokenizer takes whatever it is given
			return tidy(b.String())
		case html.TextToken:
			if hidden == 0 {
				b.Write(z.Text())
			}
		case html.StartTagToken:
			t := z.Token()
			if hidden > 0 || hides(t) {
				hidden += b2i(!void(t.DataAtom))
			}
			b.WriteString(space(t.DataAtom))
		case html.SelfClosingTagToken:
			b.WriteString(space(z.Token().DataAtom))
		case html.EndTagToken:
			t := z.Token()
			hidden = max(0, hidden-b2i(!void(t.DataAtom)))
			b.WriteString(space(t.DataAtom))
		}
	}
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

func hides(t html.Token) bool {
	if t.DataAtom == atom.Script || t.DataAtom == atom.Style {
		return true
	}
	for _, a := range t.Attr {
		if a.Key == "class" && strings.Contains(" "+a.Val+" ", " invisible ") {
			return true
		}
	}
	return false
}

// void elements have no end tag.
func void(a atom.Atom) bool {
	switch a {
	case atom.Br, atom.Hr, atom.Img, atom.Input, atom.Wbr, atom.Meta, atom.Link, atom.Source, atom.Embed:
		return true
	}
	return false
}

// space is what a tag puts between words.
func space(a atom.Atom) string {
	switch a {
	case atom.Br, atom.P, atom.Div, atom.Li, atom.Tr, atom.H1, atom.H2, atom.H3, atom.H4, atom.Blockquote, atom.Pre, atom.Hr:
		return "\n"
	case atom.Td, atom.Th:
		return " "
	}
	return ""
}

// tidy leaves one space between words and one line feed between lines.
func tidy(s string) string {
	var lines []string
	for line := range strings.Lines(s) {
		if line = strings.Join(strings.Fields(line), " "); line != "" {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n")
}
