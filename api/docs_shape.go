package api

import "strings"

// docs is the OpenAPI document as the template shows it.
type docs struct {
	Title, Version string
	Description    docsProse
	Operations     []docsOperation
	Schemas        []docsSchema
}

type docsOperation struct {
	ID, Method, Path, Summary string
	Description               docsProse
	Key                       bool   // one is needed
	Ask                       string // relative address that a form asks; empty: there is no form
	Params                    []docsParam
	Takes                     []string // media types of the body
	Body                      []docsField
	Answers                   []docsAnswer
}

type docsParam struct {
	docsField
	In      string   // query, path or header
	Choices []string // of a closed list
	Example string
}

type docsAnswer struct {
	Status, Description string
	Media               []string
	Type                docsType
}

type docsSchema struct {
	Name   string
	Fields []docsField
}

type docsField struct {
	Name        string
	Description docsProse
	Required    bool
	Type        docsType
}

// docsProse is a description, in which code stands between backticks.
type docsProse string

type docsPart struct {
	Text string
	Code bool
}

// Parts takes prose and code apart, for the template.
func (p docsProse) Parts() (all []docsPart) {
	for i, text := range strings.Split(string(p), "`") {
		all = append(all, docsPart{text, i%2 == 1})
	}
	return all
}

// docsType is what a field holds: words, and the schema that they name.
type docsType struct{ Words, Ref string }
