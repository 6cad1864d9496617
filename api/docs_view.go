package api

import (
	"cmp"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

func problemContent(schemas huma.Registry) map[string]*huma.MediaType {
	problem := schemas.Schema(reflect.TypeFor[Problem](), true, "Problem")
	return map[string]*huma.MediaType{"application/problem+json": {Schema: problem}}
}

func newDocs(doc *huma.OpenAPI) docs {
	d := docs{Title: doc.Info.Title, Version: doc.Info.Version, Description: docsProse(doc.Info.Description)}
	for _, path := range slices.Sorted(maps.Keys(doc.Paths)) {
		item := doc.Paths[path]
		for _, o := range []*huma.Operation{item.Get, item.Post} {
			if o != nil {
				d.Operations = append(d.Operations, newDocsOperation(o))
			}
		}
	}
	schemas := doc.Components.Schemas.Map()
	for _, name := range slices.Sorted(maps.Keys(schemas)) {
		d.Schemas = append(d.Schemas, docsSchema{Name: name, Fields: fieldsOf(schemas[name])})
	}
	return d
}

func newDocsOperation(o *huma.Operation) docsOperation {
	v := docsOperation{ID: o.OperationID, Method: o.Method, Path: o.Path, Summary: o.Summary, Description: docsProse(o.Description), Key: len(o.Security) > 0}
	if o.Method == "GET" && !strings.Contains(o.Path, "{") {
		v.Ask = strings.TrimPrefix(o.Path, "/")
	}
	for _, p := range o.Parameters {
		v.Params = append(v.Params, newDocsParam(p))
	}
	if o.RequestBody != nil {
		v.Takes = slices.Sorted(maps.Keys(o.RequestBody.Content))
		v.Body = fieldsOf(o.RequestBody.Content[v.Takes[0]].Schema)
	}
	for _, status := range slices.Sorted(maps.Keys(o.Responses)) {
		a := docsAnswer{Status: status, Description: o.Responses[status].Description}
		a.Media = slices.Sorted(maps.Keys(o.Responses[status].Content))
		for _, media := range a.Media {
			if schema := o.Responses[status].Content[media].Schema; schema != nil && a.Type.Ref == "" {
				a.Type = typeOf(schema)
			}
		}
		v.Answers = append(v.Answers, a)
	}
	return v
}

func newDocsParam(p *huma.Param) docsParam {
	v := docsParam{docsField: docsField{Name: p.Name, Description: docsProse(p.Description), Required: p.Required}, In: p.In}
	if p.Schema == nil {
		return v
	}
	v.Type = typeOf(p.Schema)
	for _, choice := range p.Schema.Enum {
		v.Choices = append(v.Choices, fmt.Sprint(choice))
	}
	if p.Schema.Default != nil {
		v.Example = fmt.Sprint(p.Schema.Default)
	}
	if p.Required && p.Name == "service" {
		v.Example = "whatsapp" // so that the form answers as it stands
	}
	return v
}

func fieldsOf(s *huma.Schema) (all []docsField) {
	for _, name := range slices.Sorted(maps.Keys(s.Properties)) {
		p := s.Properties[name]
		all = append(all, docsField{Name: name, Description: docsProse(p.Description), Required: slices.Contains(s.Required, name), Type: typeOf(p)})
	}
	return all
}

// typeOf says in words what a schema holds.
func typeOf(s *huma.Schema) docsType {
	switch {
	case s.Ref != "":
		name := s.Ref[strings.LastIndexByte(s.Ref, '/')+1:]
		return docsType{name, name}
	case s.Type == huma.TypeArray && s.Items != nil:
		of := typeOf(s.Items)
		return docsType{"list of " + of.Words, of.Ref}
	}
	words := cmp.Or(map[string]string{"date-time": "time (RFC 3339)"}[s.Format], map[string]string{
		huma.TypeString: "text", huma.TypeNumber: "number", huma.TypeInteger: "whole number", huma.TypeBoolean: "true or false", huma.TypeObject: "object"}[s.Type], s.Type)
	switch {
	case s.Minimum != nil && s.Maximum != nil:
		words += " from " + bound(*s.Minimum) + " to " + bound(*s.Maximum)
	case s.Minimum != nil:
		words += ", at least " + bound(*s.Minimum)
	case s.Maximum != nil:
		words += ", at most " + bound(*s.Maximum)
	}
	if s.Nullable {
		words += ", or null"
	}
	return docsType{Words: words}
}

func bound(n float64) string { return strconv.FormatFloat(n, 'f', -1, 64) }
